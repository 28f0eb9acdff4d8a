"""The steps of the workflow, each on a page that shows what it will do before it is done."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Change
from office.document_words import Difference, DocumentWords, Line
from office.forms import address_of_file
from office.moved_on import Moved, moved_on
from office.pages import (
    Gone,
    list_address,
    office_page,
    record_address,
    screen_of,
    told_if_gone,
)
from office.step_forms import NoteForm, PublishForm
from office.step_words import WHAT_HAPPENS, WHAT_NEXT, done, explanations, one_person_notice
from office.templatetags.utc import utc
from public import publication
from public.file_findings import findings_of
from public.file_words import Told
from public.models import FOLDERS, PublicRecord, database_now
from public.publication import Conflict, has_right, steps_from
from public.publishable import Publishable
from public.refusals import refusals
from public.standing import editions_of
from public.workflow import LABELS, SIGNING, STEPS, Status

MOST = 500  # records on one page: more is read by nobody before they confirm it
RECORD_READ = re.compile(r"(\d{1,18}):(\d{1,9})", re.ASCII)  # key:version
IN_THE_END = datetime.max.replace(tzinfo=UTC)  # what is under embargo is public then
KEY = re.compile(r"\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class CarryingFile:
    """A file that becomes public with a record, and what it carries along."""

    name: str
    title: str
    size: int
    address: str  # for staff
    findings: list[Told] | None  # None: nobody has looked into it


@dataclass
class Row:
    """One record on the page of a step, with what the step would do to it."""

    record: Publishable
    reasons: list[str]  # why the step cannot be taken with it; empty if it can
    editions: list[Any]  # public or under embargo, newest first
    now: datetime
    not_yet: list[str] = field(default_factory=list)  # why it cannot be taken at once, but later
    lines: list[Line] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    files: list[CarryingFile] = field(default_factory=list)

    @property
    def carries(self) -> bool:
        """Do its files hold more than one sees at first, or does nobody know?"""
        return any(file.findings or file.findings is None for file in self.files)

    @property
    def read(self) -> str:
        """What the page sends back: which record, and as of which version."""
        return f"{self.record.pk}:{self.record.version}"

    @property
    def name(self) -> str:
        """Code and title, whatever the kind calls itself."""
        title = str(self.record)
        return title if self.record.code in title else f"{self.record.code}: {title}"

    @property
    def embargoed(self) -> list[Any]:
        return [one for one in self.editions if one.visible.lower > self.now]

    @property
    def public(self) -> list[Any]:
        return [one for one in self.editions if one.visible.lower <= self.now]

    @property
    def public_url(self) -> str:
        """Where the public reads the record; empty while it does not, or its kind has no page."""
        if not self.public or self.record.kind not in FOLDERS:
            return ""
        return PublicRecord(kind=self.record.kind, code=self.record.code).get_absolute_url()


# --- On the record --------------------------------------------------------------------------


def for_record(request, record) -> dict[str, Any]:
    """What the record's screen shows: where it stands, which steps may be taken, and why not."""
    if record is None or not isinstance(record, Publishable):
        return {}
    editions = editions_of([record])[record.pk]
    row = Row(record=record, reasons=[], editions=editions, now=database_now())
    last = (
        Change.objects.filter(
            table_name=record._meta.db_table, row_id=record.pk, now__has_key="status"
        )
        .select_related("by")
        .order_by("-id")
        .first()
    )
    return {
        "standing": {
            "row": row,
            "last": last,
            "next": WHAT_NEXT[Status(record.status)],
            "explanations": explanations(record, by=request.user),
            "steps": [
                {
                    "name": step.name,
                    "label": LABELS[step.name],
                    "url": f"{_address(type(record), step.name)}?id={record.pk}",
                }
                for step in steps_from(record, by=request.user)
            ],
        }
    }


# --- On the list ----------------------------------------------------------------------------


def list_action(name: str):
    """The list action that opens the page of a step with the chosen records."""

    @admin.action(description=LABELS[name])
    def open_page(modeladmin, request, queryset):
        records = list(queryset.for_document()[: MOST + 1])
        if len(records) > MOST:
            messages.error(request, _too_many())
            return None
        return _confirm_page(request, modeladmin.model, name, records)

    open_page.__name__ = name
    return open_page


# --- The page of a step ---------------------------------------------------------------------


@told_if_gone
def page(request, model, step):
    """Shows what the step will do with the records, and on confirmation takes it with all."""
    if not issubclass(model, Publishable) or step not in LABELS:
        raise Http404
    if not may_take_somewhere(step, model, request.user):
        raise PermissionDenied
    if request.method == "POST":
        return _take(request, model, step)
    keys = request.GET.getlist("id")
    if not all(KEY.fullmatch(key) for key in keys):
        raise Http404
    if not 0 < len(keys) <= MOST:
        messages.error(request, _too_many() if keys else _none_chosen())
        return redirect(_list_address(request, model))
    records = _records(request, model, [int(key) for key in keys])
    return _confirm_page(request, model, step, records)


def may_take_somewhere(name: str, model, user) -> bool:
    """Has this person the right to take the step with any record of this kind?"""
    ways = [step for step in STEPS if step.name == name]
    can_view = user.has_perm(f"{model._meta.app_label}.view_{model._meta.model_name}")
    return can_view and any(has_right(step, model, user) for step in ways)


def _take(request, model, step):
    read = {}
    for text in request.POST.getlist("record"):
        match = RECORD_READ.fullmatch(text)
        if match is None:
            raise Http404
        read[int(match[1])] = int(match[2])
    if not 0 < len(read) <= MOST:
        messages.error(request, _too_many() if read else _none_chosen())
        return redirect(_list_address(request, model))
    records = _records(request, model, list(read))
    form = _form(step, records, request.POST)
    moved = moved_on(model, records, read)
    if moved or not form.is_valid():
        return _confirm_page(request, model, step, records, form=form, moved=moved)
    options, status = form.options(), 200
    try:
        getattr(publication, f"{step}_all")(records, by=request.user, **options)
    except Conflict:  # in the moment between reading and locking
        records = _records(request, model, list(read))
        moved = moved_on(model, records, read)
    except ValidationError as refusal:
        form.add_error(None, refusal.messages)
    except PermissionDenied as refusal:
        form.add_error(None, str(refusal))
        status = 403
    else:
        messages.success(request, done(step, records, time=utc(options.get("at"))))
        return redirect(
            _list_address(request, model)
            if len(records) > 1
            else record_address(model, records[0].pk)
        )
    return _confirm_page(request, model, step, records, form=form, moved=moved, status=status)


def _confirm_page(
    request,
    model,
    step: str,
    records: Sequence[Publishable],
    *,
    form: NoteForm | None = None,
    moved: Sequence[Moved] = (),
    status: int = 200,
):
    rows = _rows(step, records, by=request.user)
    fit = [row for row in rows if not row.reasons]
    filters = request.GET.get("_changelist_filters") or (
        request.GET.urlencode() if request.resolver_match.url_name != "steps" else ""
    )
    address = _address(model, step)
    single = len(rows) == 1
    withdrawing = next(one for one in STEPS if one.name == "withdraw")
    return office_page(
        request,
        "office/step.html",
        title=LABELS[step],
        guide="steps",
        model=model,
        record=rows[0].record if single else None,
        status=409 if moved else status,
        step=step,
        what_happens=WHAT_HAPPENS[step],
        rows=rows,
        single=single,
        fit=fit,
        how_many=_how_many(len(fit), len(rows)),
        form=form or _form(step, [row.record for row in fit]),
        moved=moved,
        one_person=one_person_notice() if step in SIGNING else "",
        can_withdraw=has_right(withdrawing, model, request.user),
        withdraw_address=_address(model, "withdraw"),
        action=f"{address}?{urlencode({'_changelist_filters': filters})}" if filters else address,
        back=record_address(model, rows[0].record.pk)
        if single
        else _list_address(request, model, filters),
    )


def _rows(step: str, records: Sequence[Publishable], *, by) -> list[Row]:
    reasons = refusals(step, records, by=by, at=IN_THE_END)
    not_yet = refusals(step, records, by=by) if step == "publish" else {}
    editions = editions_of(records)
    now = database_now()
    rows = [
        Row(
            record=one,
            reasons=reasons.get(one.pk, []),
            editions=editions[one.pk],
            now=now,
            not_yet=[] if one.pk in reasons else not_yet.get(one.pk, []),
        )
        for one in records
    ]
    if step in SIGNING and rows:
        documents = {row.record.pk: row.record.document() for row in rows}
        before = {row.record.pk: row.editions[0].content for row in rows if row.editions}
        words = DocumentWords(type(records[0]), [*documents.values(), *before.values()])
        for row in rows:
            document = documents[row.record.pk]
            row.lines, row.empty = words.lines(document), words.empty(document)
            if row.editions:
                row.differences = words.differences(before[row.record.pk], document)
        _tell_files(rows)
    return rows


def _tell_files(rows: Sequence[Row]) -> None:
    """Say of each file what becomes public with it that nobody sees at first."""
    files = {row.record.pk: getattr(row.record, "files", None) for row in rows}
    stored = {key: list(many.all()) if many else [] for key, many in files.items()}
    found = findings_of(file.sha256 for many in stored.values() for file in many)
    for row in rows:
        row.files = [
            CarryingFile(
                name=file.name,
                title=file.title,
                size=file.size,
                address=address_of_file(file),
                findings=found.get(file.sha256),
            )
            for file in stored[row.record.pk]
        ]


def _form(step: str, records: Sequence[Publishable], data=None) -> NoteForm:
    if step == "publish":
        has_editions = any(record.public_edition is not None for record in records)
        return PublishForm(step, data, has_editions=has_editions)
    return NoteForm(step, data)


def _records(request, model, keys: list[int]) -> list[Any]:
    """The records of these keys that are there, in this order, with what their documents need."""
    found: Any = screen_of(model).get_queryset(request).filter(pk__in=keys)
    rows = {row.pk: row for row in found.for_document()}
    if not rows:
        raise Gone
    return [rows[key] for key in dict.fromkeys(keys) if key in rows]


def _address(model, step: str) -> str:
    return reverse("admin:steps", args=[model, step])


def _list_address(request, model, filters: str | None = None) -> str:
    """The list, with the filters from which the person came."""
    filters = request.GET.get("_changelist_filters", "") if filters is None else filters
    return list_address(model, filters)


def _how_many(fit: int, of: int) -> str:
    return ngettext(
        "The step can be taken with %(fit)d of %(of)d record.",
        "The step can be taken with %(fit)d of %(of)d records.",
        of,
    ) % {"fit": fit, "of": of}


def _too_many() -> str:
    return _("Choose %(most)d records at most: nobody reads more before they confirm.") % {
        "most": MOST
    }


def _none_chosen() -> str:
    return _("Choose at least one record.")
