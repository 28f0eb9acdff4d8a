"""The office's screens for what parties hand in."""

from django.contrib import admin

from objectives.forms import VersionedForm
from office.admin import PublishableAdmin
from submissions import resources
from submissions.models import (
    Excerpt,
    FocalPoint,
    Pledge,
    PledgeObjective,
    Practice,
    PracticeObjective,
    ProgressUpdate,
    ReportSection,
    Stakeholder,
    VoluntaryReport,
)


class PracticeObjectives(admin.TabularInline):
    model = PracticeObjective
    extra = 1
    fields = ["objective", "primary"]


class PledgeObjectives(admin.TabularInline):
    model = PledgeObjective
    extra = 1
    fields = ["objective", "primary"]


class ProgressUpdates(admin.StackedInline):
    model = ProgressUpdate
    extra = 0


class ReportSections(admin.StackedInline):
    model = ReportSection
    extra = 0


@admin.register(Stakeholder)
class StakeholderAdmin(PublishableAdmin):
    resources = [resources.StakeholderResource]
    list_display = ["code", "title", "stakeholder_type", "status", "public_edition"]
    list_filter = ["status", "stakeholder_type"]
    list_select_related = ["stakeholder_type"]
    search_fields = ["code", "title", "acronym"]
    autocomplete_fields = ["member_states"]


@admin.register(Practice)
class PracticeAdmin(PublishableAdmin):
    resources = [resources.PracticeResource]
    list_display = ["code", "title", "cycle", "level", "status", "public_edition"]
    list_filter = ["status", "cycle", "level", "objectives"]
    search_fields = ["code", "title", "member_states__name_en", "member_states__iso3"]
    autocomplete_fields = ["member_states", "member_state", "stakeholder"]
    inlines = [PracticeObjectives]


@admin.register(Pledge)
class PledgeAdmin(PublishableAdmin):
    resources = [resources.PledgeResource, resources.ProgressUpdateResource]
    list_display = ["code", "title", "party", "cycle", "stage", "status", "public_edition"]
    list_filter = ["status", "cycle", "type", "stage"]
    search_fields = ["code", "title", "member_state__name_en", "stakeholder__title"]
    autocomplete_fields = ["member_states", "member_state", "stakeholder", "matches"]
    inlines = [PledgeObjectives, ProgressUpdates]


@admin.register(VoluntaryReport)
class VoluntaryReportAdmin(PublishableAdmin):
    resources = [resources.VoluntaryReportResource]
    list_display = ["code", "title", "party", "cycle", "type", "status", "public_edition"]
    list_filter = ["status", "cycle", "type", "evidence"]
    search_fields = ["code", "title", "member_state__name_en", "stakeholder__title"]
    autocomplete_fields = ["member_state", "stakeholder"]
    inlines = [ReportSections]


@admin.register(Excerpt)
class ExcerptAdmin(PublishableAdmin):
    list_display = ["code", "type", "text", "cycle", "status", "public_edition"]
    list_filter = ["status", "cycle", "type"]
    list_select_related = ["cycle"]
    search_fields = ["code", "text"]
    autocomplete_fields = ["report", "member_states"]


@admin.register(FocalPoint)
class FocalPointAdmin(admin.ModelAdmin):
    form = VersionedForm
    list_display = ["user", "party"]
    list_select_related = ["user", "member_state", "stakeholder"]
    search_fields = ["user__email", "user__name", "member_state__name_en", "stakeholder__title"]
    autocomplete_fields = ["user", "member_state", "stakeholder"]
