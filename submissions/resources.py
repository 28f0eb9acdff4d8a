"""The columns of the files by which staff import and export what parties hand in."""

from django.utils.translation import gettext_lazy as _

from objectives.models import Country
from office.imports import Column, Marked, RecordResource
from office.imports.cells import CodeListCell
from submissions.models import (
    Citation,
    Excerpt,
    Pledge,
    Practice,
    ProgressUpdate,
    ReportSection,
    Stakeholder,
    VoluntaryReport,
)

# Where a record comes from, and what staff note about it; the last columns of each file.
ORIGIN = ["language", "url", "sources", "source_locator", "staff_notes"]
TAGS = ["objectives", "primary_objectives", "primary_objectives_claimed", "principles", "sdgs"]

PARTNERS = Practice._meta.get_field("partner_countries")


class StakeholderResource(RecordResource):
    """Stakeholders, one a row. With contact data, for staff: no public export uses this."""

    class Meta:
        model = Stakeholder
        fields = [
            "code",
            "title",
            "acronym",
            "stakeholder_type",
            "member_states",
            "description",
            "contact_email",
            "contact_phone",
            *ORIGIN,
        ]


class PracticeResource(RecordResource):
    """Practices, one a row."""

    primary_objectives = Marked(Practice.objectives.field, "primary", _("primary objectives"))
    partner_countries = Column(PARTNERS, CodeListCell(PARTNERS, Country))

    class Meta:
        model = Practice
        fields = [
            "code",
            "title",
            "summary",
            "member_state",
            "stakeholder",
            "cycle",
            *TAGS,
            "member_states",
            "partner_countries",
            "lead_implementer",
            "implementer_types",
            "level",
            "year_start",
            "year_end",
            "covid19",
            *ORIGIN,
        ]


class PledgeResource(RecordResource):
    """Pledges, one a row; what has become of them is in the progress updates."""

    primary_objectives = Marked(Pledge.objectives.field, "primary", _("primary objectives"))

    class Meta:
        model = Pledge
        fields = [
            "code",
            "title",
            "text",
            "member_state",
            "stakeholder",
            "pledged_by",
            "partner_states",
            "partner_stakeholders",
            "implementer_type",
            "cycle",
            *TAGS,
            "member_states",
            "type",
            "form",
            "matches",
            "origin",
            "stage",
            "made_on",
            "due_on",
            *ORIGIN,
        ]


class ProgressUpdateResource(RecordResource):
    """Progress updates, one a row: one for each pledge and day."""

    class Meta:
        model = ProgressUpdate
        owner = "pledge"
        import_id_fields = ["pledge", "reported_on"]
        fields = ["pledge", "reported_on", "stage", "language", "text", "evidence_url"]


class VoluntaryReportResource(RecordResource):
    """Reports, one a row, without their sections and files."""

    class Meta:
        model = VoluntaryReport
        fields = [
            "code",
            "title",
            "type",
            "member_state",
            "stakeholder",
            "party_name",
            "cycle",
            "submitted_on",
            "evidence",
            *ORIGIN,
        ]


class ReportSectionResource(RecordResource):
    """Sections of reports, one a row: by objective, or by their order where they name none."""

    class Meta:
        model = ReportSection
        owner = "report"
        import_id_fields = ["report", "objective", "sort_order"]
        fields = ["report", "objective", "sort_order", "title", "text"]

    @classmethod
    def identity(cls, key):
        """A report has one section on an objective, wherever it stands."""
        report, objective, sort_order = key
        return (report, objective, None) if objective else (report, None, sort_order)


class ExcerptResource(RecordResource):
    """Excerpts, one a row."""

    class Meta:
        model = Excerpt
        fields = [
            "code",
            "type",
            "text",
            "cycle",
            "report",
            "objectives",
            "member_states",
            *ORIGIN,
        ]


def citations_of(kind: str) -> type[RecordResource]:
    """The citations of one kind of record; every column is part of what finds them."""
    columns = [kind, "citing_document", "citing_report", "locator"]

    class CitationResource(RecordResource):
        """Who cites a record, and where, one a row. Nobody signs for that."""

        class Meta:
            model = Citation
            owner = kind
            is_signed = False
            import_id_fields = columns
            fields = columns

    CitationResource.__name__ = f"CitationOf{kind.title()}Resource"
    return CitationResource


CITATIONS = [citations_of(kind) for kind in ("practice", "pledge", "report", "excerpt")]
