"""What happens in the two worlds: see `tests.twin.worlds`."""

import hashlib
import random
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

from django.conf import settings
from django.db import models

from objectives.models import Doubt
from objectives.records import signed
from public import publication
from public.files import path_of
from public.merging import merge
from public.publishable import Publishable
from public.workflow import Status
from tests.browser import public_site
from tests.factories import (
    A_FILE,
    RECORD_FACTORIES,
    WHO,
    AgendaItemFactory,
    ChapterFactory,
    CitationFactory,
    DocumentFactory,
    FocalPointFactory,
    GuidingQuestionFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    ReportSectionFactory,
    RoleFactory,
    StatementFactory,
    SubmissionFileFactory,
    person,
    published_again,
    take,
)
from tests.twin.worlds import FAR, NEAR, Steps, World

# kind → how codes of it look; numbers from 7000 on are never public
CODES = {
    "stakeholder": "ST-{:04}",
    "practice": "P-{:04}",
    "pledge": "PL-{:04}",
    "report": "VR-2024-ALB-{}",
    "excerpt": "EX-{:04}",
    "roundtable": "RR2024-S{}",
    "recommendation": "R2024-T{}-01",
    "figure": "figure_{}",
}
SECRET, NEVER = 7000, 8000  # codes of what is not public, and of what there never was
UNPUBLISHED = [*Status, "near", "far", "called off"]
UNPUBLISHED = [one for one in UNPUBLISHED if one not in (Status.PUBLISHED, Status.WITHDRAWN)]
PUBLIC = range(6001, 6006)  # of what is published, besides the site of the browser tests
AGAIN = ["draft", "approved", "near", "far", "called off"]  # what happens to what is published
NOBODYS = "zozozo"  # stands where no record is
SYLLABLES = ["ba", "co", "di", "fu", "ge", "jo", "ki", "mu", "po", "qua", "vo", "we", "xa", "zi"]


@dataclass
class Secrets:
    """What only the full world knows: what the questions ask for in both."""

    codes: dict[str, list[str]] = field(default_factory=dict)  # by kind
    states: dict[str, str] = field(default_factory=dict)  # code → how far it came
    words: list[str] = field(default_factory=list)
    files: list[tuple[str, str]] = field(default_factory=list)  # check sum and name


class Canaries:
    """Words that stand in no dictionary, each in one record only, thrown by dice."""

    def __init__(self):
        self.dice = random.Random(6)  # noqa: S311  no secret
        self.given: list[str] = []

    def word(self) -> str:
        while (word := "".join(self.dice.sample(SYLLABLES, 4))) in self.given:
            pass
        self.given.append(word)
        return word


def secrets() -> Secrets:
    """The same that `live` will make, told without making it."""
    known, canaries = Secrets(), Canaries()
    for kind, number, state in unpublished():
        code = CODES[kind].format(number)
        known.codes.setdefault(kind, []).append(code)
        known.states[code] = state
        known.words.append(canaries.word())
    known.words += [canaries.word() for _kind in CODES for _state in AGAIN]
    for word in known.words:
        known.files.append((hashlib.sha256(word.encode()).hexdigest(), f"{word}.png"))
    known.words.append(NOBODYS)
    return known


def unpublished():
    for kind in CODES:
        for place, state in enumerate(UNPUBLISHED):
            yield kind, SECRET + place, state


def factory_of(kind: str):
    return next(one for one in RECORD_FACTORIES if one.model.kind == kind)


def live(world: World, *, unpublished: bool) -> None:
    """Everything that is published, and in the full world what is not, in between."""
    steps = Steps(world)
    public_site.make()
    store(public_site.A_FILE.sha256, b"A report that everybody may read.")
    secretly = Secretly(steps) if unpublished else None
    for kind in CODES:
        make, numbers = factory_of(kind), iter([*PUBLIC, 6100, 6101])
        steps.public_step()
        shown = [make(**public_values(kind, number)) for number in islice(numbers, 3)]
        bring(shown, "publish")
        if secretly:
            steps.secret_step()
            secretly.begins(kind)
        steps.public_step()
        shown += [make(**public_values(kind, number)) for number in numbers]
        bring(shown[3:], "publish")
        if secretly:
            steps.secret_step()
            secretly.brings_on(kind)
            secretly.goes_on_with(shown[: len(AGAIN)])
        steps.public_step()
        bring([shown[-2]], "withdraw")
        if secretly:
            steps.secret_step()
            secretly.prepares_again(shown[-2])
        if kind in ("practice", "roundtable", "pledge"):
            if secretly and kind != "pledge":
                secretly.calls_off(shown[-1])
            steps.public_step()
            published_again(
                shown[-1],
                url="https://www.example.org/second",
                retract_earlier=kind == "pledge",
            )
    merged_in_public(steps, secretly)
    if secretly:
        secretly.office_life()


def store(sha256: str, content: bytes) -> Path:
    """Put a file where the site looks for it."""
    place = Path(settings.MEDIA_ROOT) / path_of(sha256)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def bring(records: list[Publishable], last: str, **options) -> None:
    """Take records of one kind together from where they stand through the usual steps to this."""
    ways = {
        Status.DRAFT: ["submit", "start_review", "approve", "publish"],
        Status.SUBMITTED: ["start_review", "approve", "publish"],
        Status.IN_REVIEW: ["approve", "publish"],
        Status.APPROVED: ["publish"],
    }
    way = ways.get(records[0].status, [])
    way = way[: way.index(last) + 1] if last in way else [last]
    for step in way:
        officer = records[0].kind in ("roundtable", "recommendation")
        by = person(WHO.get(step, "Reviewer"))
        if officer and step in ("submit", "revise"):
            by = person("Roundtable officer")
        note = "Because." if step in ("return_with_note", "withdraw") else ""
        more = options if step == last else {}
        getattr(publication, f"{step}_all")(records, by=by, note=note, **more)


def public_values(kind: str, number: int) -> dict:
    """A public record: the same in both worlds."""
    dice = random.Random(f"{kind} {number}")  # noqa: S311  no secret
    code = CODES[kind].format(number)
    word = dice.choice(["river", "harvest", "bridge", "legal", "centre"])
    values = {"code": code, "staff_notes": "For the office."}
    if kind == "roundtable":
        return values | {
            "title_en": f"Sitting about the {word}",
            "number": number,
            "starts_on": date(2024, 3, 11),
            "objectives": [dice.randint(1, 23)],
        }
    if kind == "recommendation":
        return values | {"number": number, "text": f"Build a {word}.", "objectives": [7]}
    if kind == "excerpt":
        return values | {"text": f"Albania built a {word}.", "objectives": [dice.randint(1, 23)]}
    if kind == "figure":
        return values | {"title": f"Count of the {word}", "member_states": ["ALB"]}
    if kind in ("stakeholder", "report"):
        return values | {"title": f"Friends of the {word}"}
    return values | {
        "title": f"The {word} of {dice.choice(['hope', 'work'])}",
        "objectives": dice.sample(range(1, 24), 2),
        "member_states": dice.sample(["ALB", "CHE", "KGZ", "SRB", "TUR"], 2),
    }


def merged_in_public(steps: Steps, secretly: "Secretly | None") -> None:
    """Of two public practices one becomes the other; secretly also a draft does."""
    three = [PracticeFactory(**public_values("practice", number)) for number in (6201, 6202, 6203)]
    steps.public_step()
    bring(three, "publish")
    one, other, into = three
    steps.public_step()
    take("revise", into)
    chief = person("Reviewer")
    chief.is_superuser = True  # has every right that merging asks for
    merge(one, into=into, by=chief, note="Twice the same.")
    bring([into], "publish")
    if secretly:
        steps.secret_step()
        draft = PracticeFactory(**secretly.values("practice", 7900, NOBODYS))
        take("revise", other)
        merge(draft, into=other, by=chief, note="Twice the same.")


class Secretly:
    """What the office does that nobody learns of."""

    def __init__(self, steps: Steps):
        self.steps = steps
        known = secrets()
        self.word_of = dict(zip(known.states, known.words, strict=False))
        self.more_words = iter(known.words[len(known.states) :])
        self.begun: dict[str, list[tuple[str, Publishable]]] = {}

    def begins(self, kind: str) -> None:
        """Drafts, each with a word of its own in all its texts."""
        for own, number, state in unpublished():
            if own == kind:
                word = self.word_of[CODES[kind].format(number)]
                record = factory_of(kind)(**self.values(kind, number, word))
                self.parts_of(record, word)
                self.begun.setdefault(kind, []).append((state, record))

    def brings_on(self, kind: str) -> None:
        """Each as far as its state says."""
        for _state, record in self.begun[kind]:
            record.refresh_from_db()

        def those(*left_out: str) -> list[Publishable]:
            return [record for state, record in self.begun[kind] if state not in left_out]

        before = [Status.DRAFT, Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED]
        bring(those(*before[:1]), "submit")
        bring(those(*before[:2]), "start_review")
        by_state = dict(self.begun[kind])
        bring([by_state[Status.RETURNED]], "return_with_note")
        bring(those(*before), "approve")
        bring([by_state["near"]], "publish", at=NEAR)
        bring([by_state["far"], by_state["called off"]], "publish", at=FAR)
        bring([by_state["called off"]], "withdraw")

    def values(self, kind: str, number: int, word: str) -> dict:
        """The word in every text of a record; titles also say what public titles say."""
        values = {"code": CODES[kind].format(number)}
        for one in factory_of(kind).model._meta.concrete_fields:
            if isinstance(one, models.EmailField):
                values[one.name] = f"{word}@example.org"
            elif isinstance(one, models.URLField) or one.name == "url":
                values[one.name] = f"https://{word}.example.org/{word}"
            elif one.name in ("text", "summary"):
                values[one.name] = f"{word} is a word of nobody. " * 20
            elif one.name.startswith("title"):
                values[one.name] = f"River {word} harvest bridges rivet"
            elif one.name in (
                "staff_notes",
                "lead_implementer",
                "description",
                "acronym",
                "pledged_by",
                "party_name",
                "source_locator",
                "place",
                "follow_up",
                "unit",
                "value",
                "counting_rule",
            ):
                values[one.name] = word
        if kind in ("practice", "pledge"):
            values |= {"objectives": [2, 7], "member_states": ["ALB", "TUR"]}
        if kind == "recommendation":
            values |= {"number": number, "objectives": [2]}
        if kind == "roundtable":
            values |= {"number": number, "starts_on": date(2024, 3, 11), "objectives": [2]}
        if kind == "report":
            values["party_name"] = ""
        return values

    def parts_of(self, record: Publishable, word: str) -> None:
        """Sections, progress, roles, files …, all with the word."""
        sha256 = hashlib.sha256(word.encode()).hexdigest()
        place = store(sha256, word.encode())
        file = A_FILE | {
            "title": word,
            "name": f"{word}.png",
            "file": str(place.relative_to(settings.MEDIA_ROOT)),
            "media_type": "image/png",
            "size": len(word),
            "sha256": sha256,
        }
        match record.kind:
            case "practice":
                SubmissionFileFactory(practice=record, **file)
                CitationFactory(practice=record, locator=word)
            case "pledge":
                SubmissionFileFactory(pledge=record, **file)
                ProgressUpdateFactory(pledge=record, text=word)
            case "report":
                SubmissionFileFactory(report=record, **file)
                ReportSectionFactory(report=record, title=word, text=word)
            case "roundtable":
                DocumentFactory(roundtable=record, **file)
                RoleFactory(roundtable=record, person=word, email=f"{word}@example.org")
                AgendaItemFactory(roundtable=record, title=word)
                GuidingQuestionFactory(roundtable=record, text=word, staff_notes=word)
                StatementFactory(roundtable=record, speaker=word, text=word)

    def goes_on_with(self, records: list[Publishable]) -> None:
        """Changes to published records: drafts, signed, under embargo, called off."""
        kept = ("code", "objectives", "member_states", "number", "starts_on")
        bring(records, "revise")
        for record in records:
            word = next(self.more_words)
            values = self.values(record.kind, 0, word)
            with signed(by=person("Editor")):
                for name in values.keys() - kept:
                    setattr(record, name, values[name])
                record.save()
            self.parts_of(record, word)
            record.refresh_from_db()
        by_state = dict(zip(AGAIN, records, strict=True))
        bring([one for state, one in by_state.items() if state != "draft"], "approve")
        bring([by_state["near"]], "publish", at=NEAR)
        bring([by_state["far"], by_state["called off"]], "publish", at=FAR)
        bring([by_state["called off"]], "revise")

    def calls_off(self, record: Publishable) -> None:
        """A second edition under embargo, which another one is to take the place of."""
        self.steps.secret_step()
        published_again(record, url="https://www.example.org/hasty", at=FAR)

    def prepares_again(self, record: Publishable) -> None:
        """What was withdrawn comes back one day: nobody knows yet."""
        bring([record], "revise")
        bring([record], "publish", at=NEAR)

    def office_life(self) -> None:
        """People, notes and work that no record shows."""
        FocalPointFactory()
        ChapterFactory(title=NOBODYS, text=NOBODYS)
        Doubt.objects.create(table="objectives", code=NOBODYS, text=NOBODYS)
