"""The gallery of development: every component is in it, and nobody else can see it."""

import pytest
from django.urls import reverse

from public.samples import SAMPLES
from public.views.gallery import FOLDER

GALLERY = reverse("public:gallery")

pytestmark = pytest.mark.django_db


@pytest.fixture
def components(client, settings):
    settings.DEBUG = True
    page = client.get(GALLERY)
    body = page.content.decode()
    return {one["name"]: one | {"seen": one["html"] in body} for one in page.context["components"]}


def test_every_component_is_shown_with_what_it_takes(components):
    assert sorted(components) == sorted(path.stem for path in FOLDER.glob("*.html"))
    assert [name for name, one in components.items() if not one["about"].endswith(".")] == []


def test_every_component_has_sample_values(components):
    assert sorted(SAMPLES) == sorted(components)
    assert [name for name, one in components.items() if not one["html"].strip()] == []


def test_every_component_is_seen_as_pages_show_it_but_for_what_stands_in_the_head(components):
    hidden = [name for name, one in components.items() if not one["seen"]]

    assert hidden == ["opengraph"]


def test_gallery_stands_behind_the_fence_and_needs_no_rows(
    client, settings, django_assert_num_queries
):
    settings.DEBUG = True

    with django_assert_num_queries(4):  # the fence alone
        page = client.get(GALLERY)

    assert page.status_code == 200


def test_gallery_is_not_there_without_debug(client):
    assert client.get(GALLERY).status_code == 404
