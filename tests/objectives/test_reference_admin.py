"""The office's screens of reference data."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from objectives.models import Doubt, MemberState, Objective, StakeholderType
from objectives.reference_files import DOUBTS, FILES
from tests.factories import second_factor

SCREENS = [file.model._meta.model_name for file in [*FILES, DOUBTS]]


@pytest.fixture
def staff(client, db):
    """A browser in which somebody of the office with every right is signed in."""
    person = get_user_model().objects.create_superuser("officer@example.org", name="Officer")
    client.force_login(second_factor(person))
    return client


def screen(name, *args):
    return reverse(f"admin:objectives_{name}", args=args)


@pytest.mark.parametrize("name", SCREENS)
def test_screen_lists_and_shows_its_records(loaded, staff, name):
    page = staff.get(screen(f"{name}_changelist"))
    record = page.context["cl"].queryset.first()
    form = staff.get(screen(f"{name}_change", record.pk))
    empty = staff.get(screen(f"{name}_add"))

    assert [page.status_code, form.status_code, empty.status_code] == [200, 200, 200]


@pytest.mark.parametrize("name", SCREENS)
def test_screen_deletes_nothing(loaded, staff, name):
    page = staff.get(screen(f"{name}_changelist"))
    record = page.context["cl"].queryset.first()

    refused = staff.post(screen(f"{name}_delete", record.pk), {"post": "yes"})

    assert refused.status_code == 403
    assert "delete_selected" not in page.content.decode()


def test_form_links_to_the_public_page_and_no_address_tells_those_of_other_rows(loaded, staff):
    objective = Objective.objects.get(number=7)
    page = staff.get(screen("objective_change", objective.pk))
    kind = ContentType.objects.get_for_model(Objective)

    told = staff.get(f"/admin/r/{kind.pk}/{objective.pk}/")

    assert f'href="{objective.get_absolute_url()}"' in page.content.decode()
    assert told.status_code == 404


def test_list_shows_whether_a_record_is_in_use_and_what_is_doubtful(loaded, staff):
    media = StakeholderType.objects.get(code="media")
    media.retired_on = datetime.date(2026, 1, 31)
    media.save()
    Doubt.objects.filter(table="stakeholder_types", code="nhri").update(
        settled_on=media.retired_on
    )

    shown = staff.get(screen("stakeholdertype_changelist")).context["cl"]
    rows = [
        (record.code, shown.model_admin.in_use(record), shown.model_admin.doubt(record))
        for record in shown.queryset.filter(code__in=["media", "nhri"])
    ]

    doubt = "fr and ru are standard UN terms, not checked against the resolution."
    assert rows == [("nhri", True, ""), ("media", False, doubt)]


@pytest.mark.parametrize("how_many", [1, 4])
def test_list_costs_the_same_for_one_and_for_many(
    loaded, staff, how_many, django_assert_num_queries
):
    kept = list(MemberState.objects.values_list("pk", flat=True)[:how_many])
    MemberState.objects.exclude(pk__in=kept).delete()

    with django_assert_num_queries(8):
        staff.get(screen("memberstate_changelist"))


def test_form_shows_the_doubts_beside_the_record(loaded, staff):
    objective = Objective.objects.get(number=20)
    doubt = Doubt.objects.get(table="objectives", code="20")

    page = staff.get(screen("objective_change", objective.pk))

    link = f'<a href="{screen("doubt_change", doubt.pk)}">{doubt.text}</a>'
    assert page.content.decode().count(link) == 1


def test_form_says_when_nothing_is_doubtful(loaded, staff):
    Doubt.objects.filter(table="objectives").update(settled_on=datetime.date(2026, 1, 31))

    page = staff.get(screen("objective_change", Objective.objects.get(number=20).pk))

    assert "None is noted." in page.content.decode()


def test_form_cannot_change_a_code(loaded, staff):
    page = staff.get(screen("memberstate_change", MemberState.objects.get(iso3="ALB").pk))

    assert "iso3" not in page.context["adminform"].form.fields


@pytest.mark.parametrize(
    ("words", "codes"),
    [("ALB", ["ALB"]), ("Turkey", ["TUR"]), ("Молдова", ["MDA"]), ("suisse", ["CHE"])],
)
def test_member_states_are_found_by_code_and_by_any_name(loaded, staff, words, codes):
    page = staff.get(screen("memberstate_changelist"), {"q": words})

    assert [state.iso3 for state in page.context["cl"].queryset] == codes


def test_edit_in_the_office_stays_when_the_files_are_loaded_again(loaded, staff):
    objective = Objective.objects.get(number=20)
    page = staff.get(screen("objective_change", objective.pk))
    form = page.context["adminform"].form
    cells = {name: form[name].value() or "" for name in form.fields} | {"title_fr": "Vérifié"}

    answer = staff.post(screen("objective_change", objective.pk), cells)
    loaded.load()

    assert answer.status_code == 302
    assert Objective.objects.get(number=20).title_fr == "Vérifié"


def test_edit_that_comes_second_is_told_and_saves_nothing(loaded, staff):
    objective = Objective.objects.get(number=20)
    form = staff.get(screen("objective_change", objective.pk)).context["adminform"].form
    cells = {name: form[name].value() or "" for name in form.fields}
    Objective.objects.filter(pk=objective.pk).update(title_fr="D'une collègue")

    answer = staff.post(screen("objective_change", objective.pk), cells | {"title_fr": "Moi"})

    assert answer.context["adminform"].form.has_error("__all__", "conflict")
    assert Objective.objects.get(number=20).title_fr == "D'une collègue"


def test_doubts_are_settled_today(loaded, staff):
    doubts = Doubt.objects.filter(table="clusters")
    data = {"action": "settle", "_selected_action": [doubt.pk for doubt in doubts]}

    staff.post(screen("doubt_changelist"), data)

    assert [doubt.settled_on is None for doubt in doubts.all()] == [False] * 4
