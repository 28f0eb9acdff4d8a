"""What every screen of a versioned record shares: nobody's work is overwritten or lost."""

from contextlib import suppress
from functools import partial
from time import sleep

import psycopg2.errors
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, connection, transaction
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from objectives.conflicts import in_words, letters
from objectives.forms import VersionedForm, VersionedPart, VersionedRows

VERSION = "read_version"


class VersionedAdmin(admin.ModelAdmin):
    """Form and inlines carry the versions that were read; `templates/office/parts/conflict.html`
    shows what two people wrote. What cannot be saved any more is shown to be copied."""

    form = VersionedForm

    def get_fields(self, request, obj=None):
        fields = super().get_fields(request, obj)
        if self.has_change_permission(request, obj):
            return fields
        return [name for name in fields if name != VERSION]

    def get_inline_instances(self, request, obj=None):
        """Every inline that this person may edit, with versions for its rows."""
        inlines = super().get_inline_instances(request, obj)
        may_edit = obj is None or self.has_change_permission(request, obj)
        for inline in inlines:
            if may_edit and inline.has_change_permission(request, obj):
                inline.form = _mixed(VersionedPart, inline.form)
                inline.formset = _mixed(VersionedRows, inline.formset)
                with_version = partial(_with_version, inline.get_fieldsets)
                inline.get_fieldsets = with_version  # type: ignore[method-assign]
        return inlines

    def get_object(self, request, object_id, from_field=None):
        """The record; whoever saves it holds it from here on, and its parts after it."""
        if request.method == "POST" and connection.in_atomic_block:
            rows = self.model._base_manager.select_for_update(of=("self",))
            with suppress(ValueError, ValidationError):  # an address that names no row
                rows.filter(pk=object_id).values_list("pk").first()
        return super().get_object(request, object_id, from_field)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            for patience in (0.1, 0.5, 2):  # seconds
                try:
                    return super().changeform_view(request, object_id, form_url, extra_context)
                except OperationalError as error:
                    # Two people saved at the same moment, each holding what the other needed. Let
                    # the other one through, read the form again and meet an ordinary conflict.
                    if not isinstance(error.__cause__, psycopg2.errors.DeadlockDetected):
                        raise
                    sleep(patience)
            return super().changeform_view(request, object_id, form_url, extra_context)
        except PermissionDenied:
            if request.method != "POST" or object_id is None:
                raise
            record = self.get_object(request, unquote(object_id))
            return self.typed_again(request, record, status=403)

    def get_actions(self, request):
        """Each record is deleted on a page of its own, which shows what goes."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def delete_view(self, request, object_id, extra_context=None):
        """Nobody deletes what they have not read: the page carries the version that it shows."""
        if request.method != "POST":
            return super().delete_view(request, object_id, extra_context)
        with transaction.atomic():
            record = self.get_object(request, unquote(object_id))
            moved = self.moved_before_deletion(request, record)
            if not moved:
                return super().delete_view(request, object_id, extra_context)
        messages.error(request, moved)
        screen = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}"
        if record is None:
            return redirect(f"{screen}_changelist")
        return redirect(f"{screen}_change", record.pk)

    def moved_before_deletion(self, request, record) -> str:
        """What to tell somebody who would delete another text than they saw; empty if not so."""
        shown = request.POST.get("version", "")
        if record is None:
            may_delete = self.has_delete_permission(request)
            return _("Somebody else has deleted this record already.") if may_delete else ""
        may_delete = self.has_delete_permission(request, record)
        if shown == str(record.version) or not (shown or may_delete):
            return ""
        if not self.has_view_permission(request, record):
            return ""
        name = self.last_writer(record)
        told = (
            _("%(name)s has changed this record since you opened it.") % {"name": name}
            if name
            else _("This record has changed since you opened it.")
        )
        advice = _("Nothing was deleted. Look at it again; if it should still go, delete it then.")
        return f"{capfirst(told)} {advice}"

    def last_writer(self, record) -> str:
        """Who wrote the record or a part of it last, for people; empty where nobody knows."""
        return ""

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        if request.method != "POST":
            return super()._get_obj_does_not_exist_redirect(  # type: ignore[misc]
                request, opts, object_id
            )
        return self.typed_again(request, None, status=409)

    def typed_again(self, request, record, *, status: int):
        """Nothing can be saved here any more: what was typed is shown, to be copied."""
        rows = [(_("What you typed"), self.get_form(request)(request.POST, request.FILES))]
        for inline in admin.ModelAdmin.get_inline_instances(self, request):
            prefix = inline.get_formset(request).get_default_prefix()
            form = inline.get_formset(request).form
            total = request.POST.get(f"{prefix}-TOTAL_FORMS", "")
            for number in range(min(int(total), 1000) if total.isdecimal() else 0):
                name = f"{inline.verbose_name} {number + 1}"
                rows.append((name, form(request.POST, prefix=f"{prefix}-{number}")))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Nothing was saved"),
            "guide": "history",
            "opts": self.opts,
            "original": record,
            "typed": [(name, texts) for name, form in rows if (texts := _texts(form))],
        }
        return TemplateResponse(request, "office/typed_again.html", context, status=status)


def _mixed(mixin: type, cls: type) -> type:
    return cls if issubclass(cls, mixin) else type(mixin.__name__, (mixin, cls), {})


def _with_version(get_fieldsets, request, obj=None):
    """The fieldsets, with the row's version in the last one."""
    *others, (name, options) = get_fieldsets(request, obj)
    if any(VERSION in fieldset["fields"] for _name, fieldset in (*others, (name, options))):
        return [*others, (name, options)]
    return [*others, (name, options | {"fields": [*options["fields"], VERSION]})]


def _texts(form: forms.ModelForm) -> list[tuple[str, str]]:
    """Label and words of every field that something was sent for."""
    texts = []
    for field in form.visible_fields():
        sent = field.data
        if sent:
            texts.append((str(field.label), in_words(field.field, letters(field.field, sent))))
    return texts
