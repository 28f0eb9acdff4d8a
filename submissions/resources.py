"""The columns of the files by which staff import and export what parties hand in."""

from django.utils.translation import gettext_lazy as _

from objectives.models import Country
from office.imports import Column, Marked, RecordResource
from office.imports.cells import CodeListCell
from submissions.models import Pledge, Practice, ProgressUpdate, Stakeholder, VoluntaryReport

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

    primary_objectives = Marked(
        Practice.objectives.field, "primary", _("primary objectives")
    )
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

    primary_objectives = Marked(
        Pledge.objectives.field, "primary", _("primary objectives")
    )

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
