"""Invents records, the same for the same number always: facts and texts, no database.

As real records are skewed, so are these: a few objectives and States have most of them. 23 in 100
texts speak of labour migration, which `make bench` searches for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from public.words import Level, PledgeForm, Stage, Strength
from public.workflow import Status
from reviewhub.synthetic.words import SYLLABLES, TONGUES

LABOUR = (
    "Labour migration is part of it",
    "A review of labour migration came first",
    "The agreement on labour migration was renewed",
    "This is how labour migration became safer",
    "Figures on labour migration were published for the first time",
)
LABOUR_TITLES = ("Labour migration: {what}", "{what} and labour migration")
LANGUAGES = {"en": 70, "fr": 15, "ru": 15}
WITH_LABOUR = 0.23  # of all texts; English ones, because the words are
TITLED_SO = 0.15  # of those, in the title too

# How far each of a hundred records is taken. What is published, published twice or in revision
# is public: 85.
WAYS = {
    "published": 80,
    "published_twice": 2,
    "in_revision": 3,
    "draft": 5,
    "submitted": 2,
    "in_review": 2,
    "returned": 1,
    "approved": 1,
    "under_embargo": 2,
    "withdrawn": 2,
}
PUBLIC = {"published", "published_twice", "in_revision"}
STATUSES = {"published_twice": "published", "under_embargo": "published", "in_revision": "draft"}

T = TypeVar("T")


@dataclass(frozen=True)
class Invented:
    """The facts of a record, by the names of its fields; links by the codes that they lead to."""

    way: str
    fields: dict
    links: dict[str, list]

    @property
    def status(self) -> Status:
        """Where the office's copy stands in the end."""
        return Status(STATUSES.get(self.way, self.way))


def rng_of(kind: str, number: int) -> Random:
    """Chance for one record: the same for the same kind and number, whatever came before."""
    return Random(f"{kind} {number}")  # noqa: S311  # nothing secret


def way_of(kind: str, number: int) -> str:
    """How far this record is taken."""
    rng = Random(f"path of {kind} {number}")  # noqa: S311
    return _weighted(rng, WAYS)


def _weighted(rng: Random, weights: dict[str, int]) -> str:
    return rng.choices(list(weights), list(weights.values()))[0]


def skewed(rng: Random, values: Sequence[T], most: int, *, flat: float = 0.8) -> list[T]:
    """One to `most` different values, the first of them far more often than the last."""
    wanted = rng.choices(range(1, most + 1), [1 / (place + 1) for place in range(most)])[0]
    found: dict[T, None] = {}
    while len(found) < min(wanted, len(values)):
        # the inverse of a falling density: as good as weights, and as fast for many values
        place = int(len(values) * rng.random() ** (1 + flat))
        found[values[place]] = None
    return list(found)


def place_name(rng: Random, language: str) -> str:
    return "".join(rng.choice(part) for part in SYLLABLES[language])


def title_of(rng: Random, language: str, *, labour: bool) -> str:
    tongue = TONGUES[language]
    form = rng.choice(LABOUR_TITLES if labour else tongue.titles)
    title = form.format(
        what=rng.choice(tongue.what),
        whom=rng.choice(tongue.whom),
        place=place_name(rng, language),
    )
    return title[0].upper() + title[1:]


def text_of(rng: Random, language: str, words: int, *, labour: bool) -> str:
    """Sentences of about as many words together."""
    tongue = TONGUES[language]
    sentences: list[str] = []
    count = 0
    while count < words:
        parts = [
            rng.choice(tongue.openings) + ",",
            rng.choice(tongue.who),
            rng.choice(tongue.does),
            rng.choice(tongue.what),
        ]
        if rng.random() < 0.6:
            parts.append(_for(tongue.whom, rng, language))
        if rng.random() < 0.4:
            parts.append(tongue.place.format(place_name(rng, language)))
        sentence = " ".join(parts)
        if rng.random() < 0.5:
            sentence += ", " + rng.choice(tongue.why)
        sentences.append(sentence + ".")
        count += sentence.count(" ") + 1
    if labour:
        sentences.insert(rng.randrange(len(sentences) + 1), rng.choice(LABOUR) + ".")
    return " ".join(sentences)


def _for(whom: Sequence[str], rng: Random, language: str) -> str:
    word = {"en": "for ", "fr": "pour ", "ru": ""}[language]
    return word + rng.choice(whom)


class World:
    """What records are invented from: the codes of the reference data, most used first."""

    def __init__(
        self,
        *,
        objectives: Sequence[int],
        states: Sequence[str],
        cycles: dict[str, int],
        principles: Sequence[str],
        goals: Sequence[int],
        implementers: Sequence[str],
        stakeholder_types: Sequence[str],
        sources: Sequence[str],
    ):
        # a constant order that is not that of the numbers
        order = Random("order")  # noqa: S311
        self.objectives = order.sample(sorted(objectives), len(objectives))
        self.states = order.sample(sorted(states), len(states))
        self.cycles = {code: cycles[code] for code in sorted(cycles)}
        self.principles = order.sample(sorted(principles), len(principles))
        self.goals = order.sample(sorted(goals), len(goals))
        self.implementers = order.sample(sorted(implementers), len(implementers))
        self.stakeholder_types = order.sample(sorted(stakeholder_types), len(stakeholder_types))
        self.sources = sorted(sources)

    def stakeholder(self, number: int) -> Invented:
        kind = "stakeholder"
        rng = rng_of(kind, number)
        language, labour = self._speech(rng)
        name = place_name(rng, language)
        return Invented(
            way_of(kind, number),
            {
                "code": code_of(kind, number),
                "language": language,
                "title": f"{name}: {rng.choice(TONGUES[language].who)}",
                "acronym": "".join(rng.choice("ABCDEGIMNORSTU") for _ in range(4)),
                "stakeholder_type": skewed(rng, self.stakeholder_types, 1)[0],
                "description": text_of(rng, language, rng.randint(30, 80), labour=labour),
            },
            {"member_states": skewed(rng, self.states, 2)},
        )

    def practice(self, number: int) -> Invented:
        kind = "practice"
        rng = rng_of(kind, number)
        language, labour = self._speech(rng)
        titled = labour and rng.random() < TITLED_SO
        objectives = skewed(rng, self.objectives, 4)
        states = skewed(rng, self.states, 3)
        cycle = self._cycle(rng)
        start = min(self.cycles[cycle], 2008 + int(18 * rng.random() ** 0.5))
        party = rng.random()
        return Invented(
            way_of(kind, number),
            {
                "code": code_of(kind, number),
                "language": language,
                "title": title_of(rng, language, labour=titled),
                "summary": text_of(rng, language, rng.randint(80, 175), labour=labour),
                "lead_implementer": rng.choice(TONGUES[language].who),
                "cycle": cycle,
                "level": rng.choices(Level.values, [20, 50, 10, 8, 7, 5])[0],
                "year_start": start,
                "year_end": start + rng.randint(0, 6) if rng.random() < 0.4 else None,
                "covid19": rng.random() < 0.12,
                "member_state": states[0] if party < 0.6 else None,
                "stakeholder": stakeholder_of(number) if 0.6 <= party < 0.7 else None,
                "primary_objectives_claimed": 1,
            },
            {
                "objectives": objectives,
                "member_states": states,
                "principles": skewed(rng, self.principles, 2),
                "sdgs": skewed(rng, self.goals, 2),
                "implementer_types": skewed(rng, self.implementers, 2),
                "sources": [rng.choice(self.sources)] if party >= 0.7 and self.sources else [],
            },
        )

    def pledge(self, number: int) -> Invented:
        kind = "pledge"
        rng = rng_of(kind, number)
        language, labour = self._speech(rng)
        states = skewed(rng, self.states, 3)
        cycle = self._cycle(rng)
        return Invented(
            way_of(kind, number),
            {
                "code": code_of(kind, number),
                "language": language,
                "title": title_of(rng, language, labour=False),
                "text": text_of(rng, language, rng.randint(80, 160), labour=labour),
                "pledged_by": rng.choice(TONGUES[language].who),
                "cycle": cycle,
                "form": rng.choice(["", *PledgeForm.values]),
                "stage": rng.choices(Stage.values, [30, 40, 25, 5])[0],
                "member_state": states[0],
                "primary_objectives_claimed": 1,
            },
            {
                "objectives": skewed(rng, self.objectives, 3),
                "member_states": states,
                "principles": skewed(rng, self.principles, 2),
                "sdgs": skewed(rng, self.goals, 2),
            },
        )

    def report(self, number: int) -> Invented:
        kind = "report"
        rng = rng_of(kind, number)
        language, labour = self._speech(rng)
        state = skewed(rng, self.states, 1)[0]
        cycle = self._cycle(rng)
        objectives = sorted(skewed(rng, self.objectives, 4))
        return Invented(
            way_of(kind, number),
            {
                "code": f"VR-{self.cycles[cycle]}-{state}-{FIRST + number}",
                "language": language,
                "title": title_of(rng, language, labour=False),
                "cycle": cycle,
                "member_state": state,
            },
            {
                "sections": [
                    (
                        objective,
                        text_of(rng, language, rng.randint(40, 120), labour=labour and not place),
                    )
                    for place, objective in enumerate(objectives)
                ]
            },
        )

    def recommendation(self, number: int) -> Invented:
        kind = "recommendation"
        rng = rng_of(kind, number)
        language, labour = self._speech(rng)
        codes = list(self.cycles)
        cycle = codes[number % len(codes)]  # each cycle has its own numbers, and they end
        return Invented(
            way_of(kind, number),
            {
                "code": f"R{self.cycles[cycle]}-SYN-{number + 10}",
                "language": language,
                "text": text_of(rng, language, rng.randint(20, 60), labour=labour),
                "number": number // len(codes) + 1000,
                "cycle": cycle,
                "addressed_to": ["member_states"],
                "strength": rng.choice(["", *Strength.values]),
            },
            {"objectives": skewed(rng, self.objectives, 3)},
        )

    def _speech(self, rng: Random) -> tuple[str, bool]:
        """Language, and whether the text speaks of labour migration."""
        language = _weighted(rng, LANGUAGES)
        share = WITH_LABOUR * sum(LANGUAGES.values()) / LANGUAGES["en"]
        return language, rng.random() < share and language == "en"

    def _cycle(self, rng: Random) -> str:
        """More in later reviews than in earlier ones."""
        codes = list(self.cycles)
        return rng.choices(codes, range(1, len(codes) + 1))[0]


PRACTICES_A_STAKEHOLDER = 200
FIRST = 1_000_000  # the numbers of codes begin behind it, where no office comes by itself
PREFIXES = {"stakeholder": "ST", "practice": "P", "pledge": "PL"}


def code_of(kind: str, number: int) -> str:
    """The code of the record with this number, counted from 1."""
    return f"{PREFIXES[kind]}-{FIRST + number}"


def stakeholder_of(number: int) -> str | None:
    """The stakeholder that hands in this practice; None if the one it falls on is not public.

    It is one of those that there are beside so many practices, however many will follow.
    """
    most = max(1, number // PRACTICES_A_STAKEHOLDER)
    one = rng_of("stakeholder of", number).randint(1, most)
    return code_of("stakeholder", one) if way_of("stakeholder", one) in PUBLIC else None
