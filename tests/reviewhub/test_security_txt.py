"""Whoever finds a hole is told whom to tell."""

from datetime import date

import pytest

from tests.reviewhub.test_settings import GOOD, loaded_with

ADDRESS = "/.well-known/security.txt"


def test_contact_and_expiry_are_told(client, settings):
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SECURITY_EXPIRES = date(2027, 6, 30)
    settings.SITE_URL = "https://review.example.org"

    answer = client.get(ADDRESS)

    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:security@example.org\n"
        "Expires: 2027-06-30T00:00:00Z\n"
        "Preferred-Languages: en, fr, ru\n"
        "Canonical: https://review.example.org/.well-known/security.txt\n"
    )


def test_without_a_contact_there_is_none(client):
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"SECURITY_CONTACT": "security@example.org"}, "SECURITY_CONTACT"),
        ({"SECURITY_CONTACT": "mailto:a@example.org"}, "SECURITY_EXPIRES"),
        ({"SECURITY_CONTACT": "mailto:a@b.org", "SECURITY_EXPIRES": "soon"}, "SECURITY_EXPIRES"),
    ],
)
def test_half_a_contact_is_refused(said, reason):
    answer = loaded_with(**GOOD, **said)

    assert (answer.returncode, reason in answer.stderr) == (1, True)
