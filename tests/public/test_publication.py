"""The workflow: who may take which step, what becomes public by it, and when."""

import threading
import time
from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from psycopg2.extras import DateTimeTZRange

from accounts.models import User
from objectives.records import signed
from public import publication
from public.models import Edition, PublicRecord, PublicRecordQuerySet, Tombstone, database_now
from public.publication import Conflict, public_differences, steps_from
from public.workflow import STEPS, Status
from submissions.models import Practice
from tests.broken_rules import refusal
from tests.factories import (
    RECORD_FACTORIES,
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    SubmissionFileFactory,
    brought_to,
    objective,
    person,
    principle,
    published,
    published_again,
    take,
)

pytestmark = pytest.mark.django_db

ROLES = ["Reader", "Editor", "Reviewer", "Publisher", "Roundtable officer", "Administrator"]
NAMES = [
    "submit",
    "recall",
    "start_review",
    "return_with_note",
    "approve",
    "publish",
    "revise",
    "withdraw",
]

# status → step → who may take it with a practice that somebody else has edited
ALLOWED = {
    "draft": {"submit": {"Editor", "Reviewer"}},
    "submitted": {
        "recall": {"Editor", "Reviewer"},
        "start_review": {"Reviewer", "Publisher"},
        "return_with_note": {"Reviewer", "Publisher"},
    },
    "in_review": {
        "return_with_note": {"Reviewer", "Publisher"},
        "approve": {"Reviewer", "Publisher"},
    },
    "returned": {"submit": {"Editor", "Reviewer"}},
    "approved": {
        "return_with_note": {"Reviewer", "Publisher"},
        "publish": {"Publisher"},
    },
    "published": {"revise": {"Editor", "Reviewer"}, "withdraw": {"Publisher"}},
    "withdrawn": {"revise": {"Editor", "Reviewer"}},
}
# … with a roundtable
ALLOWED_WITH_ROUNDTABLES = {
    status: {
        step: who | ({"Roundtable officer"} if step in ("submit", "recall", "revise") else set())
        for step, who in steps.items()
    }
    for status, steps in ALLOWED.items()
}
LEADS_TO = {
    "submit": "submitted",
    "recall": "draft",
    "start_review": "in_review",
    "return_with_note": "returned",
    "approve": "approved",
    "publish": "published",
    "revise": "draft",
    "withdraw": "withdrawn",
}


def author() -> User:
    """Somebody without any right, who has edited everything here."""
    return User.objects.filter(email="ana@example.org").first() or User.objects.create_user(
        "ana@example.org", name="Ana"
    )


def all_rounder() -> User:
    """Somebody who may edit, review and publish."""
    user = User.objects.create_user("all@example.org", name="All")
    user.groups.set(person(role).groups.get() for role in ("Editor", "Reviewer", "Publisher"))
    return user


def attempt(step: str, record, by, **options):
    """Try a step and undo it; the status it led to, or the refusal."""
    version = record.version
    if step in ("return_with_note", "withdraw"):
        options.setdefault("note", "Because.")
    try:
        with transaction.atomic():
            getattr(publication, step)(record, by=by, **options)
            led_to = record.status
            transaction.set_rollback(True)
    except (PermissionDenied, ValidationError, Conflict) as refusal:
        return refusal
    finally:
        record.refresh_from_db()
        assert record.version == version
    return led_to


def seen_at(moment) -> list[tuple[str, int]]:
    """What anybody will have seen at a moment of the future, if nothing more happens."""
    editions = PublicRecordQuerySet(Edition).filter(retracted_at=None).visible(moment)
    return sorted(editions.values_list("code", "edition"))


def seen_now() -> list[tuple[str, int]]:
    return sorted(PublicRecord.objects.visible().values_list("code", "edition"))


def called_off_and_not(number):
    """Of the editions of this number, whether each was called off before it began."""
    return [one.visible.isempty for one in Edition.objects.filter(edition=number)]


def period_of(number: int) -> DateTimeTZRange:
    return Edition.objects.get(edition=number).visible


def in_days(days: int):
    return database_now() + timedelta(days=days)


# --- The table of steps ---------------------------------------------------------------------


def test_steps_are_the_eight_that_have_a_function():
    assert sorted({step.name for step in STEPS}) == sorted(NAMES)
    assert {step.name: step.target.value for step in STEPS} == LEADS_TO


@pytest.mark.parametrize("status", ALLOWED)
@pytest.mark.parametrize(
    ("factory", "allowed"),
    [(PracticeFactory, ALLOWED), (RoundtableFactory, ALLOWED_WITH_ROUNDTABLES)],
    ids=["practice", "roundtable"],
)
def test_each_role_takes_the_steps_of_the_table_and_no_other(factory, allowed, status):
    record = factory(status=status, edited_by=author())
    people = {role: person(role) for role in ROLES}
    taken = {}

    for step, role in product(NAMES, ROLES):
        result = attempt(step, record, people[role])
        if result == LEADS_TO[step]:
            taken.setdefault(step, set()).add(role)
        else:
            assert isinstance(result, (PermissionDenied, ValidationError))

    assert taken == allowed[status]
    offered = {role: {step.name for step in steps_from(record, by=people[role])} for role in ROLES}
    assert offered == {
        role: {step for step, who in allowed[status].items() if role in who} for role in ROLES
    }


@pytest.mark.parametrize(
    "status", [status for status in ALLOWED if status not in ("published", "withdrawn")]
)
def test_record_is_withdrawn_while_its_next_edition_is_prepared(status):
    practice = PracticeFactory(published=True, edited_by=author())
    take("revise", practice)
    brought_to(Status(status), practice)

    may = [role for role in ROLES if attempt("withdraw", practice, person(role)) == "withdrawn"]

    assert may == ["Publisher"]
    offered = [role for role in ROLES if _withdraw_is_offered(practice, role)]
    assert offered == ["Publisher"]


def _withdraw_is_offered(record, role: str) -> bool:
    return "withdraw" in {step.name for step in steps_from(record, by=person(role))}


@pytest.mark.parametrize("source", ALLOWED)
def test_sql_takes_no_step_that_is_not_in_the_table(source):
    practice = PracticeFactory(status=source, edited_by=author())
    steps = {LEADS_TO[step] for step in ALLOWED[source]} | {"withdrawn"}
    refused = {}

    for target in ALLOWED:
        try:
            with transaction.atomic():
                Practice.objects.update(status=target)
                transaction.set_rollback(True)
        except IntegrityError as error:
            refused[target] = error.__cause__.diag.constraint_name

    assert set(ALLOWED) - steps - {source} <= set(refused)
    assert "status_step_exists" not in {refused.get(target) for target in steps | {source}}
    assert Practice.objects.get() == practice


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda factory: factory.model.kind)
def test_every_kind_of_record_goes_all_the_way_and_back(factory):
    record = factory(published=True)
    assert seen_now() == [(record.code, 1)]

    take("withdraw", record)
    assert seen_now() == []

    published_again(record)
    assert seen_now() == [(record.code, 2)]
    assert PublicRecord.objects.visible().get().kind == record.kind


@pytest.mark.parametrize("note", ["", "  \n"])
@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("return_with_note", "submitted"),
        ("return_with_note", "in_review"),
        ("return_with_note", "approved"),
        ("withdraw", "published"),
    ],
)
def test_returning_and_withdrawing_need_a_note(step, status, note):
    practice = PracticeFactory(status=status)

    refused = attempt(step, practice, person("Publisher"), note=note)

    assert refused.messages == ["Say why in a note."]


def test_step_leaves_its_note_on_the_record():
    practice = PracticeFactory(status="in_review")

    take("return_with_note", practice, note="Name the source.")

    assert (practice.status, practice.status_note) == (Status.RETURNED, "Name the source.")
    assert Practice.objects.get().status_note == "Name the source."


def test_refusals_are_in_words(reader, editor, publisher):
    practice = PracticeFactory()

    unknown = attempt("approve", practice, person("Reviewer"))
    forbidden = attempt("submit", practice, reader)
    nothing_public = attempt("withdraw", practice, publisher)

    assert unknown.messages == [f"{practice.code} is draft: this step cannot be taken now."]
    assert str(forbidden) == "You do not have the right to take this step."
    assert nothing_public.messages == [
        "Nothing of this record is public, so nothing can be withdrawn."
    ]


def test_person_who_has_left_takes_no_step():
    left = person("Editor")
    left.is_active = False

    assert isinstance(attempt("submit", PracticeFactory(), left), PermissionDenied)


# --- What is checked before -----------------------------------------------------------------


def test_submitting_checks_the_record_as_it_stands():
    practice = PracticeFactory(title="", year_start=2020)

    refused = attempt("submit", practice, person("Editor"))

    assert refused.message_dict == {"title": ["This field cannot be blank."]}


def test_submitting_says_what_is_asked_of_more_than_a_draft():
    pledge = PledgeFactory(text="We will help.")

    refused = attempt("submit", pledge, person("Editor"))

    assert refused.messages == [
        "The text of a pledge that a party hands in has at least 300 characters."
    ]


@pytest.mark.parametrize("factory", [PracticeFactory, PledgeFactory])
@pytest.mark.parametrize(
    ("objectives", "claimed", "has"), [([], 1, 0), ([7], 2, 1), ([7, 15], 2, 1)]
)
def test_approving_needs_as_many_primary_objectives_as_claimed(factory, objectives, claimed, has):
    record = factory(objectives=objectives, primary_objectives_claimed=claimed, status="in_review")

    refused = attempt("approve", record, person("Reviewer"))

    assert refused.message_dict == {
        "primary_objectives_claimed": [
            f"This record claims {claimed} primary objective(s) and has {has}:"
            " mark the primary objectives, or correct the claim."
        ]
    }


def test_practice_without_a_summary_is_not_approved():
    practice = PracticeFactory(status="in_review")
    Practice.objects.update(summary=" ")
    practice.refresh_from_db()

    refused = attempt("approve", practice, person("Reviewer"))

    assert refused.message_dict == {"summary": ["Write a summary: it is what readers see first."]}


def test_record_that_nobody_edited_is_not_approved():
    practice = PracticeFactory(status="in_review")
    Practice.objects.update(edited_by=None)
    practice.refresh_from_db()

    refused = attempt("approve", practice, person("Reviewer"))

    assert refused.messages == ["An approved record says who edited and who approved it."]


def test_what_somebody_holds_in_memory_is_not_published():
    practice = PracticeFactory(status="approved", title="Approved")
    practice.title, practice.summary = "Not approved", "Not approved"

    take("publish", practice)

    assert Edition.objects.get().document["title"] == "Approved"
    assert "Not approved" not in str(Edition.objects.values().get())


# --- Never alone ----------------------------------------------------------------------------

ALONE = ["Whoever last edited a record can neither approve nor publish it: ask a colleague."]


@pytest.mark.parametrize(("step", "status"), [("approve", "in_review"), ("publish", "approved")])
def test_nobody_signs_what_they_have_last_edited(step, status):
    one = all_rounder()
    practice = PracticeFactory(status=status, edited_by=one)

    assert attempt(step, practice, one).messages == ALONE
    assert step not in {offered.name for offered in steps_from(practice, by=one)}
    assert attempt(step, practice, person("Publisher")) == LEADS_TO[step]


def test_superuser_does_not_sign_their_own_edit_either():
    root = User.objects.create_superuser("root@example.org", name="Root")
    practice = PracticeFactory(status="in_review", edited_by=root)

    assert attempt("approve", practice, root).messages == ALONE


def test_reviewer_who_mends_a_link_is_the_last_editor():
    reviewer = person("Reviewer")
    practice = PracticeFactory(status="in_review")

    with signed(by=reviewer):
        practice.objective_links.create(objective=objective(15))
    practice.refresh_from_db()

    assert attempt("approve", practice, reviewer).messages == ALONE


def test_one_person_office_signs_alone_and_leaves_its_mark(settings):
    settings.ONE_PERSON_OFFICE = True
    one = all_rounder()
    practice = PracticeFactory(edited_by=one)

    for step in ("submit", "start_review", "approve", "publish"):
        assert step in {offered.name for offered in steps_from(practice, by=one)}
        getattr(publication, step)(practice, by=one)

    assert seen_now() == [(practice.code, 1)]
    row = Practice.objects.get()
    assert (row.one_person, row.approved_by, row.published_by) == (True, one, one)
    assert practice.one_person


def test_mark_of_a_one_person_office_stays_when_a_colleague_publishes(settings):
    settings.ONE_PERSON_OFFICE = True
    one = all_rounder()
    practice = PracticeFactory(status="in_review", edited_by=one)
    publication.approve(practice, by=one)

    take("publish", practice)

    assert Practice.objects.get().one_person


@pytest.mark.parametrize(
    ("step", "status"), [("return_with_note", "approved"), ("revise", "published")]
)
def test_mark_of_a_one_person_office_goes_with_the_signature(step, status, settings):
    settings.ONE_PERSON_OFFICE = True
    one = all_rounder()
    practice = PracticeFactory(status="in_review", edited_by=one)
    publication.approve(practice, by=one)
    if status == "published":
        publication.publish(practice, by=one)

    take(step, practice)

    row = Practice.objects.get()
    assert (row.one_person, row.approved_by, row.published_by) == (False, None, None)


def test_two_people_leave_no_mark_in_a_one_person_office(settings):
    settings.ONE_PERSON_OFFICE = True

    assert not PracticeFactory(published=True).one_person


# --- Somebody was faster --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "status"),
    [
        ("submit", "draft"),
        ("approve", "in_review"),
        ("publish", "approved"),
        ("revise", "published"),
        ("withdraw", "published"),
    ],
)
def test_step_with_an_older_version_is_a_conflict_and_writes_nothing(step, status):
    practice = PracticeFactory(status=status)
    stale = Practice.objects.get()
    Practice.objects.update(staff_notes="Somebody was here.")
    editions = list(Edition.objects.values())

    with pytest.raises(Conflict) as refused:
        take(step, stale)

    assert str(refused.value) == (
        f"{practice.code} was changed by somebody else since you opened it."
    )
    assert Practice.objects.get().status == status
    assert list(Edition.objects.values()) == editions


def test_link_that_somebody_added_is_a_conflict_too():
    practice = PracticeFactory(status="in_review")
    practice.principles.add(principle())

    with pytest.raises(Conflict):
        take("approve", practice)


def test_record_knows_its_version_after_each_step():
    practice = PracticeFactory()

    for step in ("submit", "start_review", "approve", "publish", "revise"):
        take(step, practice)
        assert practice.version == Practice.objects.get().version


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told_and_one_edition_is_written():
    practice = PracticeFactory(status="approved")
    publisher = person("Publisher")
    together, results = threading.Barrier(2), []

    def publish():
        try:
            mine = Practice.objects.get(pk=practice.pk)
            together.wait()
            results.append(publication.publish(mine, by=publisher))
        except Exception as error:
            results.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results, key=str) == [1, Conflict]
    assert list(Edition.objects.values_list("code", "edition")) == [(practice.code, 1)]


# --- What is signed is not edited -----------------------------------------------------------


def by_sql(practice):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE submissions_practice SET title = 'New'")


def by_orm(practice):
    practice.title = "New"
    practice.save()


def by_bulk_update(practice):
    practice.title = "New"
    Practice.objects.bulk_update([practice], ["title"])


def with_the_notes(practice):
    Practice.objects.update(title="New", staff_notes="Mended a word.")


@pytest.mark.parametrize("status", ["approved", "published", "withdrawn"])
@pytest.mark.parametrize(
    "edit",
    [
        by_orm,
        by_bulk_update,
        by_sql,
        with_the_notes,
        lambda practice: Practice.objects.update(edited_by=person("Publisher")),
        lambda practice: Practice.objects.update(approved_by=person("Publisher")),
        lambda practice: Practice.objects.update(published_at="2020-01-01T00:00Z"),
        lambda practice: practice.objective_links.create(objective=objective(15)),
        lambda practice: practice.objective_links.update(primary=False),
        lambda practice: practice.objective_links.all().delete(),
        lambda practice: practice.principles.add(principle()),
        lambda practice: practice.sdgs.clear(),
        lambda practice: SubmissionFileFactory(practice=practice),
        lambda practice: practice.files.all().delete(),
    ],
)
def test_signed_record_is_not_edited(edit, status):
    practice = PracticeFactory(sdgs=[10])
    SubmissionFileFactory(practice=practice)
    practice.refresh_from_db()
    brought_to(Status(status), practice)
    document = Practice.objects.get().document()

    refused = refusal(lambda: lambda: edit(practice))

    assert refused == (
        "signed_is_not_edited",
        [
            "This record is signed. Take it back to draft first, then edit it;"
            " what is public stays until the next edition."
        ],
    )
    assert Practice.objects.get().document() == document


def test_part_is_neither_moved_into_a_signed_record_nor_out_of_it():
    roundtable, draft = RoundtableFactory(), RoundtableFactory()
    role = RoleFactory(roundtable=roundtable)
    other = RoleFactory(roundtable=draft, sort_order=2)
    roundtable.refresh_from_db()
    brought_to(Status.APPROVED, roundtable)

    for part, to in ((role, draft), (other, roundtable)):
        rows = type(part).objects.filter(pk=part.pk)
        refused = refusal(lambda rows=rows, to=to: lambda: rows.update(roundtable=to))
        assert refused[0] == "signed_is_not_edited"


@pytest.mark.parametrize("status", ["approved", "published", "withdrawn"])
def test_notes_for_staff_are_written_on_signed_records_too(status):
    PracticeFactory(status=status)

    Practice.objects.update(staff_notes="Ask Tirana.")

    assert Practice.objects.get().staff_notes == "Ask Tirana."


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("approved", {"status": "returned"}),
        ("published", {"status": "draft"}),
        ("withdrawn", {"status": "draft"}),
        ("in_review", {"status": "approved", "approved_by": lambda: person("Reviewer")}),
    ],
)
def test_sql_does_not_edit_a_record_in_the_step_that_signs_or_frees_it(source, values):
    PracticeFactory(status=source)
    values = {name: value() if callable(value) else value for name, value in values.items()}

    refused = refusal(lambda: lambda: Practice.objects.update(title="New", **values))

    assert refused[0] == "signed_is_not_edited"


def test_sql_does_not_pass_an_old_edition_off_as_a_new_one():
    practice = PracticeFactory(published=True)
    take("revise", practice)
    Practice.objects.update(title="New")
    practice.refresh_from_db()
    brought_to(Status.APPROVED, practice)

    refused = refusal(
        lambda: (
            lambda: Practice.objects.update(
                status="published", published_by=person("Publisher"), published_at=database_now()
            )
        )
    )

    assert refused[0] == "published_has_an_edition"


@pytest.mark.parametrize(
    "values", [{"public_edition": None}, {"public_edition": 2}, {"status": "withdrawn"}], ids=str
)
def test_sql_does_not_say_of_a_record_what_the_public_record_does_not(values):
    practice = PracticeFactory(published=True)
    take("revise", practice)

    assert refusal(lambda: lambda: Practice.objects.update(**values)) == (
        "published_has_an_edition",
        [
            "A record is published by writing its next edition, and withdrawn by retracting"
            " every edition."
        ],
    )


def test_edition_of_another_kind_with_the_same_code_is_no_edition_of_the_record():
    recommendation = RecommendationFactory(code="R2024-RT1-01", published=True)
    roundtable = RoundtableFactory(code=recommendation.code, status="approved")

    refused = refusal(
        lambda: (
            lambda: type(roundtable).objects.update(
                status="published",
                public_edition=1,
                published_by=person("Publisher"),
                published_at=database_now(),
            )
        )
    )

    assert refused[0] == "published_has_an_edition"


@pytest.mark.parametrize(
    "values",
    [
        {"public_edition": 1},
        {"one_person": True},
        {"published_at": "2024-03-11T00:00Z"},
        {"approved_by": author},
        {"published_by": author},
    ],
    ids=" ".join,
)
def test_new_record_is_signed_by_nobody(values):
    practice = PracticeFactory()
    practice.pk, practice.code = None, ""
    for name, value in values.items():
        setattr(practice, name, value() if callable(value) else value)

    refused = refusal(lambda: lambda: practice.save(force_insert=True))

    assert refused[0] == "begins_as_a_draft"


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_record_that_was_public_is_not_deleted_and_its_code_stays_taken(status):
    practice = PracticeFactory(status=status)

    refused = refusal(
        lambda: lambda: Practice.objects.filter(pk=practice.pk)._raw_delete("default")
    )

    assert refused == (
        "published_is_not_deleted",
        ["A record that has been published is not deleted: withdraw it. Its code stays taken."],
    )


def test_draft_of_a_withdrawn_record_is_not_deleted_either():
    practice = PracticeFactory(status="withdrawn", objectives=[7])
    take("revise", practice)

    assert refusal(lambda: practice.delete)[0] == "published_is_not_deleted"


def test_draft_that_was_never_public_is_deleted():
    PracticeFactory().delete()

    assert not Practice.objects.exists()


# --- Editions -------------------------------------------------------------------------------


def test_publishing_says_who_when_and_which_edition(publisher):
    practice = PracticeFactory(status="approved")
    before = database_now()

    number = publication.publish(practice, by=publisher)

    row = Practice.objects.get()
    assert number == row.public_edition == practice.public_edition == 1
    assert row.published_by == publisher
    assert before <= row.published_at <= database_now()
    assert seen_now() == [(practice.code, 1)]


@pytest.mark.parametrize("links", [1, 4])
def test_publishing_costs_the_same_with_one_link_and_with_four(
    links, django_assert_num_queries, publisher
):
    practice = PracticeFactory(status="approved", objectives=list(range(1, links + 1)))
    publisher.get_all_permissions()

    with django_assert_num_queries(20):
        publication.publish(practice, by=publisher)


def test_edits_stay_in_the_office_until_the_next_edition():
    practice = PracticeFactory(published=True, title="First")

    take("revise", practice)
    Practice.objects.update(title="Second")
    assert PublicRecord.objects.visible().get().title == "First"

    practice.refresh_from_db()
    published(practice)
    assert PublicRecord.objects.visible().get().title == "Second"


def test_earlier_edition_stays_citable_for_its_own_period():
    practice = PracticeFactory(published=True, title="First")
    before = practice.published_at - timedelta(microseconds=1)
    between = database_now()

    published_again(practice, title="Second")

    titles = {
        name: list(PublicRecord.objects.visible(at).values_list("title", flat=True))
        for name, at in {
            "before": before,
            "first moment": period_of(1).lower,
            "between": between,
            "change": period_of(2).lower,
            "now": None,
        }.items()
    }
    assert titles == {
        "before": [],
        "first moment": ["First"],
        "between": ["First"],
        "change": ["Second"],
        "now": ["Second"],
    }
    assert period_of(1).upper == period_of(2).lower == practice.published_at
    assert PublicRecord.objects.get(edition=1).visible == period_of(1)


def test_retracted_edition_is_not_seen_at_any_moment():
    practice = PracticeFactory(published=True, title="Wrong")
    between = database_now()

    published_again(practice, title="Right", retract_earlier=True)

    assert list(PublicRecord.objects.visible(between)) == []
    assert list(PublicRecord.objects.values_list("title", flat=True)) == ["Right"]
    assert not Tombstone.objects.exists()


def test_retracting_and_embargo_do_not_go_together():
    practice = PracticeFactory(published=True)
    take("revise", practice)
    brought_to(Status.APPROVED, practice)

    refused = attempt(
        "publish", practice, person("Publisher"), at=in_days(2), retract_earlier=True
    )

    assert refused.messages == [
        "Earlier editions are retracted at once: publish now, or withdraw the record."
    ]


def test_editions_of_other_records_are_left_alone():
    one, other = PracticeFactory.create_batch(2, published=True)
    before = Edition.objects.filter(code=other.code).values().get()

    published_again(one, retract_earlier=True)
    take("withdraw", one)

    assert Edition.objects.filter(code=other.code).values().get() == before


# --- Embargo --------------------------------------------------------------------------------


def test_embargoed_record_is_published_for_the_office_and_unseen_by_the_public():
    moment = in_days(2)
    practice = published(PracticeFactory(), at=moment)

    assert practice.status == Status.PUBLISHED
    assert list(Practice.objects.under_embargo(database_now())) == [practice]
    assert list(Practice.objects.under_embargo(moment)) == []
    assert list(PublicRecord.objects.all()) == []
    assert list(PublicRecord.objects.visible(moment)) == []  # nor by asking for the future
    assert seen_at(moment - timedelta(microseconds=1)) == []
    assert seen_at(moment) == [(practice.code, 1)]


def test_embargo_ends_by_itself():
    practice = PracticeFactory(status="approved")
    moment = database_now() + timedelta(seconds=1.5)
    take("publish", practice, at=moment)

    before, looked_at = seen_now(), database_now()
    time.sleep(max(0, (moment - looked_at).total_seconds()) + 0.01)

    assert before == [] or looked_at > moment
    assert seen_now() == [(practice.code, 1)]


def test_embargo_time_lies_ahead(publisher):
    practice = PracticeFactory(status="approved")

    refused = attempt("publish", practice, publisher, at=database_now())

    assert refused.messages == [
        "The embargo time has passed: choose a later time, or publish now."
    ]


def test_next_edition_under_embargo_replaces_the_first_at_its_moment():
    practice = PracticeFactory(published=True)
    moment = in_days(2)

    published_again(practice, at=moment)

    assert seen_now() == [(practice.code, 1)]
    assert seen_at(moment - timedelta(microseconds=1)) == [(practice.code, 1)]
    assert seen_at(moment) == [(practice.code, 2)]


def test_edition_whose_embargo_is_overtaken_never_appears():
    practice = published(PracticeFactory(), at=in_days(2))

    published_again(practice)

    assert sorted(called_off_and_not(1)) == [False, True]
    assert seen_now() == seen_at(in_days(3)) == [(practice.code, 1)]


def test_embargo_is_brought_forward():
    practice = published(PracticeFactory(), at=in_days(3))

    published_again(practice, at=in_days(1))

    assert seen_at(in_days(2)) == seen_at(in_days(4)) == [(practice.code, 1)]


def test_edition_between_two_embargoes_has_its_own_time():
    practice = published(PracticeFactory(), at=in_days(1))

    published_again(practice, at=in_days(3))

    assert seen_at(in_days(2)) == [(practice.code, 1)]
    assert seen_at(in_days(4)) == [(practice.code, 2)]


def test_edition_published_now_overtakes_the_one_under_embargo_and_ends_the_first():
    practice = PracticeFactory(published=True)
    published_again(practice, at=in_days(2))

    published_again(practice)

    assert seen_now() == seen_at(in_days(3)) == [(practice.code, 2)]
    assert sorted(called_off_and_not(2)) == [False, True]
    now = PublicRecord.objects.visible().get()
    assert (now.edition, now.visible.lower) == (2, period_of(1).upper)


def test_number_of_an_embargo_that_was_called_off_is_given_again():
    """A gap between the numbers would tell of it: nobody can know whether there ever was one."""
    plain, hasty = PracticeFactory(published=True), PracticeFactory(published=True)
    published_again(hasty, at=in_days(2))
    published_again(hasty, at=in_days(2))

    for practice in (plain, hasty):
        published_again(practice)

    assert seen_now() == [(plain.code, 2), (hasty.code, 2)]


def test_embargoed_edition_leaves_no_trace_on_the_one_that_is_public():
    practice = PracticeFactory(published=True)
    before = PublicRecord.objects.values().get()

    published_again(practice, at=in_days(2))

    assert PublicRecord.objects.values().get() == before
    assert PublicRecord.objects.get().visible.upper is None


# --- Withdrawal -----------------------------------------------------------------------------


def test_withdrawn_record_is_not_seen_at_any_moment_and_leaves_a_tombstone():
    practice = PracticeFactory(published=True)
    between = database_now()
    published_again(practice)

    take("withdraw", practice, note="Written by mistake.")

    assert list(PublicRecord.objects.all()) == []
    assert list(PublicRecord.objects.visible(between)) == []
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.code) == ("practice", practice.code)
    assert stone.withdrawn_at == period_of(2).upper
    row = Practice.objects.get()
    assert (row.status, row.public_edition) == (Status.WITHDRAWN, None)


def test_withdrawal_takes_what_is_under_embargo_too():
    practice = PracticeFactory(published=True)
    published_again(practice, at=in_days(2))

    take("withdraw", practice)

    assert seen_now() == seen_at(in_days(3)) == []


def test_withdrawal_under_embargo_leaves_no_tombstone():
    practice = published(PracticeFactory(), at=in_days(2))

    take("withdraw", practice)

    assert not Tombstone.objects.exists()
    assert seen_at(in_days(3)) == []


def test_second_withdrawal_under_embargo_leaves_no_second_tombstone():
    practice = PracticeFactory(status="withdrawn")
    published_again(practice, at=in_days(2))

    take("withdraw", practice)

    assert Tombstone.objects.count() == 1


def test_record_that_was_seen_again_leaves_a_second_tombstone():
    practice = PracticeFactory(status="withdrawn")
    published_again(practice)

    take("withdraw", practice)

    assert Tombstone.objects.count() == 2


def test_record_is_published_again_after_its_withdrawal():
    practice = PracticeFactory(published=True)
    between = database_now()
    take("withdraw", practice)

    published_again(practice)

    assert seen_now() == [(practice.code, 2)]
    assert list(PublicRecord.objects.visible(between)) == []


# --- What staff are told --------------------------------------------------------------------


def test_staff_know_what_has_changed_since_the_public_edition():
    practice = PracticeFactory(published=True, title="First", objectives=[7])
    PracticeFactory(title="Never public")
    assert list(Practice.objects.changed_since_publication()) == []
    assert public_differences(practice) == {}

    take("revise", practice)
    with signed(by=person("Editor")):
        Practice.objects.filter(pk=practice.pk).update(title="Second")
        practice.objective_links.create(objective=objective(15))
    practice.refresh_from_db()

    assert list(Practice.objects.changed_since_publication()) == [practice]
    assert public_differences(practice) == {
        "title": ("First", "Second"),
        "objectives": ([7], [7, 15]),
    }

    published(practice)
    assert list(Practice.objects.changed_since_publication()) == []
    assert public_differences(practice) == {}


def test_everything_differs_of_what_was_never_public():
    stakeholder = StakeholderFactory()

    differences = public_differences(stakeholder)

    assert differences["title"] == (None, "Migrants' Union")
    assert set(differences) == set(stakeholder.document().as_json())


def test_records_are_found_by_status():
    one = PracticeFactory(status="submitted")
    PracticeFactory()

    assert list(Practice.objects.with_status(Status.SUBMITTED, Status.IN_REVIEW)) == [one]


# --- Codes of others ------------------------------------------------------------------------


def matching(pledge, **values):
    return PledgeFactory(type="matching", matches=pledge, status=Status.APPROVED, **values)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, Status.WITHDRAWN])
def test_document_tells_no_code_of_a_record_that_is_not_public(status, publisher):
    hidden = PledgeFactory(status=status)
    pledge = matching(hidden)

    with pytest.raises(ValidationError) as refusal:
        publication.publish(pledge, by=publisher)

    assert refusal.value.messages == [
        f"{pledge.code} names what is not public then: {hidden.code}. Publish that first."
    ]
    assert not Edition.objects.filter(code=pledge.code).exists()


def test_document_may_name_what_is_public_by_then(publisher):
    later = published(PledgeFactory(), at=in_days(2))
    too_soon, in_time = matching(later), matching(later)

    with pytest.raises(ValidationError, match="not public then"):
        publication.publish(too_soon, by=publisher, at=in_days(1))
    publication.publish(in_time, by=publisher, at=in_days(3))

    assert in_time.status == Status.PUBLISHED


def test_documents_that_are_published_together_may_name_each_other(publisher):
    first = PledgeFactory(status=Status.APPROVED)
    second = matching(first)

    assert publication.publish_all([second, first], by=publisher) == [1, 1]
