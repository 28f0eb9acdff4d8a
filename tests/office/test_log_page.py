"""The whole log, as administrators read it and take it out."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from django.urls import reverse

from accounts import chain
from accounts.models import Change, Seal
from objectives.models import Doubt
from objectives.records import signed
from office.log_lines import DONE
from sessions.models import Roundtable
from submissions.models import Practice
from tests.factories import (
    PracticeFactory,
    StakeholderFactory,
    StatementFactory,
    objective,
    person,
    principle,
    take,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(client, administrator):
    """Reads the log as an administrator; gives the answer."""
    client.force_login(administrator)

    def read(**question):
        return client.get(reverse("admin:log"), question)

    return read


def told(answer) -> list[tuple[str, str]]:
    """What each line is about and who did what."""
    return [
        (f"{line.kind} {line.code}".strip(), line.sentence) for line in answer.context["lines"]
    ]


def doubt(code: str, by=None, **signature) -> Doubt:
    with signed(by=by, **signature):
        return Doubt.objects.create(table="objectives", code=code, text="Check.")


# --- The page -------------------------------------------------------------------------------


def test_log_stands_where_the_admins_own_list_would():
    assert reverse("admin:log") == reverse("admin:accounts_change_changelist")


@pytest.mark.parametrize(
    ("role", "status"), [("Reader", 403), ("Editor", 403), ("Publisher", 403)]
)
def test_log_is_for_administrators_only(client, role, status):
    client.force_login(person(role))

    for kind in ("", "csv", "ndjson"):
        assert client.get(reverse("admin:log"), {"format": kind}).status_code == status


def test_line_says_who_what_when_why_and_in_which_request(log, editor):
    row = doubt("7", by=editor, why="It says 8 elsewhere.", request="a1b2c3d4e5f60718")

    page = log(record="7").content.decode()

    assert "<h2><a" in page
    assert "Doubt 7" in page
    assert "Added by Editor" in page
    assert "It says 8 elsewhere." in page
    assert "a1b2c3d4e5f60718" in page
    assert f"{Change.objects.get(row_id=row.pk, code='7').at:%H:%M}" in page


def test_writes_through_the_web_carry_the_id_of_their_answer(client, administrator):
    client.force_login(administrator)
    one = objective(7)

    answer = client.post(
        reverse("admin:objectives_doubt_add"),
        {"table": "objectives", "code": "7", "text": "Check.", "objective": one.pk},
    )

    change = Change.objects.get(table_name="objectives_doubt")
    assert (answer.status_code, change.request) == (302, answer["X-Request-ID"])
    assert change.by == administrator


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ({"person": "Editor"}, ["1"]),
        ({"person": "editor@"}, ["1"]),
        ({"person": "nobody like that"}, []),
        ({"record": "2"}, ["2"]),
        ({"record": "x"}, []),
        ({"action": "import"}, ["3"]),
        ({"action": "insert", "request": "r-four"}, ["4"]),
        ({"action": "delete", "request": "r-four"}, []),
        ({"request": "r-four"}, ["4"]),
        ({"request": " r-four "}, ["4"]),
    ],
)
def test_log_is_asked_by_person_record_action_and_request(question, codes, log, editor, reviewer):
    doubt("1", by=editor)
    doubt("2", by=reviewer)
    doubt("3", by=reviewer, step="import")
    doubt("4", by=reviewer, request="r-four")

    lines = log(**question).context["lines"]

    assert [line.code for line in lines if line.change.table_name == "objectives_doubt"] == codes


def test_log_is_asked_by_the_number_of_an_account(log, editor):
    doubt("1", by=editor)

    assert told(log(person=str(editor.pk))) == [("Doubt 1", "Added by Editor")]


def test_log_is_asked_by_days_both_included(log):
    doubt("1")
    today = datetime.now(UTC).date()

    def found(**days):
        return len([line for line in log(**days).context["lines"] if line.code == "1"])

    assert found(since=today, until=today) == 1
    assert found(until="2024-03-11") == found(since="2100-01-01") == 0


def test_log_of_a_record_has_its_parts_and_links(log):
    practice = PracticeFactory()
    other = PracticeFactory()
    one = principle()
    with signed(by=None, request="r-link"):
        practice.principles.add(one)
        other.principles.add(one)

    lines = log(record=practice.code, request="r-link").context["lines"]

    (line,) = [line for line in lines if line.change.operation == "insert"]
    assert line.change.now["practice_id"] == practice.pk
    assert line.history == reverse("admin:history", args=["submissions.practice", practice.pk])


def test_each_line_leads_to_the_history_of_its_record(log):
    statement = StatementFactory()
    statement.objectives.add(objective(7))
    with signed(by=None, request="r-all"):
        statement.objectives.clear()  # a part of a part
        type(statement).objects.filter(pk=statement.pk).update(speaker="Somebody else")  # a part
        Roundtable.objects.filter(pk=statement.roundtable_id).update(staff_notes="?")

    lines = log(request="r-all").context["lines"]

    history = reverse("admin:history", args=["roundtables.roundtable", statement.roundtable_id])
    assert len(lines) >= 3
    assert {line.history for line in lines} == {history}


def test_steps_read_as_sentences(log):
    practice = PracticeFactory(status="in_review")
    take("return_with_note", practice, note="Name the source.")

    (line,) = log(action="return_with_note").context["lines"]

    assert (line.sentence, line.change.why) == (
        "Returned with a note by Reviewer",
        "Name the source.",
    )


def test_account_that_is_gone_is_a_number(log):
    from accounts.models import User

    guest = User.objects.create_user("guest@example.org", name="Guest")
    doubt("1", by=guest)
    number = guest.pk
    guest.delete()

    assert told(log(record="1")) == [("Doubt 1", f"Added by account {number}")]


def test_contact_data_are_on_no_page_and_in_no_file_of_the_log(log):
    one = StakeholderFactory(contact_email="canary@example.org", contact_phone="canary 1")
    type(one).objects.filter(pk=one.pk).update(contact_phone="canary 2")
    somebody = person("Editor")
    type(somebody).objects.filter(pk=somebody.pk).update(email="canary3@example.org")

    bodies = [log().content.decode()] + [
        b"".join(log(format=kind).streaming_content).decode() for kind in ("csv", "ndjson")
    ]

    assert [body.count("canary") for body in bodies] == [0, 0, 0]
    assert all("(not logged)" in body for body in bodies)


@pytest.mark.parametrize(
    "question",
    [
        {"since": "yesterday"},
        {"action": "explode"},
        {"before": "x"},
        {"before": "-1"},
        {"before": "9" * 30},
        {"person": "a\0b"},
        {"request": "x" * 65},
        {"format": "xml"},
        {"format": "csv", "since": "never"},
    ],
)
def test_bad_questions_are_refused_in_words(question, log):
    doubt("1")

    assert log(**question).status_code == 400


def test_number_of_no_account_and_strange_codes_find_nothing(log):
    for question in ({"person": "9" * 17}, {"person": "9" * 40}, {"record": "%_'"}):
        assert log(**question).context["lines"] == []


def test_pages_follow_each_other_without_gap_or_repetition(log):
    Doubt.objects.bulk_create(
        [Doubt(table="objectives", code=str(n), text="?") for n in range(120)]
    )
    seen, before = [], {}
    while before is not None:
        page = log(action="insert", **before)
        seen += [line.change.pk for line in page.context["lines"]]
        before = {"before": page.context["older"]} if page.context["older"] else None

    rows = Change.objects.filter(operation="insert").order_by("-id")
    assert seen == list(rows.values_list("pk", flat=True))
    assert len(seen) > 120


@pytest.mark.parametrize("how_many", [1, 4])
def test_log_costs_the_same_for_one_and_for_many(log, how_many, django_assert_num_queries):
    for _ in range(how_many):
        statement = StatementFactory()
        with signed(by=person("Editor"), request="r-cost"):
            type(statement).objects.filter(pk=statement.pk).update(speaker="Somebody else")
    log()

    with django_assert_num_queries(8):
        log(request="r-cost")


def test_every_operation_has_a_sentence():
    assert set(DONE) == set(Change.Operation.values)


# --- The files ------------------------------------------------------------------------------


def test_files_have_all_that_was_asked_for_with_the_seals(log, editor, monkeypatch):
    monkeypatch.setattr("office.log_page.AT_ONCE", 2)
    for code in "12345":
        doubt(code, by=editor, why="=1+1", request="r-file")
    chain.seal()
    doubt("6", by=editor, request="r-file")

    rows = [
        json.loads(line)
        for line in b"".join(log(request="r-file", format="ndjson").streaming_content).splitlines()
    ]
    table = list(
        csv.DictReader(
            io.StringIO(
                b"".join(log(request="r-file", format="csv").streaming_content).decode("utf-8-sig")
            )
        )
    )

    assert [row["code"] for row in rows] == [row["code"] for row in table] == list("654321")
    assert (rows[0]["seal"], rows[0]["sha256"]) == (None, "")
    seal = Seal.objects.get(change_id=rows[1]["id"])
    assert (rows[1]["seal"], rows[1]["sha256"]) == (seal.position, seal.hash)
    assert rows[1]["now"]["text"] == "Check."
    assert (rows[1]["by"], rows[1]["by_name"]) == (editor.pk, "Editor")
    assert json.loads(table[1]["now"]) == rows[1]["now"]
    assert re.match("[=+@-]", table[1]["why"]) is None  # no formula of a spreadsheet


def test_files_are_named_and_never_cached(log):
    doubt("1")

    for kind in ("csv", "ndjson"):
        answer = log(format=kind)
        assert re.search(rf'filename="log-[\d-]+\.{kind}"', answer["Content-Disposition"])
        assert "no-store" in answer["Cache-Control"]


def test_log_of_a_practice_that_was_deleted_is_still_there(log):
    practice = PracticeFactory()
    code = practice.code
    Practice.objects.filter(pk=practice.pk).delete()

    assert f"Practice {code}" in [about for about, _ in told(log(record=code, action="delete"))]
