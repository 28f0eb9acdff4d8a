"""Puts invented records into the office's tables, and takes them through the one door.

Rows are written many at a time, the steps of the workflow are taken with many together, and each
thousand is a transaction: memory stays flat, and a run that was stopped goes on where it ended.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.db import models, reset_queries, transaction

from accounts.models import User
from objectives.models import (
    SDG,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from objectives.records import signed
from public import publication
from public.models import database_now
from reviewhub.demo.loader import KINDS, People, Say
from reviewhub.synthetic.inventing import (
    PRACTICES_A_STAKEHOLDER,
    WAYS,
    Invented,
    World,
)
from sessions.models import Recommendation
from submissions.models import (
    Pledge,
    PledgeObjective,
    Practice,
    PracticeObjective,
    ReportSection,
    Stakeholder,
    VoluntaryReport,
)

MARK = "Invented by make_synthetic."  # in the notes for staff of every record
AT_ONCE = 1000  # records written in one transaction
STEP_AT_ONCE = 200  # records that take a step together: PostgreSQL reads long lists slowly
EMBARGO = timedelta(days=30)
NOTE = "For the sake of an example."

# The kinds in the order in which they name each other, and how many of each: one in so many of
# the practices.
SHARES: dict[str, int] = {
    "stakeholder": PRACTICES_A_STAKEHOLDER,
    "practice": 1,
    "pledge": 20,
    "report": 50,
    "recommendation": 50,
}
MODELS: dict[str, Any] = {
    "stakeholder": Stakeholder,
    "practice": Practice,
    "pledge": Pledge,
    "report": VoluntaryReport,
    "recommendation": Recommendation,
}
LINKS: dict[type[models.Model], type[models.Model]] = {
    Practice: PracticeObjective,
    Pledge: PledgeObjective,
}
KEYS: dict[type[models.Model], str] = {
    Objective: "number",
    SDG: "number",
    MemberState: "iso3",
}

APPROVED = ("submit", "start_review", "approve")
PUBLISHED = (*APPROVED, "publish")
STEPS: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "in_review": ("submit", "start_review"),
    "returned": ("submit", "start_review", "return_with_note"),
    "approved": APPROVED,
    "under_embargo": (*APPROVED, "publish_later"),
    "published": PUBLISHED,
    "in_revision": (*PUBLISHED, "revise"),
    "published_twice": (*PUBLISHED, "revise", *PUBLISHED),
    "withdrawn": (*PUBLISHED, "withdraw"),
}


def how_many(practices: int) -> dict[str, int]:
    """How many records of each kind there are beside so many practices."""
    return {kind: max(1, practices // share) for kind, share in SHARES.items()}


def others() -> bool:
    """Are there records that were not invented here?"""
    return any(kind._default_manager.exclude(staff_notes=MARK).exists() for kind in KINDS)


def load_synthetic(practices: int, *, people: People, say: Say) -> int:
    """Invent what is missing to so many practices and their like; returns how many were new."""
    keys = Keys()
    world = world_of(keys)
    new = 0
    for kind, wanted in how_many(practices).items():
        made = MODELS[kind].objects.filter(staff_notes=MARK).count()
        new += max(0, wanted - made)
        what = str(MODELS[kind]._meta.verbose_name_plural)
        for first in range(made + 1, wanted + 1, AT_ONCE):
            numbers = range(first, min(first + AT_ONCE, wanted + 1))
            _load(kind, [getattr(world, kind)(number) for number in numbers], keys, people)
            say(what, numbers[-1], wanted)
    return new


class Keys:
    """The primary keys behind codes."""

    def __init__(self) -> None:
        self._known: dict[type[models.Model], dict[Any, int]] = {}

    def of(self, model: Any) -> dict[Any, int]:
        """Those of a table, which is read once."""
        if model not in self._known:
            rows = model.objects.values_list(KEYS.get(model, "code"), "pk")
            self._known[model] = dict(rows)
        return self._known[model]


def world_of(keys: Keys) -> World:
    """The reference data that records are invented from."""
    return World(
        objectives=list(keys.of(Objective)),
        states=list(keys.of(MemberState)),
        cycles=dict(ReviewCycle.objects.values_list("code", "year")),
        principles=list(keys.of(GuidingPrinciple)),
        goals=list(keys.of(SDG)),
        implementers=list(keys.of(ImplementerType)),
        stakeholder_types=list(keys.of(StakeholderType)),
        sources=list(keys.of(SourceDocument)),
    )


# --- One thousand ---------------------------------------------------------------------------


def _load(kind: str, invented: list[Invented], keys: Keys, people: People) -> None:
    model = MODELS[kind]
    with transaction.atomic():
        with signed(by=people.editor, step="import", why=MARK):
            records = _written(model, invented, keys)
        codes = {one.fields["code"]: one.way for one in invented}
        for way in WAYS:
            of_this_way = [record for record in records if codes[record.code] == way]
            for some in _parts(of_this_way, STEP_AT_ONCE):
                _take_steps(some, STEPS[way], people)
    reset_queries()  # in development Django would remember them all


def _written(model: Any, invented: list[Invented], keys: Keys) -> list[Any]:
    """The rows of these records and of their links, as they stand then."""
    columns = {field.name: field for field in model._meta.fields}
    rows = [
        model(
            staff_notes=MARK,
            **{
                columns[name].attname: _value(columns[name], value, keys)
                for name, value in one.fields.items()
            },
        )
        for one in invented
    ]
    model.objects.bulk_create(rows)
    parts: dict[type[models.Model], list[models.Model]] = {}
    for row, one in zip(rows, invented, strict=True):
        for name, codes in one.links.items():
            for part in _linked(model, row, name, codes, keys):
                parts.setdefault(type(part), []).append(part)
    for part_model, made in parts.items():
        part_model._base_manager.bulk_create(made)
    # links have moved the versions
    pks = [row.pk for row in rows]
    found = model.objects.only("pk", "code", "version", "status").filter(pk__in=pks)
    return list(found.order_by("code"))


def _value(field, value: Any, keys: Keys) -> Any:
    return keys.of(field.related_model)[value] if field.is_relation and value else value


def _linked(model: Any, row: Any, name: str, codes: list, keys: Keys) -> Iterator[models.Model]:
    """The rows of one of the record's links or parts."""
    if name == "sections":
        for place, (objective, text) in enumerate(codes):
            key = keys.of(Objective)[objective]
            yield ReportSection(report=row, objective_id=key, text=text, sort_order=place)
    elif name == "objectives" and model in LINKS:
        for place, number in enumerate(codes):
            link: Any = LINKS[model](objective_id=keys.of(Objective)[number], primary=place == 0)
            setattr(link, model._meta.model_name, row)
            yield link
    else:
        field = model._meta.get_field(name)
        through = field.remote_field.through
        for code in codes:
            key = keys.of(field.related_model)[code]
            ours, theirs = field.m2m_column_name(), field.m2m_reverse_name()
            yield through(**{ours: row.pk, theirs: key})


def _take_steps(records: list[Any], steps: Sequence[str], people: People) -> None:
    who: dict[str, User] = {
        "submit": people.editor,
        "revise": people.editor,
        "publish": people.publisher,
        "withdraw": people.publisher,
    }
    for step in steps:
        if step == "publish_later":
            later = database_now() + EMBARGO
            publication.publish_all(records, by=people.publisher, at=later)
        else:
            take: Callable = getattr(publication, f"{step}_all")
            take(records, by=who.get(step, people.reviewer), note=NOTE)


def _parts(records: list[Any], size: int) -> Iterator[list[Any]]:
    for first in range(0, len(records), size):
        yield records[first : first + size]
