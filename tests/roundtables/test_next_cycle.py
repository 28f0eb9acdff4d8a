"""Opening the next cycle: what is carried over, once, as drafts to be confirmed."""

from datetime import date, time

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import Change
from objectives.models import Doubt, ReviewCycle
from sessions.models import Recommendation, Role, Roundtable
from sessions.next_cycle import (
    expected_to_report,
    moved,
    new_code,
    next_year,
    open_cycle,
    proposal,
)
from tests.factories import (
    AgendaItemFactory,
    GuidingQuestionFactory,
    RecommendationFactory,
    RoleFactory,
    RoundtableFactory,
    cluster,
    cycle,
    member_state,
    objective,
    person,
    region,
)

pytestmark = pytest.mark.django_db

ADDRESS = "/admin/next-cycle/"


@pytest.fixture
def last(db):
    """A cycle with an opening, a roundtable inside it, and two recommendations."""
    opening = RoundtableFactory(
        code="RR2024-OPEN",
        title_en="Opening of 2024",
        starts_on=date(2024, 3, 11),
        ends_on=date(2024, 3, 12),
        start_time=time(9),
        end_time=time(18),
        time_zone="Europe/Zurich",
    )
    session = RoundtableFactory(
        code="RR2024-S1", part_of=opening, number=1, cluster=cluster("RT2"), objectives=[7, 15]
    )
    AgendaItemFactory(roundtable=session, title="Introductory remarks", minutes=5)
    GuidingQuestionFactory(roundtable=session, number=1, objectives=[7])
    RoleFactory(roundtable=session)
    RecommendationFactory(code="R2024-S1-01", roundtable=session, number=1, objectives=[7])
    RecommendationFactory(code="R2024-G-01", number=1, strength="urged", follow_up="A start.")
    RoundtableFactory(code="RR2024-GONE", status="withdrawn")
    return cycle("RR2024")


def form_of(page) -> dict:
    """What a browser would send of the page as it was opened."""
    context = page.context
    forms = [context["cycle_form"]]
    for many in (context["roundtables"], context["recommendations"]):
        forms += [many.management_form, *many.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            if value not in (None, False):
                sent[field.html_name] = "on" if value is True else value
    return sent


def officer(client):
    client.force_login(person("Roundtable officer"))
    return client


# --- Words and days -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2024, 3, 11), 4, date(2028, 3, 13)),
        (date(2020, 2, 29), 4, date(2024, 3, 2)),
        (date(2024, 12, 30), 1, date(2025, 12, 29)),
        (None, 4, None),
    ],
)
def test_days_keep_their_place_in_the_week(day, years, then):
    assert moved(day, years) == then
    assert day is None or then.weekday() == day.weekday()


@pytest.mark.parametrize(
    ("code", "new"), [("RR2024-RT1-A", "RR2028-RT1-A"), ("R2024-G-01", "R2028-G-01")]
)
def test_codes_of_copies_have_the_new_year(code, new):
    assert new_code(code, cycle("RR2024"), "RR2028", 2028) == new


def test_next_year_is_as_far_away_as_the_last_one_was():
    assert next_year(cycle("RR2024")) == 2028
    ReviewCycle.objects.create(code="RR2021", kind="regional_review", year=2021, name_en="2021")
    assert next_year(cycle("RR2024")) == 2027


def test_states_of_the_region_are_expected_to_report():
    here = member_state("ALB")
    member_state("CHE")
    here.regions.set([region("UNECE")])
    regional, forum = cycle("RR2024"), cycle("IMRF2022")
    regional.region = region("UNECE")

    assert list(expected_to_report(regional)) == [here]
    assert expected_to_report(forum).count() == 2


# --- Carrying over --------------------------------------------------------------------------


def test_everything_is_carried_over_as_drafts(client, last):
    staff = officer(client)
    page = staff.get(ADDRESS, {"source": "RR2024"})
    sent = form_of(page)

    looked = staff.post(f"{ADDRESS}?source=RR2024", sent)
    answer = staff.post(f"{ADDRESS}?source=RR2024", sent | {"confirm": "yes"})

    assert page.context["counts"] == looked.context["counts"]
    assert looked.context["counts"] == {
        "roundtables": 2,
        "items": 1,
        "questions": 1,
        "recommendations": 2,
        "states": 1,
    }
    new = ReviewCycle.objects.get(code="RR2028")
    assert answer["Location"] == (
        reverse("admin:roundtables_roundtable_changelist") + f"?cycle__id__exact={new.pk}"
    )
    assert (new.year, new.kind, new.name_en, new.starts_on, new.ends_on, new.facts) == (
        2028,
        "regional_review",
        "Review of 2028",
        date(2028, 3, 13),
        date(2028, 3, 14),
        "The days are to be confirmed.",
    )
    opening, session = Roundtable.objects.filter(cycle=new).order_by("code")
    assert (opening.code, opening.title_en, opening.starts_on, opening.start_time) == (
        "RR2028-OPEN",
        "Opening of 2028",
        date(2028, 3, 13),
        time(9),
    )
    assert (session.code, session.part_of, session.cluster, session.status) == (
        "RR2028-S1",
        opening,
        cluster("RT2"),
        "draft",
    )
    assert list(session.objectives.all()) == [objective(7), objective(15)]
    assert [(one.title, one.minutes) for one in session.agenda.all()] == [
        ("Introductory remarks", 5)
    ]
    question = session.questions.get()
    assert (question.text, question.staff_notes) == (
        "What has worked?",
        "Asked in RR2024-S1. To be confirmed.",
    )
    assert list(question.objectives.all()) == [objective(7)]
    assert Role.objects.filter(roundtable__cycle=new).count() == 0
    general, of_session = Recommendation.objects.filter(cycle=new).order_by("code")
    assert (general.code, general.continues.code, general.strength, general.follow_up) == (
        "R2028-G-01",
        "R2024-G-01",
        "urged",
        "",
    )
    assert (of_session.code, of_session.roundtable, of_session.status) == (
        "R2028-S1-01",
        session,
        "draft",
    )
    assert Doubt.objects.get(table="review_cycles", code="RR2028").settled_on is None
    by = {(one.by, one.step) for one in Change.objects.filter(code__contains="2028")}
    assert by == {(person("Roundtable officer"), "next_cycle")}


def test_what_is_changed_or_left_out_is_respected(client, last):
    staff = officer(client)
    sent = form_of(staff.get(ADDRESS, {"source": "RR2024", "year": "2026"}))
    sent |= {
        "cycle-name_en": "Mid-term review",
        "roundtables-0-title_en": "A new beginning",
        "roundtables-0-code": "RR2026-START",
        "roundtables-0-starts_on": "",
        "roundtables-0-ends_on": "",
    }
    codes = {sent[f"roundtables-{n}-code"]: n for n in (0, 1)}
    del sent[f"roundtables-{codes['RR2026-S1']}-take"]
    numbers = {sent[f"recommendations-{n}-code"]: n for n in (0, 1)}
    del sent[f"recommendations-{numbers['R2026-S1-01']}-take"]

    staff.post(f"{ADDRESS}?source=RR2024&year=2026", sent | {"confirm": "yes"})

    new = ReviewCycle.objects.get(code="RR2026")
    assert new.name_en == "Mid-term review"
    assert [
        (one.code, one.title_en, one.starts_on, one.start_time) for one in new.roundtables.all()
    ] == [("RR2026-START", "A new beginning", None, None)]
    assert [one.code for one in new.recommendations.all()] == ["R2026-G-01"]


def test_confirming_twice_creates_nothing_twice(client, last):
    staff = officer(client)
    sent = form_of(staff.get(ADDRESS, {"source": "RR2024"})) | {"confirm": "yes"}
    staff.post(f"{ADDRESS}?source=RR2024", sent)
    before = Roundtable.objects.count()

    again = staff.post(f"{ADDRESS}?source=RR2024", sent)

    assert again.status_code == 200
    assert again.context["cycle_form"].errors == {
        "code": ["Review cycle with this Code already exists."]
    }
    assert Roundtable.objects.count() == before


def test_what_the_database_refuses_is_said_and_nothing_is_kept(client, last):
    staff = officer(client)
    sent = form_of(staff.get(ADDRESS, {"source": "RR2024"}))
    sent |= {"roundtables-0-ends_on": "2029-01-01", "roundtables-0-title_en": "Typed"}

    answer = staff.post(f"{ADDRESS}?source=RR2024", sent | {"confirm": "yes"})

    assert answer.context["cycle_form"].non_field_errors() == [
        "RR2028-OPEN: A roundtable sits between the first day of its cycle, or of its preparation,"
        " and the last."
    ]
    assert answer.context["roundtables"].forms[0]["title_en"].value() == "Typed"
    assert not ReviewCycle.objects.filter(code="RR2028").exists()
    assert not Doubt.objects.filter(code="RR2028").exists()


def test_recommendation_comes_with_its_roundtable(client, last):
    staff = officer(client)
    sent = form_of(staff.get(ADDRESS, {"source": "RR2024"}))
    for number in (0, 1):
        sent.pop(f"roundtables-{number}-take")

    answer = staff.post(f"{ADDRESS}?source=RR2024", sent)

    said = [form.errors.get("take") for form in answer.context["recommendations"].forms]
    assert said.count(None) == 1
    assert ["Its roundtable is not carried over: tick that, or leave this out."] in said


@pytest.mark.parametrize(
    "bad",
    [
        {"cycle-code": "next"},
        {"cycle-year": "soon"},
        {"cycle-name_en": "\0"},
        {"cycle-starts_on": "2028-02-31"},
        {"cycle-ends_on": "2027-01-01"},
        {"roundtables-0-code": ""},
        {"roundtables-0-code": "RR2024-OPEN"},
        {"roundtables-1-code": "RR2028-OPEN", "roundtables-0-code": "RR2028-OPEN"},
        {"roundtables-0-source": "9" * 5000},
        {"roundtables-0-source": ""},
        {"roundtables-TOTAL_FORMS": "x"},
        {"recommendations-0-code": "R2024-G-01"},
        {"cycle-code": "RR2024"},
        {"cycle-year": "2020", "cycle-code": "RR2030"},
    ],
)
def test_bad_input_is_refused_and_nothing_typed_is_lost(client, last, bad):
    staff = officer(client)
    sent = form_of(staff.get(ADDRESS, {"source": "RR2024"})) | bad | {"cycle-place": "Geneva"}

    answer = staff.post(f"{ADDRESS}?source=RR2024", sent | {"confirm": "yes"})

    assert answer.status_code == 200
    assert answer.context["faulty"] is True
    assert answer.context["cycle_form"]["place"].value() == "Geneva"
    assert set(ReviewCycle.objects.values_list("code", flat=True)) == {"RR2024"}


@pytest.mark.parametrize(
    "question",
    [
        {"source": "RR1900"},
        {"source": ""},
        {"source": "\0"},
        {"source": "RR2024", "year": "2024"},
        {"source": "RR2024", "year": "x"},
    ],
)
def test_choice_that_makes_no_sense_is_refused_with_words(client, last, question):
    answer = officer(client).get(ADDRESS, question)

    assert answer.status_code == 200
    assert answer.context["form"].errors != {}


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("Reader", 403),
        ("Editor", 403),
        ("Reviewer", 403),
        ("Publisher", 403),
        ("Administrator", 403),
        ("Roundtable officer", 200),
    ],
)
def test_roles(client, last, role, status):
    client.force_login(person(role))

    assert client.get(ADDRESS).status_code == status
    assert client.post(f"{ADDRESS}?source=RR2024", {"confirm": "yes"}).status_code == status
    listed = client.get(reverse("admin:objectives_reviewcycle_changelist"))
    assert (ADDRESS in listed.content.decode()) == (status == 200)


@pytest.mark.parametrize("limit", ["cycle", "region"])
def test_scope_is_kept(last, limit):
    by = person("Roundtable officer")
    setattr(by, limit, cycle("RR2024") if limit == "cycle" else region("ASIA"))

    with pytest.raises(ValidationError, match="limited to another part"):
        open_cycle(last, values=proposal(last, 2028), roundtables=[], recommendations=[], by=by)


@pytest.mark.parametrize("how_many", [1, 4])
def test_page_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    for session in RoundtableFactory.create_batch(how_many, objectives=[7]):
        AgendaItemFactory(roundtable=session)
        GuidingQuestionFactory(roundtable=session)
        RecommendationFactory(roundtable=session, objectives=[7])
    staff = officer(client)

    with django_assert_num_queries(11):
        staff.get(ADDRESS, {"source": "RR2024"})
