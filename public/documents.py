"""The public documents: what publishing writes, pages show, and the API promises.

A document holds codes, texts, dates and numbers; names of States, objectives and types are added
at reading, in the reader's language, so that a renamed State needs no new edition. It never holds
people's contact data. Dates are ISO 8601 strings, States ISO 3166 alpha-3, languages ISO 639-1;
an unknown text is "", an unknown date or number is None, an empty list means none known. The JSON
of each begins with `kind`.
"""

from typing import Annotated, Any, Self

import msgspec
from django.db import models

from objectives.models import LANGUAGES, ReviewCycle
from public.words import (
    Addressee,
    Evidence,
    ExcerptType,
    FigureCategory,
    FileKind,
    Level,
    PledgeForm,
    PledgeType,
    ReportType,
    RoleName,
    RoundtableType,
    Stage,
    Strength,
)


def says(meaning: str, choices: type[models.TextChoices] | None = None, **more) -> msgspec.Meta:
    """What a field means, for the description of the API; "" may stand instead of a choice."""
    if choices:
        more["enum"] = [*choices.values, ""]
    return msgspec.Meta(description=meaning, extra_json_schema=more)


# What many documents say. An alias means the same wherever it stands.
Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]
Language = Annotated[
    str,
    says("ISO 639-1 code of the language of the texts.", enum=[code for code, _ in LANGUAGES]),
]
Objectives = Annotated[
    list[int], says("Numbers of the objectives it touches: /api/v1/objectives/.")
]
PrimaryObjectives = Annotated[
    list[int], says("Those of its objectives that are its main aims; most have one or none.")
]
Principles = Annotated[
    list[str], says("Codes of the guiding principles it stands for: /api/v1/principles/.")
]
Goals = Annotated[
    list[int], says("Numbers of the Sustainable Development Goals it serves: /api/v1/sdgs/.")
]
States = Annotated[
    list[str],
    says("ISO 3166 alpha-3 codes of the Member States concerned: /api/v1/member-states/."),
]
Cycle = Annotated[str, says("Code of the review to which it was brought: /api/v1/cycles/.")]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of a document: values that cannot change."""


class File(Part):
    """A file that the public may download."""

    name: Annotated[str, says("What the reader's computer calls it.")]
    title: Annotated[str, says("Title, in the language of the file.")]
    kind: Annotated[str, says("What it is for its readers.", FileKind)]
    language: Language
    media_type: Annotated[str, says("Media type, for example application/pdf.")]
    bytes: Annotated[int, says("Size in bytes.")]
    sha256: Annotated[
        str, says("SHA-256 of its bytes in hexadecimal; also its address: /files/<sha256>/<name>.")
    ]
    pages: Annotated[int | None, says("Number of pages of a PDF; null where it is not known.")] = (
        None
    )


class Source(Part):
    """A published document that the record was taken from, and where in it."""

    documents: Annotated[
        list[str],
        says("Codes of the source documents: /api/v1/sources/. Empty if a party handed it in."),
    ]
    locator: Annotated[str, says("Place in the source, for example “para. 12”.")]


class Party(Part):
    """Who submits, speaks, pledges or implements: a Member State or a stakeholder, by its code."""

    member_state: Annotated[
        str, says("ISO 3166 alpha-3 code, if it is a Member State; else empty.")
    ] = ""
    stakeholder: Annotated[
        str, says("Code of the stakeholder, if it is one; else empty: /api/v1/stakeholders/.")
    ] = ""


class Document(Part, tag_field="kind"):
    """What every public document says. `language` is the language of its own texts."""

    code: Annotated[
        str, says("Permanent code. It never changes and is never given to another record.")
    ]
    title: Annotated[str, says("Title, in the language of the record.")]
    language: Language
    source: Annotated[Source, says("Where the record was taken from.")]
    url: Annotated[str, says("Address of the original on the web; empty if none is known.")]

    def as_json(self) -> dict[str, Any]:
        """Plain values only, in a constant order."""
        return msgspec.to_builtins(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """The document that `as_json` wrote; `msgspec.ValidationError` if of another shape."""
        return msgspec.convert(data, cls)

    def texts(self) -> list[str]:
        """What search reads besides code and title, the most telling first."""
        return []

    def columns(self) -> dict[str, Any]:
        """The columns that lists filter by; what is left out is empty."""
        return {}


class PracticeDocument(Document, tag="practice"):
    """What a party does that others may learn from."""

    summary: Annotated[str, says("What was done, by whom, for whom, and what came of it.")]
    party: Annotated[
        Party | None, says("Who submitted it; null if the secretariat took it from a document.")
    ]
    lead_implementer: Annotated[str, says("Who carries it out, as the source names them.")]
    implementer_types: Annotated[
        list[str],
        says("Codes of the types of those who carry it out: /api/v1/implementer-types/."),
    ]
    member_states: States
    partner_countries: Annotated[
        list[str],
        says("ISO 3166 alpha-3 codes of partner countries of the world: /api/v1/countries/."),
    ]
    objectives: Objectives
    primary_objectives: PrimaryObjectives
    principles: Principles
    sdgs: Goals
    level: Annotated[str, says("How far it reaches.", Level)]
    year_start: Annotated[int | None, says("First year; null if not known.")]
    year_end: Annotated[int | None, says("Last year; null while it goes on, or if not known.")]
    cycle: Cycle
    covid19: Annotated[bool, says("Whether it answers the COVID-19 pandemic.")]
    files: Annotated[list[File], says("Files that come with it.")]

    def texts(self):
        return [self.summary, self.lead_implementer]

    def columns(self):
        return {
            "objectives": self.objectives,
            "primary_objectives": self.primary_objectives,
            "principles": self.principles,
            "sdgs": self.sdgs,
            "member_states": self.member_states,
            "implementer_types": self.implementer_types,
            "parties": _codes(self.party),
            "cycle": self.cycle,
            "level": self.level,
            "year": self.year_start,
            "covid19": self.covid19,
        }


class Progress(Part):
    """What a party says has become of its pledge on a day, with the evidence for it."""

    reported_on: Annotated[Day, says("Day on which the party reported.")]
    stage: Annotated[str, says("How far the pledge had come.", Stage)]
    text: Annotated[str, says("What has been done.")]
    language: Language
    evidence_url: Annotated[str, says("Where others can check it; empty if nowhere.")]


class PledgeDocument(Document, tag="pledge"):
    """What a party promises to do, and what has become of it."""

    text: Annotated[str, says("What will be done, for whom, how much, by when.")]
    party: Annotated[Party, says("Who makes the pledge.")]
    pledged_by: Annotated[
        str, says("Who exactly, as the party writes it, for example a ministry.")
    ]
    partners: Annotated[list[Party], says("With whom.")]
    implementer_type: Annotated[
        str,
        says("Code of the type of who carries it out: /api/v1/implementer-types/; or empty."),
    ]
    member_states: States
    objectives: Objectives
    primary_objectives: PrimaryObjectives
    principles: Principles
    sdgs: Goals
    type: Annotated[str, says("Who makes it with whom.", PledgeType)]
    form: Annotated[str, says("What it brings; empty if not known.", PledgeForm)]
    matches: Annotated[str, says("Code of the pledge that a matching pledge adds to; else empty.")]
    cycle: Cycle
    made_on: Annotated[Day | None, says("Day on which it was made; null if not known.")]
    due_on: Annotated[Day | None, says("Day by which it shall be fulfilled; null if it has none.")]
    stage: Annotated[str, says("How far it has come, as the party last reported.", Stage)]
    progress: Annotated[list[Progress], says("What the party has reported since.")]
    files: Annotated[list[File], says("Files that come with it.")]

    def texts(self):
        return [self.text, self.pledged_by, *(update.text for update in self.progress)]

    def columns(self):
        return {
            "objectives": self.objectives,
            "primary_objectives": self.primary_objectives,
            "principles": self.principles,
            "sdgs": self.sdgs,
            "member_states": sorted(_states(self.party, *self.partners) | {*self.member_states}),
            "implementer_types": [self.implementer_type] if self.implementer_type else [],
            "parties": _codes(self.party, *self.partners),
            "cycle": self.cycle,
            "type": self.type,
            "form": self.form,
            "stage": self.stage,
            "year": int(self.made_on[:4]) if self.made_on else None,
        }


class Section(Part):
    """What a report says on one objective, or in general when `objective` is None."""

    objective: Annotated[
        int | None, says("Number of the objective; null for introduction, method and conclusions.")
    ]
    title: Annotated[str, says("Heading; empty for sections on an objective.")]
    text: Annotated[str, says("Text, in the language of the report.")]


class ReportDocument(Document, tag="report"):
    """What a party hands in to a review: its report, section by section."""

    type: Annotated[str, says("What was handed in.", ReportType)]
    party: Annotated[Party, says("Who handed it in.")]
    party_name: Annotated[
        str, says("The author's name as the report gives it, if it differs from the party's.")
    ]
    cycle: Cycle
    submitted_on: Annotated[Day | None, says("Day on which it was handed in; null if not known.")]
    evidence: Annotated[str, says("How surely the report exists.", Evidence)]
    objectives: Annotated[
        list[int],
        says("Numbers of the objectives that have a section, ascending: /api/v1/objectives/."),
    ]
    sections: Annotated[list[Section], says("The report, section by section.")]
    files: Annotated[list[File], says("The report itself and its annexes.")]

    def texts(self):
        return [self.party_name, *(f"{section.title} {section.text}" for section in self.sections)]

    def columns(self):
        return {
            "objectives": self.objectives,
            "member_states": [self.party.member_state] if self.party.member_state else [],
            "parties": _codes(self.party),
            "cycle": self.cycle,
            "type": self.type,
            "year": int(self.submitted_on[:4]) if self.submitted_on else None,
        }


class StakeholderDocument(Document, tag="stakeholder"):
    """An organization that takes part in reviews. `title` is its own name."""

    acronym: Annotated[str, says("Acronym; empty if it has none.")]
    stakeholder_type: Annotated[str, says("Code of its type: /api/v1/stakeholder-types/.")]
    member_states: Annotated[
        list[str],
        says("ISO 3166 alpha-3 codes of where it is based or works; none: the whole region."),
    ]
    description: Annotated[str, says("What it does.")]

    def texts(self):
        return [self.acronym, self.description]

    def columns(self):
        return {
            "stakeholder_types": [self.stakeholder_type],
            "member_states": self.member_states,
            "parties": [self.code],
        }


class Role(Part):
    """Who does what at a sitting."""

    role: Annotated[str, says("The person's part in the sitting.", RoleName)]
    person: Annotated[str, says("The person's name; empty if only the organization is known.")]
    position: Annotated[str, says("Position, as the programme gives it.")]
    organization: Annotated[str, says("Organization, as the programme gives it.")]
    party: Annotated[
        Party | None, says("The party for which the person speaks; null if for none.")
    ]


class AgendaItem(Part):
    """A part of a sitting."""

    title: Annotated[str, says("What happens.")]
    minutes: Annotated[int, says("How many minutes it takes.")]
    role: Annotated[str, says("Role of who leads it; empty if nobody is named.", RoleName)]


class GuidingQuestion(Part):
    """A question that a sitting was asked to discuss."""

    number: Annotated[int, says("Its number in the programme.")]
    text: Annotated[str, says("The question, in the language of the record.")]
    objectives: Objectives


class Statement(Part):
    """What a party said at a sitting."""

    party: Annotated[Party, says("Who spoke.")]
    speaker: Annotated[str, says("Name of the speaker; empty if not known.")]
    language: Language
    text: Annotated[str, says("What was said.")]
    objectives: Objectives


class RoundtableDocument(Document, tag="roundtable"):
    """A sitting of a review. Times are clock times in `time_zone`; `title` is the English one."""

    title_fr: Annotated[str, says("Title in French; empty if there is none.")]
    title_ru: Annotated[str, says("Title in Russian; empty if there is none.")]
    type: Annotated[str, says("What kind of sitting it is.", RoundtableType)]
    number: Annotated[
        int | None, says("Number of the roundtable in its review; null if it has none.")
    ]
    cycle: Annotated[str, says("Code of the review that it belongs to: /api/v1/cycles/.")]
    part_of: Annotated[str, says("Code of the sitting that it is part of; else empty.")]
    cluster: Annotated[
        str,
        says("Code of the cluster of objectives it is about: /api/v1/clusters/; or empty."),
    ]
    objectives: Objectives
    starts_on: Annotated[Day | None, says("First day; null if not set.")]
    ends_on: Annotated[Day | None, says("Last day; null if not set.")]
    start_time: Annotated[
        str | None, says("Clock time of its beginning as HH:MM; null if not known.")
    ]
    end_time: Annotated[str | None, says("Clock time of its end as HH:MM; null if not known.")]
    time_zone: Annotated[
        str, says("IANA name of the zone of its clock times; empty where the source names none.")
    ]
    place: Annotated[str, says("Where it is held.")]
    format: Annotated[str, says("How it is held; empty if not known.", ReviewCycle.Format)]
    languages: Annotated[list[str], says("ISO 639-1 codes of the languages of the sitting.")]
    inferred: Annotated[
        bool, says("No source states that it took place; others let it be concluded.")
    ]
    roles: Annotated[list[Role], says("Who does what.")]
    agenda: Annotated[list[AgendaItem], says("What happens in which order.")]
    questions: Annotated[list[GuidingQuestion], says("What it was asked to discuss.")]
    statements: Annotated[list[Statement], says("What parties said.")]
    files: Annotated[list[File], says("Background notes, presentations and other documents.")]

    def texts(self):
        return [
            *(question.text for question in self.questions),
            *(f"{role.person} {role.organization}" for role in self.roles),
            *(statement.text for statement in self.statements),
        ]

    def columns(self):
        speakers = [*(role.party for role in self.roles), *(say.party for say in self.statements)]
        return {
            "objectives": self.objectives,
            "member_states": sorted(_states(*speakers)),
            "parties": _codes(*speakers),
            "cycle": self.cycle,
            "type": self.type,
            "year": int(self.starts_on[:4]) if self.starts_on else None,
        }


class RecommendationDocument(Document, tag="recommendation"):
    """What a review recommends."""

    text: Annotated[str, says("What is recommended.")]
    number: Annotated[int, says("Its place in the source.")]
    cycle: Annotated[str, says("Code of the review that made it: /api/v1/cycles/.")]
    roundtable: Annotated[
        str, says("Code of the roundtable that made it; empty for general ones.")
    ]
    objectives: Objectives
    addressed_to: Annotated[
        list[Annotated[str, msgspec.Meta(extra_json_schema={"enum": Addressee.values})]],
        says("Whom it asks."),
    ]
    strength: Annotated[str, says("How strongly it asks.", Strength)]
    continues: Annotated[
        str, says("Code of the earlier recommendation that it takes up; else empty.")
    ]
    follow_up: Annotated[str, says("What has come of it, as far as is known.")]

    def texts(self):
        return [self.text, self.follow_up]

    def columns(self):
        return {"objectives": self.objectives, "cycle": self.cycle, "type": self.strength}


class ExcerptDocument(Document, tag="excerpt"):
    """A passage of a report or of a source document, word for word."""

    text: Annotated[str, says("The passage, word for word.")]
    type: Annotated[str, says("What it tells of.", ExcerptType)]
    report: Annotated[str, says("Code of the report that it is taken from; else empty.")]
    roundtable: Annotated[str, says("Code of the roundtable that it is taken from; else empty.")]
    objectives: Objectives
    member_states: States
    cycle: Cycle

    def texts(self):
        return [self.text]

    def columns(self):
        return {
            "objectives": self.objectives,
            "member_states": self.member_states,
            "cycle": self.cycle,
            "type": self.type,
        }


class FigureDocument(Document, tag="figure"):
    """A number of the regional brief."""

    category: Annotated[str, says("What the number is about.", FigureCategory)]
    value: Annotated[
        str, says("A number, a list of numbers or words with ; between them, or a short text.")
    ]
    unit: Annotated[str, says("What is counted.")]
    as_of: Annotated[int, says("Year for which it holds.")]
    counting_rule: Annotated[str, says("How it was counted.")]
    member_states: States

    def texts(self):
        return [self.value]

    def columns(self):
        return {"member_states": self.member_states, "type": self.category, "year": self.as_of}


KINDS: dict[str, type[Document]] = {
    document.__struct_config__.tag: document
    for document in (
        PracticeDocument,
        PledgeDocument,
        ReportDocument,
        StakeholderDocument,
        RoundtableDocument,
        RecommendationDocument,
        ExcerptDocument,
        FigureDocument,
    )
}

# kind → how a document of that kind is read from JSON, as the database writes it
READERS = {kind: msgspec.json.Decoder(shape).decode for kind, shape in KINDS.items()}


def _codes(*parties: Party | None) -> list[str]:
    """The codes of the parties, each once, in order."""
    codes = (party.member_state or party.stakeholder for party in parties if party)
    return list(dict.fromkeys(codes))


def _states(*parties: Party | None) -> set[str]:
    """The Member States among the parties."""
    return {party.member_state for party in parties if party and party.member_state}
