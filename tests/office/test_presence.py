"""A note tells who else has a record open, and never writes the record itself."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Change
from office.models import OpenRecord
from submissions.models import Practice
from tests.factories import PracticeFactory, member_state, person

pytestmark = pytest.mark.django_db

ANA, BOB = "Editor", "Reviewer"


def screen(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def beat(record) -> str:
    return reverse("admin:presence", args=[record._meta.label_lower, record.pk])


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(person(role))
    return client


def notes(answer) -> list[str]:
    """What the page says of others, without the time of day."""
    return [note.rpartition(" since ")[0] for note in answer.context["others"]]


def silent_for(seconds: int) -> None:
    """Nobody's script has spoken for so long."""
    moment = timedelta(seconds=seconds)
    for row in OpenRecord.objects.all():
        OpenRecord.objects.filter(pk=row.pk).update(
            seen_at=row.seen_at - moment, opened_at=row.opened_at - moment
        )


def test_form_tells_who_else_has_the_record_open():
    practice, other = PracticeFactory.create_batch(2)
    signed_in(ANA).get(screen(practice))
    signed_in("Reader").get(screen(practice))

    page = signed_in(BOB).get(screen(practice))

    assert notes(page) == ["Editor has had this open"]
    assert notes(signed_in(ANA).get(screen(practice))) == ["Reviewer has had this open"]
    assert notes(signed_in(ANA).get(screen(other))) == []
    assert page.content.decode().count('aria-live="polite"') == 1


def test_note_says_since_when():
    practice = PracticeFactory()
    signed_in(ANA).get(screen(practice))
    OpenRecord.objects.update(opened_at=timezone.now().replace(hour=0, minute=2))

    (note,) = signed_in(BOB).get(screen(practice)).context["others"]

    assert note == "Editor has had this open since 00:02 UTC."


@pytest.mark.parametrize(("seconds", "there"), [(80, True), (95, False)])
def test_whoever_was_silent_for_too_long_is_gone(seconds, there):
    practice = PracticeFactory()
    signed_in(ANA).get(screen(practice))
    silent_for(seconds)

    page = signed_in(BOB).get(screen(practice))

    assert bool(notes(page)) is there


def test_script_keeps_a_person_there_and_learns_who_else_is():
    practice = PracticeFactory()
    ana, bob = signed_in(ANA), signed_in(BOB)
    ana.get(screen(practice))
    bob.get(screen(practice))
    silent_for(80)

    answer = ana.post(beat(practice))
    silent_for(80)
    page = bob.get(screen(practice))

    assert [note[:31] for note in answer.json()["others"]] == ["Reviewer has had this open sinc"]
    assert notes(page) == ["Editor has had this open"]


def test_visit_after_a_long_silence_is_a_new_one():
    practice = PracticeFactory()
    ana = signed_in(ANA)
    ana.get(screen(practice))
    silent_for(7200)
    before = timezone.now()

    ana.get(screen(practice))

    assert OpenRecord.objects.get().opened_at >= before


def test_whoever_leaves_is_gone_at_once():
    practice = PracticeFactory()
    ana = signed_in(ANA)
    ana.get(screen(practice))

    answer = ana.post(beat(practice), {"left": "1"})

    assert (answer.status_code, OpenRecord.objects.count()) == (200, 0)


def test_presence_is_no_write_of_the_record_and_not_in_the_log():
    practice = PracticeFactory()
    changes = Change.objects.count()
    ana = signed_in(ANA)

    ana.get(screen(practice))
    ana.post(beat(practice))
    ana.post(beat(practice), {"left": "1"})

    assert Change.objects.count() == changes
    assert Practice.objects.get().version == practice.version


@pytest.mark.parametrize("role", ["Reader", "Roundtable officer"])
def test_whoever_may_only_read_is_not_noted(role):
    practice = PracticeFactory()

    signed_in(role).get(screen(practice))
    answer = signed_in(role).post(beat(practice))

    assert (answer.status_code, OpenRecord.objects.count()) == (403, 0)


def test_signed_record_is_read_by_everybody_and_opened_by_nobody():
    practice = PracticeFactory(published=True)

    page = signed_in(ANA).get(screen(practice))

    assert "others" not in page.context
    assert OpenRecord.objects.count() == 0


def test_reference_data_have_the_note_too():
    state = member_state("ALB")
    signed_in("Administrator").get(screen(state))

    assert OpenRecord.objects.values_list("label", "row_id").get() == (
        "objectives.memberstate",
        state.pk,
    )


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda client, practice: client.get(beat(practice)), 405),
        (lambda client, practice: Client().post(beat(practice)), 302),
        (
            lambda client, practice: client.post(
                reverse("admin:presence", args=["submissions.practice", 0])
            ),
            404,
        ),
        (
            lambda client, practice: client.post(f"/admin/submissions.practice/{'9' * 30}/open/"),
            404,
        ),
    ],
    ids=["read", "stranger", "no record", "no number of a row"],
)
def test_presence_answers_others_plainly(ask, status):
    assert ask(signed_in(ANA), PracticeFactory()).status_code == status


def test_presence_needs_the_token_of_the_form():
    client = Client(enforce_csrf_checks=True)
    client.force_login(person(ANA))

    assert client.post(beat(PracticeFactory())).status_code == 403


@pytest.mark.parametrize("how_many", [1, 4])
def test_presence_costs_the_same_for_one_and_for_many(how_many, django_assert_num_queries):
    practice = PracticeFactory()
    roles = ["Reviewer", "Roundtable officer", "Publisher", "Administrator"]
    for role in roles[:how_many]:
        OpenRecord.objects.create(
            label="submissions.practice",
            row_id=practice.pk,
            user=person(role),
            opened_at=timezone.now(),
            seen_at=timezone.now(),
        )
    ana = signed_in(ANA)
    ana.post(beat(practice))

    with django_assert_num_queries(12):
        answer = ana.post(beat(practice))

    assert len(answer.json()["others"]) == how_many
