"""People's data: erased when somebody asks or when their time is over; the log still holds."""

import io
from datetime import datetime, time, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection
from django.utils import timezone

from accounts import chain
from accounts.models import Change, Token, User
from objectives.models import ReviewCycle
from objectives.records import signed
from office.models import Import, ImportRow
from reviewhub.people import WHAT, erase_person, retention
from submissions.models import FocalPoint, Practice
from tests.factories import (
    PracticeFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    member_state,
    person,
    published,
)

pytestmark = pytest.mark.django_db

ANA = "ana.canary@example.org"


@pytest.fixture
def ana(administrator) -> User:
    """Somebody who has left traces everywhere."""
    user = User.objects.create_user(ANA, "a-long-one-7", name="Ana Canary", is_staff=True)
    user.groups.add(person("Editor").groups.get())
    Authenticator.objects.create(user=user, type="totp", data={"secret": "canary"})
    FocalPoint.objects.create(user=user, member_state=member_state("ALB"))
    Token.objects.create(
        name="A ministry", owner=user, kinds=[], expires_at=timezone.now(), check_sum="0" * 64
    )
    LogEntry.objects.create(
        user=administrator,
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr="Ana Canary",
        action_flag=2,
    )
    upload(user)
    RoleFactory(person="Ana Speaker", email=ANA.upper(), phone="+1 canary", gender="canary")
    StakeholderFactory(contact_email=ANA, contact_phone="+2 canary")
    with signed(by=user):
        PracticeFactory(title="Hers")
        Practice.objects.update(title="Hers, too")
    return user


def upload(by, **fields) -> Import:
    one = Import.objects.create(
        by=by,
        kind="submissions.stakeholder",
        part="stakeholder",
        name="file.csv",
        content=b"canary",
        size=6,
        sha256="0" * 64,
        language="en",
        **{"state": "previewed", **fields},
    )
    ImportRow.objects.create(
        upload=one, number=1, result="new", cells={"contact_email": ["", f"x {ANA}"]}
    )
    return one


def canaries() -> list[str]:
    """The tables in which anything of Ana is left."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT count(*) FROM {table} t WHERE t::text ILIKE '%canary%'")
            if cursor.fetchone()[0]:
                found.append(table)
    return found


def said(*words: str, **options) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


EVERYTHING = """Erased:
     1  accounts that are only a number now
     1  second factors and recovery codes
     1  parties that a focal point acted for
     1  tokens of the API revoked
     1  speakers' addresses, telephone numbers and gender
     1  contacts of stakeholders
     1  uploaded files of imports
     1  lines of Django's own log of the admin
     0  sessions that are over
"""


def test_erased_person_is_in_no_table_any_more_not_even_in_the_log(ana):
    assert {"accounts_user", "office_importrow", "django_admin_log"} <= set(canaries())

    report = said("erase_person", ANA, why="Asked in March.")

    assert report == EVERYTHING
    assert canaries() == []


def test_what_they_wrote_stays_under_a_number(ana):
    erase_person(ANA, why="Asked.")

    practice = Practice.objects.get()
    ana.refresh_from_db()
    assert practice.edited_by == ana
    assert Change.objects.filter(code=practice.code, by=ana).exists()
    assert str(ana) == f"account-{ana.pk}@erased.invalid"
    assert (ana.is_active, ana.is_staff, ana.has_usable_password()) == (False, False, False)


def test_erasing_is_in_the_log_without_what_was_erased(ana):
    erase_person(ANA, why="Asked in March.")

    row = Change.objects.filter(table_name="accounts_user", row_id=ana.pk).latest("id")
    assert (row.step, row.why, row.by) == ("erase_person", "Asked in March.", None)
    assert row.was["email"] == row.now["email"] == row.was["name"] == "(not logged)"


def test_chain_of_the_log_holds_after_erasing(ana):
    chain.seal()
    kept = chain.head()

    erase_person(ANA, why="Asked.")
    chain.seal()

    found = chain.Found()
    assert list(chain.faults(found, kept)) == []
    assert found.head.position > kept.position > 0


def test_dry_run_counts_the_same_and_erases_nothing(ana):
    before = canaries()

    report = said("erase_person", ANA, why="Asked.", dry_run=True)

    assert report == EVERYTHING.replace("Erased:", "It would erase:")
    assert canaries() == before


def test_names_of_speakers_stay_as_the_public_programme_has_them(ana):
    erase_person(ANA, why="Asked.")

    with connection.cursor() as cursor:
        cursor.execute("SELECT person, email, phone, gender FROM roundtables_role")
        assert cursor.fetchall() == [("Ana Speaker", "", "", "")]


@pytest.mark.parametrize(
    ("email", "why", "refusal"),
    [
        ("nobody@example.org", "Asked.", "Nothing is kept under this address"),
        (ANA, f"{ANA} asked.", "leave the address out"),
    ],
)
def test_erasing_is_refused_in_words(email, why, refusal, ana):
    with pytest.raises(CommandError, match=refusal):
        said("erase_person", email, why=why)


def test_last_administrator_is_not_erased(administrator):
    with pytest.raises(CommandError, match="This is the last administrator"):
        said("erase_person", administrator.email, why="Asked.")


# --- When their time is over ----------------------------------------------------------------


def test_retention_erases_nothing_before_its_time(ana):
    last_day = ReviewCycle.objects.get().ends_on

    counts = retention(now=timezone.make_aware(datetime.combine(last_day, time()))).counts

    assert set(counts.values()) == {0}


@pytest.mark.parametrize("state", ["approved", "published", "withdrawn"])
def test_contacts_of_what_is_signed_are_erased_too_and_nothing_else_of_it(state, ana):
    signed_one = StakeholderFactory(contact_email="b@example.org", status=state)
    sitting = RoundtableFactory()
    RoleFactory(roundtable=sitting, email="b@example.org")
    sitting.refresh_from_db()
    if state == "published":
        published(sitting)

    counts = erase_person("B@example.org", why="Asked.").counts

    assert (counts["contacts"], counts["speakers"]) == (1, 1)
    signed_one.refresh_from_db()
    assert (signed_one.contact_email, signed_one.status) == ("", state)
    with (
        pytest.raises(IntegrityError, match="This record is signed"),
        signed(by=None, step="erase_person"),
    ):
        type(signed_one).objects.filter(pk=signed_one.pk).update(title="Another")


def test_accounts_become_numbers_two_years_after_they_were_switched_off(ana, settings):
    User.objects.filter(pk=ana.pk).update(is_active=False)
    off = Change.objects.filter(table_name="accounts_user", row_id=ana.pk).latest("id").at
    ends = off + timedelta(days=settings.ACCOUNTS_KEPT_DAYS)

    assert retention(now=ends - timedelta(hours=1)).counts["accounts"] == 0
    assert retention(now=ends + timedelta(hours=1)).counts["accounts"] == 1
    assert retention(now=ends + timedelta(hours=1)).counts["accounts"] == 0


def test_accounts_that_are_in_use_are_kept_for_ever(ana):
    much_later = timezone.now() + timedelta(days=5000)

    assert retention(now=much_later).counts["accounts"] == 0


def test_speakers_contact_data_go_two_years_after_the_cycle(ana, settings):
    one = RoleFactory(email="speaker@example.org").roundtable.cycle
    type(one).objects.filter(pk=one.pk).update(starts_on="2024-03-11", ends_on="2024-03-12")
    ends = timezone.make_aware(datetime(2026, 3, 12, 12))

    assert retention(now=ends).counts["speakers"] == 0
    assert retention(now=ends + timedelta(days=2)).counts["speakers"] > 0


def test_contacts_of_stakeholders_go_two_years_after_the_withdrawal(ana):
    gone = StakeholderFactory(contact_email="gone@example.org", status="withdrawn")
    later = timezone.now() + timedelta(days=735)

    assert retention().counts["contacts"] == 0
    assert retention(now=later).counts["contacts"] == 1
    gone.refresh_from_db()
    assert gone.contact_email == ""


def test_uploads_old_lines_of_the_admin_and_dead_sessions_go(ana):
    Session.objects.create(
        session_key="x", session_data="x", expire_date=timezone.now() - timedelta(days=1)
    )
    waiting = upload(person("Editor"), state="uploaded")

    assert retention().counts["sessions"] == 1
    later = retention(now=timezone.now() + timedelta(days=91))

    assert (later.counts["uploads"], later.counts["admin_log"]) == (1, 1)
    assert list(Import.objects.exclude(content=b"")) == [waiting]


def test_command_tells_how_much_of_each():
    report = said("retention", dry_run=True).splitlines()

    assert report[0] == "It would erase:"
    assert [line[8:] for line in report[1:]] == [str(words) for words in WHAT.values()]
