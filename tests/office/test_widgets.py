"""The controls of entry: what they show, what they take, and what they never lose."""

import datetime

import pytest
from django.urls import reverse
from django.utils import translation

from accounts.models import Change
from objectives.models import Objective, StakeholderType
from submissions.models import Pledge, Practice
from tests.factories import (
    RECORD_FACTORIES,
    AgendaItemFactory,
    ExcerptFactory,
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    ReportSectionFactory,
    RoleFactory,
    StakeholderFactory,
    StatementFactory,
    cycle,
    member_state,
    objective,
    person,
    principle,
    sdg,
    source_document,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db


def screen(record, view: str = "change") -> str:
    meta = record._meta
    args = [record.pk] if view == "change" else []
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=args)


@pytest.fixture
def office(client):
    def sign_in(role: str = "Editor"):
        client.force_login(person(role))
        return client

    return sign_in


@pytest.fixture
def staff(office):
    return office()


def error_of(answer, name: str) -> list[str]:
    return list(answer.context["adminform"].form.errors.get(name, []))


# --- What is sent as it was opened changes nothing ------------------------------------------


def full(factory):
    """A record with something in every control, and parts."""
    record = factory()
    values = {"member_states": member_state, "sources": source_document, "sdgs": sdg}
    for name, value in {**values, "principles": principle, "objectives": objective}.items():
        links = getattr(record, name, None)
        if links is not None and links.through._meta.auto_created:
            links.add(value())
    for name in ("summary", "text", "description", "staff_notes"):
        if hasattr(record, name):
            type(record).objects.filter(pk=record.pk).update(
                **{name: "One line.\nAnother.\n\nA third." * 15}
            )
    parts = {
        "Pledge": [(ProgressUpdateFactory, "pledge", {"text": "One.\nTwo."})],
        "VoluntaryReport": [(ReportSectionFactory, "report", {"text": "One.\nTwo."})],
        "Roundtable": [
            (RoleFactory, "roundtable", {}),
            (AgendaItemFactory, "roundtable", {}),
            (GuidingQuestionFactory, "roundtable", {"text": "One?\nTwo?"}),
            (StatementFactory, "roundtable", {}),
        ],
    }
    for part, owner, given in parts.get(factory.model.__name__, []):
        part(**{owner: record}, **given)
    if factory.model is Practice:
        Practice.objects.filter(pk=record.pk).update(partner_countries=["NGA", "XYZ"])
    return record


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
def test_form_that_is_sent_as_it_was_opened_changes_nothing(office, factory):
    record = full(factory)
    role = "Roundtable officer" if record._meta.app_label == "roundtables" else "Editor"
    staff = office(role)
    factory.model.objects.filter(pk=record.pk).update(edited_by=person(role))
    before = Change.objects.count()

    answer = staff.post(screen(record), sent(staff.get(screen(record))))

    assert answer.status_code == 302
    assert list(Change.objects.order_by("id").values("table_name", "was", "now")[before:]) == []


# --- Pickers --------------------------------------------------------------------------------


def filled(staff, factory, **cells):
    """What is typed into an empty form."""
    return sent(staff.get(screen(factory.model, "add"))) | cells


NEW = {"title": "Night buses", "summary": "Buses run all night.", "level": "local"}


def test_without_scripts_a_code_stands_for_a_record(staff):
    member_state("KGZ")
    stakeholder = StakeholderFactory()
    cells = filled(staff, PracticeFactory, **NEW, cycle=cycle().pk)

    staff.post(
        screen(Practice, "add"),
        cells
        | {
            "stakeholder-code": stakeholder.code.lower(),
            "member_states-code": f"kgz, {member_state('SRB').iso3}",
        },
    )

    practice = Practice.objects.get()
    assert practice.stakeholder == stakeholder
    assert [state.iso3 for state in practice.member_states.all()] == ["KGZ", "SRB"]


@pytest.mark.parametrize("value", ["999999", "abc", "-1", "1e3", "٣", "9" * 30])
@pytest.mark.parametrize("name", ["member_state", "member_states", "stakeholder-code", "cycle"])
def test_record_that_is_not_there_is_refused_and_nothing_typed_is_lost(staff, name, value):
    cells = filled(staff, PracticeFactory, **NEW) | {name: value}

    answer = staff.post(screen(Practice, "add"), cells)

    assert answer.status_code == 200
    assert error_of(answer, name.removesuffix("-code")) != []
    assert sent(answer)["summary"] == ["Buses run all night."]


@pytest.mark.parametrize(
    "query", ["member_state=abc", "objective_links=x,99", "member_states=1,x", "cycle=RR", "x=1"]
)
def test_address_of_a_new_form_may_hold_anything(staff, query):
    assert staff.get(f"{screen(Practice, 'add')}?{query}").status_code == 200


def test_picker_offers_what_is_in_use(staff):
    state = member_state("ALB")
    member_state("KGZ")
    type(state).objects.filter(pk=state.pk).update(retired_on=datetime.date(2026, 1, 1))

    answer = staff.get(
        reverse("admin:autocomplete"),
        {"app_label": "submissions", "model_name": "practice", "field_name": "member_state"},
    )

    assert [one["text"] for one in answer.json()["results"]] == ["Kyrgyzstan"]


def test_list_offers_what_is_in_use_and_what_the_record_has(staff):
    stakeholder = StakeholderFactory()
    StakeholderType.objects.update(retired_on=datetime.date(2026, 1, 1))

    old = staff.get(screen(stakeholder)).context["adminform"].form.fields["stakeholder_type"]
    new = staff.get(screen(stakeholder, "add")).context["adminform"].form
    answer = staff.post(screen(stakeholder), sent(staff.get(screen(stakeholder))))

    assert [label for _key, label in old.choices] == ["—", "civil_society"]
    assert [label for _key, label in new.fields["stakeholder_type"].choices] == ["—"]
    assert answer.status_code == 302


# --- Check lists ----------------------------------------------------------------------------


def test_retired_objective_is_offered_only_where_it_is_ticked(staff):
    practice, excerpt = PracticeFactory(objectives=[7]), ExcerptFactory(objectives=[7])
    objective(15)
    Objective.objects.filter(number=7).update(retired_on=datetime.date(2026, 1, 1))

    for record, name in ((practice, "objective_links"), (excerpt, "objectives")):
        assert sent(staff.get(screen(record)))[name] == ["7"]
        added = staff.get(screen(record, "add")).content.decode()
        assert f'name="{name}" value="15"' in added
        assert f'name="{name}" value="7"' not in added


def test_objectives_are_named_in_the_language_of_the_reader(staff):
    Objective.objects.filter(pk=objective(7).pk).update(short_title_fr="Vulnérabilités")
    form = staff.get(screen(Practice, "add")).context["adminform"].form

    with translation.override("fr"):
        assert "Vulnérabilités" in str(form["objective_links"])


@pytest.mark.parametrize("value", ["99", "x", "", "7 "])
def test_objective_that_is_not_there_is_refused(staff, value):
    practice = PracticeFactory()
    cells = sent(staff.get(screen(practice)))

    answer = staff.post(screen(practice), cells | {"objective_links": ["7", value]})

    assert error_of(answer, "objective_links") == [
        "There is no such objective: tick those of the list."
    ]


# --- Limits ---------------------------------------------------------------------------------


def limits(form, name: str) -> dict:
    attributes = form.fields[name].widget.attrs
    return {key: attributes.get(key) for key in ("data-least", "data-most", "maxlength")}


def test_controls_know_the_limits_of_the_database(staff):
    form = staff.get(screen(Pledge, "add")).context["adminform"].form

    assert limits(form, "text") == {"data-least": 300, "data-most": 3000, "maxlength": None}
    assert limits(form, "title") == {"data-least": None, "data-most": 300, "maxlength": None}
    assert limits(form, "staff_notes") == {
        "data-least": None,
        "data-most": None,
        "maxlength": None,
    }
    assert str(form.fields["title"].help_text).strip() == "At most 300 characters."


@pytest.mark.parametrize(
    ("name", "text", "most", "length"),
    [("title", "ж" * 301, 300, 301), ("text", "ж" * 3000 + "\r\n😀", 3000, 3002)],
)
def test_refusal_of_a_long_text_says_the_limit_and_the_length(staff, name, text, most, length):
    pledge = PledgeFactory()
    cells = sent(staff.get(screen(pledge)))

    answer = staff.post(screen(pledge), cells | {name: text})

    assert answer.context["adminform"].form.errors == {
        name: [f"At most {most} characters are possible; this has {length}."]
    }
    assert sent(answer)[name] == [text]


def test_line_break_counts_as_one_character(staff):
    pledge = PledgeFactory()
    cells = sent(staff.get(screen(pledge)))

    answer = staff.post(screen(pledge), cells | {"text": "ж\r\n" * 1500})

    assert answer.status_code == 302
    pledge.refresh_from_db()
    assert pledge.text == ("ж\n" * 1500).strip()
