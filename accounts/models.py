"""People who sign in (staff, focal points of parties), and the log of what everybody wrote."""

from functools import cached_property

import pgtrigger
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from objectives.models import Region, ReviewCycle
from objectives.records import NEVER_EMPTIED, Record, log_write

# Recovery codes alone are none: they stand in for one that was lost.
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]

# Whoever is switched off, or is staff no more, is signed out everywhere, and stays so when the
# account is switched on again.
ENDS_SESSIONS = pgtrigger.Trigger(
    name="ends_sessions",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__is_active=True, new__is_active=False)
    | pgtrigger.Q(old__is_staff=True, new__is_staff=False),
    func="NEW.sessions = NEW.sessions + 1; RETURN NEW;",
)


class UserManager(BaseUserManager["User"]):
    """Makes accounts from an e-mail address."""

    use_in_migrations = True

    def with_second_factor(self) -> "models.QuerySet[User]":
        """Each account knows at once whether it has a second factor."""
        factors = Authenticator.objects.filter(user=models.OuterRef("pk"), type__in=SECOND_FACTORS)
        has_one = models.Exists(factors)
        return self.annotate(has_second_factor=has_one)  # type: ignore[no-redef]

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
    # When the last link to choose a password was made. NULL: none ever was.
    invited_at = models.DateTimeField(_("invited"), null=True, editable=False)
    # How often all sessions were ended. Each session knows the number that it began under.
    sessions = models.PositiveIntegerField(default=0, editable=False)
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
            *log_write(secret=["password", "email", "name"], unlogged=["last_login", "sessions"]),
            NEVER_EMPTIED,
            ENDS_SESSIONS,
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

    @property
    def scope(self) -> str:
        """The cycle and the region that this person is limited to, in words; empty if to none."""
        return ", ".join(str(one) for one in (self.cycle, self.region) if one)

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @cached_property
    def has_second_factor(self) -> bool:
        """An authenticator app or a passkey. Read with the account where it matters: no query."""
        return Authenticator.objects.filter(user_id=self.pk, type__in=SECOND_FACTORS).exists()

    def end_sessions(self) -> None:
        """Sign this person out everywhere."""
        type(self).objects.filter(pk=self.pk).update(sessions=models.F("sessions") + 1)
        self.refresh_from_db(fields=["sessions"])

    def _get_session_auth_hash(self, secret=None):
        """What a session must still match: a new password ends all others, `sessions` all."""
        return salted_hmac(
            "accounts.sessions", f"{self.password} {self.sessions}", secret, algorithm="sha256"
        ).hexdigest()


class Role(Group):
    """What a group of people may do, under the name that the office has for it."""

    class Meta:
        proxy = True
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        default_permissions = ()  # those of Group


# Who may do what is logged like everything else.
for table in (
    Group,
    Group.permissions.through,
    User.groups.through,
    User.user_permissions.through,
):
    pgtrigger.register(*log_write(), NEVER_EMPTIED)(table)

# So are second factors, without their secrets; that one was used is no change.
pgtrigger.register(*log_write(secret=["data"], unlogged=["last_used_at"]), NEVER_EMPTIED)(
    Authenticator
)

# allauth can keep more addresses of a person; ours have one, and it stands in the account.
pgtrigger.register(pgtrigger.Protect(name="stays_empty", operation=pgtrigger.Insert))(EmailAddress)


class Try(models.Model):
    """One try at a password, a code or a mail, as `tries` counts them. Swept after an hour.

    `key` says whose try it was in a way that names nobody: no address is kept.
    """

    key = models.CharField(_("key"), max_length=64)
    at = models.DateTimeField(_("when"), db_default=Now())

    class Meta:
        verbose_name = _("try")
        verbose_name_plural = _("tries")
        default_permissions = ()
        indexes = [
            models.Index("key", "at", name="try_of_key"),
            models.Index("at", name="try_when"),
        ]

    def __str__(self):
        return f"{self.key} {self.at}"


@pgtrigger.register(*log_write(unlogged=["last_used_at"]), NEVER_EMPTIED)
class Token(Record):
    """Lets a trusted system write drafts through the API, as the person who answers for it.

    Only a check sum of the token is kept. `kinds` are the records that it may write, by their
    model (`submissions.practice`). It can do no more than its owner, and never publishes.
    """

    name = models.CharField(
        _("name"), max_length=100, help_text=_("Which system it is for, and who runs that.")
    )
    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="tokens",
        verbose_name=_("answers for it"),
        help_text=_("What the system writes is written in this person's name."),
    )
    kinds = ArrayField(models.CharField(max_length=60), verbose_name=_("records"))
    may_create = models.BooleanField(_("may add drafts"), default=True)
    may_update = models.BooleanField(_("may change drafts"), default=True)
    expires_at = models.DateTimeField(
        _("expires"), help_text=_("At most a year from now; then issue another one.")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)
    issued_at = models.DateTimeField(_("issued"), db_default=Now(), editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    check_sum = models.CharField(max_length=64, unique=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = _("token of the API")
        verbose_name_plural = _("tokens of the API")
        ordering = ["-issued_at"]

    def __str__(self):
        return self.name


class RequestCount(models.Model):
    """How many requests an address has made of the API in a minute; `allowance` counts them.

    `address` is a keyed hash. The table has no write-ahead log (migration 0007).
    """

    address = models.CharField(max_length=64)
    minute = models.DateTimeField()
    requests = models.IntegerField()

    class Meta:
        verbose_name = _("requests of a minute")
        verbose_name_plural = _("requests of a minute")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["address", "minute"],
                name="requestcount_once",
                violation_error_message=_("An address has one count a minute."),
            ),
        ]
        indexes = [models.Index("minute", name="requestcount_minute")]

    def __str__(self):
        return f"{self.minute}: {self.requests}"


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
            models.Index(fields=["by", "-id"], name="change_by_person"),
            models.Index(
                fields=["code", "-id"], name="change_of_code", condition=~models.Q(code="")
            ),
            models.Index("request", name="change_of_request", condition=~models.Q(request="")),
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


class Seal(models.Model):
    """A link of the chain over the log: `chain` says how. Written by the database's own function.

    `hash` is the SHA-256 of the seal before it and the words of the row.
    """

    position = models.BigIntegerField(_("place"), primary_key=True)
    change_id = models.BigIntegerField(unique=True)
    hash = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("seal of the log")
        verbose_name_plural = _("seals of the log")
        ordering = ["position"]
        default_permissions = ()
        triggers = [
            pgtrigger.Protect(name="never_changed", operation=pgtrigger.Update | pgtrigger.Delete),
            NEVER_EMPTIED,
        ]

    def __str__(self):
        return f"{self.position}:{self.hash}"


class Sealing(models.Model):
    """One row: until when all of the log is sealed, and the mark from which that is told next."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    settled_at = models.DateTimeField(null=True)
    marked_at = models.DateTimeField(null=True)
    marked_before = models.BigIntegerField(null=True)  # the number of a transaction

    class Meta:
        verbose_name = _("state of the sealing")
        verbose_name_plural = _("state of the sealing")
        default_permissions = ()

    def __str__(self):
        return f"{self.settled_at}"
