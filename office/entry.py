"""How the office's screens ask for things: what every screen of a record and its parts share."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator
from django.db import models
from django.http import HttpResponseRedirect
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from objectives.form_fields import Day, SeveralOf, TextBox
from objectives.models import Objective, ReviewCycle
from objectives.versioned_admin import VersionedAdmin
from office.fields import ObjectiveChoice, Pick, PickMany
from office.forms import EntryForm, FileForm, PartForm, PartFormSet, address_of_file
from office.history import name_of
from office.log import Log, parts_of
from office.widgets import Checks, Clock, Picker, PickerOfMany, says_length
from public.file_findings import with_findings
from public.file_words import told

LONG_TEXT = 200  # characters: limits of longer texts are said before they are reached

TOO_LONG = _("At most %(limit_value)d characters are possible; this has %(show_value)d.")


class Asking(BaseModelAdmin):
    """Which control each kind of column gets, on a screen as in its parts."""

    checks: tuple[str, ...] = ()  # many of a short table, to tick
    least: dict[str, int] = {}  # fewest characters of a text, where review asks for them
    may_add: tuple[str, ...] = ()  # pickers that offer to add a record that is missing
    folds_objectives = False

    formfield_overrides = {
        models.TextField: {"widget": TextBox},
        models.DateField: {"widget": Day},
        models.TimeField: {"widget": Clock},
        models.URLField: {"widget": forms.URLInput(attrs={"class": "vURLField"})},
    }

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField) and db_field.base_field.choices:
            return labelled(SeveralOf.of(db_field, widget=Checks))
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
            field.widget.can_add_related &= db_field.name in self.may_add
            field.widget.can_change_related = field.widget.can_view_related = False
            field.widget.can_delete_related = False
        elif isinstance(db_field, (models.CharField, models.TextField)) and field:
            self._say_limits(field, db_field)
        return field

    def _say_limits(self, field, db_field) -> None:
        """Limits are counted live, said in the help text, and named by a refusal."""
        validators = [one for one in db_field.validators if isinstance(one, MaxLengthValidator)]
        most = min((one.limit_value for one in validators), default=None)
        if most is None or db_field.choices:
            return
        field.error_messages["max_length"] = TOO_LONG
        says_length(field.widget, self.least.get(db_field.name), most)
        says_it_itself = db_field.name in self.least
        if type(db_field) is models.CharField and most >= LONG_TEXT and not says_it_itself:
            limit = format_lazy(_("At most {most} characters."), most=most)
            field.help_text = format_lazy("{} {}", field.help_text, limit)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs |= {"form_class": Pick, "widget": Picker(db_field, self.admin_site)}
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        field: Any = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None:
            offered = [
                (record.pk, label_of(record))
                for record in field.queryset
                if getattr(record, "retired_on", None) is None
            ]
            # a list, read once for all parts of a record
            field.choices = [("", "—")] * (field.empty_label is not None) + offered
        return field

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if (
            db_field.related_model is Objective
            and db_field.remote_field.through._meta.auto_created
        ):
            field = db_field.formfield(form_class=ObjectiveChoice)
            field.widget.folded = self.folds_objectives
        elif db_field.name in self.get_autocomplete_fields(request):
            widget = PickerOfMany(db_field, self.admin_site)
            return db_field.formfield(form_class=PickMany, widget=widget, **kwargs)
        elif db_field.name in self.checks:
            field = labelled(db_field.formfield(widget=Checks))
        else:
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        field.choices = list(field.choices)
        return field


def labelled(field):
    """A field whose check boxes say as a group what they are."""
    field.widget.label = field.label
    return field


def label_of(record) -> str:
    """A record in a list to choose from, in words."""
    if isinstance(record, ReviewCycle):
        return f"{record.code}: {record.short_name}"
    return str(record)


class EntryScreen(Asking, VersionedAdmin):
    """A screen on which records are entered one after the other."""

    form = EntryForm
    kept_for_the_next = [
        "cycle",
        "member_state",
        "stakeholder",
        "roundtable",
        "report",
        "language",
        "sources",
    ]

    class Media:
        css = {"all": ["css/office/entry.css"]}
        js = ["js/office/counters.js"]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        mine = getattr(request.user, "cycle_id", None)
        if mine and field is not None and db_field.related_model is ReviewCycle:
            field.choices = [one for one in field.choices if one[0] in ("", mine)]
        return field

    def get_fieldsets(self, request, obj=None):
        """Who may not change the record reads its objectives as a list."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return fieldsets
        return [
            (
                name,
                options
                | {
                    "fields": [
                        "shown_objectives" if field == "objective_links" else field
                        for field in options["fields"]
                    ]
                },
            )
            for name, options in fieldsets
        ]

    def get_readonly_fields(self, request, obj=None):
        shown = ["shown_objectives"] if hasattr(self.model, "objective_links") else []
        return [*super().get_readonly_fields(request, obj), *shown]

    @admin.display(description=_("Objectives"))
    def shown_objectives(self, record):
        """The objectives as a plain list, the main aims first."""
        links = record.objective_links.select_related("objective").order_by(
            "-primary", "objective__number"
        )
        lines = ((link.objective, _("(main aim)") if link.primary else "") for link in links)
        rows = format_html_join("", "<li>{} {}</li>", lines)
        return format_html('<ul class="objectives">{}</ul>', rows) if rows else "—"

    # --- deleting ------------------------------------------------------------------------

    def last_writer(self, record) -> str:
        log = Log(record)
        last = log.events[:1]
        log.read(last)
        return name_of(last[0]) if last else ""

    def render_delete_form(self, request, context):
        """The page says what goes with the record: its parts, not what merely links it."""
        parts = [part for part in parts_of(self.model) if not (part.owner or part.many)]
        counts = [
            (
                part.model._meta,
                part.model._base_manager.filter(**{part.column: context["object"].pk}).count(),
            )
            for part in parts
        ]
        context["parts"] = [(kind, count) for kind, count in counts if count]
        return super().render_delete_form(request, context)

    # --- the next one --------------------------------------------------------------------

    def response_add(self, request, obj, post_url_continue=None):
        return self._on_to_the_next(
            request, obj, super().response_add(request, obj, post_url_continue)
        )

    def response_change(self, request, obj):
        response = super().response_change(request, obj)
        return self._on_to_the_next(request, obj, response)

    def _on_to_the_next(self, request, record, response):
        """“Save and add the next” keeps the cycle, the party, the language and the sources."""
        if "_addanother" not in request.POST or not isinstance(response, HttpResponseRedirect):
            return response
        meta = self.opts
        address = reverse(f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_add")
        return HttpResponseRedirect(f"{address}?{urlencode(self.for_the_next(record))}")

    def for_the_next(self, record) -> dict[str, str]:
        """What the next record has in common with this one."""
        names = {field.name: field for field in self.opts.get_fields() if field.concrete}
        kept = {}
        for name in self.kept_for_the_next:
            if name not in names:
                continue
            if names[name].many_to_many:
                value = ",".join(str(one.pk) for one in getattr(record, name).all())
            else:
                value = getattr(record, names[name].attname)
            if value:
                kept[name] = str(value)
        return kept


class PartInline(Asking, admin.StackedInline):
    """The parts of a record on its screen, one below the other."""

    form = PartForm
    formset = PartFormSet
    template = "office/entry/parts.html"
    extra = 1  # without scripts, the way to add one
    guidance: Any = ""  # one sentence of advice
    folds_objectives = True
    prefetched: tuple[str, ...] = ()

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related(*self.get_autocomplete_fields(request))
        return rows.prefetch_related(*self.prefetched)


class FileInline(PartInline):
    """The files of a record."""

    form = FileForm
    readonly_fields = ["download"]
    guidance = _(
        "What readers may download with the record: they see title, kind, language and size."
    )

    def get_fields(self, request, obj=None):
        screen = self.admin_site.get_model_admin(self.parent_model)
        edits = obj is None or screen.has_change_permission(request, obj)
        return [("title", "kind", "language"), "upload" if edits else "download"]

    def get_queryset(self, request):
        return with_findings(super().get_queryset(request))

    @admin.display(description=_("File"))
    def download(self, file):
        """The way to the file for those who may read the record only."""
        name = f"{file.name} ({filesizeformat(file.size)})"
        found = None if file.found is None else told(file.found)
        carried = render_to_string("office/parts/carried.html", {"findings": found})
        return format_html('<a href="{}">{}</a>{}', address_of_file(file), name, carried)
