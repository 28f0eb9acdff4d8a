"""The office's screens for figures and chapters."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from office.admin import PublishableAdmin
from office.entry import EntryScreen
from synthesis import queues
from synthesis.forms import FigureForm
from synthesis.models import Chapter, Figure


@admin.register(Figure)
class FigureAdmin(PublishableAdmin):
    form = FigureForm
    queues = queues.FIGURES
    list_display = ["code", "title", "value", "unit", "as_of", "category", "status"]
    list_filter = ["status", "category", "as_of"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["member_states", "sources"]
    kept_for_the_next = ["category", "as_of", "language", "sources"]
    fieldsets = [
        (
            _("The number"),
            {
                "description": _("One figure of the brief, as of one year."),
                "fields": ["category", "title", ("value", "unit"), "as_of", "code"],
            },
        ),
        (
            _("How it is counted"),
            {
                "description": _("Write it so that somebody else would count the same."),
                "fields": ["counting_rule", "member_states"],
            },
        ),
        (
            _("Source and notes"),
            {
                "description": _("Say where it comes from, so that readers can check it."),
                "fields": ["sources", "source_locator", "url", "language", "staff_notes"],
            },
        ),
    ]


@admin.register(Chapter)
class ChapterAdmin(EntryScreen):
    list_display = ["cycle", "language", "number", "title"]
    list_filter = ["cycle", "language"]
    list_select_related = ["cycle"]
    search_fields = ["title"]
    kept_for_the_next = ["cycle", "language"]
    fieldsets = [
        (
            _("Place in the report"),
            {
                "description": _("Which summary report it belongs to, and where it stands in it."),
                "fields": ["cycle", "language", "number"],
            },
        ),
        (
            _("Text"),
            {
                "description": _(
                    "Figures and lists come by themselves; write what connects them."
                ),
                "fields": ["title", "text", "read_version"],
            },
        ),
    ]

    def save_model(self, request, obj, form, change):
        obj.edited_by = request.user
        super().save_model(request, obj, form, change)
