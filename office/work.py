"""The start page: what waits for me, what is overdue, what is missing, and every list."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.contrib import admin
from django.db.models import CharField, Count, DateTimeField, F, TextField, Value
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from objectives.queues import Asked, Group, Queue, WithQueues
from office import cycle
from office.pages import list_address, record_address
from office.questions import asked_together
from office.queues import last_change
from office.step_words import one_person_notice
from public.publishable import Publishable

SHOWN = {Group.WAITING: 5, Group.OVERDUE: 3, Group.MISSING: 3}  # records of each queue

# The lists, by the work they belong to. What is named nowhere stands with the reference data.
SHELVES: list[tuple[Any, list[str]]] = [
    (
        _("What parties hand in"),
        ["voluntaryreport", "practice", "pledge", "stakeholder", "excerpt"],
    ),
    (_("Meetings"), ["reviewcycle", "roundtable", "recommendation"]),
    (_("The report"), ["figure", "chapter", "snapshot"]),
    (_("Reference data"), []),
    (_("People and log"), ["user", "role", "focalpoint", "change", "edition"]),
]
REST = 3  # the place of the shelf that takes the rest


@dataclass
class Line:
    """One record of a queue."""

    code: str
    title: str
    url: str
    note: str
    moment: datetime | None
    at: datetime | None
    who: str | None


@dataclass
class Share:
    """How much of a queue is of one kind, and the list of just these."""

    kind: Any
    total: int
    url: str


@dataclass
class Entry:
    """A queue as the start page shows it, over all kinds."""

    name: str
    label: Any
    says: Any = ""  # the words before a line's moment
    shares: list[Share] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(share.total for share in self.shares)


@dataclass(frozen=True)
class Question:
    """A queue of one screen, asked for one person and cycle."""

    screen: WithQueues
    queue: Queue
    asked: Asked

    @property
    def key(self) -> str:
        return f"{self.screen.model._meta.label_lower} {self.queue.group.value} {self.queue.name}"

    def records(self):
        """The queue: of the cycle, where its records have one."""
        records = self.queue.of(self.screen.model._default_manager.all(), self.asked)
        if self.asked.cycle and self._has_cycle:
            records = records.filter(cycle=self.asked.cycle)
        return records.order_by()

    @property
    def _has_cycle(self) -> bool:
        return getattr(self.screen.model, "cycle_path", "") == "cycle"

    def url(self) -> str:
        """The list of the screen, filtered to the same records."""
        query = QueryDict(mutable=True)
        query[self.queue.group] = self.queue.value(self.asked.cycle)
        if self.asked.cycle and self._has_cycle:
            query["cycle__id__exact"] = str(self.asked.cycle.pk)
        return list_address(self.screen.model, query.urlencode())

    def count(self):
        rows = self.records().annotate(key=Value(self.key)).values("key")
        return rows.annotate(total=Count("*")).values_list("key", "total")

    def first(self):
        """The first few, the oldest record first, with the last line of the log about each."""
        model = self.screen.model
        code, title = self.screen.known_by()
        last = last_change(model)
        moment = F(self.queue.moment[0]) if self.queue.moment else Value(None)
        note = F("status_note") if issubclass(model, Publishable) else Value("")
        return (
            self.records()
            .annotate(key=Value(self.key))
            .order_by(self.queue.moment[0] if self.queue.moment else "pk", "pk")
            .values_list(
                "key",
                "pk",
                Cast(code, TextField()),
                Cast(title, TextField()),
                Cast(note, TextField()),
                Cast(moment, DateTimeField()),
                Cast(last.values("at")[:1], DateTimeField()),
                Cast(last.values("by__name")[:1], CharField()),
            )[: SHOWN[self.queue.group]]
        )


def for_person(request) -> dict:
    """What `templates/admin/index.html` shows."""
    frame = cycle.for_frame(request)
    groups = _groups(request, Asked(request.user, frame["cycle"]))
    shelves = _shelves(request)
    return {
        **frame,
        "groups": groups,
        "shelves": shelves,
        "addable": [
            {"kind": one["model"]._meta.verbose_name, "url": one["add_url"]}
            for _name, lists in shelves
            for one in lists
            if one["add_url"] and issubclass(one["model"], Publishable)
        ],
        "may_change_cycles": request.user.has_perm("objectives.change_reviewcycle"),
        "one_person": one_person_notice(),
    }


def _questions(request, asked: Asked) -> dict[str, Question]:
    """Every queue that the person sees to, in the order that the screens name them in."""
    screens = [
        screen
        for screen in admin.site._registry.values()
        if isinstance(screen, WithQueues) and screen.has_view_permission(request)
    ]
    placed = sorted(
        (
            (place, Question(screen, queue, asked))
            for screen in screens
            for place, queue in enumerate(screen.get_queues(request))
        ),
        key=itemgetter(0),
    )
    return {question.key: question for _place, question in placed}


def _groups(request, asked: Asked) -> dict[str, list[Entry]]:
    """Waiting, overdue and missing: each queue that holds anything, in two questions for all."""
    questions = _questions(request, asked)
    totals = dict(asked_together([question.count() for question in questions.values()]))
    busy = {key: question for key, question in questions.items() if totals.get(key)}
    lines: dict[str, list] = defaultdict(list)
    for key, *line in asked_together([question.first() for question in busy.values()]):
        lines[key].append(line)
    groups: dict[str, dict[str, Entry]] = {group.value: {} for group in Group}
    for key, question in busy.items():
        queue, meta = question.queue, question.screen.model._meta
        says = queue.moment[1] if queue.moment else ""
        new = Entry(queue.name, queue.label, says)
        entry = groups[queue.group.value].setdefault(queue.name, new)
        entry.shares.append(Share(meta.verbose_name_plural, totals[key], question.url()))
        for pk, code, title, *rest in sorted(lines[key]):
            url = record_address(question.screen.model, pk)
            entry.lines.append(Line(code, Truncator(title).chars(110), url, *rest))
    for group, entries in groups.items():
        for entry in entries.values():
            entry.lines = sorted(entry.lines, key=_oldest_first)[: SHOWN[Group(group)]]
    return {group: list(entries.values()) for group, entries in groups.items()}


def _oldest_first(line: Line) -> tuple:
    when = line.moment or line.at
    return when is None, when, line.code


def _shelves(request) -> list[tuple[Any, list[dict]]]:
    """The lists that this person may see, as Django knows them, by the work they belong to."""
    place = {
        name: (n, at) for n, (_l, names) in enumerate(SHELVES) for at, name in enumerate(names)
    }
    shelves: list[list] = [[] for _shelf in SHELVES]
    for app in admin.site.get_app_list(request):
        for one in app["models"]:
            if one["admin_url"]:
                shelf, at = place.get(one["model"]._meta.model_name, (REST, 0))
                shelves[shelf].append((at, str(one["name"]), one))
    return [
        (name, [one for *_place, one in sorted(lists, key=lambda each: each[:2])])
        for (name, _names), lists in zip(SHELVES, shelves, strict=True)
        if lists
    ]
