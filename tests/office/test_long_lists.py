"""Lists, pickers and search stay quick: a constant number of queries, each answered by index."""

import json
import re

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from objectives.queues import Asked, Group
from objectives.records import signed
from office.search import Search
from submissions.models import Practice
from tests.factories import (
    RECORD_FACTORIES,
    PracticeFactory,
    cycle,
    member_state,
    person,
)

pytestmark = pytest.mark.django_db


def list_of(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


# --- A constant number of queries -----------------------------------------------------------

SEARCH_QUERIES = {  # one more than the list where a word may be the name of a State
    "Stakeholder": 8,
    "Practice": 9,
    "Pledge": 8,
    "VoluntaryReport": 8,
    "Excerpt": 8,
    "Roundtable": 7,
    "Recommendation": 7,
    "Figure": 8,
}


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
@pytest.mark.parametrize("how_many", [1, 4])
def test_searching_a_list_costs_the_same_for_one_and_for_many(
    client, factory, how_many, django_assert_num_queries
):
    factory.create_batch(how_many, **{factory.model.title_column(): "Tessera " * 20})
    client.force_login(person("Reader"))

    with django_assert_num_queries(SEARCH_QUERIES[factory.model.__name__]):
        page = client.get(list_of(factory.model), {"q": "tess"})

    assert page.context["cl"].result_count == how_many


@pytest.mark.parametrize("how_many", [1, 4])
def test_global_search_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    for factory in RECORD_FACTORIES:
        factory.create_batch(how_many, **{factory.model.title_column(): "Tessera " * 20})
    client.force_login(person("Administrator"))

    with django_assert_num_queries(11):
        page = client.get(reverse("admin:search"), {"q": "tess"})

    assert {group.total for group in page.context["groups"]} == {how_many}


@pytest.mark.parametrize("how_many", [1, 4])
def test_picker_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, title="Tessera")
    client.force_login(person("Editor"))
    field = {"app_label": "submissions", "model_name": "citation", "field_name": "practice"}

    with django_assert_num_queries(7):
        answer = client.get(reverse("admin:autocomplete"), {"term": "tess", **field})

    assert len(answer.json()["results"]) == how_many


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
def test_no_list_counts_each_choice_of_its_filters(client, factory):
    """Django would count them all with `?_facets`, each time reading the whole table."""
    factory()
    client.force_login(person("Reader"))

    with CaptureQueriesContext(connection) as queries:
        client.get(list_of(factory.model), {"_facets": "True"})

    assert [one["sql"] for one in queries if '"0__c"' in one["sql"]] == []


# --- Answered by index ----------------------------------------------------------------------

HOW_MANY = 4000
BIG = "submissions_practice"


@pytest.fixture
def many(db):
    """Enough cheap rows for PostgreSQL to prefer an index, and its statistics."""
    review, state = cycle(), member_state("CHE")
    with signed(by=person("Administrator")):
        Practice.objects.bulk_create(
            Practice(
                code=f"P-{100_000 + number}",
                title=f"Measure {number:x} of the office",
                summary="Newcomers find every service in one place, and say what they need. " * 20,
                member_state=state if number % 100 == 0 else None,
                cycle=review,
                level="local",
            )
            for number in range(HOW_MANY)
        )
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {BIG}")


def scans(queryset) -> dict[str, set[str]]:
    """How PostgreSQL means to read the big table: kind of node → the indexes it uses."""
    found: dict[str, set[str]] = {}

    def walk(node):
        if node.get("Relation Name") == BIG or "practice" in node.get("Index Name", ""):
            kind = re.sub(r"^Parallel ", "", node["Node Type"])
            found.setdefault(kind, set()).add(node.get("Index Name", ""))
        for child in node.get("Plans", []):
            walk(child)

    (plan,) = json.loads(queryset.explain(format="json"))
    walk(plan["Plan"])
    return found


def indexes(queryset) -> set[str]:
    """The indexes used; a walk over the whole table fails."""
    found = scans(queryset)
    assert "Seq Scan" not in found
    return set().union(*found.values()) - {""}


def test_search_of_lists_and_pickers_is_answered_by_index(many):
    answered_by = {
        "P-1012": "submissions_practice_code",
        "abc": "practice_names",
        "lantern": "practice_words",
        "switzerland": "submissions_practice_member_state_id",
    }

    for q, index in answered_by.items():
        records = Search(q).among(Practice.objects.all())
        for asked in (records[:50], records.order_by().values("pk")):
            used = indexes(asked)
            assert [name for name in used if name.startswith(index)] != [], (q, used)


def test_what_waits_is_counted_by_index(many, rf):
    request = rf.get("/")
    request.user = User.objects.create_superuser("officer@example.org", name="Officer")
    queues = admin.site.get_model_admin(Practice).get_queues(request)
    waiting = [queue for queue in queues if queue.group == Group.WAITING]

    for queue in waiting:
        records = queue.of(Practice.objects.all(), Asked(person("Editor")))
        assert indexes(records.order_by().values("pk")) != set(), queue.name

    assert len(waiting) == 8


def test_list_reads_one_page_of_rows(many, client):
    client.force_login(person("Reader"))

    page = client.get(list_of(Practice))
    with CaptureQueriesContext(connection) as queries:
        client.get(list_of(Practice), {"p": 2})

    assert (page.context["cl"].result_count, len(page.context["cl"].result_list)) == (HOW_MANY, 50)
    reads = [one["sql"] for one in queries if f'FROM "{BIG}"' in one["sql"]]
    assert len(reads) == 2
    assert [sql for sql in reads if "COUNT(*)" not in sql and "LIMIT 50" not in sql] == []
