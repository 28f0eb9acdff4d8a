"""What the description of the API allows, and what it forbids, asked of the real application.

Schemathesis makes the requests and judges each answer by the description, with all its checks.
Here it makes a few; `make fuzz` makes FUZZ_EXAMPLES for each operation, and tries the borders of
every parameter.
"""

import logging
import os
from copy import deepcopy
from datetime import UTC, datetime

import pytest
import schemathesis
from schemathesis.engine import Status, events, from_schema

from accounts.tokens import check_sum, new_secret
from objectives.models import Region
from office.drafts import kinds
from public.api.records import RESOURCES
from public.api.reference import TABLES
from public.api.schema import description
from public.lists import RELEVANCE, SORTS
from tests.browser import public_site
from tests.factories import RECORD_FACTORIES, TokenFactory, person

pytestmark = pytest.mark.django_db(transaction=True)  # as a server: no transaction around it

DRAFTS = {
    "practice": "P-9001",
    "pledge": "PL-9001",
    "report": "VR-2024-ALB-9",
    "stakeholder": "ST-9001",
    "roundtable": "RR2024-S9",
    "recommendation": "R2024-G-99",
    "excerpt": "EX-9001",
    "figure": "figure_9",
}
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "0"))
CONFIG = {
    "continue-on-failure": True,
    "generation": {"max-examples": EXAMPLES or 2},
    "phases": {"coverage": {"enabled": EXAMPLES > 0}},
    "operations": [
        {
            "include-path-regex": "/drafts/",
            "checks": {
                # What a record must be as a whole (dates in order, a primary objective among the
                # objectives, a version that is the newest) cannot be said of its fields: a draft
                # of well-formed fields may be refused.
                "positive_data_acceptance": {
                    "expected-statuses": ["2xx", "401", "404", "409", "412", "422"]
                },
                # An old version is refused (412) before anybody looks at the body.
                "negative_data_rejection": {
                    "expected-statuses": [
                        "400",
                        "401",
                        "404",
                        "405",
                        "406",
                        "409",
                        "412",
                        "413",
                        "415",
                        "422",
                        "428",
                    ]
                },
                # 428 is what RFC 6585 has for a missing If-Match.
                "missing_required_header": {"expected-statuses": ["400", "401", "428"]},
            },
        }
    ],
}


@pytest.fixture(autouse=True)
def site(settings, tmp_path):
    settings.API_REQUESTS_PER_MINUTE = 0
    settings.STATIC_ROOT = str(tmp_path)
    public_site.make()
    for factory in RECORD_FACTORIES:
        factory(code=DRAFTS[factory.model.kind])
    logging.disable(logging.WARNING)  # a line for each refusal
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def token() -> str:
    """The header of a token that may do all that tokens can."""
    owner = person("Editor")
    owner.groups.add(person("Roundtable officer").groups.get())
    secret = new_secret()
    everything = [model._meta.label_lower for model in kinds()]
    TokenFactory(owner=owner, kinds=everything, check_sum=check_sum(secret))
    return f"Bearer {secret}"


def of_this_database() -> dict:
    """The description, made as narrow as this database is.

    It says of a parameter that it takes codes of a list; here stand the codes, also those of the
    drafts. A cursor is made by the API, so the only one to invent is the empty one; and every
    parameter may be empty.
    """
    schema = deepcopy(description())
    codes = {
        f"/api/v1/{folder}/": list(serializer.Meta.model.objects.values_list(code, flat=True))
        for folder, (serializer, code, _together) in TABLES.items()
    }
    for kind, code in DRAFTS.items():
        for operation in schema["paths"][f"/api/v1/drafts/{RESOURCES[kind]}/{{code}}/"].values():
            operation["parameters"][0] |= {"schema": {"enum": [code]}, "example": code}
    for operations in schema["paths"].values():
        for parameter in operations.get("get", {}).get("parameters", []):
            values = parameter["schema"].get("items", parameter["schema"])
            if folder := values.get("x-codes-of"):
                values["enum"] = codes[folder]
            if kinds_of_regions := values.get("x-codes-of-kinds"):
                regions = Region.objects.filter(kind__in=kinds_of_regions)
                values["enum"] = list(regions.values_list("code", flat=True))
            if parameter["name"] == "cursor":
                values["enum"] = [""]
            if parameter["in"] == "query" and not parameter.get("required"):
                asked = dict(values)
                values.clear()
                values["anyOf"] = [asked, {"const": ""}]
    return schema


def is_past(case) -> bool:
    """`at` is not in the future: a schema has no word for that."""
    at = (case.query or {}).get("at")
    return not isinstance(at, str) or at <= f"{datetime.now(UTC):%F}"


def pages_one_way(case):
    """Whoever names a page has no cursor, and one order: a schema has no word for that either.

    Impossible values stay: they are what the case is about, and must be refused.
    """
    query = case.query or {}
    if "page" in query and query.get("cursor") == "":
        del query["cursor"]
    sort, twice = query.get("sort"), "ordering" in query or "cursor" in query
    if isinstance(sort, str) and sort in SORTS and (twice or sort == RELEVANCE):
        del query["sort"]
    return case


def failures(server, *, folder: str, **headers) -> list[str]:
    """What schemathesis finds wrong with the operations under an address."""
    # on a line that stays open, the test server would answer each request 40 ms later
    config = CONFIG | {"headers": {"Connection": "close"} | headers}
    schema = schemathesis.openapi.from_dict(
        of_this_database(), config=schemathesis.Config.from_dict(config)
    )
    schema.config.update(base_url=server.url)
    schema = schema.include(path_regex=folder)

    @schema.hook
    def filter_case(context, case):
        return is_past(case)

    @schema.hook
    def map_case(context, case):
        return pages_one_way(case)

    found, asked = {}, 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            found[event.label, "error"] = str(event.value)
        if isinstance(event, events.ScenarioFinished):
            asked += len(event.recorder.interactions)
            for checks in event.recorder.checks.values():
                for check in checks:
                    if check.status == Status.FAILURE:
                        wrong = check.failure_info
                        found[event.recorder.label, check.name] = (
                            f"{wrong.failure.title}: {wrong.failure.message}\n{wrong.code_sample}"
                        )
    assert asked > 100
    return [" ".join(map(str, what)) + ": " + says for what, says in found.items()]


def test_what_everybody_may_ask_is_answered_as_described(live_server):
    assert failures(live_server, folder="^/api/v1/") == []


def test_what_a_token_may_ask_is_answered_as_described(live_server, token):
    folder = "^/api/v1/" if EXAMPLES else "^/api/v1/drafts/"

    assert failures(live_server, folder=folder, Authorization=token) == []
