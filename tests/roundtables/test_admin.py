"""Entering sittings and recommendations."""

import pytest
from django.urls import reverse

from sessions.models import Recommendation, Role, Roundtable
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
    member_state,
    objective,
    person,
)
from tests.sent import sent
from tests.submissions.test_admin import errors, new, opened, screen

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    client.force_login(person("Roundtable officer"))
    return client


# --- Codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"type": "roundtable", "number": "7"}, "RR2024-S7"),
        ({"type": "roundtable"}, "RR2024-S2"),  # the first is there
        ({"type": "opening"}, "RR2024-OPEN"),
        ({"type": "closing"}, "RR2024-CLOSE"),
        ({"type": "hearing"}, "RR2024-H1"),
        ({"type": "consultation"}, "RR2024-CON1"),
        ({"type": "side_event", "number": "3"}, "RR2024-SE3"),
        ({"type": "roundtable", "number": "1", "part_of-code": "RR2024-S1"}, "RR2024-S1-R1"),
        ({"type": "roundtable", "code": "RR2024-PLENARY"}, "RR2024-PLENARY"),
    ],
)
def test_sitting_gets_its_code_from_cycle_type_and_number(staff, cells, code):
    RoundtableFactory(code="RR2024-S1")
    typed = new(staff, Roundtable, cycle=cycle().pk, title_en="On data", **cells)

    answer = staff.post(screen(Roundtable, "add"), typed)

    assert answer.status_code == 302
    assert Roundtable.objects.get(title_en="On data").code == code


def test_second_opening_is_numbered_and_a_taken_number_is_refused(staff):
    RoundtableFactory(code="RR2024-OPEN")
    RoundtableFactory(code="RR2024-S1")
    common = {"cycle": cycle().pk, "title_en": "On data"}

    staff.post(screen(Roundtable, "add"), new(staff, Roundtable, **common, type="opening"))
    taken = staff.post(screen(Roundtable, "add"), new(staff, Roundtable, **common, number="1"))

    assert Roundtable.objects.get(title_en="On data").code == "RR2024-OPEN2"
    assert list(errors(taken)) == ["code"]


def test_recommendation_gets_the_next_number_and_its_code(staff):
    roundtable = RoundtableFactory(code="RR2024-S1")
    words = {"cycle": cycle().pk, "text": "Count who is missing."}
    for place in ({"roundtable": roundtable.pk}, {"roundtable": roundtable.pk}, {}):
        typed = new(staff, Recommendation, **words, **place)
        staff.post(screen(Recommendation, "add"), typed)

    assert list(Recommendation.objects.order_by("id").values_list("code", "number")) == [
        ("R2024-S1-01", 1),
        ("R2024-S1-02", 2),
        ("R2024-G-01", 1),
    ]


# --- Parts ----------------------------------------------------------------------------------


def test_sitting_is_entered_with_everything_that_belongs_to_it(staff):
    objective(7)
    stakeholder = StakeholderFactory()
    typed = new(
        staff,
        Roundtable,
        **{
            "cycle": cycle().pk,
            "title_en": "On data",
            "objectives": ["7"],
            "languages": ["en", "ru"],
            "roles-0-role": "moderator",
            "roles-0-person": "Ana Hoxha",
            "roles-0-member_state": member_state("ALB").pk,
            "agenda-0-title": "Opening",
            "agenda-0-minutes": "10",
            "questions-0-text": "What has worked?",
            "questions-0-objectives": ["7"],
            "statements-0-stakeholder-code": stakeholder.code,
            "statements-0-text": "We opened centres.",
        },
    )

    answer = staff.post(screen(Roundtable, "add"), typed)

    assert answer.status_code == 302
    document = Roundtable.objects.for_document().get().document()
    assert (document.objectives, document.languages) == ([7], ["en", "ru"])
    assert [(one.role, one.person, one.party.member_state) for one in document.roles] == [
        ("moderator", "Ana Hoxha", "ALB")
    ]
    assert [(one.title, one.minutes) for one in document.agenda] == [("Opening", 10)]
    assert [(one.number, one.objectives) for one in document.questions] == [(1, [7])]
    assert [one.party.stakeholder for one in document.statements] == [stakeholder.code]


def test_roles_may_change_places_and_new_ones_come_last(staff):
    roundtable = RoundtableFactory()
    for place, name in enumerate(("Ana", "Ben", "Chi"), start=1):
        RoleFactory(roundtable=roundtable, sort_order=place, person=name)

    answer = staff.post(
        screen(roundtable),
        opened(
            staff,
            roundtable,
            **{
                "roles-0-sort_order": "2",
                "roles-1-sort_order": "1",
                "roles-2-sort_order": "",
                "roles-3-role": "panellist",
                "roles-3-person": "Dea",
                "roles-3-member_state": member_state("ALB").pk,
            },
        ),
    )

    assert answer.status_code == 302
    order = Role.objects.order_by("sort_order").values_list("sort_order", "person")
    assert list(order) == [(1, "Ben"), (2, "Ana"), (3, "Chi"), (4, "Dea")]


@pytest.mark.parametrize(
    ("part", "order"),
    [
        (RoleFactory, "roles-1-sort_order"),
        (AgendaItemFactory, "agenda-1-sort_order"),
        (GuidingQuestionFactory, "questions-1-number"),
        (StatementFactory, "statements-1-sort_order"),
    ],
)
def test_two_parts_in_one_place_are_refused(staff, part, order):
    roundtable = RoundtableFactory()
    name = order.rpartition("-")[2]
    for place in (1, 2):
        part(roundtable=roundtable, **{name: place})

    answer = staff.post(screen(roundtable), opened(staff, roundtable, **{order: "1"}))

    prefix = order.partition("-")[0]
    assert list(errors(answer)) == [order, prefix]


ROLE = {"roles-0-role": "moderator", "roles-0-person": "Ana"}
ITEM = {"agenda-0-title": "Opening", "agenda-0-minutes": "10"}


@pytest.mark.parametrize(
    ("cells", "refused"),
    [
        (ROLE, "roles-0-__all__"),
        (ROLE | {"roles-0-role": "clown"}, "roles-0-role"),
        (ROLE | {"roles-0-member_state-code": "XXX"}, "roles-0-member_state"),
        (ROLE | {"roles-0-sort_order": "-1"}, "roles-0-sort_order"),
        (ROLE | {"roles-0-email": "nobody"}, "roles-0-email"),
        (ITEM | {"agenda-0-minutes": "0"}, "agenda-0-minutes"),
        (ITEM | {"agenda-0-minutes": "601"}, "agenda-0-__all__"),
        (ITEM | {"agenda-0-role": "clown"}, "agenda-0-role"),
        ({"questions-0-objectives": ["7"]}, "questions-0-text"),
        ({"questions-0-text": "?", "questions-0-objectives": ["99"]}, "questions-0-objectives"),
        ({"questions-0-text": "?", "questions-0-number": "x"}, "questions-0-number"),
        ({"statements-0-text": "We did."}, "statements-0-__all__"),
        ({"statements-0-text": "x", "statements-0-language": "de"}, "statements-0-language"),
        ({"files-0-title": "Note"}, "files-0-upload"),
        ({"languages": ["de"]}, "languages"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"start_time": "10:00"}, "__all__"),
        ({"starts_on": "2031-01-01"}, "__all__"),
        ({"starts_on": "2024-03-12", "ends_on": "2024-03-11"}, "__all__"),
    ],
)
def test_what_the_database_would_refuse_is_refused_on_the_form(staff, cells, refused):
    objective(7)
    roundtable = RoundtableFactory()

    answer = staff.post(screen(roundtable), opened(staff, roundtable, **cells))

    assert answer.status_code == 200
    assert refused in errors(answer)
    roundtable.refresh_from_db()
    assert roundtable.version == 1


# --- Recommendations of a sitting -----------------------------------------------------------


def test_sitting_leads_to_its_recommendations_and_to_a_new_one(staff):
    roundtable = RoundtableFactory(code="RR2024-S1")
    known = RecommendationFactory(roundtable=roundtable)

    page = staff.get(screen(roundtable)).content.decode()
    address = (
        f"{reverse('admin:roundtables_recommendation_add')}"
        f"?cycle={roundtable.cycle_id}&roundtable={roundtable.pk}"
    )
    form = sent(staff.get(address))

    assert f'<a href="{screen(known)}">{known.code}</a>' in page
    assert address.replace("&", "&amp;") in page
    assert (form["cycle"], form["roundtable"]) == (
        [str(roundtable.cycle_id)],
        [str(roundtable.pk)],
    )


def test_who_may_not_add_recommendations_is_not_led_there(client):
    roundtable = RoundtableFactory()
    client.force_login(person("Reader"))

    page = client.get(screen(roundtable)).content.decode()

    assert reverse("admin:roundtables_recommendation_add") + "?" not in page
    assert "None yet." in page


# --- Screens --------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(("role", "queries"), [("Roundtable officer", 33), ("Reader", 23)])
def test_screen_costs_the_same_for_one_part_and_for_four(
    client, role, queries, how_many, django_assert_num_queries
):
    roundtable = RoundtableFactory()
    stakeholder = StakeholderFactory()
    for place in range(1, how_many + 1):
        RoleFactory(roundtable=roundtable, sort_order=place)
        AgendaItemFactory(roundtable=roundtable, sort_order=place)
        GuidingQuestionFactory(roundtable=roundtable, number=place, objectives=[7])
        StatementFactory(
            roundtable=roundtable,
            sort_order=place,
            member_state=None,
            stakeholder=stakeholder,
            objectives=[7],
        )
        DocumentFactory(roundtable=roundtable)
        RecommendationFactory(roundtable=roundtable)
    client.force_login(person(role))
    client.get(screen(roundtable))

    with django_assert_num_queries(queries):
        client.get(screen(roundtable))
