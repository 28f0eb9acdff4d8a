"""The office's screens for figures and chapters."""

from django.contrib import admin

from objectives.forms import VersionedForm
from office.admin import PublishableAdmin
from synthesis import resources
from synthesis.models import Chapter, Figure


@admin.register(Figure)
class FigureAdmin(PublishableAdmin):
    resources = [resources.FigureResource]
    list_display = ["code", "title", "value", "unit", "as_of", "category", "status"]
    list_filter = ["status", "category", "as_of"]
    search_fields = ["code", "title"]
    autocomplete_fields = ["member_states"]


@admin.register(Chapter)
class ChapterAdmin(admin.ModelAdmin):
    form = VersionedForm
    list_display = ["cycle", "language", "number", "title"]
    list_filter = ["cycle", "language"]
    list_select_related = ["cycle"]
    search_fields = ["title"]
