"""What happened to a record, as readable differences; and the way back to an old version."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Change
from objectives.records import NOT_LOGGED, Record
from office.differences import difference, marked_as_gone, marked_as_new
from office.log import Event, Log, Part
from office.pages import (
    office_page,
    record_address,
    record_or_404,
    screen_of,
    told_if_gone,
)
from office.restoring import Plan, event_at, plan_for, refusal, restore
from office.words import Names, columns, in_python, in_words, is_text, label, title_of
from public.publication import Conflict

PER_PAGE = 20

# step → what it did, as a sentence
SENTENCES = {
    "submit": gettext_lazy("Sent to review by %(name)s"),
    "recall": gettext_lazy("Taken back before its review by %(name)s"),
    "start_review": gettext_lazy("Review begun by %(name)s"),
    "return_with_note": gettext_lazy("Returned with a note by %(name)s"),
    "approve": gettext_lazy("Approved by %(name)s"),
    "publish": gettext_lazy("Published by %(name)s as edition %(edition)s"),
    "revise": gettext_lazy("Taken back to draft, for the next edition, by %(name)s"),
    "withdraw": gettext_lazy("Withdrawn from the public by %(name)s"),
    "import": gettext_lazy("Imported by %(name)s"),
    "restore": gettext_lazy("Earlier version brought back by %(name)s"),
    "merge": gettext_lazy("Merged by %(name)s"),
    "bulk_edit": gettext_lazy("Changed together with others by %(name)s"),
    "next_cycle": gettext_lazy("Made from the cycle before by %(name)s"),
    "load_reference_data": gettext_lazy("Taken over from the reference files by %(name)s"),
    "accept_invitation": gettext_lazy("Password chosen with an invitation by %(name)s"),
    "reset_password": gettext_lazy("Forgotten password replaced by %(name)s"),
    "sign_in": gettext_lazy("Second step of signing in taken by %(name)s"),
    "show_recovery_codes": gettext_lazy("Recovery codes looked at by %(name)s"),
    "take_second_factor_away": gettext_lazy("Second step reset by %(name)s"),
    "erase_person": gettext_lazy("Personal data erased by %(name)s"),
}
# Who and when is said by the event itself; the rest by the sentence of its step.
NOT_SHOWN = {"id", "version", "created_at", "edited_by_id", "approved_by_id", "published_by_id"}
SAID_BY_STEP = {"status", "status_note", "one_person", "published_at", "public_edition"}


@dataclass(frozen=True)
class Line:
    """One difference: of what, and how it reads."""

    label: str
    text: SafeString | str


@dataclass
class Entry:
    """An event as the page shows it."""

    event: Event
    sentence: str
    lines: list[Line]

    @property
    def name(self) -> str:
        return name_of(self.event)


def page(request, model, pk):
    """The history of one record, the newest event first."""
    record = record_or_404(request, model, pk)
    log = Log(record)
    shown = Paginator(log.events, PER_PAGE).get_page(request.GET.get("page"))
    may_restore = isinstance(record, Record) and screen_of(model).has_change_permission(request)
    return office_page(
        request,
        "office/history.html",
        title=_("History"),
        guide="history",
        record=record,
        entries=entries(log, list(shown)),
        page=shown,
        newest=log.events[0].point if log.events else None,
        may_restore=may_restore,
    )


def stock_page(request, app_label, model_name, object_id):
    """Django's address of a record's history leads here: there is one history."""
    address = {"model": f"{app_label}.{model_name}", "pk": object_id}
    if not any(m._meta.label_lower == address["model"] for m in admin.site._registry):
        raise Http404
    return redirect(reverse("admin:history", kwargs=address))


@told_if_gone
def bring_back(request, model, pk, point):
    """Shows what an old version would change, and writes it when that is confirmed."""
    record = record_or_404(request, model, pk)
    if not (isinstance(record, Record) and screen_of(model).has_change_permission(request)):
        raise PermissionDenied
    try:
        event = event_at(Log(record), point)
    except ValidationError as error:
        raise Http404 from error
    status = 200
    problems: list[str] = []
    if request.method == "POST":
        answer = _bring_back(request, record, point)
        if isinstance(answer, HttpResponseRedirect):
            return answer
        status, problems = answer
        record = record_or_404(request, model, pk)
    log = Log(record)
    plan = plan_for(log, point)
    log.read([event])
    return office_page(
        request,
        "office/history_restore.html",
        title=_("Bring back version %(number)s") % {"number": event.number},
        guide="history",
        record=record,
        status=status,
        problems=problems,
        event=event,
        who=name_of(event),
        lines=lines_of_plan(plan, type(record)),
        stays=plan.stays,
        refusal=refusal(record, request.user),
    )


def _bring_back(request, record, point) -> HttpResponseRedirect | tuple[int, list[str]]:
    """The way back to the record, or the status of the answer and why nothing was written."""
    version = request.POST.get("version", "")
    try:
        restore(
            record,
            to=point,
            by=request.user,
            version=int(version) if version.isdecimal() and len(version) < 10 else 0,
        )
    except Conflict as conflict:
        advice = _("Nothing was written. Look at the differences again, then confirm.")
        return 409, [str(conflict), advice]
    except ValidationError as error:
        return 200, error.messages
    messages.success(request, _("The earlier version was brought back as a new one."))
    return redirect(record_address(type(record), record.pk))


# --- Events in words ----------------------------------------------------------------------------


def entries(log: Log, events: list[Event]) -> list[Entry]:
    """These events with all that they wrote, in a constant number of queries."""
    log.read(events)
    parts = {part.table: part for part in log.parts}
    rows = _whole_rows(log, parts, events)
    names = Names()
    for event in events:
        for change in event.changes:
            part = parts.get(change.table_name)
            model = part.model if part else log.model
            names.want(model, change.was)
            names.want(model, change.now)
    for (table, _pk), row in rows.items():
        names.want(parts[table].model, row)
    names.fetch()
    return [
        Entry(event, sentence_of(event, log), lines_of(event, log, parts, rows, names))
        for event in events
    ]


def _whole_rows(log: Log, parts: dict[str, Part], events: list[Event]) -> dict:
    """(table, id) → the whole row, for changes that tell only some of its columns."""
    rows = {}
    wanted: dict[str, set[int]] = {}
    for event in events:
        for change in event.changes:
            part = parts.get(change.table_name)
            if part is None:
                continue
            if change.operation == Change.Operation.UPDATE:
                wanted.setdefault(part.table, set()).add(change.row_id)
            if part.owner is not None:
                owner = (change.now or change.was or {}).get(part.column)
                if owner:
                    wanted.setdefault(part.owner.table, set()).add(owner)
    made = log.changes().filter(operation=Change.Operation.INSERT, table_name__in=wanted)
    for table, pk, row in made.values_list("table_name", "row_id", "now"):
        if pk in wanted[table]:
            rows[table, pk] = row
    for table, pks in wanted.items():  # as they are now, where they still are
        for row in parts[table].model._base_manager.filter(pk__in=pks).values():
            rows[table, row["id"]] = row
    return rows


def name_of(event: Event) -> str:
    """Who it was."""
    if event.by is None:
        return _("a command")
    return str(event.person or _("an account that no longer exists"))


def sentence_of(event: Event, log: Log) -> str:
    """What was done, and by whom."""
    name = name_of(event)
    if event.step not in SENTENCES:
        made = _("Added by %(name)s") if event.makes else _("Changed by %(name)s")
        return made % {"name": name}
    own = [one.now or {} for one in event.changes if one.table_name == log.table]
    edition = next((row["public_edition"] for row in own if row.get("public_edition")), "")
    said = SENTENCES[event.step] % {"name": name, "edition": edition}
    if event.step == "publish":
        at = next((row["published_at"] for row in own if row.get("published_at")), None)
        begin = in_python(log.model._meta.get_field("published_at"), at)
        if begin and begin > event.at + timedelta(seconds=30):
            moment = in_words(log.model._meta.get_field("published_at"), at, Names())
            return _("%(sentence)s, public from %(moment)s") % {"sentence": said, "moment": moment}
    return said


def lines_of(event: Event, log: Log, parts, rows, names: Names) -> list[Line]:
    """What the event wrote: fields, links and parts."""
    lines: list[Line] = []
    links: dict[tuple, tuple[list, list]] = {}
    came = _plain if event.makes else marked_as_new  # in a new record everything is new
    for change in event.changes:
        part = parts.get(change.table_name)
        if part is None:
            skipped = NOT_SHOWN | (SAID_BY_STEP if event.step or event.makes else set())
            lines += _lines_of_row(log.model, change, names, skipped, came)
        elif part.is_link:
            row = change.now or change.was or {}
            gone, new = links.setdefault((part, row[part.column]), ([], []))
            goal = names.name(part.target.related_model, row[part.target.column])
            (new if change.operation == Change.Operation.INSERT else gone).append(goal)
        else:
            lines += _lines_of_part(part, change, rows, names, came)
    for (part, owner), (gone, new) in links.items():
        called = label(part.many)
        if part.owner:
            whole = rows.get((part.owner.table, owner), {})
            called = f"{title_of(part.owner.model, whole, names)}: {called}"
        marked = [marked_as_gone(one) for one in gone if one not in new]
        marked += [came(one) for one in new if one not in gone]
        if marked:  # else taken out and put in again
            lines.append(Line(called, _joined(marked)))
    return _together(lines)


def _plain(words: str) -> SafeString:
    return format_html("{}", words)


def _joined(texts: Iterable[str]) -> SafeString:
    return format_html_join(", ", "{}", ((text,) for text in texts))


def _together(lines: list[Line]) -> list[Line]:
    """One line for all that is said of one thing, such as the objectives."""
    texts: dict[str, list] = {}
    for line in lines:
        texts.setdefault(line.label, []).append(line.text)
    return [Line(called, _joined(said)) for called, said in texts.items()]


def _changed(field, was: Any, now: Any, names: Names) -> SafeString | str:
    if NOT_LOGGED in (was, now):
        return _("changed")
    before, after = in_words(field, was, names), in_words(field, now, names)
    if is_text(field) and before and after:
        return difference(before, after)
    return format_html(
        "{} {}",
        marked_as_gone(before) if before else _("(empty)"),
        marked_as_new(after) if after else _("(empty)"),
    )


def _lines_of_row(model, change: Change, names: Names, skipped: set[str], came) -> list[Line]:
    was, now = change.was or {}, change.now or {}
    lines = []
    for column, field in columns(model).items():
        if column in skipped or column not in was | now:
            continue
        if change.operation == Change.Operation.UPDATE:
            if not _same(was[column], now[column]):
                text = _changed(field, was[column], now[column], names)
                lines.append(Line(label(field), text))
            continue
        value = (was | now)[column]
        words = "" if value == NOT_LOGGED or value is False else in_words(field, value, names)
        if words:
            lines.append(Line(label(field), came(words) if now else marked_as_gone(words)))
    return lines


def _same(was: Any, now: Any) -> bool:
    """Browsers end lines in their own way: that is no change."""
    if was == NOT_LOGGED:
        return False
    text = isinstance(was, str) and isinstance(now, str)
    return text and was.replace("\r\n", "\n") == now.replace("\r\n", "\n")


def _lines_of_part(part: Part, change: Change, rows, names: Names, came) -> list[Line]:
    model = part.model
    called = label(part.many) if part.many else label(model._meta)
    skipped = NOT_SHOWN | {part.column}
    if change.operation != Change.Operation.UPDATE:
        row = change.now or change.was or {}
        mark = came if change.now else marked_as_gone
        if part.many:  # a link that says more than that it is there
            return [Line(called, mark(title_of(model, row, names)))]
        return [
            Line(f"{called}: {line.label}", line.text)
            for line in _lines_of_row(model, change, names, skipped, came)
        ] or [Line(called, mark(title_of(model, row, names)))]
    row = rows.get((part.table, change.row_id), {})
    if part.many:
        before = title_of(model, row | (change.was or {}), names)
        after = title_of(model, row | (change.now or {}), names)
        return [Line(called, format_html("{} {}", marked_as_gone(before), marked_as_new(after)))]
    title = title_of(model, row, names)
    return [
        Line(f"{called} “{title}”: {line.label}", line.text)
        for line in _lines_of_row(model, change, names, skipped, came)
    ]


# --- What an old version would change -----------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """One thing that would change: now → then."""

    label: str
    now: str
    then: str
    text: SafeString | str


def lines_of_plan(plan: Plan, model) -> list[Wanted]:
    """Field by field what bringing back would change."""
    names = plan.names
    lines = []
    for column, (now, then) in plan.own.items():
        field = columns(model)[column]
        lines.append(_wanted(label(field), field, now, then, names))
    for part, row in plan.removed:
        lines.append(Wanted(_called(part, row, plan), _there(part, row, names), "", ""))
    for part, now, then in plan.changed:
        if part.many:
            before, after = (title_of(part.model, row, names) for row in (now, then))
            lines.append(Wanted(label(part.many), before, after, difference(before, after)))
            continue
        title = title_of(part.model, now, names)
        for column, field in columns(part.model).items():
            if column in NOT_SHOWN or column not in then or now[column] == then[column]:
                continue
            called = f"{label(part.model._meta)} “{title}”: {label(field)}"
            lines.append(_wanted(called, field, now[column], then[column], names))
    for part, row in plan.added:
        lines.append(Wanted(_called(part, row, plan), "", _there(part, row, names), ""))
    return lines


def _wanted(called: str, field, now, then, names: Names) -> Wanted:
    before, after = in_words(field, now, names), in_words(field, then, names)
    text = difference(before, after) if is_text(field) else ""
    return Wanted(called, before, after, text)


def _called(part: Part, row, plan: Plan) -> str:
    return label(part.many) if part.many else label(part.model._meta)


def _there(part: Part, row, names: Names) -> str:
    """A row that comes or goes."""
    if part.is_link:
        return names.name(part.target.related_model, row[part.target.column])
    return title_of(part.model, row, names)
