"""People who sign in (staff, focal points of parties), and the log of what everybody wrote."""

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from objectives.models import Region, ReviewCycle
from objectives.records import NEVER_EMPTIED, log_write


class UserManager(BaseUserManager["User"]):
    """Makes accounts from an e-mail address."""

    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """An account that cannot sign in until it has a password."""
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin):
    """One person's account. The e-mail address is the name to sign in with, whatever its case."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=150, help_text=_("As colleagues know you."))
    is_staff = models.BooleanField(
        _("staff"), default=False, help_text=_("May enter the secretariat's office.")
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Take this away instead of deleting the account.")
    )
    joined_at = models.DateTimeField(_("since"), auto_now_add=True)
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this review cycle"),
        help_text=_(
            "If this person works on the records of one cycle only. They read everything."
        ),
    )
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only this region"),
        help_text=_(
            "If this person works on the records of one region's States only."
            " They read everything."
        ),
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "email"]
        triggers = [
            log_write(secret=["password", "email"], unlogged=["last_login"]),
            NEVER_EMPTIED,
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_whatever_its_case",
                violation_error_message=_("There is already an account with this e-mail address."),
            ),
        ]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


# Who may do what is logged like everything else.
for table in (
    Group,
    Group.permissions.through,
    User.groups.through,
    User.user_permissions.through,
):
    pgtrigger.register(log_write(), NEVER_EMPTIED)(table)


class Change(models.Model):
    """One write to one row: who, when, what and why. Written by triggers, never changed.

    `was` and `now` hold the columns that an update changed, the whole row for an insert or delete;
    passwords and people's contact data stand in them as `records.NOT_LOGGED`.
    """

    class Operation(models.TextChoices):
        INSERT = "insert", _("added")
        UPDATE = "update", _("changed")
        DELETE = "delete", _("deleted")

    at = models.DateTimeField(_("when"))
    table_name = models.CharField(_("table"), max_length=63)
    row_id = models.BigIntegerField(_("row"))
    code = models.CharField(_("code"), max_length=200)
    version = models.IntegerField(_("version"), null=True)
    operation = models.CharField(_("what was done"), max_length=6, choices=Operation)
    was = models.JSONField(_("was"), null=True)
    now = models.JSONField(_("became"), null=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,
        db_constraint=False,  # the log outlives the account
        null=True,
        related_name="+",
        verbose_name=_("who"),
    )
    step = models.CharField(_("step"), max_length=40)
    why = models.TextField(_("why"))
    request = models.CharField(_("request"), max_length=64)
    database_user = models.CharField(_("database user"), max_length=63)

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["-id"]
        default_permissions = ["view"]
        indexes = [
            models.Index("table_name", "row_id", name="change_of_row"),
            models.Index("at", name="change_when"),
            GinIndex(  # which rows were made as part of this record: its history asks
                fields=["now"],
                opclasses=["jsonb_path_ops"],
                name="change_made_with",
                condition=models.Q(operation="insert"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            NEVER_EMPTIED,
        ]

    def __str__(self):
        return f"{self.table_name} {self.code or self.row_id} {self.get_operation_display()}"
