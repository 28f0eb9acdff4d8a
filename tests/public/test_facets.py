"""Facets: what they count, against plain Python over the published documents."""

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings

from public.facets import facets_of
from public.lists import Pages, Question
from public.models import database_now
from public.moments import Moment
from public.names import Names
from tests.public.varied_practices import CHOICES, expected_facets, having, some_filters


def question(query="", **asked) -> Question:
    class Request:
        GET = QueryDict(query, mutable=True)
        moment = database_now()

    for name, values in asked.items():
        Request.GET.setlist(name, values)
    moment = Moment(Request)
    return Question("practice", Request.GET, moment, Names(moment))


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chosen=some_filters)
@pytest.mark.django_db
def test_facets_lists_and_pages_agree_whatever_is_chosen(documents, chosen):
    asked = question("page_size=100", **chosen)
    codes = {document.code for document in having(documents, chosen)}

    counted = facets_of(asked.filters)

    assert {record.code for record in asked.records} == codes
    assert [record.code for record in Pages(asked).page(1)] == [
        record.code for record in asked.ordered
    ]
    assert counted.total == asked.count == len(codes)
    assert {
        facet.name: {value.value: value.count for value in facet.values}
        for facet in counted.facets
    } == expected_facets(documents, chosen)
    assert counted.without == {
        name: len(having(documents, {a: b for a, b in chosen.items() if a != name}))
        for name in chosen
    }


@pytest.mark.django_db
def test_count_of_a_value_is_the_length_of_the_list_with_it(documents):
    asked = question("objective=7&subregion=south")

    for facet in facets_of(asked.filters).facets:
        for value in facet.values:
            longer = {facet.name: [*asked.chosen.get(facet.name, []), value.value]}
            alone = {facet.name: [value.value]}
            one = question("objective=7&subregion=south", **alone)
            several = question("objective=7&subregion=south", **longer)

            assert one.count == value.count
            assert several.count == len(having(documents, several.chosen))


@pytest.mark.django_db
def test_facets_cost_one_query_whatever_is_chosen(documents, django_assert_num_queries):
    many = "&".join(f"{name}={values[0]}" for name, values in CHOICES.items())

    for query in ("", "objective=7", many):
        asked = question(query)
        facets_of(asked.filters)  # names are read once for a page, and are its own cost

        with django_assert_num_queries(1):
            facets_of(asked.filters)


@pytest.mark.django_db
def test_facet_shows_what_is_chosen_though_nothing_has_it(documents):
    asked = question("objective=7&level=local&cycle=RR2020&year=1950")

    facets = {facet.name: facet for facet in facets_of(asked.filters).facets}

    assert [(one.value, one.count) for one in facets["objective"].values if one.chosen] == [
        ("7", 0)
    ]
    assert ("1950", 0) in [(one.value, one.count) for one in facets["year"].values]
    assert "principle" not in facets
