"""The public documents: what publishing writes, pages show, and the API promises.

A document holds codes, texts, dates and numbers; names of States, objectives and types are added
at reading, in the reader's language, so that a renamed State needs no new edition. It never holds
people's contact data. Dates are ISO 8601 strings, States ISO 3166 alpha-3, languages ISO 639-1;
an unknown text is "", an unknown date or number is None, an empty list means none known. The JSON
of each begins with `kind`.
"""

from typing import Any, Self

import msgspec


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A piece of a document: values that cannot change."""


class File(Part):
    """A file that the public may download; `name` is what the reader's computer calls it."""

    name: str
    title: str
    kind: str
    language: str
    media_type: str
    bytes: int
    sha256: str
    pages: int | None = None


class Source(Part):
    """A published document that the record was taken from, and where in it."""

    documents: list[str]
    locator: str


class Party(Part):
    """Who submits, speaks, pledges or implements: a Member State or a stakeholder, by its code."""

    member_state: str = ""
    stakeholder: str = ""


class Document(Part, tag_field="kind"):
    """What every public document says. `language` is the language of its own texts."""

    code: str
    title: str
    language: str
    source: Source
    url: str

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
    summary: str
    party: Party | None
    lead_implementer: str
    implementer_types: list[str]
    member_states: list[str]
    partner_countries: list[str]
    objectives: list[int]
    primary_objectives: list[int]
    principles: list[str]
    sdgs: list[int]
    level: str
    year_start: int | None
    year_end: int | None
    cycle: str
    covid19: bool
    files: list[File]

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

    reported_on: str
    stage: str
    text: str
    language: str
    evidence_url: str


class PledgeDocument(Document, tag="pledge"):
    text: str
    party: Party
    pledged_by: str
    partners: list[Party]
    implementer_type: str
    member_states: list[str]
    objectives: list[int]
    primary_objectives: list[int]
    principles: list[str]
    sdgs: list[int]
    type: str
    form: str
    matches: str
    cycle: str
    made_on: str | None
    due_on: str | None
    stage: str
    progress: list[Progress]
    files: list[File]

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

    objective: int | None
    title: str
    text: str


class ReportDocument(Document, tag="report"):
    type: str
    party: Party
    party_name: str
    cycle: str
    submitted_on: str | None
    evidence: str
    objectives: list[int]
    sections: list[Section]
    files: list[File]

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
    """`title` is the organization's own name."""

    acronym: str
    stakeholder_type: str
    member_states: list[str]
    description: str

    def texts(self):
        return [self.acronym, self.description]

    def columns(self):
        return {
            "stakeholder_types": [self.stakeholder_type],
            "member_states": self.member_states,
            "parties": [self.code],
        }


class Role(Part):
    role: str
    person: str
    position: str
    organization: str
    party: Party | None


class AgendaItem(Part):
    title: str
    minutes: int
    role: str


class GuidingQuestion(Part):
    number: int
    text: str
    objectives: list[int]


class Statement(Part):
    party: Party
    speaker: str
    language: str
    text: str
    objectives: list[int]


class RoundtableDocument(Document, tag="roundtable"):
    """Times are clock times in `time_zone` (IANA name; "" where the source names none).

    `title` is the English one.
    """

    title_fr: str
    title_ru: str
    type: str
    number: int | None
    cycle: str
    part_of: str
    cluster: str
    objectives: list[int]
    starts_on: str | None
    ends_on: str | None
    start_time: str | None
    end_time: str | None
    time_zone: str
    place: str
    format: str
    languages: list[str]
    inferred: bool
    roles: list[Role]
    agenda: list[AgendaItem]
    questions: list[GuidingQuestion]
    statements: list[Statement]
    files: list[File]

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
    text: str
    number: int
    cycle: str
    roundtable: str
    objectives: list[int]
    addressed_to: list[str]
    strength: str
    continues: str
    follow_up: str

    def texts(self):
        return [self.text, self.follow_up]

    def columns(self):
        return {"objectives": self.objectives, "cycle": self.cycle, "type": self.strength}


class ExcerptDocument(Document, tag="excerpt"):
    text: str
    type: str
    report: str
    roundtable: str
    objectives: list[int]
    member_states: list[str]
    cycle: str

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
    """A number of the regional brief. `value` is a number, a list with `;`, or a short text."""

    category: str
    value: str
    unit: str
    as_of: int
    counting_rule: str
    member_states: list[str]

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


def _codes(*parties: Party | None) -> list[str]:
    """The codes of the parties, each once, in order."""
    codes = (party.member_state or party.stakeholder for party in parties if party)
    return list(dict.fromkeys(codes))


def _states(*parties: Party | None) -> set[str]:
    """The Member States among the parties."""
    return {party.member_state for party in parties if party and party.member_state}
