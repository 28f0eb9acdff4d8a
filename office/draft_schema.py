"""What drafts take and answer: the description of the API says it from the columns of imports."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.text import capfirst

from office.imports import Column, RecordResource
from office.imports.cells import ListCell, RelatedListCell
from office.imports.codes import key_of
from public.api.examples import EXAMPLES
from public.api.record_schema import SLUG
from public.api.schema import (
    NUMBER,
    TEXT,
    ApiSchema,
    Operation,
    Schema,
    answer,
    fields,
    format_parameter,
    headers,
    in_path,
    nullable,
    parameter,
    ref,
    refusals,
    said,
)
from public.workflow import Status

CELL = {
    "type": ["string", "integer", "number", "boolean", "array", "null"],
    "items": {"type": ["string", "integer"]},
    "description": "A value as a cell of an import file would say it: a text, a number, yes or "
    "no, or a list of codes; null and an empty text empty the cell.",
}
KEY = parameter(
    "Idempotency-Key",
    "A value of your own, new for each draft: the same request sent twice adds one draft.",
    TEXT | {"pattern": "^[!-~]{1,200}$"},
    place="header",
    required=True,
    example="5b0f9d2e-1",
)
IF_MATCH = parameter(
    "If-Match",
    "The ETag of the version that was read: nobody's change is overwritten unseen.",
    TEXT | {"pattern": '^"[0-9]+"$'},
    place="header",
    required=True,
    example='"3"',
)
LARGE = "At most 1,000,000 bytes. Columns that are left out stay as they are, or empty."


def is_list(column: Column) -> bool:
    return isinstance(column.widget, ListCell | RelatedListCell)


def is_numbered(field: Any) -> bool:
    """The codes of the related records are numbers, as those of objectives."""
    return bool(field.many_to_many) and key_of(field.related_model) == "number"


def meaning_of(column: Column) -> str:
    """What people in the office call the column, their advice, and what it may hold."""
    of = getattr(column.of, "base_field", column.of)
    sentences = [f"{capfirst(str(column.label))}.", str(column.of.help_text)]
    if of.choices:
        codes = ", ".join(str(code) for code, _word in of.flatchoices if code)
        sentences.append(f"One of {codes}." if not is_list(column) else f"Any of {codes}.")
    elif column.of.is_relation:
        sentences.append(f"By {'codes' if is_list(column) else 'code'}.")
    if column.is_needed:
        sentences.append("Needed in a new draft.")
    return " ".join(sentence for sentence in sentences if sentence)


def answered(column: Column) -> Schema:
    """How a draft tells the column."""
    of = column.of
    if is_list(column):
        return {"type": "array", "items": NUMBER if is_numbered(of) else TEXT}
    if isinstance(of, models.BooleanField):
        told: Schema = {"type": "boolean"}
    elif isinstance(of, models.IntegerField):
        told = NUMBER
    else:
        told = TEXT
    return nullable(told) if of.null and not isinstance(of, ArrayField) else told


def draft_schemas(schema: ApiSchema, resource: type[RecordResource]) -> tuple[Schema, Schema]:
    """What may be sent, and what is answered."""
    name = resource.publishable().__name__
    columns = resource.columns()
    schema.component("Cell", CELL)
    sent = schema.component(
        f"{name}Columns",
        {
            "type": "object",
            "description": "The columns to write. Nothing else can be written.",
            "properties": {
                column: ref("Cell") | {"description": meaning_of(of)}
                for column, of in columns.items()
            },
            "additionalProperties": False,
        },
    )
    told = schema.component(
        f"{name}Draft",
        said(
            fields(
                **{column: said(answered(of), meaning_of(of)) for column, of in columns.items()},
                status=said(TEXT | {"enum": Status.values}, "How far it has come in the office."),
                version=said(NUMBER, "Which version this is: the ETag says the same."),
            ),
            "A record as it stands in the office.",
        ),
    )
    return sent, told


def example(resource: type[RecordResource]) -> dict[str, Any]:
    """What of the example of a published record a draft would say by the same names."""
    record = EXAMPLES[resource.publishable().kind]
    record = record | {"title_en": record["title"]}
    return {
        name: record[name]
        for name, column in resource.columns().items()
        if record.get(name) and (name != "code" or column.is_needed)
    }


def draft_operation(schema: ApiSchema, resource: type[RecordResource], method: str) -> Operation:
    """One method of the drafts of a kind."""
    kind = resource.publishable().kind
    sent, told = draft_schemas(schema, resource)
    code = in_path("code", "The permanent code.", SLUG, EXAMPLES[kind]["code"])
    body = {
        "required": True,
        "description": LARGE,
        "content": {"application/json": {"schema": sent, "example": example(resource)}},
    }
    everywhere: dict[str, Any] = {"tag": "Drafts", "needs_token": True}
    as_json = format_parameter("json")
    match method:
        case "POST":
            made = answer("The draft as it was added.", told, "ETag")
            made["headers"] |= headers("Location")
            return Operation(
                id=f"add_{kind}_draft",
                summary=f"Add a draft: {kind}",
                meaning="Adds a draft. People in the office review and publish it.",
                parameters=[KEY, as_json],
                body=body,
                answers={201: made, **refusals(401, 403, 409, 413, 415, 422)},
                **everywhere,
            )
        case "PATCH":
            return Operation(
                id=f"change_{kind}_draft",
                summary=f"Change a draft: {kind}",
                meaning="Changes a draft. What is approved or published must be taken back in the "
                "office first.",
                parameters=[code, IF_MATCH, as_json],
                body=body,
                answers={
                    200: answer("The draft as it is now.", told, "ETag"),
                    **refusals(401, 403, 404, 409, 412, 413, 415, 422, 428),
                },
                **everywhere,
            )
    return Operation(
        id=f"get_{kind}_draft",
        summary=f"Read a draft: {kind}",
        meaning="A record as it stands in the office, published or not.",
        parameters=[code, as_json],
        answers={
            200: answer("The record.", told, "ETag"),
            **refusals(401, 403, 404),
        },
        **everywhere,
    )
