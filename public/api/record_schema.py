"""What lists of published records, and records, take and answer: the API's description of them."""

from collections.abc import Iterable

from django.conf import settings

from objectives.models import LANGUAGES
from public.api.asked import LARGEST_PAGE, PAGE_SIZE
from public.api.examples import EXAMPLES
from public.api.forms import list_formats, record_formats
from public.api.included import EXPANDED
from public.api.questions import ORDERINGS, YES, facets_known, fields_of
from public.api.schema import (
    MOMENT,
    NOT_MODIFIED,
    NUMBER,
    TEXT,
    URL,
    ApiSchema,
    Operation,
    Schema,
    answer,
    codes_of,
    fields,
    format_parameter,
    headers,
    in_path,
    listed,
    nullable,
    parameter,
    parameters,
    refusals,
    said,
    shape_of,
)
from public.documents import KINDS
from public.filters import FILTERS, REGIONS, SUBREGIONS, AnyOf
from public.lists import sorts_of
from public.sheets import XLSX
from public.words import (
    ExcerptType,
    FigureCategory,
    Level,
    PledgeForm,
    PledgeType,
    ReportType,
    RoundtableType,
    Stage,
    Strength,
)

SLUG = TEXT | {"pattern": "^[-a-zA-Z0-9_]+$", "maxLength": 60}
DAY_OR_MOMENT: Schema = {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
TYPES = {
    "pledge": PledgeType,
    "report": ReportType,
    "recommendation": Strength,
    "roundtable": RoundtableType,
    "excerpt": ExcerptType,
    "figure": FigureCategory,
}

# What the API knows of an edition, beside its document.
EDITION = {
    "edition": said(NUMBER, "Number of this edition: 1, then one more with each change."),
    "published_at": said(MOMENT, "When this edition was published."),
    "first_published_at": said(MOMENT, "When the record was first published."),
    "permanent_url": said(URL, "The permanent address to cite; people find its page there."),
}

# The questions of the lists: what a parameter asks for, and its values.
FILTER_MEANINGS: dict[str, tuple[str, Schema]] = {
    "q": (
        "Words to find, in English, French or Russian; “…” for a phrase, - before what shall not "
        "be there.",
        TEXT | {"maxLength": 200, "pattern": "^[^\\u0000]*$"},
    ),
    "cluster": ("Touches an objective of this cluster.", codes_of("clusters")),
    "covid19": ("Answers the COVID-19 pandemic, or does not.", {"type": "boolean"}),
    "cycle": ("Was brought to this review.", codes_of("cycles")),
    "form": ("Brings this.", TEXT | {"enum": PledgeForm.values}),
    "implementer_type": (
        "Is carried out by somebody of this type.",
        codes_of("implementer-types"),
    ),
    "language": ("Is written in this language.", TEXT | {"enum": [code for code, _ in LANGUAGES]}),
    "level": ("Reaches this far.", TEXT | {"enum": Level.values}),
    "member_state": ("Concerns this Member State (ISO 3166 alpha-3).", codes_of("member-states")),
    "objective": ("Touches this objective.", codes_of("objectives", NUMBER)),
    "party": (
        "This party, a Member State or a stakeholder, submitted it, made it or speaks in it.",
        codes_of("member-states"),
    ),
    "primary_objective": ("Has this objective as a main aim.", codes_of("objectives", NUMBER)),
    "principle": ("Stands for this guiding principle.", codes_of("principles")),
    "region": (
        "Concerns a Member State of this region or group.",
        codes_of("regions", kinds=REGIONS),
    ),
    "sdg": ("Serves this Sustainable Development Goal.", codes_of("sdgs", NUMBER)),
    "source": ("Was taken from this document.", codes_of("sources")),
    "stage": ("Has come this far.", TEXT | {"enum": Stage.values}),
    "stakeholder_type": ("Is an organization of this type.", codes_of("stakeholder-types")),
    "subregion": (
        "Concerns a Member State of this sub-region.",
        codes_of("regions", kinds=SUBREGIONS),
    ),
    "type": ("Is of this type.", TEXT),  # its values depend on the kind
    "year": ("Is of this year.", NUMBER | {"minimum": 1900, "maximum": 2100}),
}


def filter_parameter(kind: str, name: str) -> Schema:
    """A question of the list of this kind."""
    meaning, schema = FILTER_MEANINGS[name]
    if name == "type":
        schema = TEXT | {"enum": TYPES[kind].values}
    if isinstance(FILTERS[kind].base_filters[name], AnyOf):
        return parameters(name, f"{meaning} Repeat it for several: any of them counts.", schema)
    return parameter(name, meaning, schema)


def shared_parameters(kind: str) -> list[Schema]:
    """What lists and records are asked alike."""
    at, lang = place_parameters()
    return [
        at,
        listed("fields", "Answer only these fields, with commas between them.", fields_of(kind)),
        listed(
            "expand",
            "Add the names behind these codes, once for all, as `included`.",
            EXPANDED[kind],
        ),
        lang,
    ]


def at_parameter() -> Schema:
    return parameter(
        "at",
        "Show what was public then: a day (its end, in UTC) or a moment, not in the future.",
        DAY_OR_MOMENT,
    )


def place_parameters() -> list[Schema]:
    """Where somebody stands who asks: at a moment, with a language."""
    codes = [code for code, _name in settings.LANGUAGES]
    return [
        at_parameter(),
        parameter(
            "lang",
            "The language of added names. Documents stay in their own language.",
            TEXT | {"enum": codes, "default": settings.LANGUAGE_CODE},
        ),
    ]


def record_schema(schema: ApiSchema, kind: str) -> Schema:
    """The component of a kind of record: its document, and what is known of its edition."""
    document, parts = shape_of(KINDS[kind])
    for name, part in parts.items():
        schema.component(name, part)
    properties = document["properties"] | EDITION
    properties["kind"] = said(properties["kind"], "The kind of record.")
    properties["included"] = said(
        included_schema(schema, kind),
        "Of a single record, where `expand` asks: the names behind its codes.",
    )
    return schema.component(
        component_name(kind),
        {
            "type": "object",
            "description": f"{document['description']} All fields are there, unless `fields` "
            "chooses.",
            "properties": properties,
            "examples": [EXAMPLES[kind]],
        },
    )


def component_name(kind: str) -> str:
    return KINDS[kind].__name__.removesuffix("Document")


def included_schema(schema: ApiSchema, kind: str) -> Schema:
    """The names that `expand` adds to records of this kind."""
    named = {
        "objectives": schema.component(
            "NamedObjective",
            said(
                fields(
                    title=said(TEXT, "Title in the language asked for."),
                    short_title=said(TEXT, "Short title in the language asked for."),
                    cluster=said(codes_of("clusters"), "Code of its cluster."),
                ),
                "What an objective is called.",
            ),
        ),
        "sources": schema.component(
            "NamedSource",
            said(
                fields(
                    title=said(TEXT, "Title in the language asked for."),
                    publisher=said(TEXT, "Who published it."),
                    year=said(NUMBER, "Year of publication."),
                    url=said(TEXT, "Where it is on the web; or empty."),
                ),
                "What a source document is called.",
            ),
        ),
    }
    other = schema.component(
        "Named",
        said(
            fields(name=said(TEXT, "Name in the language asked for.")),
            "What a code stands for.",
        ),
    )
    included = {
        name: said(
            {"type": "object", "additionalProperties": named.get(name, other)},
            "Code → what it stands for.",
        )
        for name in EXPANDED[kind]
    }
    return schema.component(
        f"{component_name(kind)}Included",
        said(fields((), **included), "The names behind codes."),
    )


def corrected_schema(schema: ApiSchema) -> Schema:
    """What a corrected search says of itself."""
    return schema.component(
        "Corrected",
        said(
            fields(
                typed=said(TEXT, "What was typed."),
                searched=said(TEXT, "What was searched instead."),
            ),
            "A search for words that nothing has, spelled as the nearest known ones.",
        ),
    )


def list_schema(schema: ApiSchema, kind: str) -> Schema:
    """The frame of a list of this kind."""
    withdrawn = schema.component(
        "Withdrawn",
        said(
            fields(
                code=said(TEXT, "Its code."),
                withdrawn_at=said(MOMENT, "When it was withdrawn."),
            ),
            "A record that was public once and is no more.",
        ),
    )
    counted = schema.component(
        "FacetValue",
        said(
            fields(
                value=said({"type": ["string", "integer", "boolean"]}, "As the parameter has it."),
                label=said(TEXT, "Its name in the language asked for."),
                count=said(NUMBER, "How many records there would be with it."),
            ),
            "A value that records of the list have.",
        ),
    )
    return schema.component(
        f"{component_name(kind)}List",
        said(
            fields(
                ("next", "previous", "results"),
                count=said(NUMBER, "How many there are; not told with `cursor`."),
                next=said(nullable(URL), "Address of the next page; null on the last."),
                previous=said(
                    nullable(URL),
                    "Address of the page before; null on the first, and with `cursor`.",
                ),
                results=said(
                    {"type": "array", "items": record_schema(schema, kind)}, "The records."
                ),
                withdrawn=said(
                    {"type": "array", "items": withdrawn},
                    "With `modified_since`: what was withdrawn since.",
                ),
                included=said(
                    included_schema(schema, kind), "With `expand`: the names behind the codes."
                ),
                search=said(corrected_schema(schema), "Where the spelling of `q` was corrected."),
                facets=said(
                    {
                        "type": "object",
                        "additionalProperties": {"type": "array", "items": counted},
                    },
                    "With `facets`: parameter → the values that records have, a hundred at most, "
                    "in the order of the pages.",
                ),
            ),
            "A page of a list.",
        ),
    )


# What the files of the other formats hold.
MEDIA: dict[str, tuple[str, str]] = {
    "ndjson": ("application/x-ndjson", "A record a line, then what was withdrawn."),
    "csv": ("text/csv", "A row a record; /data/ explains the columns."),
    "xlsx": (XLSX, "A spreadsheet with the rows of the CSV, a code book and a read-me."),
    "jsonld": ("application/ld+json", "A graph of schema.org."),
    "atom": ("application/atom+xml", "The feed, after a redirect."),
    "ris": ("application/x-research-info-systems", "A citation each."),
    "bib": ("application/x-bibtex", "A citation each."),
    "csl": ("application/vnd.citationstyles.csl+json", "A citation each."),
    "ics": ("text/calendar", "An event for each roundtable whose day is known."),
}
MADE: dict[str, Schema] = {
    "jsonld": {"type": "object"},
    "csl": {"type": "array", "items": {"type": "object"}},
}


def other_media(formats: Iterable[str]) -> dict[str, Schema]:
    """What an address answers in other formats than JSON."""
    return {
        MEDIA[name][0]: said(MADE.get(name, TEXT), MEDIA[name][1])
        for name in formats
        if name in MEDIA
    }


def list_operation(schema: ApiSchema, kind: str, folder: str) -> Operation:
    """GET of a list of records."""
    asked = [filter_parameter(kind, name) for name in FILTERS[kind].base_filters]
    formats = [one.format for one in list_formats(kind)]
    pages = [
        *page_parameters(),
        parameter(
            "cursor",
            "Instead of `page`: begin with an empty cursor, then follow `next`. Faster for long "
            "lists, and what comes in meanwhile moves nothing.",
            TEXT | {"pattern": "^[A-Za-z0-9_-]*$"},
            allowEmptyValue=True,
        ),
        parameter(
            "ordering",
            "The order; - before it turns it round. Without it: the newest first; where `q` looks "
            "for words, the best match first; with `modified_since` the oldest change first.",
            TEXT | {"enum": [*ORDERINGS, *(f"-{name}" for name in ORDERINGS)]},
        ),
        parameter(
            "sort",
            "The order by its name on the pages, instead of `ordering` and without a cursor. "
            "`relevance` needs words in `q`.",
            TEXT | {"enum": sorts_of(kind, has_words=True)},
        ),
        parameter(
            "exact",
            "With 1, words of `q` are searched as they are typed. Else those that nothing has are "
            "spelled as the nearest known ones, and `search` says so.",
            TEXT | {"enum": [YES]},
        ),
        listed(
            "facets",
            "Count the records by the values of these parameters, each as if it were not set.",
            facets_known(kind),
        ),
        parameter(
            "modified_since",
            "Only what was published since: a day (its beginning, in UTC) or a moment. The answer "
            "then also says what was `withdrawn` since.",
            DAY_OR_MOMENT,
        ),
        parameter(
            "hxl",
            "With 1, the second row of the CSV has HXL hashtags.",
            TEXT | {"enum": [YES]},
        ),
    ]
    redirect = {
        302: {"description": "The feed is there.", "headers": headers("Location")},
    }
    return Operation(
        id=f"list_{folder.replace('-', '_')}",
        summary=f"List {folder}",
        meaning=f"Published {folder}, newest first. Different parameters narrow the list. Tables, "
        "NDJSON, calendars and feeds hold all of it, whatever page is asked for; `fields`, "
        "`expand` and `facets` count for JSON, `fields` for NDJSON too.",
        tag="Records",
        parameters=[
            *asked,
            *pages,
            *shared_parameters(kind),
            format_parameter(*formats),
        ],
        answers={
            200: answer(
                "A page of the list, or the list in another format.",
                list_schema(schema, kind),
                "ETag",
                "Last-Modified",
                "Link",
                also=other_media(formats),
            ),
            **(redirect if "atom" in formats else {}),
            **NOT_MODIFIED,
            **refusals(404, 413),
        },
    )


def page_parameters() -> list[Schema]:
    """The parameters of lists that are read page by page."""
    return [
        parameter("page", "Number of the page.", NUMBER | {"minimum": 1, "maximum": 1_000_000}),
        parameter(
            "page_size",
            "How many a page.",
            NUMBER | {"minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
        ),
    ]


def detail_operation(schema: ApiSchema, kind: str) -> Operation:
    """GET of one record."""
    formats = [one.format for one in record_formats(kind)]
    return Operation(
        id=f"get_{kind}",
        summary=f"Read one {kind}",
        meaning="One published record, by its permanent code.",
        tag="Records",
        parameters=[
            in_path("code", "The permanent code.", SLUG, EXAMPLES[kind]["code"]),
            *shared_parameters(kind),
            format_parameter(*formats),
        ],
        answers={
            200: answer(
                "The record.",
                record_schema(schema, kind),
                "ETag",
                "Last-Modified",
                also=other_media(formats),
            ),
            308: {
                "description": "The record was merged with another: read that instead.",
                "headers": headers("Location"),
            },
            **NOT_MODIFIED,
            **refusals(404, 410),
        },
    )
