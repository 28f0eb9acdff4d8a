"""What an editor writes for the summary report and the brief; everything else is computed."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import LANGUAGES, MemberState, ReviewCycle, language_known
from objectives.records import Record, log_links, logged
from objectives.rules import Rule, well_formed
from office.indexes import name_index, word_index
from public.codes import CodeField
from public.documents import FigureDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import FigureCategory
from synthesis import documents


class FigureQuerySet(PublishableQuerySet):
    def for_document(self):
        return super().for_document().prefetch_related("member_states")


@logged
class Figure(Publishable):
    """A number of the regional brief, with unit, date, source and counting rule."""

    Category = FigureCategory

    kind = "figure"
    region_paths = ("member_states__regions", "member_states__subregion")
    told_in = ("value", "counting_rule")
    parties = ("member_states",)

    code = CodeField()
    category = models.CharField(_("category"), max_length=12, choices=Category)
    title = models.CharField(_("what it counts"), max_length=300)
    value = models.CharField(
        _("value"), max_length=500, help_text=_("A number, a list with ; or a short text.")
    )
    unit = models.CharField(_("unit"), max_length=60, blank=True)
    as_of = models.PositiveSmallIntegerField(_("as of the year"))
    counting_rule = models.TextField(
        _("counting rule"), blank=True, help_text=_("What is counted, what is not, and how.")
    )
    member_states = models.ManyToManyField(
        MemberState, blank=True, related_name="figures", verbose_name=_("Member States")
    )

    objects = FigureQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["category", "code"]
        permissions = [
            ("review_figure", "Can review figures"),
            ("publish_figure", "Can publish and withdraw figures"),
            ("import_figure", "Can import figures"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("figure"),
            name_index("figure", "title"),
            word_index("figure", "value", "counting_rule"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            well_formed(
                "code",
                r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$",
                "figure_code_well_formed",
                _("Small letters and digits, joined by _: for example country_networks."),
            ),
            models.CheckConstraint(
                condition=Q(
                    category__in=[
                        "network",
                        "practices",
                        "pledges",
                        "reports",
                        "m_mptf",
                        "context",
                    ]
                ),
                name="figure_category_known",
                violation_error_message=_("Choose a category from the list."),
            ),
            models.CheckConstraint(
                condition=Q(as_of__range=(1900, 2100)),
                name="figure_year_plausible",
                violation_error_message=_("Write years with four digits, for example 2020."),
            ),
        ]

    def __str__(self):
        return f"{self.title}: {self.value}"

    def document(self) -> FigureDocument:
        return documents.of_figure(self)


log_links(Figure, "member_states", "sources")


@logged
class Chapter(Record):
    """A chapter of a cycle's summary report, as an editor writes it."""

    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="chapters",
        verbose_name=_("review cycle"),
    )
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    text = models.TextField(_("text"), blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("last edited by"),
    )

    class Meta(Record.Meta):
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["cycle", "language", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "language", "number"],
                name="chapter_number_once",
                violation_error_message=_("Another chapter of this report has this number."),
            ),
            language_known("chapter_language_known"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


@logged
class Snapshot(Record):
    """A summary report or brief as it was signed off: the moment of its data and its check sum.

    Never changed afterwards: a later state is another snapshot.
    """

    class Type(models.TextChoices):
        SUMMARY_REPORT = "summary_report", _("summary report")
        BRIEF = "brief", _("regional brief")

    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="snapshots",
        verbose_name=_("review cycle"),
    )
    type = models.CharField(_("type"), max_length=16, choices=Type)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    as_at = models.DateTimeField(
        _("as at"), help_text=_("Everything in it is as it was public at this moment.")
    )
    content = models.JSONField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("signed off by"),
    )
    signed_at = models.DateTimeField(_("signed off"), auto_now_add=True)

    class Meta(Record.Meta):
        verbose_name = _("signed-off snapshot")
        verbose_name_plural = _("signed-off snapshots")
        ordering = ["-signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(type__in=["summary_report", "brief"])
                & Q(language__in=["en", "fr", "ru"]),
                name="snapshot_choices_known",
                violation_error_message=_("Choose the type and the language from the lists."),
            ),
            well_formed(
                "sha256",
                "^[0-9a-f]{64}$",
                "snapshot_sha256_well_formed",
                _("The check sum of a file has 64 hexadecimal digits."),
            ),
        ]

        triggers = [
            *Record.Meta.triggers,
            Rule(
                name="snapshot_never_changed",
                operation=pgtrigger.Update | pgtrigger.Delete,
                broken="true",
                message=gettext_noop("What is signed off is never changed: sign off another one."),
            ),
        ]

    def __str__(self):
        return f"{self.cycle_id} {self.get_type_display()} {self.as_at:%Y-%m-%d}"
