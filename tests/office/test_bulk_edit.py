"""Changing many records at once: what is written, for whom, and what is refused."""

from contextlib import contextmanager
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from accounts.models import Change
from objectives.records import signed
from office import bulk_edit
from office.bulk_changes import Refused, Wanted
from office.bulk_edit import STEP, change_all, change_several
from office.bulk_edit_form import fields_of
from public.publication import return_with_note
from public.workflow import Status
from submissions.models import Excerpt, Pledge, Practice, Stakeholder, VoluntaryReport
from synthesis.models import Figure
from tests.factories import (
    ExcerptFactory,
    PledgeFactory,
    PracticeFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    cycle,
    implementer_type,
    member_state,
    objective,
    person,
    principle,
    region,
    sdg,
)

pytestmark = pytest.mark.django_db


def read(*records) -> dict[int, int]:
    """The records, as somebody reads them now."""
    model = type(records[0])
    rows = model.objects.filter(pk__in=[record.pk for record in records])
    return dict(rows.values_list("pk", "version"))


def adding(**rows) -> Wanted:
    return Wanted(add={name: frozenset(row.pk for row in some) for name, some in rows.items()})


def removing(**rows) -> Wanted:
    return Wanted(remove={name: frozenset(row.pk for row in some) for name, some in rows.items()})


def links_of(*practices) -> list[list[tuple[int, bool]]]:
    """Number and mark of the objectives of each."""
    return [
        list(
            one.objective_links.order_by("objective__number").values_list(
                "objective__number", "primary"
            )
        )
        for one in practices
    ]


@contextmanager
def refused(*expected: tuple[str, str]):
    """Nothing is written; these are the reasons: code, words."""
    before = Change.objects.count()
    with pytest.raises(Refused) as refusal:
        yield refusal
    told = [*refusal.value.refusals, *refusal.value.moved]
    assert [(one.record.code if one.record else "", one.reason) for one in told] == list(expected)
    assert Change.objects.count() == before


# --- What is written --------------------------------------------------------------------------


def test_objective_is_added_as_a_secondary_one_and_marks_stay(editor):
    one, other = PracticeFactory(objectives=[7]), PracticeFactory(objectives=[15, 7])

    outcome = change_all(Practice, read(one, other), adding(objectives=[objective(7)]), by=editor)

    assert (outcome.changed, outcome.unchanged) == ([], [one, other])
    outcome = change_all(Practice, read(one, other), adding(objectives=[objective(15)]), by=editor)
    assert (outcome.changed, outcome.unchanged) == ([one], [other])
    assert links_of(one, other) == [[(7, True), (15, False)], [(7, False), (15, True)]]


def test_links_are_added_and_removed_in_every_field_at_once(editor):
    one = PracticeFactory(objectives=[7, 15], sdgs=[8], member_states=["ALB"])
    other = PracticeFactory(objectives=[7], principles=["people_centred"], sdgs=[8, 10])
    wanted = Wanted(
        add={
            "principles": frozenset([principle("people_centred").pk]),
            "member_states": frozenset([member_state("SRB").pk]),
            "implementer_types": frozenset([implementer_type().pk]),
        },
        remove={
            "objectives": frozenset([objective(15).pk]),
            "sdgs": frozenset([sdg(8).pk, sdg(10).pk]),
        },
        put={"cycle": cycle("RR2020").pk},
    )

    outcome = change_all(Practice, read(one, other), wanted, by=editor)

    assert links_of(one, other) == [[(7, True)], [(7, True)]]
    assert [[state.iso3 for state in p.member_states.all()] for p in (one, other)] == [
        ["ALB", "SRB"],
        ["SRB"],
    ]
    for practice in (one, other):
        practice.refresh_from_db()
        assert [row.code for row in practice.principles.all()] == ["people_centred"]
        assert [row.code for row in practice.implementer_types.all()] == ["member_state"]
        assert list(practice.sdgs.all()) == []
        assert practice.cycle.code == "RR2020"
    assert outcome.counts == {
        ("principles", principle().pk): [1, 0],
        ("member_states", member_state("SRB").pk): [2, 0],
        ("implementer_types", implementer_type().pk): [2, 0],
        ("objectives", objective(15).pk): [0, 1],
        ("sdgs", sdg(8).pk): [0, 2],
        ("sdgs", sdg(10).pk): [0, 1],
        ("cycle", cycle("RR2020").pk): [2, 0],
    }


def test_each_change_is_in_the_log_with_who_and_why(editor, reviewer):
    one, other = PracticeFactory(edited_by=reviewer), PracticeFactory(edited_by=reviewer)
    last = Change.objects.latest("id").pk

    change_all(
        Practice,
        read(one, other),
        Wanted(add={"sdgs": frozenset([sdg(10).pk])}, put={"cycle": cycle("RR2020").pk}),
        by=editor,
        note="They are of 2020.",
    )

    log = Change.objects.filter(pk__gt=last, code__in=["", one.code, other.code])
    logged = log.exclude(table_name__startswith="objectives_")
    assert {(row.by, row.step, row.why) for row in logged} == {(editor, STEP, "They are of 2020.")}
    assert sorted(
        (row.code, row.now["cycle_id"]) for row in logged if "cycle_id" in row.now and row.code
    ) == [(one.code, cycle("RR2020").pk), (other.code, cycle("RR2020").pk)]
    assert sorted(
        (row.operation, row.now["practice_id"])
        for row in logged
        if row.table_name == "submissions_practice_sdgs"
    ) == [("insert", one.pk), ("insert", other.pk)]
    one.refresh_from_db()
    assert one.edited_by == editor


def test_dry_run_says_what_would_happen_and_writes_nothing(editor):
    practice = PracticeFactory()
    objective(15)
    before, versions = Change.objects.count(), read(practice)

    outcome = change_all(
        Practice, versions, adding(objectives=[objective(15)]), by=editor, dry_run=True
    )

    assert outcome.counts == {("objectives", objective(15).pk): [1, 0]}
    assert (read(practice), Change.objects.count()) == (versions, before)
    assert links_of(practice) == [[(7, True)]]


def test_fields_are_those_of_the_kind():
    assert {
        model.__name__: [field.name for field in fields_of(model)]
        for model in (Practice, Pledge, Excerpt, VoluntaryReport, Figure)
    } == {
        "Practice": [
            "objectives",
            "principles",
            "sdgs",
            "member_states",
            "implementer_types",
            "cycle",
        ],
        "Pledge": ["objectives", "principles", "sdgs", "member_states", "cycle"],
        "Excerpt": ["objectives", "member_states", "cycle"],
        "VoluntaryReport": ["cycle"],
        "Figure": ["member_states"],
    }


@pytest.mark.parametrize("how_many", [1, 4])
def test_change_costs_the_same_for_one_and_for_many(editor, how_many, django_assert_num_queries):
    practices = PracticeFactory.create_batch(how_many, objectives=[7, 15], sdgs=[10])
    versions = read(*practices)
    wanted = Wanted(
        add={"member_states": frozenset([member_state("SRB").pk])},
        remove={"objectives": frozenset([objective(15).pk]), "sdgs": frozenset([sdg(10).pk])},
        put={"cycle": cycle("RR2020").pk},
    )
    editor.has_perm("submissions.change_practice")  # Django remembers the rights

    with django_assert_num_queries(19):
        change_all(Practice, versions, wanted, by=editor)


# --- What somebody else did meanwhile ---------------------------------------------------------


def test_nothing_is_written_if_one_record_has_moved_on(editor, reviewer):
    one, other, third = PracticeFactory.create_batch(3)
    sdg(10)
    versions = read(one, other, third)
    with signed(by=reviewer):
        Practice.objects.filter(pk=one.pk).update(title="A colleague's")
        third.objective_links.create(objective=objective(15))

    with refused(
        (one.code, "Changed by Reviewer since you opened it."),
        (third.code, "Changed by Reviewer since you opened it."),
    ):
        change_all(Practice, versions, adding(sdgs=[sdg(10)]), by=editor)

    assert [practice.sdgs.count() for practice in (one, other, third)] == [0, 0, 0]


def test_step_of_the_workflow_moves_a_record_on_too(editor, reviewer):
    practice = PracticeFactory(status=Status.SUBMITTED)
    sdg(10)
    versions = read(practice)
    return_with_note(practice, by=reviewer, note="Add the SDGs.")

    with refused((practice.code, "Changed by Reviewer since you opened it.")):
        change_all(Practice, versions, adding(sdgs=[sdg(10)]), by=editor)


def test_same_change_is_not_made_twice(editor):
    practice = PracticeFactory()
    versions = read(practice)
    change_all(Practice, versions, adding(sdgs=[sdg(10)]), by=editor)

    with refused((practice.code, "Changed by Editor since you opened it.")):
        change_all(Practice, versions, adding(sdgs=[sdg(10)]), by=editor)


# --- What is refused --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        (Status.APPROVED, "It is approved. Have it returned first."),
        (Status.PUBLISHED, "It is published. Revise it first."),
        (Status.WITHDRAWN, "It is withdrawn. Revise it first."),
    ],
)
def test_signed_records_are_refused_with_the_remedy(editor, status, remedy):
    draft, signed_one = PracticeFactory(), PracticeFactory(status=status)
    sdg(10)

    with refused((signed_one.code, remedy)):
        change_all(Practice, read(draft, signed_one), adding(sdgs=[sdg(10)]), by=editor)


def test_record_that_does_not_exist_is_refused(editor):
    sdg(10)

    with refused(("", "There is no such record any more.")):
        change_all(Practice, {999_999: 1}, adding(sdgs=[sdg(10)]), by=editor)


@pytest.mark.parametrize("role", ["Reader", "Publisher", "Roundtable officer"])
def test_change_needs_the_right_to_change(role):
    practice = PracticeFactory()

    with pytest.raises(PermissionDenied):
        change_all(Practice, read(practice), adding(sdgs=[sdg(10)]), by=person(role))


def test_records_outside_the_scope_are_refused(editor):
    mine, other = PracticeFactory(cycle="RR2024"), PracticeFactory(cycle="RR2020")
    editor.cycle = cycle("RR2024")
    sdg(10)

    with refused((other.code, "Your account is limited to RR2024.")):
        change_all(Practice, read(mine, other), adding(sdgs=[sdg(10)]), by=editor)


def test_nobody_takes_a_record_out_of_their_own_scope(editor):
    by_cycle = PracticeFactory(cycle="RR2024")
    by_region = PracticeFactory(member_states=["ALB"])
    cycle("RR2020")
    editor.cycle = cycle("RR2024")
    with refused((by_cycle.code, "Your account is limited to RR2024.")):
        change_all(Practice, read(by_cycle), Wanted(put={"cycle": cycle("RR2020").pk}), by=editor)

    editor.cycle, editor.region = None, region()
    with refused((by_region.code, "Your account is limited to EUROPE.")):
        change_all(
            Practice, read(by_region), removing(member_states=[member_state("ALB")]), by=editor
        )


def test_last_objective_is_not_removed(editor):
    practice, excerpt = PracticeFactory(objectives=[7]), ExcerptFactory(objectives=[7])

    for record in (practice, excerpt):
        with refused((record.code, "It needs at least one of these: objectives.")):
            change_all(type(record), read(record), removing(objectives=[objective(7)]), by=editor)


def test_last_objective_may_be_exchanged(editor):
    excerpt = ExcerptFactory(objectives=[7])
    wanted = Wanted(
        add={"objectives": frozenset([objective(15).pk])},
        remove={"objectives": frozenset([objective(7).pk])},
    )

    change_all(Excerpt, read(excerpt), wanted, by=editor)

    assert [one.number for one in excerpt.objectives.all()] == [15]


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETURNED])
def test_draft_may_lose_its_primary_objective_and_is_named(editor, status):
    practice = PracticeFactory(objectives=[7, 15], status=status)
    other = PracticeFactory(objectives=[15, 7])

    outcome = change_all(
        Practice, read(practice, other), removing(objectives=[objective(7)]), by=editor
    )

    assert outcome.unmarked == [practice]
    assert links_of(practice, other) == [[(15, False)], [(15, True)]]


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.IN_REVIEW])
def test_record_in_review_keeps_its_primary_objective(editor, status):
    practice = PracticeFactory(objectives=[7, 15], status=status)

    with refused(
        (
            practice.code,
            "It is being reviewed and would lose the last of its objectives that is primary:"
            " mark another one first, or have it returned.",
        )
    ):
        change_all(Practice, read(practice), removing(objectives=[objective(7)]), by=editor)


def test_what_was_retired_is_not_added_but_may_be_removed(editor):
    practice = PracticeFactory(sdgs=[10])
    old = sdg(10)
    old.retired_on = date(2024, 1, 1)
    old.save()

    with pytest.raises(ValidationError, match="was retired on 2024-01-01"):
        change_all(Practice, read(practice), adding(sdgs=[old]), by=editor)
    change_all(Practice, read(practice), removing(sdgs=[old]), by=editor)

    assert practice.sdgs.count() == 0


def test_what_does_not_exist_is_not_added(editor):
    practice = PracticeFactory()

    for wanted in (
        Wanted(add={"sdgs": frozenset([999_999])}),
        Wanted(put={"cycle": 999_999}),
    ):
        with pytest.raises(ValidationError, match="no longer there"):
            change_all(Practice, read(practice), wanted, by=editor)


def test_same_cannot_be_added_and_removed(editor):
    practice = PracticeFactory()
    both = frozenset([sdg(10).pk])

    with pytest.raises(ValidationError, match="choose one"):
        change_all(
            Practice,
            read(practice),
            Wanted(add={"sdgs": both}, remove={"sdgs": both}),
            by=editor,
        )


def test_what_the_database_refuses_names_the_record_and_the_rule(editor):
    one, other = VoluntaryReportFactory.create_batch(2)
    cycle("RR2020")

    with refused(
        *(
            (
                report.code,
                "The code of a report names the year of its cycle and its party, for example"
                " VR-2020-ALB.",
            )
            for report in (one, other)
        )
    ):
        change_all(
            VoluntaryReport,
            read(one, other),
            Wanted(put={"cycle": cycle("RR2020").pk}),
            by=editor,
        )


def test_more_records_than_allowed_are_refused(editor, monkeypatch):
    monkeypatch.setattr(bulk_edit, "MOST", 1)
    practices = PracticeFactory.create_batch(2)

    with pytest.raises(ValidationError, match="At most 1 records are changed at once"):
        change_all(Practice, read(*practices), adding(sdgs=[sdg(10)]), by=editor)


# --- The pages --------------------------------------------------------------------------------


@pytest.fixture
def office(client):
    """Signs somebody of this role in."""

    def sign_in(role: str = "Editor"):
        client.force_login(person(role))
        return client

    return sign_in


def address(model=Practice) -> str:
    return reverse("admin:bulk-edit", args=[model])


def screen(model=Practice) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def opened(staff, *records, query: str = "", **cells):
    """The page that the list opens on these records."""
    chosen = {"_selected_action": [record.pk for record in records]}
    cells = {"action": change_several.__name__, **chosen, **cells}
    return staff.post(f"{screen(type(records[0]))}{query}", cells)


def sent(staff, page, model=Practice, **cells):
    """The next page, when the form is sent with these choices."""
    kept = {name: page.context[name] for name in ("records", "back")}
    again = dict(page.context.get("said") or ())
    return staff.post(address(model), kept | again | cells)


def options_of(page) -> dict[str, tuple[str, list[str]]]:
    """Of each link: how many records have it, and which choices there are."""
    return {
        str(option.row): (option.state, [value for value, *_rest in option.choices])
        for block in page.context["form"].blocks()
        for _group, options in block["groups"]
        for option in options
    }


def test_page_shows_what_is_on_all_on_some_and_on_none(office):
    one = PracticeFactory(objectives=[7, 15], member_states=["ALB"])
    other = PracticeFactory(objectives=[7])
    objective(3), member_state("SRB")

    page = opened(office(), one, other)

    assert options_of(page) == {
        "3. Objective 3": ("none", ["add", "leave"]),
        "7. Objective 7": ("all", ["leave", "remove"]),
        "15. Objective 15": ("some", ["add", "leave", "remove"]),
        "Albania": ("some", ["add", "leave", "remove"]),
    }
    assert "Now: RR2024 (2)." in page.content.decode()


def test_choices_are_shown_then_confirmed_then_written(office):
    one, other = PracticeFactory(objectives=[7, 15]), PracticeFactory(objectives=[7])
    staff, row = office(), objective(15).pk

    page = opened(staff, one, other, query="?q=centres&p=1")
    shown = sent(staff, page, step="check", note="Found in 2024.", **{f"objectives-{row}": "add"})
    assert links_of(one, other) == [[(7, True), (15, False)], [(7, True)]]
    done = sent(staff, shown, step="confirm")

    assert shown.context["changes"] == [
        {"field": "Objectives", "row": "15. Objective 15", "said": "added to 1 record"}
    ]
    assert shown.context["changed"] == {"all": 1, "first": [other], "more": 0}
    assert (shown.context["unchanged"], shown.context["note"]) == (1, "Found in 2024.")
    assert links_of(one, other) == [[(7, True), (15, False)]] * 2
    assert done.url == f"{screen()}?q=centres&p=1"
    listed = staff.get(done.url)
    assert [str(one) for one in listed.context["messages"]] == ["1 record was changed."]
    assert Change.objects.latest("id").why == "Found in 2024."


def test_states_are_picked_or_typed(office):
    practice = PracticeFactory()
    states = [member_state(code) for code in ("ALB", "SRB", "TUR")]
    staff = office()

    page = opened(staff, practice)
    cells = {"member_states-picked": [states[0].pk], "member_states-typed": "srb; Türkiye"}
    sent(staff, sent(staff, page, step="check", **cells), step="confirm", **cells)

    assert sorted(state.iso3 for state in practice.member_states.all()) == ["ALB", "SRB", "TUR"]


def test_state_that_does_not_exist_is_told_and_nothing_chosen_is_lost(office):
    practice = PracticeFactory()
    row = sdg(10).pk
    staff = office()

    page = sent(
        staff,
        opened(staff, practice),
        step="check",
        note="Because",
        **{"member_states-typed": "Atlantis", f"sdgs-{row}": "add"},
    )

    form = page.context["form"]
    assert form.errors == {"member_states-typed": ["There is no Member State “Atlantis”."]}
    assert [form[name].value() for name in ("member_states-typed", f"sdgs-{row}", "note")] == [
        "Atlantis",
        "add",
        "Because",
    ]


def test_choices_can_be_taken_up_again(office):
    practice = PracticeFactory()
    row = sdg(10).pk
    staff = office()

    shown = sent(staff, opened(staff, practice), step="check", **{f"sdgs-{row}": "add"})
    again = sent(staff, shown, step="choose")

    assert again.context["form"][f"sdgs-{row}"].value() == "add"
    assert practice.sdgs.count() == 0


def test_nothing_chosen_is_told(office):
    staff = office()

    page = sent(staff, opened(staff, PracticeFactory()), step="check")

    assert page.context["form"].non_field_errors() == ["Choose what to change."]


def test_edit_between_choosing_and_confirming_is_told_and_nothing_is_lost(office, reviewer):
    mine, other = PracticeFactory(), PracticeFactory()
    row = sdg(10).pk
    staff = office()
    shown = sent(staff, opened(staff, mine, other), step="check", **{f"sdgs-{row}": "add"})
    with signed(by=reviewer):
        Practice.objects.filter(pk=mine.pk).update(title="A colleague's")

    told = sent(staff, shown, step="confirm")

    assert [practice.sdgs.count() for practice in (mine, other)] == [0, 0]
    assert [(one.record, one.reason) for one in told.context["moved"]["first"]] == [
        (mine, "Changed by Reviewer since you opened it.")
    ]
    link = reverse("admin:submissions_practice_change", args=[mine.pk])
    assert f'<a href="{link}">{mine.code}</a>' in told.content.decode()
    assert told.context["form"][f"sdgs-{row}"].value() == "add"
    cells = {f"sdgs-{row}": "add"}
    sent(staff, sent(staff, told, step="check", **cells), step="confirm", **cells)
    assert [practice.sdgs.count() for practice in (mine, other)] == [1, 1]
    assert Practice.objects.get(pk=mine.pk).title == "A colleague's"


def test_edit_while_choosing_is_told_also_after_a_mistake(office, reviewer):
    """Showing the form again must not read the records anew behind one's back."""
    practice = PracticeFactory()
    row = sdg(10).pk
    staff = office()
    page = opened(staff, practice)
    with signed(by=reviewer):
        Practice.objects.filter(pk=practice.pk).update(title="A colleague's")

    mistaken = sent(staff, page, step="check", **{"member_states-typed": "Atlantis"})
    told = sent(staff, mistaken, step="check", **{f"sdgs-{row}": "add"})

    assert told.context["moved"]["all"] == 1


def test_records_that_stop_the_change_can_be_left_out(office):
    practice, stopping = PracticeFactory(objectives=[7, 15]), PracticeFactory(objectives=[7])
    row = objective(7).pk
    staff, cells = office(), {f"objectives-{objective(7).pk}": "remove"}

    page = sent(staff, opened(staff, practice, stopping), step="check", **cells)
    assert [one.record for one in page.context["stopping"]["first"]] == [stopping]
    page = sent(staff, page, step="without", without=page.context["without"], **cells)

    assert page.context["form"][f"objectives-{row}"].value() == "remove"
    shown = sent(staff, page, step="check", **cells)
    assert shown.context["changed"]["first"] == [practice]
    assert [one.code for one in shown.context["unmarked"]["first"]] == [practice.code]


def test_signed_records_and_those_of_others_are_left_out_from_the_beginning(office):
    mine, published_one = PracticeFactory(), PracticeFactory(published=True)
    other = PracticeFactory(cycle="RR2020")
    somebody = person("Editor")
    somebody.cycle = cycle("RR2024")
    somebody.save()

    page = opened(office(), mine, published_one, other)

    assert [(one.record, one.reason) for one in page.context["left_out"]["first"]] == [
        (published_one, "It is published. Revise it first."),
        (other, "Your account is limited to RR2024."),
    ]
    assert page.context["records"] == f"{mine.pk}:{mine.version}"


def test_if_all_are_left_out_there_is_no_form(office):
    page = opened(office(), PracticeFactory(published=True))

    assert "None of the chosen records can be changed" in page.content.decode()
    assert "Show what would change" not in page.content.decode()


def test_all_across_pages_are_those_of_the_filtered_list(office):
    one, other = PracticeFactory.create_batch(2, title="Buses")
    PracticeFactory(title="Trains")

    page = opened(office(), one, query="?q=buses", select_across="1")

    assert page.context["records"] == f"{one.pk}:{one.version},{other.pk}:{other.version}"


def test_too_many_are_refused_on_the_list(office, monkeypatch):
    monkeypatch.setattr(bulk_edit, "MOST", 1)
    staff = office()

    answer = opened(staff, *PracticeFactory.create_batch(2))

    said = "At most 1 records are changed at once. Filter the list further."
    assert [str(one) for one in staff.get(answer.url).context["messages"]] == [said]


@pytest.mark.parametrize(
    "records", ["", "1", "1:", "x:1", "1:2:3", "-1:2", "9" * 40 + ":1", "1:1;DROP"]
)
def test_forged_list_of_records_leads_back_to_the_list(office, records):
    answer = office().post(address(), {"records": records, "step": "confirm"})

    assert (answer.status_code, answer.url) == (302, screen())


def test_forged_records_are_refused(office):
    mine, published_one = PracticeFactory(), PracticeFactory(published=True)
    row = sdg(10).pk
    records = f"{mine.pk}:{mine.version},{published_one.pk}:{published_one.version},999999:1"

    page = office().post(address(), {"records": records, "step": "confirm", f"sdgs-{row}": "add"})

    assert page.status_code == 200
    assert page.context["records"] == f"{mine.pk}:{mine.version}"
    assert [practice.sdgs.count() for practice in (mine, published_one)] == [0, 0]


def test_record_that_was_deleted_meanwhile_is_told(office):
    practice, gone = PracticeFactory(), PracticeFactory()
    row = sdg(10).pk
    staff = office()
    page = opened(staff, practice, gone)
    gone.delete()

    told = sent(staff, page, step="confirm", **{f"sdgs-{row}": "add"})

    assert [one.reason for one in told.context["stopping"]["first"]] == [
        "There is no such record any more."
    ]
    assert told.context["records"] == f"{practice.pk}:{practice.version}"
    assert practice.sdgs.count() == 0


@pytest.mark.parametrize(
    "cells",
    [
        {"sdgs-{}": "double"},
        {"cycle": "999999"},
        {"member_states-picked": "x"},
        {"member_states-picked": "9" * 30},
    ],
)
def test_forged_choices_are_refused(office, cells):
    practice = PracticeFactory()
    row = sdg(10).pk
    staff = office()

    page = sent(
        staff,
        opened(staff, practice),
        step="confirm",
        **{name.format(row): value for name, value in cells.items()},
    )

    assert (page.status_code, page.context["form"].is_valid()) == (200, False)


def test_page_alone_leads_to_the_list(office):
    answer = office().get(address())

    assert (answer.status_code, answer.url) == (302, screen())


@pytest.mark.parametrize(
    ("role", "offered"),
    [("Reader", False), ("Editor", True), ("Reviewer", True), ("Publisher", False)],
)
def test_only_those_who_may_change_records_are_offered_it(office, role, offered):
    practice = PracticeFactory()
    staff = office(role)

    form = staff.get(screen()).context["action_form"]
    asked = staff.post(address(), {"records": f"{practice.pk}:1"})

    names = [name for name, _label in form.fields["action"].choices] if form else []
    assert (change_several.__name__ in names, asked.status_code == 403) == (offered, not offered)


@pytest.mark.parametrize("kind", ["accounts.user", "objectives.objective", "public.edition"])
def test_only_records_that_are_published_are_changed_like_this(office, kind):
    somebody = person("Editor")
    somebody.is_superuser = True
    somebody.save()

    assert office().get(reverse("admin:bulk-edit", args=[kind])).status_code == 404


@pytest.mark.parametrize("factory", [StakeholderFactory, PledgeFactory, ExcerptFactory])
def test_page_opens_for_other_kinds(office, factory):
    record = factory()
    state = member_state("SRB")
    staff, model = office(), factory.model

    cells = {"member_states-typed": "Serbia"}
    shown = sent(staff, opened(staff, record), model, step="check", **cells)
    sent(staff, shown, model, step="confirm", **cells)

    assert list(record.member_states.all()) == [state]
    assert Stakeholder.objects.count() <= 1


@pytest.mark.parametrize("how_many", [1, 4])
def test_pages_cost_the_same_for_one_and_for_many(office, how_many, django_assert_num_queries):
    practices = PracticeFactory.create_batch(how_many, objectives=[7, 15], sdgs=[10])
    row = objective(15).pk
    staff = office()
    page = opened(staff, *practices)

    with django_assert_num_queries(28):
        opened(staff, *practices)
    with django_assert_num_queries(33):
        sent(staff, page, step="check", **{f"objectives-{row}": "remove"})
