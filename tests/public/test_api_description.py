"""The description of the API: complete, committed, and true to what was released."""

import json
import re
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from office.drafts import kinds
from public.api.examples import EXAMPLES
from public.api.records import RESOURCES
from public.api.schema import description, written
from public.documents import KINDS
from tests.breaking_changes import breaking_changes, told

DOCS = Path(__file__).resolve().parents[2] / "docs"
RELEASED = DOCS / "api-v1-released.yaml"


def operations():
    for path, methods in description()["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def test_the_committed_description_is_what_the_code_says():
    """`make schema` writes it."""
    assert (DOCS / "openapi.yaml").read_bytes() == written()


def test_every_list_and_record_is_described():
    addresses = set(description()["paths"])

    assert addresses >= {f"/api/v1/{folder}/" for folder in RESOURCES.values()}
    assert addresses >= {f"/api/v1/{folder}/{{code}}/" for folder in RESOURCES.values()}
    assert addresses >= {f"/api/v1/drafts/{RESOURCES[model.kind]}/" for model in kinds()}


def test_everything_has_a_meaning():
    """Every operation, parameter, field, header, answer, and every shape."""
    mute = []

    def look(where, schema):
        for name, field in schema.get("properties", {}).items():
            if not field.get("description", "").strip():
                mute.append(f"{where}.{name}")
            look(f"{where}.{name}", field)
        if isinstance(schema.get("items"), dict):
            look(f"{where}[]", schema["items"])

    for where, operation in operations():
        said = [operation, *operation["parameters"], *operation["responses"].values()]
        mute += [
            f"{where} {one.get('name', '')}"
            for one in said
            if not told(description(), one).get("description", "").strip()
        ]
    for place, shapes in description()["components"].items():
        for name, shape in shapes.items():
            if not shape.get("description", "").strip():
                mute.append(f"{place} {name}")
            look(name, shape)

    assert mute == []


def test_every_operation_says_how_it_refuses():
    for where, operation in operations():
        always = {"200" if "POST" not in where else "201", "400", "406", "429", "503"}
        assert set(operation["responses"]) >= always, where


def test_names_of_operations_are_unique():
    names = [operation["operationId"] for _where, operation in operations()]

    assert len(names) == len(set(names))


def test_no_host_stands_in_it():
    assert description()["servers"] == [{"url": "/", "description": "This site"}]
    assert re.findall(rb"localhost|127\.0\.0\.1|testserver|review\.example", written()) == []


@pytest.mark.parametrize("kind", KINDS)
def test_examples_are_records(kind):
    example = dict(EXAMPLES[kind])
    for name in ("edition", "published_at", "first_published_at"):
        del example[name]

    assert KINDS[kind].from_json(example).as_json() == example


@pytest.mark.django_db
def test_it_is_served(client):
    as_json = client.get("/api/v1/openapi.json")
    as_yaml = client.get("/api/v1/openapi.yaml")
    again = client.get("/api/v1/openapi.json", headers={"If-None-Match": as_json["ETag"]})

    assert json.loads(as_json.content) == description()
    assert (as_json["Content-Type"], as_yaml["Content-Type"]) == (
        "application/json",
        "application/yaml",
    )
    assert as_yaml.content == written()
    assert again.status_code == 304


# --- What v1 promises -----------------------------------------------------------------------


def test_nothing_that_was_released_is_taken_away():
    """A release copies docs/openapi.yaml over docs/api-v1-released.yaml."""
    released = yaml.safe_load(RELEASED.read_text(encoding="utf-8"))

    assert breaking_changes(released, description()) == []


LIST = "/api/v1/practices/"
ONE = "/api/v1/practices/{code}/"
DRAFT = "/api/v1/drafts/practices/"


def parameter(schema, name, path=LIST):
    return next(one for one in schema["paths"][path]["get"]["parameters"] if one["name"] == name)


def properties(schema, name):
    return schema["components"]["schemas"][name]["properties"]


BREAKING = {
    "an address is gone": (
        lambda now: now["paths"].pop(ONE),
        [f"{ONE}: the address is gone"],
    ),
    "a method is gone": (
        lambda now: now["paths"]["/api/v1/drafts/practices/{code}/"].pop("patch"),
        ["PATCH /api/v1/drafts/practices/{code}/: the method is gone"],
    ),
    "a parameter is gone": (
        lambda now: now["paths"][LIST]["get"]["parameters"].remove(parameter(now, "sdg")),
        [f"GET {LIST}: the parameter sdg (query) is gone"],
    ),
    "a parameter is needed": (
        lambda now: parameter(now, "cycle").update(required=True),
        [f"GET {LIST}: the parameter cycle (query) is needed now"],
    ),
    "a new parameter is needed": (
        lambda now: now["paths"][LIST]["get"]["parameters"].append(
            {"name": "key", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
        [f"GET {LIST}: the parameter key (query) is needed now"],
    ),
    "a parameter has another type": (
        lambda now: parameter(now, "page_size")["schema"].update(type="string"),
        [f"GET {LIST}, page_size (query): integer is not taken any more"],
    ),
    "a value is not taken": (
        lambda now: parameter(now, "ordering")["schema"]["enum"].remove("-title"),
        [f"GET {LIST}, ordering (query): -title is not taken any more"],
    ),
    "a limit is narrower": (
        lambda now: parameter(now, "page_size")["schema"].update(maximum=100),
        [f"GET {LIST}, page_size (query): maximum is narrower"],
    ),
    "a field is gone": (
        lambda now: properties(now, "Progress").pop("stage"),
        ["GET /api/v1/pledges/ 200.results[].progress[]: the field stage is gone"],
    ),
    "a field has another type": (
        lambda now: properties(now, "Figure")["as_of"].update(type="string"),
        ["GET /api/v1/figures/ 200.results[].as_of: the type is string now"],
    ),
    "a field may be null": (
        lambda now: properties(now, "ReviewCycle")["year"].update(type=["integer", "null"]),
        ["GET /api/v1/cycles/ 200.results[].year: the type is null now"],
    ),
    "a field may be missing": (
        lambda now: now["components"]["schemas"]["ReviewCycle"]["required"].remove("year"),
        ["GET /api/v1/cycles/ 200.results[]: the field year may be missing now"],
    ),
    "a format is gone": (
        lambda now: now["paths"][LIST]["get"]["responses"]["200"]["content"].pop(
            "application/x-ndjson"
        ),
        [f"GET {LIST} 200: application/x-ndjson is gone"],
    ),
    "a header is gone": (
        lambda now: now["paths"][LIST]["get"]["responses"]["200"]["headers"].pop("Link"),
        [f"GET {LIST} 200: the header Link is gone"],
    ),
    "a column cannot be written": (
        lambda now: properties(now, "PracticeColumns").pop("summary"),
        [f"POST {DRAFT}, body: the field summary is gone"],
    ),
    "a column is needed": (
        lambda now: now["components"]["schemas"]["PracticeColumns"].update(required=["url"]),
        [f"POST {DRAFT}, body: the field url is needed now"],
    ),
    "a token is needed": (
        lambda now: now["paths"][LIST]["get"].update(security=[{"token": []}]),
        [f"GET {LIST}: it needs a token now"],
    ),
}


@pytest.mark.parametrize(("change", "told"), BREAKING.values(), ids=BREAKING)
def test_a_change_that_breaks_clients_is_found(change, told):
    now = deepcopy(description())

    change(now)

    assert breaking_changes(description(), now) == told


ADDING = {
    "an address": lambda now: now["paths"].update({"/api/v1/new/": now["paths"][LIST]}),
    "a parameter": lambda now: now["paths"][LIST]["get"]["parameters"].append(
        {"name": "new", "in": "query", "schema": {"type": "string"}}
    ),
    "a field": lambda now: properties(now, "Practice").update(new={"type": "string"}),
    "a value of a field": lambda now: properties(now, "Practice")["level"]["enum"].append("new"),
    "a value of a parameter": lambda now: parameter(now, "level")["schema"]["items"][
        "enum"
    ].append("new"),
    "a format": lambda now: now["paths"][LIST]["get"]["responses"]["200"]["content"].update(
        {"text/csv": {"schema": {"type": "string"}}}
    ),
    "a refusal": lambda now: now["paths"][LIST]["get"]["responses"].update(
        {"418": {"description": "New"}}
    ),
    "a meaning": lambda now: properties(now, "Practice")["level"].update(description="New."),
}


@pytest.mark.parametrize("change", ADDING.values(), ids=ADDING)
def test_adding_breaks_nobody(change):
    now = deepcopy(description())

    change(now)

    assert now != description()
    assert breaking_changes(description(), now) == []
