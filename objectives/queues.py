"""What waits for somebody, is overdue or misses: said once, and asked in two places.

Each screen of the admin names its queues. Its list offers them as filters, and the start page
counts them, so that a count and the list behind it cannot differ.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.models import ReviewCycle


class Group(models.TextChoices):
    """The three questions of the start page; each is a filter of this name on the lists."""

    WAITING = "waiting", gettext_lazy("what waits for me")
    OVERDUE = "overdue", gettext_lazy("overdue")
    MISSING = "missing", gettext_lazy("what is missing")


@dataclass(frozen=True)
class Asked:
    """Who asks, and of which review cycle; None is all of them."""

    user: Any
    cycle: ReviewCycle | None = None


@dataclass(frozen=True)
class Queue:
    """Records of one kind that somebody should see to.

    `among` picks them out of all records. Who sees the queue has `right` for the kind. `moment`
    is a column that tells when, with the words in front of it. A queue `of_cycle` is of rows that
    have no cycle themselves, and asks something about one: its filter names the cycle.
    """

    name: str
    label: Any
    among: Callable[[Any, Asked], QuerySet]
    group: Group = Group.MISSING
    right: str = "view"
    moment: tuple[str, Any] | None = None
    of_cycle: bool = False

    def is_for(self, user, model) -> bool:
        """May this person see to such records?"""
        return user.has_perm(f"{model._meta.app_label}.{self.right}_{model._meta.model_name}")

    def of(self, records, asked: Asked) -> QuerySet:
        """The queue of this person: only what they may work on."""
        mine = records.within(asked.user) if hasattr(records, "within") else records
        return self.among(mine, asked)

    def value(self, cycle: ReviewCycle | None) -> str:
        """What the filter of the list is set to."""
        return f"{self.name}:{cycle.code}" if self.of_cycle and cycle else self.name

    def choices(self, request) -> Iterator[tuple[str, Any]]:
        yield self.name, self.label
        for cycle in cycles_in_use(request) if self.of_cycle else ():
            label = _("%(queue)s: %(cycle)s") % {"queue": self.label, "cycle": cycle.code}
            yield self.value(cycle), label


def cycles_in_use(request) -> list[ReviewCycle]:
    """The cycles to choose from, the newest first; asked once a request."""
    if not hasattr(request, "cycles_in_use"):
        request.cycles_in_use = list(ReviewCycle.objects.in_use())
    return request.cycles_in_use


class QueueFilter(admin.SimpleListFilter):
    """The queues of one group as a filter of the list."""

    group: Group

    def __init__(self, request, params, model, screen):
        self.title = self.group.label
        self.parameter_name = self.group.value
        self.queues = {
            queue.name: queue for queue in screen.get_queues(request) if queue.group == self.group
        }
        super().__init__(request, params, model, screen)

    def lookups(self, request, screen):
        return [choice for queue in self.queues.values() for choice in queue.choices(request)]

    def queryset(self, request, records):
        value = self.value()
        if value is None:
            return records
        name, _colon, code = value.partition(":")
        queue = self.queues.get(name)
        cycle = ReviewCycle.objects.filter(code=code).first() if code else None
        if queue is None or (code and not (queue.of_cycle and cycle)):
            raise IncorrectLookupParameters
        return queue.of(records, Asked(request.user, cycle))


QUEUE_FILTERS = [type(f"{group.name}Filter", (QueueFilter,), {"group": group}) for group in Group]


class WithQueues(admin.ModelAdmin):
    """A screen whose list can be filtered by what waits, is overdue or misses."""

    queues: Sequence[Queue] = ()

    def known_by(self) -> tuple[str, str]:
        """The columns that the start page tells a record by: its code and its name."""
        return "code", "name_en"

    def get_queues(self, request) -> list[Queue]:
        """The queues that this person sees to."""
        return [queue for queue in self.queues if queue.is_for(request.user, self.model)]

    def get_list_filter(self, request):
        return [*QUEUE_FILTERS, *super().get_list_filter(request)]
