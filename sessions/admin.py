"""The office's screens for sittings and recommendations."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from office.admin import PublishableAdmin
from office.entry import FileInline, PartInline
from sessions import queues
from sessions.forms import OrderedForm, QuestionForm, RecommendationForm, RoundtableForm
from sessions.models import (
    AgendaItem,
    Document,
    GuidingQuestion,
    Recommendation,
    Role,
    Roundtable,
    Statement,
)

ORIGIN: tuple[Any, Any] = (
    _("Source and notes"),
    {
        "description": _("Say where it comes from, so that readers can check it."),
        "fields": ["sources", "source_locator", "url", "staff_notes"],
    },
)


class Roles(PartInline):
    model = Role
    form = OrderedForm
    classes = ["collapse"]
    autocomplete_fields = ["member_state", "stakeholder"]
    fields = [
        ("role", "sort_order"),
        ("person", "position", "organization"),
        ("member_state", "stakeholder"),
        ("email", "phone", "gender"),
    ]
    guidance = _("Who does what, for which party; names are public, contact data never are.")


class Agenda(PartInline):
    model = AgendaItem
    form = OrderedForm
    classes = ["collapse"]
    fields = [("title", "minutes"), ("role", "sort_order")]
    guidance = _("The parts of the sitting in their order, each with its minutes.")


class Questions(PartInline):
    model = GuidingQuestion
    form = QuestionForm
    classes = ["collapse"]
    fields = ["number", "text", "objectives", "staff_notes"]
    prefetched = ("objectives",)
    guidance = _("What the speakers are asked, and which objectives each question is about.")


class Statements(PartInline):
    model = Statement
    form = OrderedForm
    classes = ["collapse"]
    autocomplete_fields = ["member_state", "stakeholder"]
    fields = [
        ("member_state", "stakeholder"),
        ("speaker", "language", "sort_order"),
        "text",
        "objectives",
    ]
    prefetched = ("objectives",)
    guidance = _("What each party said, in the order in which they spoke.")


class Documents(FileInline):
    model = Document
    classes = ["collapse"]


@admin.register(Roundtable)
class RoundtableAdmin(PublishableAdmin):
    form = RoundtableForm
    queues = queues.ROUNDTABLES
    list_display = ["code", "title_en", "cycle", "type", "starts_on", "status", "public_edition"]
    list_filter = ["status", "cycle", "type"]
    search_fields = ["code", "title_en"]
    autocomplete_fields = ["part_of", "sources"]
    readonly_fields = ["asked_for", "ask_for_more"]
    kept_for_the_next = ["cycle", "part_of", "type", "starts_on", "time_zone", "place", "language"]
    inlines = [Roles, Agenda, Questions, Statements, Documents]
    fieldsets = [
        (
            _("Which sitting"),
            {
                "description": _("Cycle, type and number give the sitting its code."),
                "fields": ["cycle", ("type", "number"), "part_of", "code"],
            },
        ),
        (
            _("What it is about"),
            {
                "description": _(
                    "The title as the programme has it; the objectives it discusses."
                ),
                "fields": ["title_en", "title_fr", "title_ru", "cluster", "objectives"],
            },
        ),
        (
            _("When and where"),
            {
                "description": _("Leave empty what no source says; times are those of the place."),
                "fields": [
                    ("starts_on", "ends_on"),
                    ("start_time", "end_time", "time_zone"),
                    ("place", "format"),
                    "languages",
                    "inferred",
                ],
            },
        ),
        (
            ORIGIN[0],
            ORIGIN[1] | {"fields": [*ORIGIN[1]["fields"], "language"]},
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """Recommendations have screens of their own: here are the ways to them."""
        *own, stands = super().get_fieldsets(request, obj)
        if obj is None:
            return [*own, stands]
        may_add = request.user.has_perm("roundtables.add_recommendation")
        asked = {
            "description": _("Each has a screen of its own, and is reviewed by itself."),
            "fields": ["asked_for", *(["ask_for_more"] if may_add else [])],
        }
        return [*own, (_("Recommendations"), asked), stands]

    @admin.display(description=_("Recommendations of this sitting"))
    def asked_for(self, roundtable):
        """Links to the recommendations."""
        lines = (
            (
                reverse("admin:roundtables_recommendation_change", args=[one.pk]),
                one.code,
                Truncator(one.text).chars(120),
                one.get_status_display(),
            )
            for one in roundtable.recommendations.order_by("number")
        )
        listed = format_html_join("", '<li><a href="{}">{}</a> {} ({})</li>', lines)
        return format_html("<ul>{}</ul>", listed) if listed else _("None yet.")

    @admin.display(description=_("One more"))
    def ask_for_more(self, roundtable):
        """A link to a new recommendation of this sitting."""
        start = {"cycle": roundtable.cycle_id, "roundtable": roundtable.pk}
        address = f"{reverse('admin:roundtables_recommendation_add')}?{urlencode(start)}"
        return format_html('<a href="{}">{}</a>', address, gettext("Add a recommendation"))


@admin.register(Recommendation)
class RecommendationAdmin(PublishableAdmin):
    form = RecommendationForm
    queues = queues.RECOMMENDATIONS
    list_display = ["code", "text", "cycle", "roundtable", "status", "public_edition"]
    list_filter = ["status", "cycle", "strength"]
    search_fields = ["code", "text"]
    autocomplete_fields = ["roundtable", "continues", "sources"]
    fieldsets = [
        (
            _("Where it was made"),
            {
                "description": _("Cycle, roundtable and number give it its code."),
                "fields": ["cycle", "roundtable", "number", "code"],
            },
        ),
        (
            _("What it asks for"),
            {
                "description": _("Keep the words of the source, and say whom it addresses."),
                "fields": ["text", "language", "strength", "addressed_to", "objectives"],
            },
        ),
        (
            _("What became of it"),
            {
                "description": _("Link it to the earlier one it takes up; tell what was done."),
                "fields": ["continues", "follow_up"],
            },
        ),
        ORIGIN,
    ]
