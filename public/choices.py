"""What a filter offers to choose from: how values of an address are checked, named and looked for.

Names come from the page's `Names`, so that choices cost no query of their own.
"""

import copy
import re
from collections.abc import Callable, Iterable
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from public.names import Names, sort_key
from public.tallies import text_of

YEARS = range(1900, 2101)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}", re.ASCII)

# what a filter knows: every value that an address may hold, with its name
Known = Callable[[Names], dict[str, str]]


class KnownValues(forms.MultipleChoiceField):
    """Values of an address, each once; empty ones count for nothing, unknown ones are refused."""

    def __init__(self, *, asked: "AnyOf", **kwargs):
        self.asked = asked
        super().__init__(**kwargs)

    def to_python(self, value):
        return [one for one in dict.fromkeys(super().to_python(value)) if one]

    def validate(self, value):
        known = self.asked.labels(value) if value else {}
        for one in value:
            if one not in known:
                raise ValidationError(
                    _("“%(value)s” is not known here. Use %(allowed)s.")
                    % {"value": one[:60], "allowed": self.asked.allowed}
                )


class AnyOf(django_filters.Filter):
    """Records that have any of the chosen values; the column is one value, or a list of them.

    A choice may stand for several values of the column, as a sub-region stands for its States:
    `members` says for which.
    """

    field_class = KnownValues

    def __init__(
        self,
        column: str,
        known: Known,
        *,
        label: str | Promise,
        many: bool = False,
        coerce: Callable[[str], object] = str,
        members: Callable[[Names], dict[str, list]] | None = None,
    ):
        self.column, self.known, self.many = column, known, many
        self.coerce, self.members = coerce, members
        super().__init__(column, label=label)

    def __deepcopy__(self, memo):
        """The copy that a FilterSet makes for each request: what it is made of never changes."""
        one = copy.copy(self)
        one.extra = dict(self.extra)
        return one

    @property
    def field(self):
        self.extra["asked"] = self  # not before now: each FilterSet has filters of its own
        return super().field

    @property
    def names(self) -> Names:
        return self.parent.names

    @property
    def allowed(self) -> str:
        """What an address may say, in words that complete "Use …"."""
        return ", ".join(self.known(self.names))

    def labels(self, values: Iterable[str]) -> dict[str, str]:
        """The names of those of these values that are known, in the order to show them in."""
        values = set(values)
        return {value: name for value, name in self.known(self.names).items() if value in values}

    def values_of(self, chosen: Iterable[str]) -> list:
        """What the column holds where one of these is chosen."""
        if self.members is None:
            return [self.coerce(one) for one in chosen]
        members = self.members(self.names)
        return sorted({value for one in chosen for value in members[one]})

    def texts_of(self, chosen: Iterable[str]) -> list[str]:
        """The same as the database writes it in a text."""
        return [text_of(value) for value in self.values_of(chosen)]

    def badge_of(self, value: str) -> dict[str, Any]:
        """What a page shows of an objective or cluster besides its name."""
        return {}

    def filter(self, qs, value):
        if not value:
            return qs
        lookup = "overlap" if self.many else "in"
        return qs.filter(**{f"{self.column}__{lookup}": self.values_of(value)})


class AnyYear(AnyOf):
    """Records of any of these years."""

    @property
    def allowed(self) -> str:
        return _("a year from %(first)d to %(last)d") % {"first": YEARS[0], "last": YEARS[-1]}


class AnyParty(AnyOf):
    """Records of any of these parties. There may be thousands: only those asked for are read."""

    @property
    def allowed(self) -> str:
        return _("the code of a Member State, such as ALB, or of a stakeholder")

    def labels(self, values: Iterable[str]) -> dict[str, str]:
        codes = {value for value in values if CODE.fullmatch(value)}
        self.names.learn_codes(codes)
        named = {**self.names.stakeholders, **self.names.states}
        found = {code: named[code] for code in codes if code in named}
        return dict(sorted(found.items(), key=lambda one: sort_key(one[1])))


class AnyObjective(AnyOf):
    """Records of any of these objectives, by number."""

    def __init__(self, column: str, *, label: str | Promise):
        super().__init__(
            column,
            lambda names: {
                str(number): objective.short_title
                for number, objective in names.every_objective.items()
            },
            many=True,
            coerce=int,
            label=label,
        )

    def badge_of(self, value: str) -> dict[str, Any]:
        objective = self.names.objectives.get(int(value), {})
        return {"number": value, "cluster": objective.get("cluster", 0)}


def _objectives_in(names: Names) -> dict[str, list]:
    found: dict[str, list] = {cluster.code: [] for cluster in names.clusters.values()}
    for number, objective in names.every_objective.items():
        found[names.clusters[objective.cluster_id].code].append(number)
    return found


class AnyCluster(AnyOf):
    """Records of any objective of these clusters."""

    def __init__(self, *, label: str | Promise):
        super().__init__(
            "objectives",
            lambda names: {cluster.code: cluster.name for cluster in names.clusters.values()},
            many=True,
            members=_objectives_in,
            label=label,
        )

    def badge_of(self, value: str) -> dict[str, Any]:
        places = [cluster.code for cluster in self.names.clusters.values()]
        return {"cluster": places.index(value) + 1}
