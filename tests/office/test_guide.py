"""The staff guide: each screen links to a chapter of its own."""

import ast
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.urls import reverse

from office import guide
from submissions.models import Practice
from tests.factories import PracticeFactory
from tests.test_architecture import modules

pytestmark = pytest.mark.django_db
GUIDES = sorted(guide.DOCS.glob("staff-guide*.md"))


def addresses(text: str) -> set[str]:
    return set(re.findall(r"^\{#([a-z-]+)\}$", text, re.MULTILINE))


def pages() -> dict[str, str]:
    """The chapter that each page of the office names: by where its source stands."""
    found = {}
    for file, tree in modules().items():
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "office_page":
                given = {one.arg: one.value for one in call.keywords}
                named = ast.literal_eval(given["guide"]) if "guide" in given else ""
                found[f"{file}:{call.lineno}"] = named
    return found


def links_of_source() -> set[str]:
    """The chapters that templates and pages of the office name."""
    texts = [file.read_text() for file in (settings.BASE_DIR / "templates").rglob("*.html")]
    links = {link for text in texts for link in re.findall(r"firstof guide .+? \"(.+?)\"", text)}
    return links | set(pages().values()) - {""}


def test_every_page_links_to_a_chapter():
    nameless = [page.partition(":")[0] for page, chapter in pages().items() if not chapter]

    assert nameless == ["office/guide.py"]  # the guide itself
    assert {"bulk-edit", "export", "history", "import", "merging", "next-cycle", "steps"} <= (
        links_of_source()
    )


@pytest.mark.parametrize("file", GUIDES, ids=lambda file: file.name)
def test_every_screen_has_its_chapter(file):
    screens = {model._meta.model_name for model in admin.site._registry}

    assert (screens | links_of_source()) - addresses(file.read_text()) == set()


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
    practice = PracticeFactory()
    addresses = {
        reverse("admin:submissions_practice_changelist"): "practice",
        reverse("admin:history", args=[Practice, practice.pk]): "history",
        reverse("admin:merge", args=[Practice, practice.pk]): "merging",
        reverse("admin:steps", args=[Practice, "submit"]) + f"?id={practice.pk}": "steps",
        reverse("admin:import", args=[Practice]): "import",
        reverse("admin:search"): "my-work",
    }

    linked = {
        address: re.findall(
            rf'href="{reverse("admin:guide")}#(.+?)"', client.get(address).content.decode()
        )
        for address in addresses
    }

    assert linked == {address: [chapter] for address, chapter in addresses.items()}
