"""Drafts through the API: trusted systems add and change them, and can do nothing more."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Change, Token
from accounts.tokens import check_sum, new_secret
from public.merging import merge
from public.workflow import Status
from submissions.models import Practice
from tests.factories import PracticeFactory, TokenFactory, cycle, member_state, objective, person

pytestmark = pytest.mark.django_db

NEW = {
    "title": "Help desks for seasonal workers",
    "summary": "Desks at the border help in five languages.",
    "cycle": "RR2024",
    "level": "national",
    "objectives": [7, 15],
    "primary_objectives": [7],
    "member_states": ["ALB"],
    "covid19": False,
    "year_start": 2021,
}


@pytest.fixture(autouse=True)
def reference_data():
    cycle("RR2024")
    member_state("ALB")
    objective(7)
    objective(15)


def token(**values) -> tuple[Token, dict[str, str]]:
    """A token, and the headers of a request that uses it."""
    secret = new_secret()
    made = TokenFactory(**{"check_sum": check_sum(secret), **values})
    return made, {"Authorization": f"Bearer {secret}"}


def add(client, headers, body=NEW, key="1", **more):
    return client.post(
        "/api/v1/drafts/practices/",
        body,
        content_type="application/json",
        headers=headers | {"Idempotency-Key": key},
        **more,
    )


def change(client, headers, practice, body, version=None):
    return client.patch(
        f"/api/v1/drafts/practices/{practice.code}/",
        body,
        content_type="application/json",
        headers=headers | ({"If-Match": version} if version else {}),
    )


def fields(answer) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]


def test_a_draft_is_added_in_the_name_of_who_answers_for_the_token(client):
    issued, headers = token()

    answer = add(client, headers)

    practice = Practice.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"http://testserver/api/v1/drafts/practices/{practice.code}/"
    assert answer["Cache-Control"] == "private, no-store"
    assert {name: answer.json()[name] for name in NEW} == NEW
    assert (practice.status, practice.edited_by) == (Status.DRAFT, person("Editor"))
    change = Change.objects.filter(table_name="submissions_practice").earliest("at")
    assert (change.by, change.why) == (person("Editor"), "API, token “Ministry of Albania”")
    issued.refresh_from_db()
    assert issued.last_used_at is not None


def test_a_draft_sent_twice_is_added_once(client):
    _issued, headers = token()

    first, second = add(client, headers), add(client, headers)
    other = add(client, headers, NEW | {"title": "Something else"})

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert other.status_code == 422
    assert Practice.objects.count() == 1


def test_a_draft_that_was_refused_can_be_sent_again_under_its_key(client):
    _issued, headers = token()

    refused = add(client, headers, NEW | {"level": "cosmic", "objectives": [7, 99]})
    mended = add(client, headers)

    assert (refused.status_code, sorted(fields(refused))) == (422, ["level", "objectives"])
    assert mended.status_code == 201


def test_a_draft_is_changed_by_who_has_read_it(client):
    _issued, headers = token()
    practice = PracticeFactory()
    read = client.get(f"/api/v1/drafts/practices/{practice.code}/", headers=headers)

    answer = change(client, headers, practice, {"title": "Better"}, read["ETag"])
    late = change(client, headers, practice, {"title": "Late"}, read["ETag"])

    practice.refresh_from_db()
    assert (answer.status_code, answer.json()["title"]) == (200, "Better")
    assert answer["ETag"] == f'"{practice.version}"'
    assert (late.status_code, late.json()["version"]) == (412, practice.version)
    assert practice.title == "Better"


def test_a_change_says_which_version_it_is_of(client):
    _issued, headers = token()

    answer = change(client, headers, PracticeFactory(), {"title": "Better"})

    assert answer.status_code == 428


@pytest.mark.parametrize("status", [Status.APPROVED, Status.PUBLISHED])
def test_what_is_signed_is_not_changed(client, status):
    _issued, headers = token()
    practice = PracticeFactory(status=status)

    answer = change(client, headers, practice, {"title": "Better"}, f'"{practice.version}"')

    assert answer.status_code == 409


@pytest.mark.parametrize("name", ["status", "published_at", "edited_by", "version"])
def test_the_workflow_is_out_of_reach(client, name):
    _issued, headers = token()

    answer = add(client, headers, NEW | {name: "published"})

    assert (answer.status_code, fields(answer)) == (422, [name])
    assert Practice.objects.count() == 0


# --- Who may --------------------------------------------------------------------------------


def test_without_a_token_nothing_is_told(client):
    practice = PracticeFactory()

    answers = [
        client.get(f"/api/v1/drafts/practices/{practice.code}/"),
        client.get("/api/v1/drafts/practices/P-9999/"),
        client.post("/api/v1/drafts/practices/", NEW, content_type="application/json"),
    ]

    assert {one.status_code for one in answers} == {401}
    assert {one["WWW-Authenticate"] for one in answers} == {'Bearer realm="reviewhub"'}
    assert answers[0].content == answers[1].content


@pytest.mark.parametrize(
    "values",
    [
        {"revoked_at": timezone.now()},
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"check_sum": "0" * 64},
    ],
    ids=["revoked", "expired", "unknown"],
)
def test_a_token_that_is_no_more_opens_nothing(client, values):
    _issued, headers = token(**values)

    assert add(client, headers).status_code == 401


def test_a_token_ends_with_its_owner(client):
    _issued, headers = token()
    editor = person("Editor")
    editor.is_active = False
    editor.save()

    assert add(client, headers).status_code == 401


@pytest.mark.parametrize(
    "values",
    [
        {"kinds": ["submissions.pledge"]},
        {"may_create": False},
        {"owner": "Reader"},
    ],
    ids=["kind", "action", "owner without the right"],
)
def test_a_token_allows_what_it_says_and_its_owner_may(client, values):
    if "owner" in values:
        values = {"owner": person(values["owner"])}
    _issued, headers = token(**values)

    assert add(client, headers).status_code == 403
    assert Practice.objects.count() == 0


def test_a_token_works_where_its_owner_does(client):
    editor = person("Editor")
    editor.cycle = cycle("RR2020")
    editor.save()
    _issued, headers = token()

    answer = add(client, headers)

    assert answer.status_code == 422
    assert Practice.objects.count() == 0


def test_a_session_is_no_token(client):
    client.force_login(person("Editor"))

    assert add(client, {}).status_code == 401


# --- What it refuses ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"[" * 1200, 400),
        (b'{"a":' * 1200, 400),
        (b"{" + b'"a"' * 1000, 400),
        (b'{"title": {"en": "x"}}', 400),
        (b'{"title": [["x"]]}', 400),
        (b"null", 400),
        (b"\xff\xfe", 400),
        (b'{"title": "a\\u0000b"}', 422),
        (b'{"title": "' + b"x" * 1_000_001 + b'"}', 413),
        (b'{"title": "' + b"x" * 10_000_000 + b'"}', 413),
        (b'{"year_start": ' + b"9" * 5000 + b"}", 400),
        (b'{"year_start": 9e999}', 400),
        (b'{"year_start": -99999999999999999999}', 422),
        (b'{"title": "\\ud800"}', 400),
        (b'{"title": 5, "title": 6}', 422),
        (b'{"code": "a b"}', 422),
        (b'{"code": ["P-0001", "P-0002"]}', 422),
        (b'{"code": "' + b"x" * 61 + b'"}', 422),
        (b"", 422),
    ],
    ids=range(19),
)
def test_bad_bodies_are_refused(client, body, status):
    _issued, headers = token()

    answer = client.post(
        "/api/v1/drafts/practices/",
        body,
        content_type="application/json",
        headers=headers | {"Idempotency-Key": "1"},
    )

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")


def test_other_media_types_are_refused(client):
    _issued, headers = token()

    answer = client.post("/api/v1/drafts/practices/", NEW, headers=headers)

    assert answer.status_code == 415


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
def test_a_draft_needs_its_key(client, key):
    _issued, headers = token()

    answer = add(client, headers, key=key)

    assert answer.status_code == 400


def test_a_record_whose_code_people_choose_needs_one(client):
    _issued, headers = token(kinds=["synthesis.figure"])

    answer = client.post(
        "/api/v1/drafts/figures/",
        {"title": "Country networks", "category": "network", "value": "20", "as_of": 2024},
        content_type="application/json",
        headers=headers | {"Idempotency-Key": "1"},
    )

    assert (answer.status_code, fields(answer)) == (422, ["code"])


def test_a_code_is_not_changed(client):
    _issued, headers = token()
    practice = PracticeFactory()

    answer = change(client, headers, practice, {"code": "P-9999"}, f'"{practice.version}"')

    assert (answer.status_code, fields(answer)) == (422, ["code"])


def test_drafts_know_no_parameters(client):
    _issued, headers = token()
    practice = PracticeFactory()

    answer = client.get(f"/api/v1/drafts/practices/{practice.code}/?fields=code", headers=headers)

    assert answer.status_code == 400


def test_drafts_are_not_public(client):
    _issued, headers = token()
    added = add(client, headers).json()

    assert client.get(f"/api/v1/practices/{added['code']}/").status_code == 404
    assert client.get("/api/v1/practices/", headers=headers).json()["count"] == 0


def test_a_merged_record_is_not_found(client):
    _issued, headers = token()
    gone, stays = PracticeFactory(), PracticeFactory()
    merge(gone, into=stays, by=person("Editor"), note="The same.")

    assert client.get(f"/api/v1/drafts/practices/{gone.code}/", headers=headers).status_code == 404
