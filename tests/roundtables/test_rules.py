"""The rules of sittings and recommendations."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError

from sessions.models import (
    AgendaItem,
    Document,
    GuidingQuestion,
    Recommendation,
    Role,
    Roundtable,
    Statement,
)
from tests.broken_rules import added, changed, name_of, of_publishable, promised, refusal, twice
from tests.factories import (
    AgendaItemFactory,
    DocumentFactory,
    GuidingQuestionFactory,
    RecommendationFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    StatementFactory,
    cycle,
)

pytestmark = pytest.mark.django_db

FIRST, LAST = date(2024, 3, 11), date(2024, 3, 12)  # of RR2024


def itself(factory, field: str):
    def breaker():
        row = factory()
        return lambda: factory.model.objects.filter(pk=row.pk).update(**{field: row})

    return breaker


def a_roundtable_moved_away_from_its_recommendation():
    roundtable = RoundtableFactory()
    RecommendationFactory(roundtable=roundtable)
    return lambda: Roundtable.objects.update(cycle=cycle("RR2020"))


BROKEN = {
    # roundtables
    **of_publishable(RoundtableFactory),
    (Roundtable, "roundtable_code_well_formed"): added(RoundtableFactory, code="S1"),
    (Roundtable, "roundtable_choices_known"): changed(RoundtableFactory, type="dinner"),
    (Roundtable, "roundtable_ends_after_start"): changed(
        RoundtableFactory, starts_on=LAST, ends_on=FIRST
    ),
    (Roundtable, "roundtable_times_complete"): changed(
        RoundtableFactory, starts_on=FIRST, start_time=time(10)
    ),
    (Roundtable, "roundtable_ends_later_that_day"): changed(
        RoundtableFactory, starts_on=FIRST, start_time=time(10), end_time=time(10)
    ),
    (Roundtable, "roundtable_part_of_another"): itself(RoundtableFactory, "part_of"),
    (Roundtable, "roundtable_inside_its_cycle"): changed(
        RoundtableFactory, starts_on=date(2024, 3, 10)
    ),
    (Roundtable, "roundtable_keeps_its_recommendations"): (
        a_roundtable_moved_away_from_its_recommendation
    ),
    # what belongs to them
    (Role, "roundtables_role_has_one_party"): changed(RoleFactory, stakeholder=StakeholderFactory),
    (Role, "role_known"): changed(RoleFactory, role="guest"),
    (Role, "role_order_once"): twice(RoleFactory, "roundtable"),
    (AgendaItem, "agendaitem_minutes_plausible"): changed(AgendaItemFactory, minutes=0),
    (AgendaItem, "agendaitem_role_known"): changed(AgendaItemFactory, role="guest"),
    (AgendaItem, "agendaitem_order_once"): twice(AgendaItemFactory, "roundtable"),
    (GuidingQuestion, "guidingquestion_number_once"): twice(GuidingQuestionFactory, "roundtable"),
    (Statement, "roundtables_statement_has_one_party"): changed(
        StatementFactory, member_state=None
    ),
    (Statement, "statement_language_known"): changed(StatementFactory, language="de"),
    (Statement, "statement_order_once"): twice(StatementFactory, "roundtable"),
    (Document, "roundtables_document_choices_known"): changed(DocumentFactory, language="de"),
    (Document, "roundtables_document_sha256_well_formed"): changed(DocumentFactory, sha256=""),
    # recommendations
    **of_publishable(RecommendationFactory),
    (Recommendation, "recommendation_code_well_formed"): added(
        RecommendationFactory, code="R2024-1"
    ),
    (Recommendation, "recommendation_number_once"): twice(RecommendationFactory, "number"),
    (Recommendation, "recommendation_choices_known"): changed(
        RecommendationFactory, addressed_to=["everybody"]
    ),
    (Recommendation, "recommendation_continues_an_earlier"): changed(
        RecommendationFactory, continues=RecommendationFactory
    ),
    (Recommendation, "recommendation_continues_another"): itself(
        RecommendationFactory, "continues"
    ),
    (Recommendation, "recommendation_of_its_cycle"): changed(
        RecommendationFactory, roundtable=lambda: RoundtableFactory(cycle="RR2020")
    ),
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_roundtables_refuse_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


# --- Where a rule ends ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "allowed"),
    [
        ({}, True),
        ({"starts_on": FIRST, "ends_on": LAST}, True),
        ({"starts_on": LAST}, True),
        ({"starts_on": date(2024, 3, 10)}, False),
        ({"starts_on": date(2024, 3, 13)}, False),
        ({"starts_on": LAST, "ends_on": date(2024, 3, 13)}, False),
        ({"ends_on": date(2024, 3, 10)}, False),
    ],
)
def test_roundtable_sits_inside_its_cycle(days, allowed):
    if allowed:
        RoundtableFactory(**days)
    else:
        assert refusal(added(RoundtableFactory, **days))[0] == "roundtable_inside_its_cycle"


def test_roundtable_may_sit_on_the_days_of_preparation():
    review = cycle("RR2024")
    review.preparation_starts_on = date(2024, 2, 1)
    review.save()

    hearing = RoundtableFactory(type="hearing", starts_on=date(2024, 2, 1))

    assert hearing.starts_on == date(2024, 2, 1)


def test_cycle_without_dates_takes_roundtables_of_any_day():
    review = cycle("RR2024")
    type(review).objects.update(starts_on=None, ends_on=None)

    assert RoundtableFactory(starts_on=date(2023, 1, 1)).starts_on == date(2023, 1, 1)


def test_cycle_moves_with_room_for_its_roundtables():
    RoundtableFactory(starts_on=FIRST)
    review = cycle("RR2024")

    type(review).objects.filter(pk=review.pk).update(ends_on=FIRST)

    review.refresh_from_db()
    assert review.ends_on == FIRST


def test_sitting_may_end_after_midnight():
    sitting = RoundtableFactory(
        starts_on=FIRST, ends_on=LAST, start_time=time(22), end_time=time(1)
    )

    assert sitting.ends_on == LAST


@pytest.mark.parametrize("name", ["Europe/Zurich", "UTC", ""])
def test_roundtable_takes_time_zones_of_the_iana_database(name):
    roundtable = RoundtableFactory()
    roundtable.time_zone = name

    roundtable.full_clean()


def test_roundtable_refuses_what_is_no_time_zone():
    roundtable = RoundtableFactory()
    roundtable.time_zone = "Geneva"

    with pytest.raises(ValidationError) as refused:
        roundtable.full_clean()

    assert refused.value.message_dict == {
        "time_zone": ["“Geneva” is not a time zone: write a place, for example Europe/Zurich."]
    }


def test_general_recommendations_are_numbered_apart_from_those_of_a_roundtable():
    general = RecommendationFactory(number=1)

    of_roundtable = RecommendationFactory(number=1, roundtable=RoundtableFactory())

    assert general.cycle == of_roundtable.cycle
