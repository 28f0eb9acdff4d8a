"""Files that parties hand in. They lie outside any web root and leave through a view only."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objectives.models import LANGUAGES
from objectives.records import Record, logged, moves_version_of
from objectives.rules import one_of, well_formed
from public.words import FileKind
from submissions.models.pledges import Pledge
from submissions.models.practices import Practice
from submissions.models.reports import VoluntaryReport


class StoredFile(Record):
    """A file with what readers need to know of it before they download it."""

    Kind = FileKind

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    file = models.FileField(_("file"), max_length=255)
    name = models.CharField(_("file name for readers"), max_length=200)
    media_type = models.CharField(_("media type"), max_length=100, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), editable=False)
    sha256 = models.CharField("SHA-256", max_length=64, editable=False)
    pages = models.PositiveIntegerField(
        _("pages"),
        null=True,
        editable=False,
        help_text=_("Of a PDF; empty if they could not be counted."),
    )

    class Meta(Record.Meta):
        abstract = True
        ordering = ["kind", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["report", "annex", "background_note", "presentation", "other"]
                )
                & Q(language__in=["en", "fr", "ru"]),
                name="%(app_label)s_%(class)s_choices_known",
                violation_error_message=_("Choose the kind and the language from the lists."),
            ),
            well_formed(
                "sha256",
                "^[0-9a-f]{64}$",
                "%(app_label)s_%(class)s_sha256_well_formed",
                _("The check sum of a file has 64 hexadecimal digits."),
            ),
        ]

    def __str__(self):
        return self.title


@logged
class SubmissionFile(StoredFile):
    """A file of a report, a practice or a pledge."""

    report = models.ForeignKey(
        VoluntaryReport, on_delete=models.CASCADE, null=True, blank=True, related_name="files"
    )
    practice = models.ForeignKey(
        Practice, on_delete=models.CASCADE, null=True, blank=True, related_name="files"
    )
    pledge = models.ForeignKey(
        Pledge, on_delete=models.CASCADE, null=True, blank=True, related_name="files"
    )

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            *StoredFile.Meta.constraints,
            models.CheckConstraint(
                condition=one_of("report", "practice", "pledge"),
                name="submissionfile_belongs_to_one",
                violation_error_message=_("A file belongs to one report, practice or pledge."),
            ),
        ]
        triggers = [
            *StoredFile.Meta.triggers,
            *moves_version_of("submissions_voluntaryreport", "report_id", "report"),
            *moves_version_of("submissions_practice", "practice_id", "practice"),
            *moves_version_of("submissions_pledge", "pledge_id", "pledge"),
        ]
