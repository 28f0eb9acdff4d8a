"""Loads the demonstration data: in through the import that staff use, on through the workflow.

Nothing here writes a record itself. What somebody else has edited since, or taken another step
with, stays as it is; the examples are loaded once and then left to whoever plays with them.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from objectives.reference_files import FilesRefused, Problem, read_rows
from office.imports import Outcome, RecordResource, import_file
from public import publication
from public.models import database_now
from public.workflow import Status
from sessions.resources import (
    AgendaItemResource,
    GuidingQuestionResource,
    RecommendationResource,
    RoleResource,
    RoundtableResource,
)
from submissions.resources import (
    PledgeResource,
    PracticeResource,
    ProgressUpdateResource,
    StakeholderResource,
    VoluntaryReportResource,
)
from synthesis.resources import FigureResource

FOLDER = Path(__file__).resolve().parent / "data"
EMBARGO = timedelta(days=30)
AT_ONCE = 100  # records that take a step together, between two signs of progress

# In the order in which they refer to each other.
RESOURCES: dict[str, type[RecordResource]] = {
    "stakeholders.csv": StakeholderResource,
    "practices.csv": PracticeResource,
    "pledges.csv": PledgeResource,
    "progress_updates.csv": ProgressUpdateResource,
    "reports.csv": VoluntaryReportResource,
    "roundtables.csv": RoundtableResource,
    "roles.csv": RoleResource,
    "agenda_items.csv": AgendaItemResource,
    "guiding_questions.csv": GuidingQuestionResource,
    "recommendations.csv": RecommendationResource,
    "figures.csv": FigureResource,
}
KINDS: list[Any] = list(dict.fromkeys(resource.publishable() for resource in RESOURCES.values()))

# The steps that lead a draft to each state that examples/states.csv may name.
REVIEW = ("submit", "start_review")
PUBLISH = (*REVIEW, "approve", "publish")
STATES: dict[str, tuple[str, ...]] = {
    "draft": (),
    "submitted": ("submit",),
    "in_review": REVIEW,
    "returned": (*REVIEW, "return_with_note"),
    "approved": (*REVIEW, "approve"),
    "under_embargo": (*REVIEW, "approve", "publish_later"),
    "published": PUBLISH,
    "in_revision": (*PUBLISH, "revise"),
    "withdrawn": (*PUBLISH, "withdraw"),
}

Say = Callable[[str, int, int], None]  # of what, how many are published, of how many


@dataclass(frozen=True)
class People:
    """Who edits, who reviews and who publishes: three people, as the workflow wants it."""

    editor: User
    reviewer: User
    publisher: User


@dataclass(frozen=True)
class Goal:
    """Where a record is taken, and the note on the last step."""

    state: str
    note: str = ""


@dataclass
class Loaded:
    """What loading did, file by file."""

    outcomes: list[Outcome]
    examples: list[Outcome]

    @property
    def is_nothing(self) -> bool:
        return all(outcome.is_nothing for outcome in self.outcomes + self.examples)

    @property
    def published(self) -> set[str]:
        """The codes of the records that have a new public edition."""
        return {code for outcome in self.outcomes for code in outcome.edited}

    @property
    def left(self) -> list[str]:
        """What the files would change, had nobody else edited it or taken a step with it."""
        return [code for outcome in self.outcomes for code in outcome.left]


@transaction.atomic
def load_demo(folder: Path, *, people: People, say: Say) -> Loaded:
    """Load the files in `folder` and publish what they bring: all of it, or nothing."""
    ours = {"status": Status.PUBLISHED, "edited_by": people.editor}
    theirs = {code for kind in KINDS for code in _codes(kind._default_manager.exclude(**ours))}
    outcomes = [
        import_file(resource, folder / name, by=people.editor, take_back=True, leave=theirs)
        for name, resource in RESOURCES.items()
    ]
    loaded = Loaded(outcomes, examples=[])
    goals = dict.fromkeys(loaded.published, Goal("published"))
    for kind in KINDS:
        _advance(kind, goals, people, say)
    loaded.examples = _load_examples(folder / "examples", people)
    return loaded


def _load_examples(folder: Path, people: People) -> list[Outcome]:
    """Load the invented records that are missing, take each to its state, and revise some."""
    there = {code for kind in KINDS for code in _codes(kind._default_manager)}
    outcomes = _import_found(folder, people, leave=there)
    new = {code for outcome in outcomes for code in outcome.edited}
    if new:
        goals = _goals(folder / "states.csv", new)
        for kind in KINDS:
            _advance(kind, goals, people, say=lambda what, done, total: None)
        _import_found(folder / "revisions", people, leave=there)
    return outcomes


def _import_found(folder: Path, people: People, *, leave: Collection[str]) -> list[Outcome]:
    """Import those of the files that the folder has."""
    return [
        import_file(
            resource, folder / name, by=people.editor, name=f"{folder.name}/{name}", leave=leave
        )
        for name, resource in RESOURCES.items()
        if (folder / name).exists()
    ]


def _goals(path: Path, new: set[str]) -> dict[str, Goal]:
    """Where the file wants the new records to be."""
    problems: list[Problem] = []
    rows = read_rows(path, ["code", "state", "note"], problems, unique=[("code",)])
    for row in rows:
        if row.cells["state"] not in STATES:
            reason = _("Write one of: %s.") % ", ".join(STATES)
            problems.append(Problem(path.name, row.number, "state", reason))
    if problems:
        raise FilesRefused(problems)
    said = {row.cells["code"]: Goal(row.cells["state"], row.cells["note"]) for row in rows}
    return {code: said.get(code, Goal("draft")) for code in new}


def _advance(kind: Any, goals: dict[str, Goal], people: People, say: Say) -> None:
    """Take the records of this kind from draft to their goals, many together where they can."""
    records = list(kind._default_manager.for_document().filter(code__in=goals).order_by("code"))
    what = str(kind._meta.verbose_name_plural)
    for done in range(0, len(records), AT_ONCE):
        say(what, done, len(records))
        part = records[done : done + AT_ONCE]
        try:
            _take_steps(part, goals, people)
        except ValidationError as refusal:
            code = f"{part[0].code}: " if len(part) == 1 else ""
            reasons = [f"{code}{reason}" for reason in refusal.messages]
            file = next(name for name, one in RESOURCES.items() if one.publishable() is kind)
            raise FilesRefused([Problem(file, 0, "", reason) for reason in reasons]) from refusal
    if records:
        say(what, len(records), len(records))


def _take_steps(records: list[Any], goals: dict[str, Goal], people: People) -> None:
    steps = {record.code: STATES[goals[record.code].state] for record in records}

    def taking(step):
        return [record for record in records if step in steps[record.code]]

    publication.submit_all(taking("submit"), by=people.editor)
    publication.start_review_all(taking("start_review"), by=people.reviewer)
    publication.approve_all(taking("approve"), by=people.reviewer)
    publication.publish_all(taking("publish"), by=people.publisher)
    publication.publish_all(
        taking("publish_later"), by=people.publisher, at=database_now() + EMBARGO
    )
    for record in taking("return_with_note"):
        publication.return_with_note(record, by=people.reviewer, note=goals[record.code].note)
    for record in taking("revise"):
        publication.revise(record, by=people.editor, note=goals[record.code].note)
    for record in taking("withdraw"):
        publication.withdraw(record, by=people.publisher, note=goals[record.code].note)


def _codes(records) -> list[str]:
    return list(records.values_list("code", flat=True))
