"""The staff guide: each screen links to a chapter of its own."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from office import guide

pytestmark = pytest.mark.django_db
GUIDES = sorted(guide.DOCS.glob("staff-guide*.md"))


def addresses(text: str) -> set[str]:
    return set(re.findall(r"^\{#([a-z-]+)\}$", text, re.MULTILINE))


def links_of_templates() -> set[str]:
    """The chapters that templates and pages of the office name."""
    return {"my-work"}


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.name)
def test_every_screen_has_its_chapter(file):
    screens = {model._meta.model_name for model in admin.site._registry}

    assert (screens | links_of_templates()) - addresses(file.read_text()) == set()


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.name)
def test_every_picture_and_every_link_leads_somewhere(file):
    text = file.read_text()
    pictures = set(re.findall(r"\]\(images/staff-guide/([a-z-]+)\.png\)", text))
    links = set(re.findall(r"\]\(#([a-z-]+)\)", text))

    assert {name for name in pictures if not (guide.PICTURES / f"{name}.png").exists()} == set()
    assert links - addresses(text) == set()


def test_the_guide_is_for_staff(client, reader):
    assert client.get(reverse("admin:guide")).status_code == 302

    client.force_login(reader)
    page = client.get(reverse("admin:guide"))

    assert page.status_code == 200
    assert 'href="#steps"' in page.content.decode()
    assert '<h2 id="steps">' in page.content.decode()


def test_pictures_of_the_guide_are_its_own(client, reader):
    client.force_login(reader)

    assert client.get(reverse("admin:guide-picture", args=["nothing"])).status_code == 404


def test_screens_link_to_their_chapter(client, editor):
    client.force_login(editor)

    page = client.get(reverse("admin:submissions_practice_changelist"))

    assert f'href="{reverse("admin:guide")}#practice"' in page.content.decode()
