"""The office's screens of publishable records: steps as actions, nothing overwritten."""

import re

import pytest
from django.urls import reverse

from public.publication import revise
from submissions.models import Practice
from tests.factories import (
    RECORD_FACTORIES,
    PracticeFactory,
    RoundtableFactory,
    cycle,
    person,
)
from tests.sent import sent

pytestmark = pytest.mark.django_db


def screen(record, view: str = "change") -> str:
    meta = record._meta
    args = [] if view in ("changelist", "add") else [record.pk]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=args)


def typed(form) -> dict:
    """What a browser would send of a form as it was opened."""
    return {name: value for name in form.fields if (value := form[name].value())}


@pytest.fixture
def office(client):
    """Signs somebody of this role in."""

    def sign_in(role: str):
        client.force_login(person(role))
        return client

    return sign_in


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
@pytest.mark.parametrize("published", [False, True])
def test_screens_open_for_every_kind_and_role(office, factory, published):
    record = factory(published=published)

    for role in ("Reader", "Editor", "Reviewer", "Publisher"):
        staff = office(role)
        answers = [staff.get(screen(record, view)) for view in ("changelist", "change")]
        assert [answer.status_code for answer in answers] == [200, 200]


LIST_QUERIES = {
    "Stakeholder": 7,
    "Practice": 8,  # one more for its filter by objective
    "Pledge": 7,
    "VoluntaryReport": 7,
    "Excerpt": 7,
    "Roundtable": 7,
    "Recommendation": 7,
    "Figure": 7,
}


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
@pytest.mark.parametrize("how_many", [1, 4])
def test_list_costs_the_same_for_one_and_for_many(
    office, factory, how_many, django_assert_num_queries
):
    record, *_others = factory.create_batch(how_many)
    staff = office("Reader")

    with django_assert_num_queries(LIST_QUERIES[factory.model.__name__]):
        staff.get(screen(record, "changelist"))


@pytest.mark.parametrize(
    ("role", "steps"),
    [
        ("Reader", []),
        ("Editor", ["recall", "revise", "submit"]),
        (
            "Reviewer",
            ["approve", "recall", "return_with_note", "revise", "start_review", "submit"],
        ),
        ("Publisher", ["approve", "publish", "return_with_note", "start_review", "withdraw"]),
    ],
)
def test_list_offers_the_steps_that_the_person_may_take(office, role, steps):
    page = office(role).get(screen(PracticeFactory(), "changelist"))

    form = page.context["action_form"]
    offered = [name for name, _label in form.fields["action"].choices if name] if form else []
    assert sorted(set(offered) - {"export_chosen", "change_several"}) == steps


def test_second_of_two_edits_is_told_and_saves_nothing(office):
    practice = PracticeFactory(title="As it was")
    staff = office("Editor")
    form = staff.get(screen(practice)).context["adminform"].form
    cells = typed(form)
    parts = {"files-TOTAL_FORMS": 0, "files-INITIAL_FORMS": 0}
    Practice.objects.filter(pk=practice.pk).update(title="A colleague's")

    answer = staff.post(screen(practice), cells | parts | {"title": "Mine"})

    assert answer.context["adminform"].form.has_error("__all__", "conflict")
    assert Practice.objects.get(pk=practice.pk).title == "A colleague's"


def test_rule_over_other_rows_is_refused_on_the_form_and_nothing_typed_is_lost(office):
    roundtable = RoundtableFactory()
    staff = office("Roundtable officer")
    form = staff.get(screen(roundtable)).context["adminform"].form
    cells = typed(form)
    parts = {
        f"{name}-{count}_FORMS": 0
        for name in ("roles", "agenda", "questions", "statements", "files")
        for count in ("TOTAL", "INITIAL")
    }

    answer = staff.post(screen(roundtable), cells | parts | {"starts_on": "2031-01-01"})

    form = answer.context["adminform"].form
    assert form.has_error("__all__", "roundtable_inside_its_cycle")
    assert form["starts_on"].value() == "2031-01-01"
    assert answer.status_code == 200


def test_new_record_gets_its_code_from_the_office_too(office):
    cycle()
    staff = office("Editor")
    form = staff.get(reverse("admin:submissions_practice_add")).context["adminform"].form
    cells = typed(form) | {
        "title": "Night buses for shift workers",
        "cycle": cycle().pk,
        "level": "local",
        "summary": "Buses run all night.",
        "files-TOTAL_FORMS": 0,
        "files-INITIAL_FORMS": 0,
    }

    answer = staff.post(reverse("admin:submissions_practice_add"), cells)

    made = Practice.objects.get(title="Night buses for shift workers")
    assert answer.status_code == 302
    assert made.edited_by == person("Editor")
    assert int(PracticeFactory().code[2:]) == int(made.code[2:]) + 1


def test_status_is_never_edited_by_hand(office):
    practice = PracticeFactory()
    staff = office("Editor")
    cells = sent(staff.get(screen(practice)))
    forged = {
        "status": "published",
        "approved_by": person("Reviewer").pk,
        "public_edition": 1,
        "published_at_0": "2024-03-11",
        "one_person": "on",
    }

    answer = staff.post(screen(practice), cells | forged | {"title": "Mine"})

    row = Practice.objects.get()
    assert answer.status_code == 302
    assert (row.title, row.status, row.approved_by, row.public_edition, row.one_person) == (
        "Mine",
        "draft",
        None,
        None,
        False,
    )


def test_signed_record_cannot_be_edited_in_the_office(office):
    practice = PracticeFactory(published=True)

    assert office("Editor").post(screen(practice), {"title": "Mine"}).status_code == 403


def test_office_sees_what_the_next_edition_would_change(office):
    practice = PracticeFactory(title="As published", published=True)
    untouched = PracticeFactory(published=True)
    revise(practice, by=person("Editor"))
    Practice.objects.filter(pk=practice.pk).update(title="As prepared")
    staff = office("Reader")

    page = staff.get(screen(practice)).content.decode()
    same = staff.get(screen(untouched)).content.decode()
    changed = office("Editor").get(screen(practice, "changelist"), {"waiting": "changed"})

    assert re.findall(r"<(?:del|ins)>\s*<span[^>]*>(.+?)</span>", page) == [
        "As published",
        "As prepared",
    ]
    assert list(changed.context["cl"].queryset) == [practice]
    assert "the public reads what stands here" in same
