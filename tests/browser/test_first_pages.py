"""The first pages in a real browser: for every reader, in every language, on any screen."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import transaction

from public.documents import PracticeDocument, Source
from public.editions import write_editions

PAGES = ["/", "/objectives/7/", "/objectives/8/", "/practices/P-0001/", "/practices/P-9999/"]
PUBLISHED = datetime(2024, 3, 11, 9, tzinfo=UTC)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

FOCUS = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    const drawn = getComputedStyle(at).outlineStyle !== "none";
    return [at.getAttribute("href"), drawn && box.top >= 0 && box.bottom <= innerHeight];
}"""


def address(language, path):
    return path if language == "en" else f"/{language}{path}"


def practice(number, **changed):
    values = {
        "code": f"P-{number:04}",
        "title": "National Plan for the implementation of the Global Compact for Migration",
        "language": "en",
        "source": Source(documents=["SR2020"], locator="Annex, Objective 7"),
        "url": "https://www.example.org/a-very-long-address-without-any-blank-in-it/plan.pdf",
        "summary": "The plan holds 97 measures, matched to the 23 objectives.",
        "party": None,
        "lead_implementer": "Government of Portugal",
        "implementer_types": ["member_state"],
        "member_states": ["GBR", "PRT"],
        "partner_countries": ["NGA"],
        "objectives": [1, 7, 15, 20],
        "primary_objectives": [7],
        "principles": ["human_rights"],
        "sdgs": [10],
        "level": "national",
        "year_start": 2019,
        "year_end": 2021,
        "cycle": "RR2020",
        "covid19": True,
        "files": [],
    }
    return PracticeDocument(**values | changed)


@pytest.fixture
def site(transactional_db):
    """Reference data, and enough practices on objective 7 for two pages of a list."""
    call_command("load_reference_data", verbosity=0)
    with transaction.atomic():
        for number in range(1, 29):
            write_editions(
                [practice(number)], begin=PUBLISHED, now=PUBLISHED, retract_earlier=False
            )


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_pages_have_no_accessibility_faults(page, site, language):
    axe, faults = Axe(), {}

    for path in PAGES:
        page.goto(address(language, path))
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"runOnly": rules}).response["violations"]
            faults |= {f"{scheme} {path} {one['id']}": one["nodes"][0]["html"] for one in found}

    assert faults == {}


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_pages_never_scroll_sideways(page, site, language):
    """320 by 256 is what a screen of 1280 by 1024 shows at 400 %."""
    too_wide = []

    for width, height in ((320, 256), (360, 740), (768, 1024), (1280, 800)):
        page.set_viewport_size({"width": width, "height": height})
        for path in PAGES:
            page.goto(address(language, path))
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append((width, path))

    assert too_wide == []


def test_keyboard_reaches_every_link_and_shows_where_it_is(page, site):
    missed, unseen = {}, {}

    for path in PAGES:
        page.goto(path)
        links = [link.get_attribute("href") for link in page.locator("a[href]").all()]
        reached = []
        for _ in links:
            page.keyboard.press("Tab")
            address, seen = page.evaluate(FOCUS)
            reached.append(address)
            if not seen:
                unseen[path] = address
        if reached != links:
            missed[path] = reached

    assert missed == {}
    assert unseen == {}


def test_skip_link_leads_to_the_content(page, site):
    page.goto("/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_language_switch_keeps_the_place(page, site):
    page.goto("/objectives/7/?page=2")

    page.get_by_role("link", name="Русский").click()

    assert page.url.endswith("/ru/objectives/7/?page=2")
    assert page.locator("html").get_attribute("lang") == "ru"
    assert page.locator(".records h3").first.get_attribute("lang") == "en"


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_first_visit_is_light(page, site, language):
    """Uncompressed; compressed it is smaller still."""
    sizes = {}
    page.on("response", lambda response: sizes.update({response.url: len(response.body())}))

    page.goto(address(language, "/"), wait_until="networkidle")
    page.evaluate("document.fonts.ready")

    assert sum(sizes.values()) < 150_000, sizes
