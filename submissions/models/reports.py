"""Voluntary reports and their sections."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import Objective, ReviewCycle
from objectives.records import Record, log_links, logged, moves_version_of
from objectives.rules import Rule, well_formed
from office.indexes import name_index, word_index
from public.codes import CodeField
from public.documents import ReportDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import Evidence, ReportType
from submissions import documents
from submissions.models.parties import WithParty


class VoluntaryReportQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.select_related("cycle", "member_state", "stakeholder")

    def for_document(self):
        return (
            super()
            .for_document()
            .select_related("cycle", "member_state", "stakeholder")
            .prefetch_related("sections__objective", "files")
        )


@logged
class VoluntaryReport(WithParty, Publishable):
    """What a party submits to a cycle, on the given format: sections by objective, and files."""

    Type = ReportType

    Evidence = Evidence

    kind = "report"
    cycle_path = "cycle"
    region_paths = (
        "member_state__regions",
        "member_state__subregion",
        "stakeholder__member_states__regions",
        "stakeholder__member_states__subregion",
    )
    told_in = ("party_name",)
    told_by_parts = ("sections",)
    parties = ("member_state", "stakeholder")

    code = CodeField()
    title = models.CharField(_("title"), max_length=300)
    type = models.CharField(_("type"), max_length=20, choices=Type, default=Type.VOLUNTARY_REPORT)
    party_name = models.CharField(
        _("party as written"),
        max_length=300,
        blank=True,
        help_text=_("If the report names its author otherwise than we name the party."),
    )
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="reports",
        verbose_name=_("review cycle"),
    )
    submitted_on = models.DateField(
        _("submitted on"), null=True, blank=True, help_text=_("Empty if not known.")
    )
    evidence = models.CharField(
        _("evidence"), max_length=24, choices=Evidence, default=Evidence.RECEIVED
    )

    objects = VoluntaryReportQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("voluntary report")
        verbose_name_plural = _("voluntary reports")
        ordering = ["code"]
        permissions = [
            ("review_voluntaryreport", "Can review reports"),
            ("publish_voluntaryreport", "Can publish and withdraw reports"),
            ("import_voluntaryreport", "Can import reports"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("voluntaryreport", "cycle"),
            name_index("voluntaryreport", "title"),
            word_index("voluntaryreport", "party_name"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            *WithParty.Meta.constraints,
            well_formed(
                "code",
                r"^VR-[0-9]{4}-([A-Z]{3}|ST-[0-9]{4,})(-[0-9]+)?$",
                "voluntaryreport_code_well_formed",
                _(
                    "VR, the year and the party: VR-2020-ALB, or VR-2020-ST-0001;"
                    " a second one adds -2."
                ),
            ),
            models.CheckConstraint(
                condition=Q(type__in=["voluntary_report", "statement", "stakeholder_report"])
                & Q(
                    evidence__in=[
                        "received",
                        "file_named",
                        "voluntary_report_text",
                        "reporting_verb",
                        "text",
                    ]
                ),
                name="voluntaryreport_choices_known",
                violation_error_message=_("Choose the type and the evidence from the lists."),
            ),
            models.CheckConstraint(
                condition=~Q(type="stakeholder_report") | Q(stakeholder__isnull=False),
                name="voluntaryreport_stakeholder_report_has_one",
                violation_error_message=_("A stakeholder report is submitted by a stakeholder."),
            ),
        ]
        triggers = [
            *Publishable.Meta.triggers,
            Rule(
                name="voluntaryreport_code_says_whose",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("cycle_id", "member_state_id", "stakeholder_id"),
                # what is not well-formed, or has no party or two, other rules refuse
                broken="""
                    NEW.code ~ '^VR-[0-9]{4}-'
                    AND num_nonnulls(NEW.member_state_id, NEW.stakeholder_id) = 1
                    AND NEW.code !~ concat(
                        '^VR-',
                        (SELECT year FROM objectives_reviewcycle WHERE id = NEW.cycle_id), '-',
                        (SELECT iso3 FROM objectives_memberstate WHERE id = NEW.member_state_id),
                        (SELECT code FROM submissions_stakeholder WHERE id = NEW.stakeholder_id),
                        '(-[0-9]+)?$'
                    )
                """,
                message=gettext_noop(
                    "The code of a report names the year of its cycle and its party, for example"
                    " VR-2020-ALB."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code}: {self.title}"

    def document(self) -> ReportDocument:
        return documents.of_report(self)

    def named_records(self):
        return (self.stakeholder,)


log_links(VoluntaryReport, "sources")


@logged
class ReportSection(Record):
    """What a report says on one objective, or in general where no objective is named."""

    told_in = ("title", "text")

    report = models.ForeignKey(
        VoluntaryReport,
        on_delete=models.CASCADE,
        related_name="sections",
        verbose_name=_("report"),
    )
    objective = models.ForeignKey(
        Objective,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="report_sections",
        verbose_name=_("objective"),
        help_text=_("Empty for introduction, method and conclusions."),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("title"), max_length=300, blank=True)
    text = models.TextField(_("text"), blank=True)

    class Meta(Record.Meta):
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["report", "sort_order", "id"]
        indexes = [word_index("reportsection", "title", "text")]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "objective"],
                deferrable=models.Deferrable.IMMEDIATE,  # two may change places
                name="reportsection_one_an_objective",
                violation_error_message=_("This report already has a section on this objective."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            *moves_version_of("submissions_voluntaryreport", "report_id"),
        ]

    def __str__(self):
        return self.title or str(self.objective or _("in general"))
