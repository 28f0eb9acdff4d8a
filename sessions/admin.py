"""The office's screens for sittings and recommendations."""

from django.contrib import admin

from office.admin import PublishableAdmin
from sessions import resources
from sessions.models import (
    AgendaItem,
    GuidingQuestion,
    Recommendation,
    Role,
    Roundtable,
    Statement,
)


class Roles(admin.StackedInline):
    model = Role
    extra = 0
    autocomplete_fields = ["member_state", "stakeholder"]


class Agenda(admin.TabularInline):
    model = AgendaItem
    extra = 0


class Questions(admin.StackedInline):
    model = GuidingQuestion
    extra = 0


class Statements(admin.StackedInline):
    model = Statement
    extra = 0
    autocomplete_fields = ["member_state", "stakeholder"]


@admin.register(Roundtable)
class RoundtableAdmin(PublishableAdmin):
    resources = [
        resources.RoundtableResource,
        resources.RoleResource,
        resources.AgendaItemResource,
        resources.GuidingQuestionResource,
    ]
    list_display = ["code", "title_en", "cycle", "type", "starts_on", "status", "public_edition"]
    list_filter = ["status", "cycle", "type"]
    search_fields = ["code", "title_en"]
    autocomplete_fields = ["part_of"]
    inlines = [Roles, Agenda, Questions, Statements]


@admin.register(Recommendation)
class RecommendationAdmin(PublishableAdmin):
    resources = [resources.RecommendationResource]
    list_display = ["code", "text", "cycle", "roundtable", "status", "public_edition"]
    list_filter = ["status", "cycle"]
    search_fields = ["code", "text"]
    autocomplete_fields = ["roundtable", "continues"]
