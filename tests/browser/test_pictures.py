"""Pictures and coverage in a real browser: readable by everybody, on any screen, from any site."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import transaction

from public.documents import PracticeDocument, Source
from public.editions import write_editions
from tests.browser.languages import walk
from tests.browser.test_colours import colours, contrast, distance, lab

PAGES = [
    "/coverage/",
    "/coverage/?sort=total&cycle=RR2020",
    "/pictures/states/",
    "/pictures/objectives/",
    "/pictures/years/?embed",
    "/pictures/profile/?member_state=ALB",
]
PUBLISHED = datetime(2024, 3, 11, 9, tzinfo=UTC)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STEPS = ["step-1", "step-2", "step-3", "step-4", "step-5"]
STATES = ["ALB", "SRB", "GBR", "BIH", "MKD", "KGZ", "TUR", "DEU"]


@pytest.fixture
def site(transactional_db):
    """Reference data, and practices: many in Albania, fewer in each State after it."""
    call_command("load_reference_data", verbosity=0)
    with transaction.atomic():
        for number in range(1, 37):
            practice = PracticeDocument(
                code=f"P-{number:04}",
                title="One-stop centres",
                language="en",
                source=Source(documents=["SR2020"], locator=""),
                url="",
                summary="All services in one place.",
                party=None,
                lead_implementer="",
                implementer_types=[],
                member_states=STATES[: 1 + 36 // number % 8],
                partner_countries=[],
                objectives=[1 + number % 23, 7],
                primary_objectives=[7],
                principles=[],
                sdgs=[],
                level="national",
                year_start=2003 + number // 2,
                year_end=None,
                cycle="RR2020" if number % 2 else "RR2024",
                covid19=False,
                files=[],
            )
            write_editions([practice], begin=PUBLISHED, now=PUBLISHED, retract_earlier=False)


@pytest.mark.parametrize("width", [320, 1280])
def test_pictures_have_no_accessibility_faults(page, site, width):
    axe, faults = Axe(), {}
    page.set_viewport_size({"width": width, "height": 900})

    for path in PAGES:
        page.goto(path)
        for details in page.locator("details").all():
            details.locator("summary").click()
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"preload": False, "runOnly": rules}).response[
                "violations"
            ]
            faults |= {f"{scheme} {path} {one['id']}": one["nodes"][0]["html"] for one in found}

    assert faults == {}


def test_pictures_never_scroll_sideways(page, site):
    too_wide = []

    for width in (320, 360, 768, 992, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        for path in walk(PAGES):
            page.goto(path)
            for details in page.locator("details").all():
                details.locator("summary").click()
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append((width, path))

    assert too_wide == []


def test_coverage_is_a_list_on_a_phone_and_a_matrix_on_a_desk(page, site):
    page.goto("/coverage/")
    seen = {}

    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        seen[width] = (
            page.locator(".matrix").is_visible(),
            page.locator(".by-state").is_visible(),
        )

    assert seen == {320: (False, True), 1280: (True, False)}


def test_tiles_are_named_and_reached_by_keyboard(page, site):
    page.goto("/pictures/states/")
    tiles = [link.get_attribute("href") for link in page.locator(".tiles a").all()]
    albania = page.get_by_role("link", name=re.compile(r"^Albania: \d+ practices"))

    page.locator(".tiles a").first.focus()
    reached = []
    for _ in tiles:
        reached.append(page.evaluate("document.activeElement.getAttribute('href')"))
        page.keyboard.press("Tab")
    albania.first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/practices/?member_state=ALB")

    assert reached == tiles
    assert len(tiles) > 3


def test_tiles_are_large_enough_for_a_finger(page, site):
    page.set_viewport_size({"width": 320, "height": 740})
    page.goto("/pictures/states/")

    starts = [tile.bounding_box()["x"] for tile in page.locator(".tiles rect").all()]

    assert round((max(starts) - min(starts)) / 11) == 24


def test_bare_picture_stands_in_a_page_of_another_site(page, site):
    page.route(
        "**/elsewhere.html",
        lambda route: route.fulfill(
            content_type="text/html",
            body="<!doctype html><title>x</title>"
            "<iframe src='/pictures/states/?embed&objective=7'></iframe>",
        ),
    )
    page.goto("/elsewhere.html")
    framed = page.frame_locator("iframe")

    framed.locator("h1").wait_for()
    with page.expect_popup() as opened:
        framed.locator(".tiles a").last.click()

    assert "/practices/?objective=7&member_state=" in opened.value.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_shades_go_one_way_and_their_numbers_can_be_read(scheme):
    colour = schemes()[scheme]

    ratios = {
        step: contrast(colour["on-deep" if step > "step-3" else "on-pale"], colour[step])
        for step in STEPS
    }
    lights = [lab(colour[step])[0] for step in STEPS]
    apart = [distance(lab(colour[a]), lab(colour[b])) for a, b in pairwise(STEPS)]

    assert {step: round(ratio, 2) for step, ratio in ratios.items() if ratio < 4.5} == {}
    assert lights == sorted(lights, reverse=scheme == "light")
    assert min(apart) > 7


def schemes():
    """The shades of the light scheme and of the dark one."""
    css = Path("static/css/site/pictures.css").read_text()
    light, dark = css.split("prefers-color-scheme: dark", 1)
    return {"light": colours(light), "dark": colours(light) | colours(dark)}
