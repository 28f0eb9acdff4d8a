"""Two people on one record: the second sees both texts, and nothing of either is lost."""

import re

import pytest
from django import forms
from django.test import Client
from django.urls import reverse

from objectives.conflicts import in_words, letters
from objectives.models import Doubt, MemberState, MemberStateName
from objectives.records import signed
from submissions.models import Pledge, Practice, ProgressUpdate, Stakeholder
from tests.browser_forms import sent_by
from tests.factories import (
    AgendaItemFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RoundtableFactory,
    StakeholderFactory,
    member_state,
    person,
    principle,
    take,
)

pytestmark = pytest.mark.django_db


def screen(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


@pytest.fixture
def staff(client):
    client.force_login(person("Editor"))
    return client


def colleague_writes(record, **values):
    """Somebody else saves, while this form is open."""
    with signed(by=person("Roundtable officer")):
        type(record).objects.filter(pk=record.pk).update(**values)


def words(html) -> str:
    """The text of a piece of HTML, as it is read out."""
    return " ".join(re.sub("<[^>]+>", " ", str(html)).split())


def table(answer) -> dict:
    """The conflict as the page shows it: label → (opened, theirs, mine)."""
    conflict = answer.context["conflict"]
    return {one.label: (one.opened, one.theirs, one.mine) for one in conflict.both}


def kept(answer) -> dict:
    conflict = answer.context["conflict"]
    return {one.label: (one.opened, one.theirs) for one in conflict.kept}


# --- Fields -----------------------------------------------------------------------------------


def test_field_that_both_changed_is_shown_side_by_side_and_what_was_typed_stays(staff):
    practice = PracticeFactory(title="As it was")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, title="A colleague's")

    answer = staff.post(screen(practice), form | {"title": ["Mine"]})

    assert table(answer) == {"Title": ("As it was", "A colleague's", "Mine")}
    assert sent_by(answer)["title"] == ["Mine"]
    assert Practice.objects.get().title == "A colleague's"
    shown = words(answer.content.decode())
    assert "Somebody else saved this record while you had it open" in shown
    assert re.search(r"Now, by Roundtable officer at \d\d:\d\d UTC", shown)


def test_saving_again_after_having_looked_is_meant(staff):
    practice = PracticeFactory(title="As it was")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, title="A colleague's")
    again = sent_by(staff.post(screen(practice), form | {"title": ["Mine"]}))

    answer = staff.post(screen(practice), again)

    assert answer.status_code == 302
    assert Practice.objects.get().title == "Mine"


def test_theirs_can_be_taken_without_any_script(staff):
    practice = PracticeFactory(title="As it was", summary="Old")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, title="A colleague's")
    again = sent_by(staff.post(screen(practice), form | {"title": ["Mine"], "summary": ["New"]}))

    answer = staff.post(screen(practice), again | {"take-title": ["theirs"]})

    row = Practice.objects.get()
    assert answer.status_code == 302
    assert (row.title, row.summary) == ("A colleague's", "New")


def test_what_only_the_other_changed_is_taken_over_and_not_put_back(staff):
    practice = PracticeFactory(title="As it was", summary="Old", level="national")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, summary="Theirs", level="global", covid19=True)

    answer = staff.post(screen(practice), form | {"title": ["Mine"]})
    again = staff.post(screen(practice), sent_by(answer))

    row = Practice.objects.get()
    assert kept(answer) == {
        "Summary": ("Old", "Theirs"),
        "Level": ("national", "global"),
        "Related to COVID-19": ("No", "Yes"),
    }
    assert table(answer) == {}
    assert again.status_code == 302
    assert (row.title, row.summary, row.level, row.covid19) == ("Mine", "Theirs", "global", True)


def test_links_that_only_the_other_changed_are_taken_over(staff):
    practice = PracticeFactory(member_states=["ALB"])
    principle()
    form = sent_by(staff.get(screen(practice)))
    practice.member_states.add(member_state("SRB"))
    practice.principles.add(principle())

    answer = staff.post(screen(practice), form | {"title": ["Mine"]})
    staff.post(screen(practice), sent_by(answer))

    assert kept(answer) == {
        "Carried out in": ("Albania", "Albania; Serbia"),
        "Guiding principles": ("", "people_centred"),
    }
    row = Practice.objects.get()
    assert row.title == "Mine"
    assert [state.iso3 for state in row.member_states.order_by("iso3")] == ["ALB", "SRB"]
    assert list(row.principles.all()) == [principle()]


def test_links_that_both_changed_are_shown_by_their_names(staff):
    practice = PracticeFactory(member_states=["ALB"])
    form = sent_by(staff.get(screen(practice)))
    practice.member_states.add(member_state("SRB"))
    mine = [str(member_state("ALB").pk), str(member_state("CHE").pk)]

    answer = staff.post(screen(practice), form | {"member_states": mine})

    assert table(answer) == {
        "Carried out in": ("Albania", "Albania; Serbia", "Albania; Switzerland")
    }
    assert sent_by(answer)["member_states"] == mine


def test_names_stand_in_their_own_order_whatever_their_row_ids():
    """Row ids in letters would put the tenth before the ninth."""
    states = [MemberState.objects.get(pk=member_state(iso3).pk) for iso3 in ("SRB", "ALB")]
    field = forms.ModelMultipleChoiceField(MemberState.objects.all())

    assert in_words(field, letters(field, states)) == "Albania; Serbia"
    assert in_words(field, [str(states[0].pk), "soon"]) == "Serbia; soon"


def test_same_change_by_both_is_no_difference(staff):
    practice = PracticeFactory(title="As it was")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, title="Better")

    answer = staff.post(screen(practice), form | {"title": ["Better"]})

    assert (table(answer), kept(answer)) == ({}, {})
    assert staff.post(screen(practice), sent_by(answer)).status_code == 302


def test_line_ends_of_browsers_are_no_change(staff):
    practice = PracticeFactory(summary="One.\nTwo.")
    form = sent_by(staff.get(screen(practice)))
    assert form["summary"] == ["One.\r\nTwo."]
    colleague_writes(practice, summary="One.\nTwo.\nThree.")

    answer = staff.post(screen(practice), form | {"title": ["Mine"]})

    assert kept(answer) == {"Summary": ("One.\nTwo.", "One.\nTwo.\nThree.")}


def test_contact_data_are_compared_though_the_log_does_not_hold_them(staff):
    stakeholder = StakeholderFactory(contact_email="old@union.example")
    form = sent_by(staff.get(screen(stakeholder)))
    colleague_writes(stakeholder, contact_email="new@union.example")

    answer = staff.post(screen(stakeholder), form | {"title": ["Mine"]})
    staff.post(screen(stakeholder), sent_by(answer))

    row = Stakeholder.objects.get()
    assert (row.title, row.contact_email) == ("Mine", "new@union.example")


def test_invalid_text_is_compared_and_kept_too(staff):
    practice = PracticeFactory(year_start=2019)
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, year_start=2020)

    answer = staff.post(screen(practice), form | {"year_start": ["soon"]})

    assert table(answer) == {"First year": ("2019", "2020", "soon")}
    assert sent_by(answer)["year_start"] == ["soon"]


def test_three_people_are_told_one_after_the_other(staff):
    practice = PracticeFactory(title="As it was", summary="Old")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, title="Second")
    again = sent_by(staff.post(screen(practice), form | {"title": ["First"]}))
    colleague_writes(practice, title="Third")

    answer = staff.post(screen(practice), again)

    assert table(answer) == {"Title": ("Second", "Third", "First")}
    assert Practice.objects.get().title == "Third"


@pytest.mark.parametrize("token", [None, "", "1", "999", "abc", "WyJ4Il0:1:x"])
def test_form_without_its_version_or_with_a_forged_one_writes_nothing(staff, token):
    practice = PracticeFactory(title="As it was")
    form = sent_by(staff.get(screen(practice))) | {"title": ["Mine"], "read_version": [token]}
    if token is None:
        del form["read_version"]

    answer = staff.post(screen(practice), form)

    assert answer.context["adminform"].form.has_error("__all__", "conflict")
    assert table(answer) == {"Title": (None, "As it was", "Mine")}
    assert Practice.objects.get().title == "As it was"
    assert staff.post(screen(practice), sent_by(answer)).status_code == 302


def test_version_of_another_record_is_refused(staff):
    practice, other = PracticeFactory.create_batch(2, title="As it was")
    form = sent_by(staff.get(screen(practice)))
    form["read_version"] = sent_by(staff.get(screen(other)))["read_version"]

    answer = staff.post(screen(practice), form | {"title": ["Mine"]})

    assert answer.context["adminform"].form.has_error("__all__", "conflict")


def test_forged_list_edit_writes_nothing(staff):
    practice = PracticeFactory(title="As it was")
    stale = {
        "form-TOTAL_FORMS": 1,
        "form-INITIAL_FORMS": 1,
        "form-0-id": practice.pk,
        "form-0-title": "Mine",
        "_save": "Save",
    }

    staff.post(reverse("admin:submissions_practice_changelist"), stale)

    assert Practice.objects.get().title == "As it was"


# --- Parts ------------------------------------------------------------------------------------

ROW = "progress_updates-0-"


@pytest.fixture
def pledge():
    update = ProgressUpdateFactory(text="As it was", pledge=PledgeFactory())
    return update.pledge


def test_row_that_both_changed_is_a_conflict_and_what_was_typed_stays(staff, pledge):
    update = pledge.progress_updates.get()
    form = sent_by(staff.get(screen(pledge)))
    colleague_writes(update, text="Theirs", stage="fulfilled")

    answer = staff.post(screen(pledge), form | {f"{ROW}text": ["Mine"]})
    again = staff.post(screen(pledge), sent_by(answer))

    assert table(answer) == {"progress update 1: Text": ("As it was", "Theirs", "Mine")}
    assert kept(answer) == {"progress update 1: Stage": ("in progress", "fulfilled")}
    assert again.status_code == 302
    assert ProgressUpdate.objects.values_list("text", "stage").get() == ("Mine", "fulfilled")


def test_theirs_can_be_taken_in_a_row(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))
    colleague_writes(pledge.progress_updates.get(), text="Theirs")
    again = sent_by(staff.post(screen(pledge), form | {f"{ROW}text": ["Mine"]}))

    staff.post(screen(pledge), again | {f"{ROW.replace('0-', '0-take-')}text": ["theirs"]})

    assert ProgressUpdate.objects.get().text == "Theirs"


def test_row_that_only_the_other_changed_is_taken_over(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))
    colleague_writes(pledge.progress_updates.get(), text="Theirs")

    answer = staff.post(screen(pledge), form | {"title": ["Mine"]})
    staff.post(screen(pledge), sent_by(answer))

    assert kept(answer) == {"progress update 1: Text": ("As it was", "Theirs")}
    assert ProgressUpdate.objects.get().text == "Theirs"
    assert Pledge.objects.get().title == "Mine"


def test_row_that_somebody_deleted_comes_back_as_a_new_one_if_it_was_changed(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))
    pledge.progress_updates.all().delete()

    answer = staff.post(screen(pledge), form | {f"{ROW}text": ["Mine"]})

    assert "Somebody else has deleted this row" in answer.content.decode()
    again = sent_by(answer)
    assert (again[f"{ROW}text"], again[f"{ROW}id"]) == (["Mine"], [""])
    assert not ProgressUpdate.objects.exists()
    assert staff.post(screen(pledge), again).status_code == 302
    assert ProgressUpdate.objects.get().text == "Mine"


def test_row_that_somebody_deleted_and_nobody_changed_stays_deleted(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))
    pledge.progress_updates.all().delete()

    answer = staff.post(screen(pledge), form | {"title": ["Mine"]})
    again = staff.post(screen(pledge), sent_by(answer))

    assert answer.context["conflict"].dropped == [
        "2024-06-01, in progress, English, As it was",
    ]
    assert again.status_code == 302
    assert not ProgressUpdate.objects.exists()
    assert Pledge.objects.get().title == "Mine"


def test_of_several_rows_the_deleted_one_is_set_apart(staff):
    roundtable = RoundtableFactory()
    _first, second, third = (
        AgendaItemFactory(roundtable=roundtable, sort_order=place, title=title)
        for place, title in enumerate(["Opening", "Panel", "Closing"], 1)
    )
    staff.force_login(person("Roundtable officer"))
    form = sent_by(staff.get(screen(roundtable)))
    second.delete()

    typed = {"agenda-1-title": ["My panel"], "agenda-2-title": ["My closing"]}
    answer = staff.post(screen(roundtable), form | typed)
    again = sent_by(answer)
    saved = staff.post(screen(roundtable), again)

    assert [again[f"agenda-{n}-title"] for n in range(3)] == [
        ["Opening"],
        ["My closing"],
        ["My panel"],
    ]
    assert saved.status_code == 302
    assert [(item.pk == third.pk, item.title) for item in roundtable.agenda.all()] == [
        (False, "Opening"),
        (False, "My panel"),
        (True, "My closing"),
    ]


def test_row_that_somebody_added_stays_and_is_told(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))
    ProgressUpdateFactory(pledge=pledge, reported_on="2025-01-01", text="Theirs")

    answer = staff.post(screen(pledge), form | {f"{ROW}text": ["Mine"]})
    staff.post(screen(pledge), sent_by(answer))

    assert answer.context["conflict"].added == ["2025-01-01: in progress"]
    assert list(ProgressUpdate.objects.values_list("text", flat=True)) == ["Mine", "Theirs"]


def test_row_that_somebody_changed_is_not_deleted_unseen(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))
    colleague_writes(pledge.progress_updates.get(), text="Theirs")

    answer = staff.post(screen(pledge), form | {f"{ROW}DELETE": ["on"]})

    assert "You want to delete a row that somebody else has changed" in answer.content.decode()
    assert ProgressUpdate.objects.get().text == "Theirs"
    again = sent_by(answer)
    assert again[f"{ROW}DELETE"] == ["on"]
    assert staff.post(screen(pledge), again).status_code == 302
    assert not ProgressUpdate.objects.exists()


def test_rows_of_reference_data_have_versions_too(staff):
    """An other name of a State is no part of it: writing one does not move the State's version."""
    state = member_state("TUR")
    name = MemberStateName.objects.create(member_state=state, name="Turkey", kind="former")
    staff.force_login(person("Administrator"))
    form = sent_by(staff.get(screen(state)))
    colleague_writes(name, name="Turkia")

    answer = staff.post(screen(state), form | {"other_names-0-name": ["Turkei"]})

    assert table(answer) == {
        "other name of a Member State 1: Name": ("Turkey", "Turkia", "Turkei")
    }
    assert MemberStateName.objects.get().name == "Turkia"


def test_forged_number_of_rows_is_refused_and_no_error(staff, pledge):
    form = sent_by(staff.get(screen(pledge)))

    answer = staff.post(
        screen(pledge), form | {"progress_updates-INITIAL_FORMS": ["many"], "title": ["Mine"]}
    )

    assert answer.status_code == 200
    assert Pledge.objects.get().title != "Mine"


# --- Records that are gone or signed ----------------------------------------------------------


def test_deleted_record_shows_what_was_typed(staff, pledge):
    address = screen(pledge)
    form = sent_by(staff.get(address))
    pledge.delete()

    answer = staff.post(address, form | {"title": ["My title"], f"{ROW}text": ["My update"]})

    shown = words(answer.content.decode())
    assert answer.status_code == 409
    assert "Somebody has deleted this record since you opened it." in shown
    assert "Title My title" in shown
    assert "Text My update" in shown
    assert "Stage in progress" in shown


def test_record_that_was_signed_meanwhile_shows_what_was_typed(staff):
    practice = PracticeFactory(status="in_review")
    form = sent_by(staff.get(screen(practice)))
    take("approve", practice)

    answer = staff.post(screen(practice), form | {"title": ["My title"]})

    shown = words(answer.content.decode())
    assert answer.status_code == 403
    assert "somebody has signed it" in shown
    assert "Title My title" in shown
    assert Practice.objects.get().title != "My title"


def test_step_that_somebody_took_is_told_with_nothing_to_compare(staff):
    practice = PracticeFactory()
    form = sent_by(staff.get(screen(practice)))
    take("submit", practice)

    answer = staff.post(screen(practice), form | {"title": ["Mine"]})

    assert (table(answer), kept(answer)) == ({}, {})
    assert "Sent to review by Editor" in words(answer.content.decode())
    assert sent_by(answer)["title"] == ["Mine"]


# --- Other screens ----------------------------------------------------------------------------


def test_reference_data_are_compared_in_the_same_way(staff):
    state = member_state("ALB")
    staff.force_login(person("Administrator"))
    form = sent_by(staff.get(screen(state)))
    colleague_writes(state, name_fr="Albanie")

    answer = staff.post(screen(state), form | {"name_fr": ["L’Albanie"]})

    assert table(answer) == {"Name in French": ("", "Albanie", "L’Albanie")}
    assert MemberState.objects.get().name_fr == "Albanie"


def test_doubts_have_versions_too(staff):
    doubt = Doubt.objects.create(table="objectives", code="7", text="As it was")
    staff.force_login(person("Administrator"))
    form = sent_by(staff.get(screen(doubt)))
    colleague_writes(doubt, text="Theirs")

    answer = staff.post(screen(doubt), form | {"text": ["Mine"]})

    assert table(answer) == {"Doubt": ("As it was", "Theirs", "Mine")}
    assert Doubt.objects.get().text == "Theirs"


def test_conflict_hides_what_somebody_typed_as_html(staff):
    practice = PracticeFactory(title="As it was")
    form = sent_by(staff.get(screen(practice)))
    colleague_writes(practice, title="<script>alert(1)</script>")

    answer = staff.post(screen(practice), form | {"title": ["<b>Mine</b>"]})

    assert "<script>alert" not in answer.content.decode()
    assert "<b>Mine" not in answer.content.decode()


@pytest.mark.parametrize("how_many", [1, 4])
def test_conflict_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    practice = PracticeFactory()
    staff = Client()
    staff.force_login(person("Editor"))
    form = sent_by(staff.get(screen(practice)))
    for number in range(how_many):
        colleague_writes(practice, title=f"Theirs {number}", summary=f"Theirs {number}")

    with django_assert_num_queries(71):
        staff.post(screen(practice), form | {"title": ["Mine"]})
