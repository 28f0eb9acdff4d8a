"""One database with every kind of record in every state, and a word of its own in every text.

Texts are filled by what the models have, so a new text column has its canary at once. The states
are reached by the real steps; editions are written by the real door.
"""

import hashlib
import io
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.test import Client

from accounts.models import Change, Token, User
from accounts.tokens import check_sum, new_secret
from objectives.records import secret_columns, signed
from office.models import Import
from public import dumps, publication
from public.files import path_of
from public.merging import merge
from public.models import database_now
from public.publishable import Publishable
from tests.embargo.canaries import HIDDEN, PRIVATE, PUBLIC, RETRACTED, Canaries, Canary
from tests.embargo.papers import PAPERS
from tests.factories import (
    RECORD_FACTORIES,
    AgendaItemFactory,
    DocumentFactory,
    FocalPointFactory,
    GuidingQuestionFactory,
    ProgressUpdateFactory,
    ReportSectionFactory,
    RoleFactory,
    StatementFactory,
    SubmissionFileFactory,
    cycle,
    member_state,
    objective,
    person,
    second_factor,
    source_document,
)
from tests.office.import_journey import csv_of, previewed

# state → what the texts of its first and of its next edition are; None: there is no next one
STATES: dict[str, tuple[str, str | None]] = {
    "published": (PUBLIC, None),
    "draft": (HIDDEN, None),
    "submitted": (HIDDEN, None),
    "in review": (HIDDEN, None),
    "returned": (HIDDEN, None),
    "approved": (HIDDEN, None),
    "under embargo": (HIDDEN, None),
    "published, newer change": (PUBLIC, HIDDEN),
    "published, newer edition under embargo": (PUBLIC, HIDDEN),
    "corrected, earlier edition retracted": (RETRACTED, PUBLIC),
    "withdrawn": (RETRACTED, None),
    "merged": (RETRACTED, None),
    "deleted": (HIDDEN, None),
}
# state → the steps to where it is when all first editions are public
WAYS = {
    "draft": [],
    "deleted": [],
    "submitted": ["submit"],
    "in review": ["submit", "start_review"],
    "returned": ["submit", "start_review", "return_with_note"],
    "approved": ["submit", "start_review", "approve"],
}
TO_THE_PUBLIC = ["submit", "start_review", "approve", "publish"]
ONCE_PUBLIC = {state for state, ranks in STATES.items() if ranks[0] != HIDDEN}

PATTERNS = {
    "stakeholder": "ST-{}",
    "practice": "P-{}",
    "pledge": "PL-{}",
    "report": "VR-2024-ALB-{}",
    "excerpt": "EX-{}",
    "roundtable": "RR2024-S{}",
    "recommendation": "R2024-G-{}",
    "figure": "figure_{}",
}
PARTS = {
    "pledge": [(ProgressUpdateFactory, "pledge")],
    "report": [(ReportSectionFactory, "report")],
    "roundtable": [
        (RoleFactory, "roundtable"),
        (AgendaItemFactory, "roundtable"),
        (GuidingQuestionFactory, "roundtable"),
        (StatementFactory, "roundtable"),
    ],
}
FILES = {
    "practice": SubmissionFileFactory,
    "pledge": SubmissionFileFactory,
    "report": SubmissionFileFactory,
    "roundtable": DocumentFactory,
}
NEVER_PUBLIC = {"staff_notes", "status_note"}  # beside contact data
NO_TEXT = {"code", "time_zone", "file", "media_type", "sha256", "name"}
PADDING = " The centres help newcomers, and tell them where help is." * 6


@dataclass
class File:
    """A file of a record: its row, and the address under which readers would ask for it."""

    record: Any
    pk: int
    sha256: str
    name: str


@dataclass
class World:
    """What tests ask about: records by kind and state, their files, the people, the words."""

    canaries: Canaries = field(default_factory=Canaries)
    records: dict[str, dict[str, Any]] = field(default_factory=lambda: defaultdict(dict))
    words: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    keys: dict[tuple[str, str], int] = field(default_factory=dict)  # also of what was deleted
    files: list[File] = field(default_factory=list)
    dumps: list[str] = field(default_factory=list)  # the names of their files
    outdated: dict[str, int] = field(default_factory=dict)  # of earlier ones → what they answered
    before: datetime | None = None
    people: dict[str, User] = field(default_factory=dict)
    secret: str = ""
    token: Token | None = None
    upload: Import | None = None
    change: int = 0

    def say(self, record: Any, state: str, rank: str, place: str, is_secret=False) -> str:
        """A new word for a place of the record."""
        word = self.canaries.word(Canary(record.kind, state, place, rank, is_secret))
        self.words[record.kind, state].append(word)
        return word


def make() -> World:
    """The world; takes some seconds, so once for a module of tests."""
    world = World()
    for make_reference_row, code in ((objective, 7), (objective, 15), (member_state, "CHE")):
        make_reference_row(code)
    for make_reference_row in (member_state, cycle, source_document):
        make_reference_row()
    signer = User.objects.create_user("signer@secretariat.example", is_staff=True, name="Sina")
    User.objects.filter(pk=signer.pk).update(is_superuser=True)
    signer.refresh_from_db()
    for factory in RECORD_FACTORIES:
        _first_editions(world, factory, signer)
    world.before = database_now()
    outdated = _dumped()
    for kind in PATTERNS:
        _next_editions(world, kind, signer)
    for name in outdated:  # they hold what was withdrawn meanwhile
        world.outdated[name] = Client().get(f"/data/{name}").status_code
    world.dumps = _dumped()
    _people(world)
    world.upload = _upload(world)
    world.change = Change.objects.order_by("-id").values_list("id", flat=True)[0]
    return world


# --- Records ----------------------------------------------------------------------------------


def _first_editions(world: World, factory, signer: User) -> None:
    """Every state of a kind, as far as it goes until all first editions are public."""
    kind = factory.model.kind
    for state, (rank, _next) in STATES.items():
        number = 71_000_001 + sum(map(len, world.records.values()))
        code_rank = PUBLIC if state in ONCE_PUBLIC else HIDDEN
        world.canaries[str(number)] = Canary(kind, state, "code", code_rank)
        named = {} if state in ("published", "merged") else _names(world, kind)
        record = factory(code=PATTERNS[kind].format(number), **_linked(factory.model), **named)
        with signed(by=record.edited_by):
            for make_part, owner in PARTS.get(kind, ()):
                make_part(**{owner: record})
            _say_everything(world, record, state, rank)
        world.records[kind][state] = record
        world.keys[kind, state] = record.pk
        if state == "published":  # so that the others may name it
            _take(TO_THE_PUBLIC, [record], signer)
    for way in (*WAYS.values(), TO_THE_PUBLIC):
        states = [one for one in STATES if one != "published" and _way(one) == way]
        rows = [world.records[kind][one] for one in states if one != "under embargo"]
        note = world.say(rows[0], states[0], PRIVATE, "status_note")
        _take(way, rows, signer, note=note)
    embargoed = world.records[kind]["under embargo"]
    _take(TO_THE_PUBLIC, [embargoed], signer, at=database_now() + timedelta(days=2))


def _way(state: str) -> list[str]:
    return WAYS.get(state, TO_THE_PUBLIC)


def _next_editions(world: World, kind: str, signer: User) -> None:
    """What happens to them once everybody could have read the first editions."""
    records = world.records[kind]
    for state, (_first, rank) in STATES.items():
        record = records[state]
        if rank is not None:
            _take(["revise"], [record], signer)
            with signed(by=person("Editor")):
                _say_everything(world, record, state, rank)
    later = {"at": database_now() + timedelta(days=2)}
    _take(TO_THE_PUBLIC, [records["published, newer edition under embargo"]], signer, **later)
    corrected = records["corrected, earlier edition retracted"]
    _take(TO_THE_PUBLIC, [corrected], signer, retract_earlier=True)
    withdrawn = records["withdrawn"]
    note = world.say(withdrawn, "withdrawn", PRIVATE, "status_note")
    _take(["withdraw"], [withdrawn], signer, note=note)
    merged, into = records["merged"], records["published, newer change"]
    why = world.say(merged, "merged", PRIVATE, "why")
    merge(merged, into=into, by=signer, note=why)
    with signed(by=signer):
        records["deleted"].delete()


def _take(way: list[str], records: list[Any], signer: User, note: str = "", **last) -> None:
    """The steps of a way, each with all records; the options belong to the last one."""
    for step in way if records else ():
        options = last if step == way[-1] else {}
        said = {"note": note} if step in ("return_with_note", "withdraw") else {}
        getattr(publication, f"{step}_all")(records, by=signer, **said, **options)


def _linked(model: type[Publishable]) -> dict[str, Any]:
    """What makes the records appear on the pages of a State, an objective and a review."""
    wanted = {
        "member_states": ["ALB"],
        "objectives": [7],
        "sources": ["SR2020"],
        "starts_on": date(2024, 3, 11),
        "ends_on": date(2024, 3, 11),
        "submitted_on": date(2024, 3, 1),
    }
    names = {one.name for one in model._meta.get_fields()}
    found = {name: value for name, value in wanted.items() if name in names}
    if model.kind == "practice":
        found["member_state"] = "ALB"
    if model.kind == "report":
        del found["sources"]
    return found


def _names(world: World, kind: str) -> dict[str, Any]:
    """The published record of its kind or another that it builds on."""
    known = {one: states.get("published") for one, states in world.records.items()}
    return {
        "pledge": {"type": "matching", "matches": known.get("pledge")},
        "excerpt": {"report": known.get("report")},
        "roundtable": {"part_of": known.get("roundtable")},
        "recommendation": {"roundtable": known.get("roundtable")},
    }.get(kind, {})


# --- Texts ------------------------------------------------------------------------------------


def _say_everything(world: World, record: Any, state: str, rank: str) -> None:
    """A new word in every text of the record and of its parts, and a new file if it has files."""
    _say(world, record, record, state, rank, "")
    for make_part, owner in PARTS.get(record.kind, ()):
        for part in make_part.model.objects.filter(**{owner: record}):
            _say(world, part, record, state, rank, f"{make_part.model._meta.model_name}.")
    if record.kind in FILES:
        _add_file(world, record, state, rank)
    record.refresh_from_db()


def _say(world: World, row: Any, record: Any, state: str, rank: str, place: str) -> None:
    secret = secret_columns(type(row))
    for one in row._meta.concrete_fields:
        is_text = isinstance(one, (models.CharField, models.TextField)) and one.editable
        if not is_text or one.choices or one.name in NO_TEXT:
            continue
        never = one.name in secret or one.name in NEVER_PUBLIC
        own = PRIVATE if never else rank
        word = world.say(record, state, own, place + one.name, one.name in secret)
        if isinstance(one, models.URLField):
            word = f"https://{word}.example.org/"
        elif isinstance(one, models.EmailField):
            word = f"{word}@example.org"
        elif isinstance(one, models.TextField):
            word += PADDING
        setattr(row, one.name, word)
    row.save()


def _add_file(world: World, record: Any, state: str, rank: str) -> None:
    """One file, of a type that goes round. A correction keeps the file that was there before."""
    rank = PUBLIC if rank == RETRACTED and STATES[state][1] == PUBLIC else rank
    ending, media_type, paper = PAPERS[len(world.files) % len(PAPERS)]
    content = paper(lambda place: world.say(record, state, rank, f"{ending} {place}"))
    sha256 = hashlib.sha256(content).hexdigest()
    place = Path(settings.MEDIA_ROOT) / path_of(sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    name = world.say(record, state, rank, "file.name") + f".{ending}"
    factory = FILES[record.kind]
    row = factory(
        **{record._meta.model_name.replace("voluntary", ""): record},
        title=world.say(record, state, rank, "file.title"),
        file=f"{sha256[:2]}/{sha256[2:4]}/{sha256}",
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=sha256,
    )
    world.files.append(File(record, row.pk, sha256, name))


# --- People, dumps, an upload -----------------------------------------------------------------

STAFF = ("reader", "editor", "reviewer", "publisher", "administrator")
TOKEN_KINDS = ("practice", "pledge", "roundtable")


def _people(world: World) -> None:
    """Who looks. Accounts of parties are those of focal points: signed in, and no staff."""
    for role in STAFF:
        world.people[role] = person(role.capitalize())
    for name, state in (("own party", "ALB"), ("other party", "CHE")):
        user = User.objects.create_user(f"{state.lower()}@mission.example", name=name)
        FocalPointFactory(user=user, member_state=state)
        world.people[name] = second_factor(user)
    for name in ("disabled account", "staff without a role"):
        email = f"{name.replace(' ', '.')}@secretariat.example"
        world.people[name] = second_factor(User.objects.create_user(email, name=name))
        User.objects.filter(email=email).update(is_staff=True)
    world.people["disabled account"].groups.set(world.people["editor"].groups.all())
    world.secret = new_secret()
    world.token = Token.objects.create(
        name="A ministry",
        owner=world.people["editor"],
        kinds=[type(world.records[kind]["draft"])._meta.label_lower for kind in TOKEN_KINDS],
        expires_at=database_now() + timedelta(days=1),
        check_sum=check_sum(world.secret),
    )


def _dumped() -> list[str]:
    """Make the dumps of what is public now; the names of the files."""
    call_command("build_dumps", verbosity=0, stdout=io.StringIO())
    dump = dumps.current(database_now())
    assert dump is not None
    return [one.file for one in dump.files]


def _upload(world: World) -> Import:
    """A file of the editor's that was read and waits to be confirmed; nobody else may look."""
    row = {"code": "", "cycle": "RR2024", "level": "national", "objectives": "7"}
    practice = world.records["practice"]["draft"]
    for column in ("title", "summary", "lead_implementer"):
        row[column] = world.say(practice, "upload", HIDDEN, f"upload.{column}")
    wrong = row | {"level": world.say(practice, "upload", HIDDEN, "upload.level")}
    return previewed(person("Editor"), csv_of([row, wrong]))
