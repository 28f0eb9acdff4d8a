"""How the API describes itself, in OpenAPI 3.1: every view says what it takes and what it answers.

    class Coverage(APIView):
        def described(self, schema: ApiSchema, method: str) -> Operation: ...

A view without `described` is left out. What many operations share stands here: refusals, headers,
the media types. Meanings of document fields stand with them, in `public.documents`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from inspect import cleandoc
from typing import Any

import msgspec
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.renderers import OpenApiYamlRenderer

from public.api.problems import DOCUMENTED_AT, MEDIA_TYPE, TITLES

Schema = dict[str, Any]

TAGS = {
    "Records": "What is published: documents of parties, and what reviews make of them.",
    "Reference data": "The codes that records use, with their names in three languages.",
    "Drafts": "Records as they stand in the office, for trusted systems with a token.",
    "The API": "The API itself.",
}
ABOUT = """\
The published record of the regional reviews of the Global Compact for Migration. Reading needs \
no account; answers are the same for everybody. The guide with recipes: /api/docs/guide/.

* Parameters: an unknown one, or a value that is not possible, is refused (400) by name. An empty \
one counts for nothing.
* Refusals: always application/problem+json (RFC 9457); their kinds: /api/docs/problems/.
* Changes: new fields, parameters, values and addresses may come at any time; what there is stays \
as it is in v1. Leave aside what you do not know.
* HEAD and OPTIONS are answered wherever GET is.
"""


def ref(name: str, place: str = "schemas") -> Schema:
    """A reference to what is described once."""
    return {"$ref": f"#/components/{place}/{name}"}


def nullable(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def fields(required: Sequence[str] | None = None, /, **properties: Schema) -> Schema:
    """An object with these fields; all of them are always there if no others are named."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
    }


TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
URL: Schema = {"type": "string", "format": "uri"}


def said(schema: Schema, meaning: str) -> Schema:
    """A schema with its meaning."""
    return schema | {"description": meaning}


def codes_of(folder: str, schema: Schema = TEXT, kinds: Sequence[str] = ()) -> Schema:
    """Codes of a list of this API, perhaps of rows of some kinds only.

    The description is not bound to those of one database.
    """
    of_kinds = {"x-codes-of-kinds": list(kinds)} if kinds else {}
    return schema | {"x-codes-of": f"/api/v1/{folder}/", **of_kinds}


# --- Parameters -----------------------------------------------------------------------------


def parameter(name: str, meaning: str, schema: Schema, *, place: str = "query", **more) -> Schema:
    """One value."""
    return {"in": place, "name": name, "description": meaning, "schema": schema, **more}


def parameters(name: str, meaning: str, schema: Schema) -> Schema:
    """Any of several values: the parameter is repeated."""
    many = {"type": "array", "items": schema}
    return parameter(name, meaning, many, style="form", explode=True)


def listed(name: str, meaning: str, values: Sequence[str]) -> Schema:
    """Several values with commas between them."""
    many = {"type": "array", "items": TEXT | {"enum": list(values)}}
    return parameter(name, meaning, many, style="form", explode=False)


def in_path(name: str, meaning: str, schema: Schema, example: Any) -> Schema:
    return parameter(name, meaning, schema, place="path", required=True, example=example)


def format_parameter(*formats: str) -> Schema:
    """`?format=`, for those who cannot send an Accept header."""
    says = ["The format, for those who cannot send an Accept header."]
    says += [f"{name}: {FORMATS[name]}." for name in formats if name in FORMATS]
    return parameter(
        "format", " ".join(says), TEXT | {"enum": list(formats), "default": formats[0]}
    )


FORMATS = {
    "ndjson": "all records, one JSON document a line, sent as they are read (for harvesting)",
    "csv": "all records, as a table",
    "xlsx": "all records as a spreadsheet",
    "jsonld": "linked data (schema.org)",
    "atom": "a redirect to the feed with the same filters",
    "ris": "citations for reference managers",
    "bib": "citations for BibTeX",
    "csl": "citations as CSL-JSON",
    "ics": "a calendar (iCalendar)",
}

# --- Headers, refusals ----------------------------------------------------------------------

HEADERS = {
    "ETag": said(TEXT, "Strong tag of exactly these bytes: send it back in If-None-Match."),
    "Last-Modified": said(TEXT, "When the newest of what is shown here was published."),
    "Link": said(TEXT, "Addresses of the first, previous, next and last page (RFC 8288)."),
    "Location": said(TEXT, "Where it is."),
    "Retry-After": said(NUMBER, "Seconds to wait."),
    "RateLimit-Limit": said(NUMBER, "Requests that one address may make in a minute."),
    "RateLimit-Remaining": said(NUMBER, "How many are left in this minute."),
    "RateLimit-Reset": said(NUMBER, "Seconds until the next minute begins."),
    "WWW-Authenticate": said(TEXT, "How to present a token."),
}
LIMIT = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")

PROBLEM = said(
    fields(
        ("type", "title", "status", "detail"),
        type=said(
            {"type": "string", "enum": [f"{DOCUMENTED_AT}{kind}" for kind in TITLES]},
            "The kind of problem: the same text for the same kind, and where it is explained.",
        ),
        title=said(TEXT, "The kind in words."),
        status=said(NUMBER, "The status of the answer."),
        detail=said(TEXT, "What is wrong here, and what to do."),
        errors=said({"type": "array", "items": ref("Cause")}, "Each cause, where there are any."),
        code=said(TEXT, "Of a withdrawn record: its code."),
        withdrawn_at=said(MOMENT, "Of a withdrawn record: when it was withdrawn."),
        version=said(NUMBER, "Of a draft that has moved on: the version it has now."),
    ),
    "A refusal (RFC 9457).",
)
CAUSE = said(
    fields(
        ("detail",),
        parameter=said(TEXT, "The parameter that cannot be answered."),
        field=said(TEXT, "The field of what was sent that cannot be saved."),
        detail=said(TEXT, "What is wrong with it."),
        allowed=said(
            {"type": "array", "items": TEXT | {"type": ["string", "integer"]}}, "What is."
        ),
    ),
    "One cause of a refusal.",
)

# status → what it means, and the headers it comes with
REFUSALS: dict[int, tuple[str, tuple[str, ...]]] = {
    400: ("A parameter is unknown or has a value that is not possible, or the body cannot be "
          "read. `errors` names each.", ()),
    401: ("There is no token, or it is not valid (any more).", ("WWW-Authenticate",)),
    403: ("The token, or whoever answers for it, has no right to this.", ()),
    404: ("There is nothing public under this address, or the list has no such page.", ()),
    406: ("There is no such format: see the Accept header of the request.", ()),
    409: ("The draft cannot be changed as it stands, or its code is taken.", ()),
    410: ("The record was public once and has been withdrawn.", ()),
    412: ("The draft was changed since it was read.", ("ETag",)),
    413: ("More was sent than is taken.", ()),
    415: ("What was sent is not JSON.", ()),
    422: ("What was sent cannot be saved. `errors` names each field.", ()),
    428: ("The version that was read must be named: send If-Match.", ()),
    429: ("This address has made too many requests in this minute.", ("Retry-After",)),
    503: ("The site cannot reach its database for a moment.", ("Retry-After",)),
}  # fmt: skip
ALWAYS = (400, 406, 429, 503)


def headers(*names: str) -> Schema:
    return {name: ref(name, "headers") for name in names}


def refusal(status: int) -> Schema:
    meaning, with_headers = REFUSALS[status]
    limited = () if status == 503 else LIMIT
    return {
        "description": meaning,
        "headers": headers(*with_headers, *limited),
        "content": {MEDIA_TYPE: {"schema": ref("Problem")}},
    }


def refusals(*statuses: int) -> dict[int, Schema]:
    """These refusals, and those that every address knows."""
    return {status: ref(f"Refused{status}", "responses") for status in (*ALWAYS, *statuses)}


def answer(
    meaning: str, schema: Schema, *with_headers: str, also: Mapping[str, Schema] | None = None
) -> Schema:
    """A good answer in JSON; `also` has other media types."""
    content = {"application/json": {"schema": schema}}
    content |= {name: {"schema": other} for name, other in (also or {}).items()}
    return {
        "description": meaning,
        "headers": headers(*with_headers, *LIMIT),
        "content": content,
    }


NOT_MODIFIED = {304: ref("NotModified", "responses")}

# --- Operations -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Operation:
    """What one address does with one method."""

    id: str
    summary: str
    meaning: str
    tag: str
    answers: dict[int, Schema]
    parameters: Sequence[Schema] = ()
    body: Schema | None = None
    needs_token: bool = False
    more: dict[str, Any] = field(default_factory=dict)

    def written(self) -> Schema:
        """As the specification says it."""
        said: Schema = {
            "operationId": self.id,
            "summary": self.summary,
            "description": self.meaning,
            "tags": [self.tag],
            "parameters": list(self.parameters),
        }
        if self.body:
            said["requestBody"] = self.body
        if self.needs_token:
            said["security"] = [{"token": []}]
        answers = {str(status): self.answers[status] for status in sorted(self.answers)}
        return said | {"responses": answers} | self.more


FOR_FORMS = ("maximum", "maxLength", "minimum", "readOnly", "title", "x-spec-enum-id")


class ApiSchema(AutoSchema):
    """Asks the view; the guesses of the base class are not needed."""

    def get_operation(self, path, path_regex, path_prefix, method, registry):
        self.registry = registry
        self.path, self.path_regex, self.path_prefix = path, path_regex, path_prefix
        self.method = method.upper()
        described = getattr(self.view, "described", None)
        return described(self, self.method).written() if described else None

    def get_serializer_name(self, serializer, direction):
        return serializer.Meta.model.__name__

    def _map_serializer(self, serializer, direction, bypass_extensions=False):
        """Rows are only ever read: all fields are there, and limits of forms do not matter."""
        schema = super()._map_serializer(serializer, direction, bypass_extensions)
        for one in schema["properties"].values():
            for part in (one, one.get("items", {})):
                for name in FOR_FORMS:
                    part.pop(name, None)
        meaning = cleandoc(serializer.Meta.model.__doc__).partition("\n\n")[0]
        schema["description"] = " ".join(meaning.split())
        return schema | {"required": list(schema["properties"])}

    def component(self, name: str, schema: Schema) -> Schema:
        """Describe something once; the reference to it."""
        component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, object=name)
        self.registry.register_on_missing(component)
        return component.ref


def shape_of(struct: type[msgspec.Struct]) -> tuple[Schema, dict[str, Schema]]:
    """The schema of a typed document, and those of its parts by name."""
    _refs, found = msgspec.json.schema_components(
        [struct], ref_template="#/components/schemas/{name}"
    )
    for schema in found.values():
        schema.pop("title")
        schema.pop("additionalProperties")  # clients leave aside what they do not know
    return found.pop(struct.__name__), found


def completed(result: Schema, **_of_the_generator) -> Schema:
    """What all operations share (a hook of drf-spectacular)."""
    components = result["components"]
    components["schemas"] |= {"Problem": PROBLEM, "Cause": CAUSE}
    components["schemas"] = dict(sorted(components["schemas"].items()))
    components["responses"] = {
        "NotModified": {
            "description": "Nothing has changed since the answer of If-None-Match.",
            "headers": headers("ETag", "Link", *LIMIT),
        }
    } | {f"Refused{status}": refusal(status) for status in REFUSALS}
    components["headers"] = {
        name: {
            "description": schema["description"],
            "schema": {key: value for key, value in schema.items() if key != "description"},
        }
        for name, schema in HEADERS.items()
    }
    components["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A token that the secretariat has issued: `Bearer rh_…`. It is for "
            "named kinds of records, to add, to change, or both, and ends with its date.",
        }
    }
    result["info"]["description"] = ABOUT
    result["tags"] = [{"name": name, "description": says} for name, says in TAGS.items()]
    return result


@cache
def description() -> Schema:
    """The whole description; it is in English and the same for every database."""
    with translation.override("en"):
        return SchemaGenerator().get_schema(public=True)


@cache
def written() -> bytes:
    """The description as YAML: what `docs/openapi.yaml` holds."""
    return OpenApiYamlRenderer().render(description(), renderer_context={})
