"""Facets: what they count, against plain Python over the published documents."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from objectives.models import Objective, Region
from public.facets import facets_of
from public.lists import Pages, Question
from public.models import database_now
from public.moments import Moment
from public.names import Names
from public.workflow import Status
from tests.factories import (
    PracticeFactory,
    cluster,
    cycle,
    implementer_type,
    member_state,
    objective,
    principle,
    published,
    region,
    sdg,
    source_document,
)

CLUSTERS = {1: "RT1", 2: "RT1", 5: "RT2", 7: "RT2", 8: "RT2", 15: "RT3"}
SUBREGIONS = {"ALB": "south", "SRB": "south", "CHE": "west", "KGZ": "east", "TUR": "east"}
GROUPS = {"ALB": ["all"], "SRB": ["all", "union"], "CHE": ["all"], "KGZ": ["all"], "TUR": ["all"]}
CHOICES = {
    "q": ["river", "harvest", "bridge"],
    "objective": ["1", "2", "5", "7", "8", "15"],
    "primary_objective": ["1", "2", "5", "7", "8", "15"],
    "cluster": ["RT1", "RT2", "RT3"],
    "member_state": list(SUBREGIONS),
    "subregion": ["south", "west", "east"],
    "region": ["all", "union"],
    "party": list(SUBREGIONS),
    "cycle": ["RR2020", "IMRF2022", "RR2024"],
    "principle": ["gender", "child", "rights"],
    "sdg": ["5", "8", "10"],
    "implementer_type": ["state", "ngo", "city"],
    "level": ["local", "national", "regional"],
    "year": ["2018", "2019", "2020"],
    "covid19": ["true", "false"],
    "language": ["en", "fr", "ru"],
    "source": ["SR2020", "SR2024"],
}


def reference_data():
    for number, code in CLUSTERS.items():
        group = cluster(code)
        objective(number)
        Objective.objects.filter(number=number).update(cluster=group)
    for code in ("all", "union"):
        Region.objects.filter(pk=region(code).pk).update(kind="group")
    for iso3, code in SUBREGIONS.items():
        state = member_state(iso3)
        state.regions.set(region(group) for group in GROUPS[iso3])
        type(state).objects.filter(pk=state.pk).update(subregion=region(code))
    for make, name in (
        (cycle, "cycle"),
        (principle, "principle"),
        (implementer_type, "implementer_type"),
        (source_document, "source"),
    ):
        for code in CHOICES[name]:
            make(code)
    for number in CHOICES["sdg"]:
        sdg(int(number))


def some(dice, name, most):
    return dice.sample(CHOICES[name], dice.randint(0, min(most, len(CHOICES[name]))))


def practice(dice, **options):
    """A practice with values thrown by dice."""
    numbers = dice.sample(sorted(CLUSTERS), dice.randint(1, 3))
    return PracticeFactory(
        title=" ".join(["Practice", *some(dice, "q", 2)]),
        summary="It works.",
        objectives=numbers,
        member_states=some(dice, "member_state", 3),
        member_state=dice.choice([None, *SUBREGIONS]),
        principles=some(dice, "principle", 2),
        sdgs=[int(number) for number in some(dice, "sdg", 2)],
        implementer_types=some(dice, "implementer_type", 2),
        sources=some(dice, "source", 2),
        cycle=dice.choice(CHOICES["cycle"]),
        level=dice.choice(CHOICES["level"]),
        language=dice.choice(CHOICES["language"]),
        year_start=dice.choice([None, 2018, 2019, 2020]),
        covid19=dice.random() < 0.3,
        **options,
    )


@pytest.fixture(scope="module")
def documents(django_db_setup, django_db_blocker):
    """Sixty published practices, and as many values in practices that are not public."""
    with django_db_blocker.unblock(), transaction.atomic():
        dice = random.Random(7)  # noqa: S311  # no secret
        reference_data()
        shown = [practice(dice, published=True) for _ in range(60)]
        for status in (Status.DRAFT, Status.IN_REVIEW, Status.APPROVED, Status.WITHDRAWN):
            practice(dice, status=status)
        published(practice(dice), at=database_now() + timedelta(days=1))
        yield [one.document() for one in shown]
        transaction.set_rollback(True)


def values_of(document, name) -> set[str]:
    """What this document has of a filter, in the words of an address."""
    match name:
        case "q":
            return {word for word in CHOICES["q"] if word in document.title}
        case "objective":
            return {str(number) for number in document.objectives}
        case "primary_objective":
            return {str(number) for number in document.primary_objectives}
        case "cluster":
            return {CLUSTERS[number] for number in document.objectives}
        case "member_state":
            return set(document.member_states)
        case "subregion":
            return {SUBREGIONS[iso3] for iso3 in document.member_states}
        case "region":
            return {group for iso3 in document.member_states for group in GROUPS[iso3]}
        case "party":
            return {document.party.member_state} if document.party else set()
        case "principle":
            return set(document.principles)
        case "sdg":
            return {str(number) for number in document.sdgs}
        case "implementer_type":
            return set(document.implementer_types)
        case "year":
            return {str(document.year_start)} if document.year_start else set()
        case "covid19":
            return {"true" if document.covid19 else "false"}
        case "source":
            return set(document.source.documents)
    return {getattr(document, name)}


def having(documents, chosen) -> list:
    """The documents that have one of the values of each filter."""
    return [
        document
        for document in documents
        if all(values_of(document, name) & set(values) for name, values in chosen.items())
    ]


def expected_facets(documents, chosen) -> dict[str, dict[str, int]]:
    facets = {}
    for name in set(CHOICES) - {"q"}:
        others = {other: values for other, values in chosen.items() if other != name}
        counts = Counter(
            value for one in having(documents, others) for value in values_of(one, name)
        )
        facets[name] = (
            counts | Counter() | {value: counts[value] for value in chosen.get(name, [])}
        )
    return {name: dict(counts) for name, counts in facets.items() if counts}


def question(query, **asked) -> Question:
    class Request:
        GET = QueryDict(query, mutable=True)
        moment = database_now()

    for name, values in asked.items():
        Request.GET.setlist(name, values)
    moment = Moment(Request)
    return Question("practice", Request.GET, moment, Names(moment))


some_filters = st.lists(st.sampled_from(sorted(CHOICES)), max_size=4, unique=True).flatmap(
    lambda names: st.fixed_dictionaries(
        {
            name: st.lists(
                st.sampled_from(CHOICES[name]),
                min_size=1,
                max_size=1 if name == "q" else 3,
                unique=True,
            )
            for name in names
        }
    )
)


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
