"""Issuing and revoking tokens of the API."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Token
from accounts.tokens import check_sum
from tests.factories import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    client.force_login(person("Administrator"))
    return client


def issue(client, **changed):
    expires = timezone.now() + timedelta(days=30)
    values = {
        "name": "Ministry",
        "owner": person("Editor").pk,
        "kinds": ["submissions.practice"],
        "may_create": "on",
        "expires_at": f"{expires:%Y-%m-%d}",
        **changed,
    }
    return client.post(reverse("admin:accounts_token_add"), values)


def test_a_token_is_shown_once_and_kept_as_a_check_sum(administrator):
    page = issue(administrator)

    token = Token.objects.get()
    secret = re.search(r'value="(rh_[\w-]+)"', page.content.decode())[1]
    assert token.check_sum == check_sum(secret)
    screen = administrator.get(reverse("admin:accounts_token_change", args=[token.pk]))
    assert secret not in screen.content.decode()
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"expires_at": "2099-01-01"}, "expires_at"),
        ({"expires_at": "2020-01-01"}, "expires_at"),
        ({"kinds": ["accounts.user"]}, "kinds"),
        ({"kinds": []}, "kinds"),
        ({"may_create": ""}, "__all__"),
    ],
)
def test_a_token_that_should_not_be_is_not_issued(administrator, changed, field):
    page = issue(administrator, **changed)

    assert list(page.context["adminform"].form.errors) == [field]
    assert Token.objects.count() == 0


def test_a_token_is_revoked_not_changed(administrator):
    issue(administrator)
    token = Token.objects.get()

    administrator.post(
        reverse("admin:accounts_token_changelist"),
        {"action": "revoke", "_selected_action": [token.pk]},
    )

    token.refresh_from_db()
    assert token.revoked_at is not None
    assert (
        administrator.post(
            reverse("admin:accounts_token_change", args=[token.pk]), {"name": "Other"}
        ).status_code
        == 403
    )


@pytest.mark.parametrize("role", ["Editor", "Publisher", "Reader"])
def test_only_administrators_see_tokens(client, role):
    client.force_login(person(role))

    assert client.get(reverse("admin:accounts_token_changelist")).status_code == 403
    assert issue(client).status_code == 403
