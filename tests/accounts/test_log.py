"""The log of every write: who, what, when, why. Nobody goes around it, nobody changes it."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.db import InternalError, connection, transaction
from django.http import HttpResponse
from django.template import TemplateDoesNotExist
from django.template.response import SimpleTemplateResponse
from django.test import RequestFactory

from accounts.models import Change, User
from accounts.signature import SignatureMiddleware
from objectives.models import Doubt
from objectives.records import NOT_LOGGED, signed
from submissions.models import Practice
from tests.factories import (
    PracticeFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    objective,
    person,
    principle,
    take,
)

pytestmark = pytest.mark.django_db


def last_change() -> Change:
    return Change.objects.first()


def log_of(row) -> list[tuple]:
    """What the log says of a row, the first write first."""
    return list(
        Change.objects.filter(table_name=row._meta.db_table, row_id=row.pk)
        .order_by("id")
        .values_list("operation", "was", "now")
    )


# --- What is logged -------------------------------------------------------------------------


def test_update_by_sql_is_logged_with_what_was_and_what_became():
    practice = PracticeFactory(title="Old")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE submissions_practice SET title = 'New', covid19 = true WHERE id = %s",
            [practice.pk],
        )

    change = last_change()

    assert (change.table_name, change.row_id, change.code) == (
        "submissions_practice",
        practice.pk,
        practice.code,
    )
    assert (change.operation, change.version) == ("update", practice.version + 1)
    assert change.was == {"title": "Old", "covid19": False}
    assert change.now == {"title": "New", "covid19": True}
    assert (change.by, change.step, change.why, change.request) == (None, "", "", "")
    assert change.database_user == connection.settings_dict["USER"]


@pytest.mark.parametrize(
    "write",
    [
        lambda rows: rows.update(title="New"),
        lambda rows: Practice.objects.bulk_update(
            [Practice(pk=rows[0].pk, title="New")], ["title"]
        ),
    ],
    ids=["update", "bulk_update"],
)
def test_update_in_bulk_is_logged(write):
    practice = PracticeFactory(title="Old")

    write(Practice.objects.filter(pk=practice.pk))

    assert log_of(practice)[-1] == ("update", {"title": "Old"}, {"title": "New"})


def test_insert_and_delete_are_logged_with_the_whole_row():
    row = Doubt.objects.create(table="objectives", code="7", text="Check.")
    pk, whole = row.pk, Doubt.objects.filter(pk=row.pk).values().get()

    row.delete()

    row.pk = pk
    assert log_of(row) == [("insert", None, whole), ("delete", whole, None)]


def test_rows_inserted_in_bulk_are_logged_each():
    Doubt.objects.bulk_create([Doubt(table="objectives", code=n, text="?") for n in "12"])

    logged = Change.objects.filter(table_name="objectives_doubt").order_by("id")

    assert list(logged.values_list("operation", "code")) == [("insert", "1"), ("insert", "2")]


def test_links_are_logged_where_they_are():
    practice, one = PracticeFactory(), principle()

    practice.principles.add(one)
    practice.principles.remove(one)

    added, removed = Change.objects.filter(table_name="submissions_practice_principles").order_by(
        "id"
    )
    assert (added.operation, removed.operation) == ("insert", "delete")
    assert added.now == removed.was
    assert added.now["practice_id"] == practice.pk
    assert added.now["guidingprinciple_id"] == one.pk


def test_write_that_changes_nothing_is_not_logged():
    practice = PracticeFactory()
    before = log_of(practice)

    practice.save()

    assert log_of(practice) == before


def test_rights_are_logged_like_everything_else():
    group, right = Group.objects.get(name="Reader"), Permission.objects.first()

    group.permissions.add(right)

    assert last_change().table_name == "auth_group_permissions"
    assert last_change().now["permission_id"] == right.pk


def test_longest_code_of_a_doubt_fits_into_the_log():
    Doubt.objects.create(table="member_state_names", code="x" * 200, text="Check.")

    assert last_change().code == "x" * 200


# --- Who and why ----------------------------------------------------------------------------


def test_signature_says_who_wrote_in_which_step_and_why(editor):
    practice = PracticeFactory()

    with signed(by=editor, step="import", why="From the file of March.", request="r1"):
        Practice.objects.filter(pk=practice.pk).update(title="New")

    change = last_change()
    assert (change.by, change.step, change.why, change.request) == (
        editor,
        "import",
        "From the file of March.",
        "r1",
    )


def test_signature_ends_with_its_block(editor, reviewer):
    with signed(by=editor, step="outer", request="r1"):
        with signed(by=reviewer, step="inner", why="Because."):
            objective(1)
        objective(2)
    objective(3)

    logged = Change.objects.filter(table_name="objectives_objective").order_by("id")
    assert list(logged.values_list("by", "step", "why", "request")) == [
        (reviewer.pk, "inner", "Because.", "r1"),
        (editor.pk, "outer", "", "r1"),
        (None, "", "", ""),
    ]


def test_signature_ends_with_an_error_too(editor, reviewer):
    with signed(by=editor):
        with pytest.raises(ZeroDivisionError), signed(by=reviewer):
            objective(1)
            raise ZeroDivisionError
        objective(2)

    logged = Change.objects.filter(table_name="objectives_objective")
    assert list(logged.values_list("by")) == [(editor.pk,)]


def test_command_signs_with_nobody_inside_somebodys_signature(editor):
    with signed(by=editor), signed(by=None, step="load"):
        objective(1)

    change = Change.objects.get(table_name="objectives_objective")
    assert (change.by, change.step) == (None, "load")


def test_step_of_the_workflow_is_logged_with_its_note(reviewer):
    practice = PracticeFactory(status="in_review")

    take("return_with_note", practice, note="Name the source.")

    change = last_change()
    assert (change.by, change.step, change.why) == (
        reviewer,
        "return_with_note",
        "Name the source.",
    )
    assert change.was == {"status": "in_review", "status_note": ""}
    assert change.now == {"status": "returned", "status_note": "Name the source."}


def test_log_outlives_the_account():
    guest = User.objects.create_user("guest@example.org", name="Guest")
    with signed(by=guest):
        objective(1)
    pk = guest.pk

    guest.delete()

    assert Change.objects.get(table_name="objectives_objective").by_id == pk


def add_an_objective(request):
    objective(1)
    return HttpResponse()


def add_an_objective_and_fail_at_the_page(request):
    objective(1)
    return SimpleTemplateResponse("no such template")


def through_the_web(view, method: str, user):
    """Let the middleware run the view, as Django does."""
    request = RequestFactory().generic(method, "/")
    request.user = user
    return SignatureMiddleware(view).process_view(request, view, (), {})


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_what_people_write_through_the_web_is_signed(method, editor):
    through_the_web(add_an_objective, method, editor)

    change = Change.objects.get(table_name="objectives_objective")
    assert change.by == editor
    assert len(change.request) == 32


def test_requests_that_read_and_those_of_strangers_are_left_to_django(editor):
    assert through_the_web(add_an_objective, "GET", editor) is None
    assert through_the_web(add_an_objective, "POST", AnonymousUser()) is None


def test_signed_request_is_written_whole_or_not_at_all(editor):
    with pytest.raises(TemplateDoesNotExist):
        through_the_web(add_an_objective_and_fail_at_the_page, "POST", editor)

    assert not Change.objects.filter(table_name="objectives_objective").exists()


# --- The last editor ------------------------------------------------------------------------


def test_editor_is_remembered_when_only_a_link_is_written(editor, reviewer):
    practice = PracticeFactory()
    assert practice.edited_by == editor

    with signed(by=reviewer):
        practice.objective_links.create(objective=objective(15))

    practice.refresh_from_db()
    assert practice.edited_by == reviewer


@pytest.mark.parametrize(
    ("values", "last_editor"),
    [
        ({"title": "New"}, "Reviewer"),
        ({"title": "New", "edited_by": None}, "Reviewer"),
        ({"language": "en"}, "Editor"),  # as it was
    ],
)
def test_editor_is_whoever_signed_the_last_change_of_content(values, last_editor, reviewer):
    practice = PracticeFactory()

    with signed(by=reviewer):
        Practice.objects.update(**values)

    practice.refresh_from_db()
    assert practice.edited_by == person(last_editor)


def test_editor_of_a_new_record_is_whoever_signed_its_insert(reviewer):
    practice = PracticeFactory()
    practice.pk, practice.code = None, ""

    with signed(by=reviewer):
        practice.save(force_insert=True)

    practice.refresh_from_db()
    assert practice.edited_by == reviewer


def test_staff_notes_and_steps_are_no_edits(editor, reviewer):
    practice = PracticeFactory(status="submitted")

    with signed(by=reviewer):
        Practice.objects.update(staff_notes="Ask Tirana.")
    practice.refresh_from_db()
    take("start_review", practice)

    practice.refresh_from_db()
    assert practice.edited_by == editor


# --- Never in the log -----------------------------------------------------------------------


def the_log() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(accounts_change::text, ' ') FROM accounts_change")
        return cursor.fetchone()[0]


def test_passwords_are_never_in_the_log_but_their_change_is():
    user = User.objects.create_user("ana@example.org", "first-canary", name="Ana")
    first = user.password
    user.set_password("second-canary")
    user.save()

    assert first not in the_log()
    assert user.password not in the_log()
    assert log_of(user)[-1] == ("update", {"password": NOT_LOGGED}, {"password": NOT_LOGGED})


def test_sign_in_is_not_logged_as_a_change():
    user = person("Editor")
    before = log_of(user)

    User.objects.filter(pk=user.pk).update(last_login="2024-03-11T00:00Z")

    assert log_of(user) == before


def test_contact_data_are_never_in_the_log_but_their_change_is():
    account = User.objects.create_user("canary-1@example.org", name="Ana")
    account.email = "canary-2@example.org"
    account.save()
    stakeholder = StakeholderFactory(contact_email="canary-3@example.org", contact_phone="canary4")
    stakeholder.contact_phone = "canary5"
    stakeholder.save()
    role = RoleFactory(email="canary-6@example.org", phone="canary7", gender="canary8")
    role.gender = "canary9"
    role.save()
    RoundtableFactory()
    role.delete()

    assert "canary" not in the_log()
    assert log_of(stakeholder)[-1][2] == {"contact_phone": NOT_LOGGED}
    assert log_of(account)[-1][2] == {"email": NOT_LOGGED}


# --- Never changed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE accounts_change SET by_id = NULL",
        "DELETE FROM accounts_change",
        "TRUNCATE accounts_change",
        "TRUNCATE submissions_practice CASCADE",
        "TRUNCATE objectives_doubt",
    ],
)
def test_log_is_never_changed_and_no_table_is_emptied_past_it(words):
    PracticeFactory()
    before = Change.objects.count()

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL reviewhub.empty_log = ''")  # as outside of tests
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(InternalError), transaction.atomic():
            cursor.execute(words)

    assert Change.objects.count() == before
    assert Practice.objects.count() == 1
