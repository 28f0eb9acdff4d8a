"""The log of security events: each has a line, which names a number and nobody."""

import io
import json
import logging
from datetime import timedelta

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Token, User
from accounts.tokens import check_sum, new_secret
from reviewhub.logs import JsonLines
from reviewhub.request_id import HEADER, RequestIdFilter
from tests.accounts.conftest import PASSWORD, sign_in, type_code
from tests.codes import code_now, wrong_code
from tests.factories import person, second_factor

pytestmark = pytest.mark.django_db

DRAFTS = "/api/v1/drafts/practices/"


@pytest.fixture
def told():
    """The lines since it was asked last, as production writes them."""
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(JsonLines())
    handler.addFilter(RequestIdFilter())
    logger = logging.getLogger("accounts.security")
    logger.addHandler(handler)

    def since() -> list[dict]:
        new = [json.loads(line) for line in lines.getvalue().splitlines()]
        lines.truncate(0)
        lines.seek(0)
        return new

    yield since
    logger.removeHandler(handler)


def events(lines: list[dict]) -> list[tuple]:
    return [(one["message"], one.get("account"), one.get("factor")) for one in lines]


def test_sign_in_with_both_steps_and_sign_out(officer, client, told):
    sign_in(client, officer.email)
    type_code(client, wrong_code())
    answer = type_code(client)
    client.post(reverse("account_logout"))

    lines = told()
    assert events(lines) == [
        ("second_factor_failed", officer.pk, "totp"),
        ("second_factor_used", officer.pk, "totp"),
        ("signed_in", officer.pk, None),
        ("signed_out", officer.pk, None),
    ]
    assert lines[2] == {
        "time": lines[2]["time"],
        "level": "INFO",
        "logger": "accounts.security",
        "message": "signed_in",
        "request_id": answer[HEADER],
        "method": "POST",
        "route": "/account/sign-in/code/",
        "account": officer.pk,
    }
    assert [line["level"] for line in lines] == ["WARNING", "INFO", "INFO", "INFO"]


def test_failed_sign_in_names_the_account_by_its_number_if_there_is_one(officer, told):
    sign_in(Client(), "OLGA@mission.example", "wrong Petrova")
    sign_in(Client(), "nobody@mission.example", "wrong Petrova")
    User.objects.filter(pk=officer.pk).update(is_active=False)
    sign_in(Client(), officer.email)

    lines = told()
    assert events(lines) == [
        ("sign_in_failed", officer.pk, None),
        ("sign_in_failed", None, None),
        ("sign_in_failed", officer.pk, None),
    ]
    said = json.dumps(lines).lower()
    assert [word in said for word in ("olga", "nobody", "petrova", "mission")] == [False] * 4


def test_code_that_was_used_before_has_failed(officer, client, told):
    code, thief = code_now(), Client()
    sign_in(client, officer.email)
    type_code(client, code)
    sign_in(thief, officer.email)
    told()

    type_code(thief, code)

    assert events(told()) == [("second_factor_failed", officer.pk, "totp")]


def test_recovery_code_is_told_from_a_code_of_the_app(officer, client, told):
    code = RecoveryCodes.activate(officer).get_unused_codes()[0]
    sign_in(client, officer.email)

    type_code(client, code)

    assert events(told())[0] == ("second_factor_used", officer.pk, "recovery_codes")


@pytest.mark.parametrize(
    "credential",
    [1, "x", {"id": "x", "response": {}}, {"id": 1, "rawId": 1, "response": []}],
)
def test_passkey_that_opens_nothing_has_failed(officer, client, told, credential):
    nonsense = {"credential": json.dumps(credential)}
    client.post(reverse("mfa_login_webauthn"), nonsense)
    sign_in(client, officer.email)
    client.post(reverse("mfa_authenticate"), nonsense)

    assert events(told()) == [
        ("second_factor_failed", None, "webauthn"),
        ("second_factor_failed", officer.pk, "webauthn"),
    ]


def test_confirming_again_is_told_and_failing_to(officer, client, told):
    client.force_login(officer)
    told()
    for password in ("wrong", PASSWORD):
        client.post(reverse("account_reauthenticate"), {"password": password})

    assert events(told()) == [
        ("sign_in_failed", officer.pk, None),
        ("confirmed", officer.pk, None),
    ]


def test_too_many_tries_are_told(officer, told):
    for _ in range(11):
        answer = sign_in(Client(), officer.email, "wrong")

    lines = told()
    assert answer.status_code == 429
    assert events(lines) == [("sign_in_failed", officer.pk, None)] * 10 + [
        ("too_many_tries", None, None)
    ]
    assert (lines[-1]["request_id"], lines[-1]["route"]) == (answer[HEADER], "/account/sign-in/")


def test_too_many_requests_of_the_api_are_told(client, settings, told):
    settings.API_REQUESTS_PER_MINUTE = 1
    answers = [client.get("/api/v1/practices/").status_code for _ in range(3)]

    assert 429 in answers
    assert events(told()) == [("too_many_tries", None, None)] * answers.count(429)


def test_refused_access_in_the_office_is_told_with_whose_it_was(client, told):
    editor = person("Editor")
    client.force_login(editor)
    told()

    answer = client.get(reverse("admin:accounts_role_changelist"))

    assert answer.status_code == 403
    (line,) = told()
    assert events([line]) == [("access_refused", editor.pk, None)]
    assert (line["request_id"], line["route"]) == (answer[HEADER], "/admin/accounts/role/")


def test_refused_token_and_refused_access_with_one_are_told(client, told):
    secret = new_secret()
    token = Token.objects.create(
        name="Ministry",
        owner=second_factor(User.objects.create_user("m@x.example", name="M", is_staff=True)),
        kinds=["submissions.practice"],
        may_create=True,
        expires_at=timezone.now() + timedelta(days=1),
        check_sum=check_sum(secret),
    )
    key = {"HTTP_IDEMPOTENCY_KEY": "one"}

    statuses = [
        client.post(DRAFTS, b"{}", "application/json", HTTP_AUTHORIZATION=f"Bearer {one}", **key)
        for one in (secret, "rh_unknown")
    ]

    assert [one.status_code for one in statuses] == [403, 401]
    assert events(told()) == [
        ("access_refused", token.owner.pk, None),
        ("token_refused", None, None),
    ]


def test_forged_form_is_told_once(officer, told):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)
    told()

    answer = browser.post("/admin/language/", {"language": "fr"})

    assert answer.status_code == 403
    assert events(told()) == [("form_refused", officer.pk, None)]


def test_what_is_allowed_writes_no_line(officer, client, told):
    client.force_login(officer)
    told()

    client.get(reverse("admin:index"))
    client.get("/")
    client.get("/nothing/")

    assert told() == []
