"""The raw material of the summary report: passages of what parties said, and who cites what."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objectives.models import MemberState, Objective, ReviewCycle, SourceDocument
from objectives.records import Record, log_links, logged
from objectives.rules import one_of
from office.indexes import word_index
from public.codes import CodeField, next_code, numbered
from public.documents import ExcerptDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import ExcerptType
from submissions import documents
from submissions.models.pledges import Pledge
from submissions.models.practices import Practice
from submissions.models.reports import VoluntaryReport


class ExcerptQuerySet(PublishableQuerySet):
    def for_document(self):
        return (
            super()
            .for_document()
            .select_related("cycle", "report")
            .prefetch_related("objectives", "member_states")
        )


@logged
class Excerpt(Publishable):
    """A passage of a report or a source document that the summary report may use."""

    Type = ExcerptType

    kind = "excerpt"
    cycle_path = "cycle"
    region_paths = ("member_states__regions", "member_states__subregion")
    named_by = ()
    told_in = ("text",)
    parties = ("member_states",)

    code = CodeField(blank=True)
    type = models.CharField(_("kind"), max_length=20, choices=Type)
    text = models.TextField(_("text"))
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="excerpts",
        verbose_name=_("review cycle"),
    )
    report = models.ForeignKey(
        VoluntaryReport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="excerpts",
        verbose_name=_("report"),
        help_text=_("Empty if it is taken from a source document: name that among the sources."),
    )
    objectives = models.ManyToManyField(
        Objective, related_name="excerpts", verbose_name=_("objectives")
    )
    member_states = models.ManyToManyField(
        MemberState, blank=True, related_name="excerpts", verbose_name=_("Member States")
    )

    objects = ExcerptQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("excerpt")
        verbose_name_plural = _("excerpts")
        ordering = ["code"]
        permissions = [
            ("review_excerpt", "Can review excerpts"),
            ("publish_excerpt", "Can publish and withdraw excerpts"),
            ("import_excerpt", "Can import excerpts"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("excerpt", "cycle"),
            word_index("excerpt", "text"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            numbered("EX"),
            models.CheckConstraint(
                condition=Q(
                    type__in=["achievement", "challenge", "gap", "need", "promising_practice"]
                ),
                name="excerpt_type_known",
                violation_error_message=_("Choose what the passage shows."),
            ),
        ]
        triggers = [*Publishable.Meta.triggers, next_code("EX")]

    def __str__(self):
        return f"{self.code}: {self.text[:60]}"

    def document(self) -> ExcerptDocument:
        return documents.of_excerpt(self)

    def named_records(self):
        return (self.report,)


log_links(Excerpt, "objectives", "member_states", "sources")


@logged
class Citation(Record):
    """A source document or a report cites a record, at a place in it."""

    citing_document = models.ForeignKey(
        SourceDocument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="citations",
        verbose_name=_("cited by the document"),
    )
    citing_report = models.ForeignKey(
        VoluntaryReport,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="citations_made",
        verbose_name=_("cited by the report"),
    )
    practice = models.ForeignKey(
        Practice, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    pledge = models.ForeignKey(
        Pledge, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    report = models.ForeignKey(
        VoluntaryReport, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    excerpt = models.ForeignKey(
        Excerpt, on_delete=models.PROTECT, null=True, blank=True, related_name="citations"
    )
    locator = models.CharField(
        _("place"),
        max_length=300,
        help_text=_("Paragraph, page or footnote, for example “para. 12”."),
    )

    class Meta(Record.Meta):
        verbose_name = _("citation")
        verbose_name_plural = _("citations")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=one_of("citing_document", "citing_report"),
                name="citation_made_by_one",
                violation_error_message=_("A citation is made by one document or one report."),
            ),
            models.CheckConstraint(
                condition=one_of("practice", "pledge", "report", "excerpt"),
                name="citation_of_one_record",
                violation_error_message=_(
                    "A citation names one practice, pledge, report or excerpt."
                ),
            ),
            models.CheckConstraint(
                condition=Q(citing_report__isnull=True)
                | Q(report__isnull=True)
                | ~Q(citing_report=models.F("report")),
                name="citation_of_another",
                violation_error_message=_("A report does not cite itself."),
            ),
        ]

    def __str__(self):
        return f"{self.citing_document or self.citing_report}: {self.locator}"
