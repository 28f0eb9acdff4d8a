"""Files that staff upload to import records, and what each of their rows would do."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.rules import Rule, well_formed

KEPT = timedelta(days=30)  # files may hold people's contact data: they do not stay for ever


class ImportQuerySet(models.QuerySet):
    def for_page(self):
        """Without the files themselves."""
        return self.select_related("by").defer("content", "problem_sheet")

    def under_way(self):
        return self.filter(state__in=Import.UNDER_WAY)

    def forget_old(self) -> None:
        """Empty the files of imports that nobody has looked at for a while, and their rows."""
        old = self.filter(uploaded_at__lt=timezone.now() - KEPT).exclude(content=b"")
        ImportRow.objects.filter(upload__in=old).delete()
        old.update(content=b"", problem_sheet=None)


class Import(models.Model):
    """One upload of one person: the file as it was sent, what it would do, and what it did.

    The file never changes; the preview and the import both read these bytes. It is one person's:
    nobody else sees or confirms it. What an import writes is in the log, signed by that person.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("waiting to be read")
        REFUSED = "refused", _("the file cannot be read")
        PREVIEWED = "previewed", _("waiting for your confirmation")
        CONFIRMED = "confirmed", _("being imported")
        IMPORTED = "imported", _("imported")
        STOPPED = "stopped", _("stopped: something has changed since the preview")
        FAILED = "failed", _("failed: nothing was written")

    UNDER_WAY = (State.UPLOADED, State.CONFIRMED)

    class Signed(models.TextChoices):
        """What to do with rows that would change a record that somebody has signed."""

        REFUSE = "refuse", _("Refuse the file, and list them")
        LEAVE = "leave", _("Leave these records as they are, and import the other rows")
        TAKE_BACK = (
            "take_back",
            _(
                "Take published and withdrawn records back to draft and change them. What is"
                " public stays public until they are approved and published again."
            ),
        )

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    kind = models.CharField(_("kind"), max_length=100)  # submissions.pledge
    part = models.CharField(_("what is in the file"), max_length=100)  # pledge, progressupdate
    name = models.CharField(_("file name"), max_length=255)
    content = models.BinaryField(_("file"))
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64)
    language = models.CharField(_("language"), max_length=10)
    signed = models.CharField(
        _("records that somebody has signed"),
        max_length=10,
        choices=Signed,
        default=Signed.REFUSE,
    )
    ignored = models.JSONField(_("columns passed over"), default=list)

    state = models.CharField(
        _("state"), max_length=10, choices=State, default=State.UPLOADED, db_index=True
    )
    doing = models.CharField(max_length=20, blank=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField(_("last started"), null=True)

    counts = models.JSONField(_("rows by what they do"), default=dict)
    problems = models.JSONField(_("what is wrong"), default=list)  # row, column, reason
    facts = models.JSONField(_("about the file"), default=dict)
    problem_sheet = models.BinaryField(_("sheet with reasons"), null=True)

    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    previewed_at = models.DateTimeField(_("previewed"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    finished_at = models.DateTimeField(_("imported"), null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]
        default_permissions = []  # each kind has its own right to import
        indexes = [models.Index(fields=["by", "kind", "-id"], name="import_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "uploaded",
                        "refused",
                        "previewed",
                        "confirmed",
                        "imported",
                        "stopped",
                        "failed",
                    ]
                )
                & Q(signed__in=["refuse", "leave", "take_back"]),
                name="import_choices_known",
                violation_error_message=_("There is no such state of an import."),
            ),
            models.CheckConstraint(
                condition=~Q(state="imported")
                | Q(
                    previewed_at__isnull=False,
                    confirmed_at__isnull=False,
                    finished_at__isnull=False,
                ),
                name="import_was_previewed_and_confirmed",
                violation_error_message=_("Nothing is imported that nobody has confirmed."),
            ),
            well_formed(
                "sha256",
                "^[0-9a-f]{64}$",
                "import_sha256_well_formed",
                _("The check sum of a file has 64 hexadecimal digits."),
            ),
        ]
        triggers = [
            Rule(
                name="import_never_changes_its_file",
                operation=pgtrigger.UpdateOf("content", "sha256", "by_id", "kind", "part"),
                broken="""
                    (NEW.sha256, NEW.by_id, NEW.kind, NEW.part)
                        <> (OLD.sha256, OLD.by_id, OLD.kind, OLD.part)
                    OR NEW.content <> OLD.content AND NEW.content <> ''
                """,
                message=gettext_noop("An uploaded file never changes: upload another one."),
            ),
            Rule(
                name="import_happens_once",
                operation=pgtrigger.UpdateOf("state"),
                broken="OLD.state = 'imported' AND NEW.state <> 'imported'",
                message=gettext_noop("What is imported is imported: upload the file again."),
            ),
        ]

    def __str__(self):
        return f"{self.name} ({self.get_state_display()})"

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def may_be_confirmed(self) -> bool:
        """Everything is in order, and there is something to do."""
        wrong = self.problems or self.counts.get("refused")
        changes = self.counts.get("new", 0) + self.counts.get("changed", 0)
        return self.state == self.State.PREVIEWED and not wrong and changes > 0

    @property
    def rows_total(self) -> int:
        return sum(self.counts.values())


class ImportRow(models.Model):
    """What one row of an upload would do, as the preview says; the import does that or nothing."""

    class Result(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("unchanged")
        LEFT = "left", _("left as it is")
        REFUSED = "refused", _("refused")

    upload = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    result = models.CharField(_("what it does"), max_length=10, choices=Result)
    code = models.CharField(_("record"), max_length=400)
    record = models.BigIntegerField(null=True)  # row id; of a new record once it is imported
    version = models.PositiveIntegerField(null=True)  # of the record when the preview read it
    cells = models.JSONField(default=dict)  # column → [was, becomes]
    problems = models.JSONField(default=list)  # [column, what the cell says, reason]

    class Meta:
        default_permissions = []
        ordering = ["upload", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["upload", "number"],
                name="importrow_once",
                violation_error_message=_("This row of the file has been read already."),
            ),
            models.CheckConstraint(
                condition=Q(result__in=["new", "changed", "unchanged", "left", "refused"]),
                name="importrow_result_known",
                violation_error_message=_("There is no such result of a row."),
            ),
        ]
        indexes = [models.Index(fields=["upload", "result", "number"], name="importrow_by_result")]

    def __str__(self):
        return f"{self.number}: {self.code}"
