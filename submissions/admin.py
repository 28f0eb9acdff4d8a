"""The office's screens for what parties hand in."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from objectives.admin import MemberStateAdmin
from office.admin import PublishableAdmin
from office.entry import EntryScreen, FileInline, PartInline
from submissions import queues
from submissions.forms import PledgeForm, PracticeForm, ReportForm, SectionForm
from submissions.models import (
    Excerpt,
    FocalPoint,
    Pledge,
    Practice,
    ProgressUpdate,
    ReportSection,
    Stakeholder,
    SubmissionFile,
    VoluntaryReport,
)
from submissions.models.pledges import SHORTEST

ORIGIN: tuple[Any, Any] = (
    _("Source and notes"),
    {
        "description": _("Say where it comes from, so that readers can check it."),
        "fields": ["sources", "source_locator", "url", "staff_notes", "code"],
    },
)
OBJECTIVES: tuple[Any, Any] = (
    _("Objectives"),
    {
        "description": _("Say what it serves: readers find it by this."),
        "fields": ["objective_links", "primary_objectives_claimed"],
    },
)


class Files(FileInline):
    model = SubmissionFile


class ProgressUpdates(PartInline):
    """The newest first: that is the one to write next, or to look at."""

    model = ProgressUpdate
    fields = [("reported_on", "stage", "language"), "text", "evidence_url"]
    guidance = _("Write what the party reports of this pledge, each time as a new update.")

    def get_queryset(self, request):
        return super().get_queryset(request).order_by("-reported_on", "-id")


class Sections(PartInline):
    model = ReportSection
    form = SectionForm
    fields = [("objective", "sort_order"), "title", "text"]
    guidance = _("One section for each objective that the report speaks of, in its own order.")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("objective")


@admin.register(Stakeholder)
class StakeholderAdmin(PublishableAdmin):
    list_display = ["code", "title", "acronym", "stakeholder_type", "status", "public_edition"]
    list_filter = ["status", "stakeholder_type"]
    list_select_related = ["stakeholder_type"]
    search_fields = ["code", "title", "acronym"]
    autocomplete_fields = ["member_states", "sources"]
    kept_for_the_next = ["stakeholder_type", "member_states", "language", "sources"]
    fieldsets = [
        (
            _("Who it is"),
            {
                "description": _("Name the organization as it names itself."),
                "fields": [
                    "title",
                    "acronym",
                    "stakeholder_type",
                    "member_states",
                    "description",
                    "language",
                ],
            },
        ),
        (
            _("Whom to ask"),
            {
                "description": _("Contact data are for staff; they are never published."),
                "fields": ["contact_email", "contact_phone"],
            },
        ),
        ORIGIN,
    ]


@admin.register(Practice)
class PracticeAdmin(PublishableAdmin):
    form = PracticeForm
    queues = queues.PRACTICES
    list_display = ["code", "title", "party", "cycle", "level", "status", "public_edition"]
    list_filter = ["status", "cycle", "level", "objectives"]
    search_fields = ["code", "title", "member_states__name_en", "member_states__iso3"]
    autocomplete_fields = ["member_states", "member_state", "stakeholder", "sources"]
    checks = ("principles", "sdgs", "implementer_types")
    may_add = ("stakeholder",)
    inlines = [Files]
    fieldsets = [
        (
            _("Who hands it in"),
            {
                "description": _("Name one party; nobody, if you took it from a document."),
                "fields": ["cycle", "member_state", "stakeholder", "language"],
            },
        ),
        (
            _("What was done"),
            {
                "description": _("Tell it so that somebody in another country could do the same."),
                "fields": [
                    "title",
                    "summary",
                    ("year_start", "year_end"),
                    "level",
                    "member_states",
                    "partner_countries",
                    "lead_implementer",
                    "implementer_types",
                    "covid19",
                ],
            },
        ),
        OBJECTIVES,
        (
            _("Principles and goals"),
            {
                "description": _("Tick only what the practice itself names or clearly shows."),
                "fields": ["principles", "sdgs"],
            },
        ),
        ORIGIN,
    ]

    @admin.display(description=_("party"))
    def party(self, practice):
        return practice.member_state or practice.stakeholder


@admin.register(Pledge)
class PledgeAdmin(PublishableAdmin):
    form = PledgeForm
    queues = queues.PLEDGES
    list_display = ["code", "title", "party", "cycle", "stage", "status", "public_edition"]
    list_filter = ["status", "cycle", "type", "stage"]
    search_fields = ["code", "title", "member_state__name_en", "stakeholder__title"]
    autocomplete_fields = [
        "member_states",
        "member_state",
        "stakeholder",
        "matches",
        "partner_states",
        "partner_stakeholders",
        "sources",
    ]
    checks = ("principles", "sdgs")
    least = {"text": SHORTEST}
    may_add = ("stakeholder", "partner_stakeholders")
    inlines = [ProgressUpdates, Files]
    fieldsets = [
        (
            _("Who pledges"),
            {
                "description": _("Name one party; those who pledge with it are its partners."),
                "fields": [
                    "cycle",
                    "member_state",
                    "stakeholder",
                    "pledged_by",
                    "partner_states",
                    "partner_stakeholders",
                    "implementer_type",
                    "language",
                ],
            },
        ),
        (
            _("What is pledged"),
            {
                "description": _("Keep the words of the party; say how one will see it is done."),
                "fields": [
                    "title",
                    "text",
                    "origin",
                    ("type", "form"),
                    "matches",
                    ("made_on", "due_on"),
                    "stage",
                    "member_states",
                ],
            },
        ),
        OBJECTIVES,
        (
            _("Principles and goals"),
            {
                "description": _("Tick only what the pledge itself names or clearly shows."),
                "fields": ["principles", "sdgs"],
            },
        ),
        ORIGIN,
    ]


@admin.register(VoluntaryReport)
class VoluntaryReportAdmin(PublishableAdmin):
    form = ReportForm
    queues = queues.REPORTS
    list_display = ["code", "title", "party", "cycle", "type", "status", "public_edition"]
    list_filter = ["status", "cycle", "type", "evidence"]
    search_fields = ["code", "title", "member_state__name_en", "stakeholder__title"]
    autocomplete_fields = ["member_state", "stakeholder", "sources"]
    may_add = ("stakeholder",)
    kept_for_the_next = ["cycle", "language", "sources"]  # the next one is of another party
    inlines = [Sections, Files]
    fieldsets = [
        (
            _("Who hands it in"),
            {
                "description": _("Cycle and party give the report its code."),
                "fields": ["cycle", "member_state", "stakeholder", "party_name", "code"],
            },
        ),
        (
            _("The report"),
            {
                "description": _("Write its title as it stands on the report."),
                "fields": ["title", ("type", "language"), "submitted_on", "evidence"],
            },
        ),
        (
            ORIGIN[0],
            ORIGIN[1] | {"fields": ["sources", "source_locator", "url", "staff_notes"]},
        ),
    ]


@admin.register(Excerpt)
class ExcerptAdmin(PublishableAdmin):
    queues = queues.EXCERPTS
    list_display = ["code", "type", "text", "cycle", "status", "public_edition"]
    list_filter = ["status", "cycle", "type"]
    list_select_related = ["cycle"]
    search_fields = ["code", "text"]
    autocomplete_fields = ["report", "member_states", "sources"]
    fieldsets = [
        (
            _("Where it stands in the text"),
            {
                "description": _("Name the report or the source document that it is taken from."),
                "fields": ["cycle", "report", "sources", "source_locator", "url"],
            },
        ),
        (
            _("The passage"),
            {
                "description": _("Copy the words as they are; shorten with … only."),
                "fields": ["type", "text", "language"],
            },
        ),
        (
            _("What it is about"),
            {
                "description": _("The summary report collects passages by objective and State."),
                "fields": ["objectives", "member_states"],
            },
        ),
        (
            _("Notes"),
            {
                "description": _("What colleagues should know."),
                "fields": ["staff_notes", "code"],
            },
        ),
    ]


@admin.register(FocalPoint)
class FocalPointAdmin(EntryScreen):
    list_display = ["user", "party"]
    list_select_related = ["user", "member_state", "stakeholder"]
    search_fields = ["user__email", "user__name", "member_state__name_en", "stakeholder__title"]
    autocomplete_fields = ["user", "member_state", "stakeholder"]
    kept_for_the_next = ["member_state", "stakeholder"]
    fieldsets = [
        (
            None,
            {
                "description": _("Say who may hand in for which party: one State, or one other."),
                "fields": ["user", "member_state", "stakeholder", "read_version"],
            },
        )
    ]


# States are older than what they hand in: their screen learns here who has not reported.
MemberStateAdmin.queues = [*MemberStateAdmin.queues, *queues.STATES]
