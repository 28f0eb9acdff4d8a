"""The workflow with many records at once: the same checks, and all of them or none."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from public import publication
from public.models import Edition, PublicRecord, Tombstone, database_now
from public.publication import Conflict
from public.workflow import Status
from submissions.models import Pledge, Practice, Stakeholder
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    StakeholderFactory,
    published,
    published_again,
)

pytestmark = pytest.mark.django_db


def statuses():
    return list(Practice.objects.order_by("code").values_list("status", flat=True))


def test_records_go_all_the_way_together(editor, reviewer, publisher):
    practices = PracticeFactory.create_batch(3)

    publication.submit_all(practices, by=editor)
    publication.start_review_all(practices, by=reviewer)
    publication.approve_all(practices, by=reviewer)
    editions = publication.publish_all(practices, by=publisher)

    assert editions == [1, 1, 1]
    assert statuses() == [Status.PUBLISHED] * 3
    visible = PublicRecord.objects.visible().values_list("code", flat=True)
    assert set(visible) == {practice.code for practice in practices}
    rows = {practice.pk: practice.version for practice in Practice.objects.all()}
    assert {practice.pk: practice.version for practice in practices} == rows


def test_each_record_gets_the_next_edition_of_its_own(publisher):
    new, old = PracticeFactory(status=Status.APPROVED), PracticeFactory(published=True)
    published_again(old, title="Second")
    published_again(old, title="Third")
    again = PracticeFactory(published=True)
    publication.revise(again, by=again.edited_by)
    for step, by in [("submit", again.edited_by), ("start_review", new.approved_by)]:
        getattr(publication, step)(again, by=by)
    publication.approve(again, by=new.approved_by)

    assert publication.publish_all([new, again], by=publisher) == [1, 2]
    assert list(Edition.objects.filter(code=old.code).values_list("edition", flat=True)) == [
        3,
        2,
        1,
    ]


def test_none_is_taken_on_when_some_are_not_fit_and_each_is_named(reviewer):
    _good, empty, unmarked = PracticeFactory.create_batch(3, status=Status.IN_REVIEW)
    Practice.objects.filter(pk=empty.pk).update(summary=" ")
    unmarked.objective_links.update(primary=False)
    practices = list(Practice.objects.order_by("code"))

    with pytest.raises(ValidationError) as refusal:
        publication.approve_all(practices, by=reviewer)

    assert refusal.value.messages == [
        f"{empty.code}: Write a summary: it is what readers see first.",
        f"{unmarked.code}: This record claims 1 primary objective(s) and has 0: mark the primary"
        " objectives, or correct the claim.",
    ]
    assert statuses() == [Status.IN_REVIEW] * 3


def test_none_is_approved_when_one_was_last_edited_by_the_same_person(reviewer):
    theirs = PracticeFactory(status=Status.IN_REVIEW)
    own = PracticeFactory(status=Status.IN_REVIEW, edited_by=reviewer)

    with pytest.raises(ValidationError, match="ask a colleague"):
        publication.approve_all([theirs, own], by=reviewer)

    assert statuses() == [Status.IN_REVIEW] * 2


def test_none_is_taken_on_when_one_has_moved_on(editor):
    practices = PracticeFactory.create_batch(2)
    Practice.objects.filter(pk=practices[1].pk).update(title="Meanwhile")

    with pytest.raises(Conflict, match=practices[1].code):
        publication.submit_all(practices, by=editor)

    assert statuses() == [Status.DRAFT] * 2


def test_many_are_withdrawn_together_each_with_its_tombstone(publisher):
    seen, twice = PracticeFactory.create_batch(2, published=True)
    published_again(twice)
    embargoed = published(PracticeFactory(), at=database_now() + timedelta(days=2))
    stays = PracticeFactory(published=True)

    publication.withdraw_all([seen, twice, embargoed], by=publisher, note="Mistaken.")

    stones = Tombstone.objects.order_by("code").values_list("code", flat=True)
    assert list(stones) == [seen.code, twice.code]
    left = Edition.objects.filter(retracted_at=None).values_list("code", flat=True)
    assert list(left) == [stays.code]
    assert statuses() == ["withdrawn"] * 3 + ["published"]


def test_none_is_withdrawn_when_nothing_of_one_is_public(publisher):
    public, draft = PracticeFactory(published=True), PracticeFactory()

    with pytest.raises(ValidationError) as refusal:
        publication.withdraw_all([public, draft], by=publisher, note="Mistaken.")

    assert refusal.value.messages == [
        f"{draft.code}: Nothing of this record is public, so nothing can be withdrawn."
    ]
    assert statuses() == [Status.PUBLISHED, Status.DRAFT]


def test_refusal_of_the_database_names_the_record(editor):
    good, short = PledgeFactory(), PledgeFactory(text="We will help.")

    with pytest.raises(ValidationError) as refusal:
        publication.submit_all([good, short], by=editor)

    assert refusal.value.messages == [
        f"{short.code}: The text of a pledge that a party hands in has at least 300 characters."
    ]
    assert list(Pledge.objects.values_list("status", flat=True)) == [Status.DRAFT] * 2


def test_nothing_is_done_with_no_records(editor, publisher):
    publication.submit_all([], by=editor)

    assert publication.publish_all([], by=publisher) == []


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("step", "status", "queries"),
    [
        ("submit_all", Status.DRAFT, 8),
        ("start_review_all", Status.SUBMITTED, 8),
        ("approve_all", Status.IN_REVIEW, 8),
        ("recall_all", Status.SUBMITTED, 8),
        ("return_with_note_all", Status.IN_REVIEW, 8),
        ("publish_all", Status.APPROVED, 15),
        ("revise_all", Status.PUBLISHED, 8),
        ("withdraw_all", Status.PUBLISHED, 14),
    ],
)
def test_steps_cost_the_same_with_one_record_and_with_many(
    how_many, step, status, queries, django_assert_num_queries, editor, reviewer, publisher
):
    StakeholderFactory.create_batch(how_many, status=status)
    editors, publishers = (
        ("submit_all", "recall_all", "revise_all"),
        ("publish_all", "withdraw_all"),
    )
    by = editor if step in editors else publisher if step in publishers else reviewer
    by.get_all_permissions()
    records = list(Stakeholder.objects.all())

    with django_assert_num_queries(queries):
        getattr(publication, step)(records, by=by, note="Because.")
