"""The columns of every public file, per kind of record. Their names never change.

A document is flattened: codes and, beside them, their names in the reader's language; lists are
joined with `;`, long texts of a list stand on a line each. What is nested deeper is in the
documents themselves, which the API gives. Adding a column is free; renaming or removing is not.
"""

from django.utils.translation import gettext_lazy as _

from public.documents import Party
from public.lines import texts_of
from public.tables import Column, Reader, coded, each, on_day, said


def _code(party: Party | None) -> str:
    return (party.member_state or party.stakeholder) if party else ""


CODE = said("code", _("The permanent code of the record. It is never given to another one."))
TITLE = said("title", _("The title, in the record's own language."))
TEXT = said("text", _("The whole text, in the record's own language."))
LANGUAGE = coded(
    "language", "language_name", "languages", _("The language of the record's own texts.")
)
PARTY = (
    Column(
        "party",
        _("Who stands behind it: the code of a Member State or of a stakeholder."),
        lambda record, document, reader: _code(document.party),
        of="party",
    ),
    Column(
        "party_name",
        _("The name of the party, in the language of the file."),
        lambda record, document, reader: reader.names.party(document.party),
        of="party",
    ),
)
CYCLE = coded("cycle", "cycle_name", "cycles", _("The review that it belongs to."))
OBJECTIVES = coded(
    "objectives",
    "objective_names",
    "objectives",
    _("The numbers of the objectives of the Global Compact that it is about."),
)
PRIMARY = coded(
    "primary_objectives",
    "primary_objective_names",
    "objectives",
    _("Those of the objectives that it serves first of all."),
)
PRINCIPLES = coded(
    "principles",
    "principle_names",
    "principles",
    _("The guiding principles of the Global Compact that it follows."),
)
GOALS = coded("sdgs", "sdg_names", "sdgs", _("The Sustainable Development Goals that it serves."))
STATES = coded(
    "member_states",
    "member_state_names",
    "member_states",
    _("The Member States in which it is carried out, or that it tells of."),
)
FILES = Column(
    "files",
    _("The addresses of its files."),
    lambda record, document, reader: ";".join(map(reader.address_of_file, document.files)),
    of="files",
)
ORIGIN = (
    *coded(
        "sources",
        "source_names",
        "sources",
        _("The published documents that it was taken from."),
        where="source.documents",
    ),
    Column(
        "source_locator",
        _("Where in the source it stands."),
        lambda record, document, reader: document.source.locator,
    ),
    said("url", _("The page of the original, outside this site.")),
)
STANDING = (
    Column(
        "address",
        _("The permanent address of the record: cite this."),
        lambda record, document, reader: reader.address(record.kind, record.code),
    ),
    Column(
        "edition",
        _("The number of the edition. It grows with each change that is published."),
        lambda record, document, reader: record.edition,
    ),
    Column(
        "published_at",
        _("When this edition was published."),
        lambda record, document, reader: record.published,
    ),
    Column(
        "first_published_at",
        _("When the record was published for the first time."),
        lambda record, document, reader: record.first_published,
    ),
)


def _partners(record, document, reader: Reader) -> str:
    return ";".join(map(reader.names.party, document.partners))


def _of_record(name: str, named: str, vocabulary: str, meaning) -> tuple[Column, Column]:
    """What every kind of record is found by; empty where a kind has no such thing."""
    return (
        Column(
            name,
            meaning,
            lambda record, document, reader: ";".join(map(str, document.columns().get(name, []))),
            vocabulary,
        ),
        Column(
            named,
            _("The same in words, in the language of the file."),
            lambda record, document, reader: ";".join(
                reader.vocabulary(vocabulary).get(code, str(code))
                for code in document.columns().get(name, [])
            ),
        ),
    )


# The columns of a file in which kinds are mixed.
MIXED: list[Column] = [
    Column("kind", _("What kind of record it is."), lambda record, document, reader: record.kind),
    CODE,
    Column("title", TITLE.meaning, lambda record, document, reader: texts_of(document)[0]),
    Column(
        "summary",
        _("The beginning of its text, in the record's own language."),
        lambda record, document, reader: texts_of(document)[1],
    ),
    *LANGUAGE,
    Column(
        "party",
        PARTY[0].meaning,
        lambda record, document, reader: _code(getattr(document, "party", None)),
    ),
    Column(
        "party_name",
        PARTY[1].meaning,
        lambda record, document, reader: reader.names.party(getattr(document, "party", None)),
    ),
    *_of_record("member_states", "member_state_names", "member_states", STATES[0].meaning),
    *_of_record("objectives", "objective_names", "objectives", OBJECTIVES[0].meaning),
    *ORIGIN,
    *STANDING,
]

# kind → the columns of its files
COLUMNS: dict[str, list[Column]] = {
    "practice": [
        CODE,
        TITLE,
        said("summary", _("What is done, in the record's own language.")),
        *LANGUAGE,
        *PARTY,
        said("lead_implementer", _("Who leads it, as the source writes it.")),
        *coded(
            "implementer_types",
            "implementer_type_names",
            "implementer_types",
            _("What types of bodies carry it out."),
        ),
        *STATES,
        *coded(
            "partner_countries",
            "partner_country_names",
            "partner_countries",
            _("Partner countries outside the region."),
        ),
        *OBJECTIVES,
        *PRIMARY,
        *PRINCIPLES,
        *GOALS,
        *coded("level", "level_name", "levels", _("How far it reaches.")),
        said("year_start", _("The year in which it began; empty if not known."), few=True),
        said(
            "year_end",
            _("The year in which it ended; empty if not known, or if it goes on."),
            few=True,
        ),
        *CYCLE,
        said(
            "covid19",
            _("true if it was part of the response to the pandemic, else false."),
            few=True,
        ),
        FILES,
        *ORIGIN,
        *STANDING,
    ],
    "pledge": [
        CODE,
        TITLE,
        TEXT,
        *LANGUAGE,
        *PARTY,
        said("pledged_by", _("The pledging body, as the party writes it.")),
        each("partners", _("The codes of its partners."), "partners", _code),
        Column("partner_names", _("The names of its partners."), _partners),
        *coded(
            "implementer_type",
            "implementer_type_name",
            "implementer_types",
            _("What type of body carries it out."),
        ),
        *STATES,
        *OBJECTIVES,
        *PRIMARY,
        *PRINCIPLES,
        *GOALS,
        *coded("type", "type_name", "pledge_types", _("Who makes the pledge with whom.")),
        *coded(
            "form",
            "form_name",
            "pledge_forms",
            _("What the pledge brings: money, people, a procedure, a policy."),
        ),
        said("matches", _("The code of the pledge that a matching pledge adds to.")),
        *CYCLE,
        on_day("made_on", _("The day on which it was made; empty if not known.")),
        on_day("due_on", _("The day by which it shall be fulfilled; empty if it has none.")),
        *coded("stage", "stage_name", "stages", _("How far it has come, by the last report.")),
        each(
            "progress_on",
            _("The days on which progress was reported."),
            "progress",
            lambda one: one.reported_on,
        ),
        each("progress_stages", _("The stage on each."), "progress", lambda one: one.stage),
        each(
            "progress_texts",
            _("What was reported on each, on a line of its own."),
            "progress",
            lambda one: " ".join(one.text.split()),
            between="\n",
        ),
        FILES,
        *ORIGIN,
        *STANDING,
    ],
    "report": [
        CODE,
        TITLE,
        *LANGUAGE,
        *coded("type", "type_name", "report_types", _("What was handed in.")),
        *PARTY,
        Column(
            "party_as_written",
            _("The party as the report names itself, if otherwise."),
            lambda record, document, reader: document.party_name,
        ),
        *CYCLE,
        on_day("submitted_on", _("The day on which it was handed in; empty if not known.")),
        *coded(
            "evidence", "evidence_name", "evidence", _("How surely the report is known to exist.")
        ),
        *OBJECTIVES,
        each(
            "section_objectives",
            _("The objective of each section; empty where it is about no single one."),
            "sections",
            lambda one: one.objective,
        ),
        each("section_titles", _("Their titles."), "sections", lambda one: one.title, "\n"),
        each(
            "section_texts",
            _("Their texts, with an empty line between."),
            "sections",
            lambda one: one.text,
            "\n\n",
        ),
        FILES,
        *ORIGIN,
        *STANDING,
    ],
    "recommendation": [
        CODE,
        TEXT,
        *LANGUAGE,
        said("number", _("Its number in the summary of its review.")),
        *CYCLE,
        said("roundtable", _("The code of the roundtable that it came from.")),
        *OBJECTIVES,
        *coded("addressed_to", "addressed_to_names", "addressees", _("Whom it asks.")),
        *coded("strength", "strength_name", "strengths", _("How strongly it asks.")),
        said("continues", _("The code of the earlier recommendation that it continues.")),
        said("follow_up", _("What was done about it since.")),
        *ORIGIN,
        *STANDING,
    ],
    "roundtable": [
        CODE,
        said("title", _("The title in English.")),
        said("title_fr", _("The title in French, if there is one.")),
        said("title_ru", _("The title in Russian, if there is one.")),
        *LANGUAGE,
        *coded("type", "type_name", "roundtable_types", _("What kind of sitting it is.")),
        said("number", _("The number of the roundtable in its review.")),
        *CYCLE,
        said("part_of", _("The code of the sitting that it is part of.")),
        *coded("cluster", "cluster_name", "clusters", _("The cluster that it is about.")),
        *OBJECTIVES,
        on_day("starts_on", _("Its first day.")),
        on_day("ends_on", _("Its last day.")),
        said("start_time", _("When it begins, by the clock of its time zone.")),
        said("end_time", _("When it ends, by the clock of its time zone.")),
        said("time_zone", _("The time zone, by its IANA name.")),
        said("place", _("Where it is held.")),
        *coded("format", "format_name", "formats", _("Whether people meet in a room.")),
        *coded(
            "languages", "language_names", "languages", _("The languages that are interpreted.")
        ),
        said(
            "inferred",
            _("true if the sitting is only inferred from what its source says, else false."),
        ),
        each("people", _("Who has a role in it."), "roles", lambda one: one.person),
        Column(
            "people_roles",
            _("The role of each."),
            lambda record, document, reader: ";".join(one.role for one in document.roles),
            "roles",
        ),
        each("people_positions", _("The position of each."), "roles", lambda one: one.position),
        each(
            "people_organizations",
            _("The organization of each."),
            "roles",
            lambda one: one.organization,
        ),
        each(
            "agenda",
            _("The items of the agenda, a line each."),
            "agenda",
            lambda one: one.title,
            "\n",
        ),
        each(
            "questions",
            _("The guiding questions, a line each."),
            "questions",
            lambda one: " ".join(one.text.split()),
            "\n",
        ),
        each(
            "statement_parties",
            _("The codes of the parties that made statements."),
            "statements",
            lambda one: _code(one.party),
        ),
        FILES,
        *ORIGIN,
        *STANDING,
    ],
    "stakeholder": [
        CODE,
        said("title", _("The name of the organization.")),
        said("acronym", _("Its acronym.")),
        *coded(
            "stakeholder_type",
            "stakeholder_type_name",
            "stakeholder_types",
            _("What type of organization it is."),
        ),
        *STATES,
        said("description", _("What it does, in the record's own language.")),
        *LANGUAGE,
        *ORIGIN,
        *STANDING,
    ],
    "excerpt": [
        CODE,
        TEXT,
        *LANGUAGE,
        *coded("type", "type_name", "excerpt_types", _("What the passage tells of.")),
        said("report", _("The code of the report that it is taken from.")),
        said("roundtable", _("The code of the roundtable that it is taken from.")),
        *OBJECTIVES,
        *STATES,
        *CYCLE,
        *ORIGIN,
        *STANDING,
    ],
    "figure": [
        CODE,
        TITLE,
        *LANGUAGE,
        *coded("category", "category_name", "figure_categories", _("What the number is about.")),
        said("value", _("The number, a list joined with a semicolon, or a short text.")),
        said("unit", _("What is counted.")),
        said("as_of", _("The year for which it holds.")),
        said("counting_rule", _("How it was counted.")),
        *STATES,
        *ORIGIN,
        *STANDING,
    ],
}
