"""Moments read the same on every page of the office, and say that they are in UTC."""

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.formats import localize

from office.templatetags.utc import utc
from tests.factories import PracticeFactory, person

MOMENT = datetime(2024, 3, 11, 9, 0, tzinfo=UTC)
TEMPLATES = settings.BASE_DIR / "templates"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "11 March 2024, 09:00 UTC"),
        ("fr", "11 mars 2024, 09:00 UTC"),
        ("ru", "11 марта 2024, 09:00 UTC"),
    ],
)
def test_moment_reads_the_same_from_us_and_from_the_admin(language, words):
    with translation.override(language):
        assert (utc(MOMENT), localize(MOMENT)) == (words, words)


def test_no_template_writes_a_moment_in_its_own_way():
    own = [
        str(file.relative_to(TEMPLATES))
        for file in TEMPLATES.rglob("*")
        if file.is_file() and "DATETIME_FORMAT" in file.read_text()
    ]

    assert own == []


@pytest.mark.django_db
def test_screen_of_a_record_says_from_when_it_is_public(client):
    practice = PracticeFactory(published=True)
    client.force_login(person("Editor"))

    page = client.get(reverse("admin:submissions_practice_change", args=[practice.pk]))

    assert f'<div class="readonly">{utc(practice.published_at)}</div>' in page.content.decode()
