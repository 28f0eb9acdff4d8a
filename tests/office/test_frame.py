"""The frame of every page of the office: the work, the language, the person."""

import pytest
from django.urls import reverse

pytestmark = pytest.mark.django_db


def names(page) -> list[str]:
    return [str(entry["name"]) for entry in page.context["navigation"]]


def test_navigation_shows_what_this_person_may_see(client, reader):
    client.force_login(reader)

    page = client.get(reverse("admin:submissions_pledge_changelist"))

    assert names(page) == [
        "My work",
        "Voluntary reports",
        "Practices",
        "Pledges",
        "Stakeholders",
        "Review cycles",
        "Roundtables",
        "Recommendations",
        "Figures",
    ]
    assert [e["name"] for e in page.context["navigation"] if e["current"]] == ["Pledges"]


def test_navigation_hides_what_this_person_may_not_see(client, reader):
    reader.groups.clear()
    client.force_login(reader)

    assert names(client.get(reverse("admin:index"))) == ["My work"]


@pytest.mark.parametrize(("language", "word"), [("fr", "Pratiques"), ("ru", "Практики")])
def test_office_speaks_the_language_that_was_chosen(client, reader, language, word):
    client.force_login(reader)
    here = reverse("admin:submissions_practice_changelist")

    answer = client.post(reverse("set-language"), {"language": language, "next": here})
    page = client.get(here)

    assert answer.status_code == 302
    assert answer["Location"] == here
    assert f"<h1>{word}</h1>" in page.content.decode()
