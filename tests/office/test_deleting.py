"""A draft is deleted by somebody who has seen what goes, or not at all."""

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.models import Change
from objectives.records import signed
from submissions.models import Pledge, Practice
from tests.browser_forms import sent_by
from tests.factories import (
    ChapterFactory,
    CitationFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    person,
    sdg,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client):
    """An editor to whom an administrator has given the right to delete."""
    person("Editor").user_permissions.set(
        Permission.objects.filter(codename__in=["delete_pledge", "delete_practice"])
    )
    client.force_login(person("Editor"))
    return client


def screen(record, view: str = "delete") -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_{view}", args=[record.pk])


def told(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_page_says_what_goes_with_the_record(staff):
    pledge = PledgeFactory()
    ProgressUpdateFactory(pledge=pledge)
    ProgressUpdateFactory(pledge=pledge)
    pledge.sdgs.add(sdg())

    page = staff.get(screen(pledge))

    assert [(kind.verbose_name_plural, count) for kind, count in page.context["parts"]] == [
        ("progress updates", 2)
    ]
    words = page.content.decode()
    assert f"the code {pledge.code} is never given again" in words
    assert 'aria-current="page">Delete<' in words
    assert "Objects" not in words


@pytest.mark.parametrize("how_many", [1, 4])
def test_page_costs_the_same_for_one_part_and_for_many(staff, how_many, django_assert_num_queries):
    pledge = PledgeFactory()
    for _number in range(how_many):
        ProgressUpdateFactory(pledge=pledge)
    staff.get(screen(pledge))

    with django_assert_num_queries(20):
        staff.get(screen(pledge))


def test_record_goes_as_it_was_seen(staff):
    pledge = PledgeFactory()

    answer = staff.post(screen(pledge), sent_by(staff.get(screen(pledge)), "version"))

    assert (answer.status_code, Pledge.objects.count()) == (302, 0)
    gone = Change.objects.get(table_name="submissions_pledge", operation="delete")
    assert (gone.by, gone.was["title"]) == (person("Editor"), pledge.title)


@pytest.mark.parametrize(
    "write",
    [
        lambda pledge: Pledge.objects.filter(pk=pledge.pk).update(title="Theirs"),
        lambda pledge: ProgressUpdateFactory(pledge=pledge),
        lambda pledge: pledge.sdgs.add(sdg()),
        lambda pledge: Pledge.objects.filter(pk=pledge.pk).update(status="submitted"),
    ],
    ids=["own", "part", "link", "step"],
)
def test_what_a_colleague_has_just_changed_is_not_deleted(staff, write):
    pledge = PledgeFactory()
    seen = sent_by(staff.get(screen(pledge)), "version")
    with signed(by=person("Reviewer")):
        write(pledge)

    answer = staff.post(screen(pledge), seen)

    assert (answer.status_code, answer.url) == (302, screen(pledge, "change"))
    assert told(answer) == [
        f"{person('Reviewer')} has changed this record since you opened it. Nothing was deleted."
        " Look at it again; if it should still go, delete it then."
    ]
    assert Pledge.objects.count() == 1


def test_nothing_is_deleted_unseen(staff):
    pledge = PledgeFactory()

    answer = staff.post(screen(pledge), {"post": "yes"})

    assert (answer.status_code, answer.url) == (302, screen(pledge, "change"))
    assert Pledge.objects.count() == 1


def test_who_comes_second_to_delete_is_told(staff):
    pledge = PledgeFactory()
    seen = sent_by(staff.get(screen(pledge)), "version")
    address = screen(pledge)
    pledge.delete()

    answer = staff.post(address, seen)

    assert answer.url == reverse("admin:submissions_pledge_changelist")
    assert told(answer) == ["Somebody else has deleted this record already."]


def test_who_may_not_delete_is_refused_whatever_they_send(client):
    practice = PracticeFactory()
    client.force_login(person("Editor"))

    for version in (practice.version, 99, ""):
        client.post(screen(practice), {"post": "yes", "version": version})

    assert Practice.objects.count() == 1
    assert client.get(screen(practice)).status_code == 403


def test_record_that_another_one_names_says_which(staff):
    practice = PracticeFactory()
    CitationFactory(practice=practice)

    page = staff.get(screen(practice)).content.decode()

    assert "Other records name it. Change or delete these first:" in page


def test_nobody_deletes_whole_lists(staff):
    chapter = ChapterFactory()

    listing = staff.get(reverse("admin:synthesis_chapter_changelist")).content.decode()
    page = staff.get(screen(chapter)).content.decode()

    assert "delete_selected" not in listing
    assert "This cannot be undone." in page
