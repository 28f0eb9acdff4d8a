"""Changing many records at once: all of them or none, and none that somebody else has changed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from objectives.records import signed
from office.bulk_changes import Changes, Outcome, Refusal, Refused, Wanted
from office.bulk_edit_form import BulkEditForm, fields_of
from office.moved_on import moved_on
from office.pages import list_address, office_page, screen_of
from public.publishable import Publishable
from public.refusals import inside_scope
from public.workflow import SIGNED, Status

MOST = 5_000  # records changed at once
STEP = "bulk_edit"  # as the log names it
SHOWN = 50  # records named on a page

# --- The action -----------------------------------------------------------------------------


def change_all(
    model: type[Publishable],
    read: Mapping[int, int],
    wanted: Wanted,
    *,
    by,
    note: str = "",
    dry_run: bool = False,
) -> Outcome:
    """Change records of one kind, all or none; `read` holds the version that was read of each.

    A link that is there stays as it is, with its marks; one that is added has none (an objective
    becomes secondary). `Refused` says which records cannot be changed, and why; a dry run only
    says what would happen. The number of queries does not depend on the number of records.
    """
    meta = model._meta
    if not by.has_perm(f"{meta.app_label}.change_{meta.model_name}"):
        raise PermissionDenied(_("You do not have the right to change these records."))
    if len(read) > MOST:
        raise ValidationError(too_many())
    with transaction.atomic():
        with signed(by=by, step=STEP, why=note):
            changes = Changes(model, _locked(model, read, wanted, by=by), wanted)
            changes.check()
            changes.write()
            left = _out_of_scope(changes.outcome.changed, by=by)
            if left:
                raise Refused(left)
        transaction.set_rollback(dry_run)
    return changes.outcome


def too_many() -> str:
    said = {"most": f"{MOST:,}"}
    return _("At most %(most)s records are changed at once. Filter the list further.") % said


def not_editable(records: Iterable[Any], *, by) -> list[Refusal]:
    """The records that this person cannot change as they stand, and what to do about it."""
    remedies = {
        Status.APPROVED: _("It is approved. Have it returned first."),
        Status.PUBLISHED: _("It is published. Revise it first."),
        Status.WITHDRAWN: _("It is withdrawn. Revise it first."),
    }
    kept, free = [], []
    for record in records:
        if record.status in SIGNED:
            kept.append(Refusal(record.pk, record, remedies[Status(record.status)]))
        else:
            free.append(record)
    return kept + _out_of_scope(free, by=by)


def _out_of_scope(records: list[Any], *, by) -> list[Refusal]:
    inside = inside_scope(records, by)
    outside = [one for one in records if one.pk not in inside]
    if not outside:
        return []
    reason = _("Your account is limited to %(scope)s.") % {"scope": by.scope}
    return [Refusal(one.pk, one, reason) for one in outside]


def _locked(model: Any, read: Mapping[int, int], wanted: Wanted, *, by) -> list[Any]:
    """The records as they were read, locked until all is written, or `Refused`."""
    rows = model._default_manager.select_for_update().order_by("pk").filter(pk__in=read)
    records = list(rows.only("code", "status", "version", "edited_by", *wanted.put))
    gone = sorted(read.keys() - {record.pk for record in records})
    refusals = [Refusal(pk, None, _("There is no such record any more.")) for pk in gone]
    refusals += not_editable(records, by=by)
    moved = _who_moved(model, records, read)
    if refusals or moved:
        raise Refused(refusals, moved)
    return records


def _who_moved(model: Any, records: list[Any], read: Mapping[int, int]) -> list[Refusal]:
    """The records that are no longer as they were read, each with who was the last to write."""
    reason = _("Changed by %(who)s since you opened it.")
    return [
        Refusal(
            moved.record.pk,
            moved.record,
            reason % {"who": moved.changes[-1]["who"] or _("a program")},
        )
        for moved in moved_on(model, records, read)
        if moved.record
    ]


# --- The pages ------------------------------------------------------------------------------


@admin.action(description=gettext_lazy("Change several records at once"), permissions=["change"])
def change_several(modeladmin, request, queryset):
    """Open the page on the records that were chosen in the list, or on all that it shows."""
    rows = queryset.order_by("pk").values_list("pk", "version")
    read = dict(rows[: MOST + 1])
    if len(read) > MOST:
        messages.error(request, too_many())
        return None
    return _choose(request, modeladmin.model, read, back=request.GET.urlencode())


def page(request, model):
    """From the choices to what they would change, and from there to having it changed."""
    if not issubclass(model, Publishable) or not fields_of(model):
        raise Http404
    if not screen_of(model).has_change_permission(request):
        raise PermissionDenied
    back = request.POST.get("back", "")
    read = _versions(request.POST.get("records", ""))
    if not 0 < len(read) <= MOST:
        messages.info(request, _("Choose records in the list, then what to change."))
        return redirect(list_address(model, back))
    step = request.POST.get("step")
    if step == "without":
        left = request.POST.get("without", "").split(",")
        read = {pk: version for pk, version in read.items() if str(pk) not in left}
    form = BulkEditForm(model, read, request.POST)
    if step not in ("check", "confirm") or not form.is_valid():
        return _choose(request, model, read, back=back, data=request.POST)
    try:
        outcome = change_all(
            model,
            read,
            form.wanted(),
            by=request.user,
            note=form.cleaned_data["note"],
            dry_run=step == "check",
        )
    except ValidationError as error:
        return _choose(request, model, read, back=back, data=request.POST, error=error)
    except Refused as refused:
        return _choose(request, model, read, back=back, data=request.POST, refused=refused)
    if step == "check":
        return _confirm(request, model, read, back, form, outcome)
    count = len(outcome.changed)
    said = ngettext("%(count)s record was changed.", "%(count)s records were changed.", count)
    messages.success(request, said % {"count": count})
    return redirect(list_address(model, back))


def _versions(text: str) -> dict[int, int]:
    """`12:3,15:1`: row and version of each record; nothing if it says anything else."""
    if not re.fullmatch(r"([1-9][0-9]{0,17}:[1-9][0-9]{0,8},?)+", text):
        return {}
    pairs = (pair.split(":") for pair in text.strip(",").split(","))
    return {int(pk): int(version) for pk, version in pairs}


def _text(read: Mapping[int, int]) -> str:
    return ",".join(f"{pk}:{version}" for pk, version in read.items())


def _choose(
    request, model, read, *, back, data=None, error=None, refused: Refused | None = None
) -> HttpResponse:
    """The page of choices; what was chosen stays chosen, and what stands in the way is told."""
    fields = ["code", "status", "version", "edited_by"]
    rows = model._default_manager.filter(pk__in=read).order_by("code").only(*fields)
    records = {record.pk: record for record in rows}
    left_out = not_editable(records.values(), by=request.user)
    kept = records.keys() - {refusal.pk for refusal in left_out}
    moved = refused.moved if refused else []
    # whoever is told that a record has moved on goes on from what they were told
    read = read | {one.pk: one.record.version for one in moved if one.record}
    read = {pk: version for pk, version in read.items() if pk in kept}
    refusals = refused.refusals if refused else []
    stopping = [one for one in refusals if one.pk in read or one.record is None]
    form = BulkEditForm(model, read, data)
    if data is not None:
        form.is_valid()
        for reason in error.messages if error else ():
            form.add_error(None, reason)
    note = form["note"]
    if not read and note.value():  # the page has no form then: let it be copied
        messages.info(request, f"{note.label}: {note.value()}")
    return office_page(
        request,
        "office/bulk_edit.html",
        title=_("Change several records at once"),
        model=model,
        guide="bulk-edit",
        form=form,
        media=form.media,
        count=len(read),
        records=_text(read),
        back=back,
        address=reverse("admin:bulk-edit", args=[model]),
        list_address=list_address(model, back),
        moved=_shown(moved),
        left_out=_shown(left_out),
        stopping=_shown(stopping),
        without=",".join(str(refusal.pk) for refusal in stopping),
    )


def _confirm(request, model, read, back, form: BulkEditForm, outcome: Outcome) -> HttpResponse:
    """What would change, to be confirmed."""
    return office_page(
        request,
        "office/bulk_edit_confirm.html",
        title=_("Change several records at once"),
        model=model,
        guide="bulk-edit",
        changes=list(form.told(outcome.counts)),
        changed=_shown(outcome.changed),
        unchanged=len(outcome.unchanged),
        unmarked=_shown(outcome.unmarked),
        note=form.cleaned_data["note"],
        said=form.said(),
        records=_text(read),
        back=back,
        address=reverse("admin:bulk-edit", args=[model]),
    )


def _shown(things: list[Any]) -> dict[str, Any]:
    """As many as a page can name, and how many more there are."""
    return {"all": len(things), "first": things[:SHOWN], "more": len(things[SHOWN:])}
