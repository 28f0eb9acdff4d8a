"""The public pages in a real browser: for every reader, in every language, on any screen."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import public_site
from tests.browser.public_site import PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Everything that can be worked with, numbered in its order on the page.
CONTROLS = """() => {
    const all = document.querySelectorAll("a[href], button, input, select, textarea, summary");
    const shown = [...all].filter((one) => one.checkVisibility({visibilityProperty: true})
        && !one.disabled && one.type !== "hidden" && one.tabIndex >= 0);
    shown.forEach((one, place) => one.setAttribute("data-place", place));
    return shown.length;
}"""
FOCUS = """() => {
    const at = document.activeElement, box = at.getBoundingClientRect();
    const drawn = getComputedStyle(at).outlineStyle !== "none";
    const place = at.getAttribute("data-place");
    return [place && Number(place), drawn && box.top >= 0 && box.bottom <= innerHeight];
}"""


def address(language, path):
    return path if language == "en" else f"/{language}{path}"


@pytest.fixture
def site(transactional_db):
    public_site.make()


def test_every_page_is_there(page, site):
    told = {path: page.goto(path).status for path in PAGES}

    assert told == {path: public_site.MISSING.get(path, 200) for path in PAGES}


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

    for path in PAGES:
        page.goto(address(language, path))
        for width, height in ((320, 256), (360, 740), (768, 1024), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append((width, path))

    assert too_wide == []


def test_keyboard_reaches_every_control_and_shows_where_it_is(page, site):
    missed, unseen = {}, {}

    for path in PAGES:
        page.goto(path)
        controls = page.evaluate(CONTROLS)
        reached = []
        for _ in range(controls + 20):  # what scrolls is reached too, and is no control
            page.keyboard.press("Tab")
            place, seen = page.evaluate(FOCUS)
            if place is None or place in reached[-1:]:  # a day has a stop for each of its parts
                continue
            reached.append(place)
            if not seen:
                unseen[path, place] = page.locator(f"[data-place='{place}']").inner_html()[:80]
            if place == controls - 1:
                break
        if reached != list(range(controls)):
            missed[path] = sorted(set(range(controls)) - set(reached)) or reached

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


@pytest.mark.parametrize("path", ["/", "/practices/", "/coverage/", "/member-states/ALB/"])
def test_first_visit_is_light(page, site, path):
    """What travels: letters as they are, the rest packed as servers pack it."""
    sizes = {}

    def weigh(response):
        body = response.body()
        packed = response.url.endswith((".woff2", ".png"))
        sizes[response.url] = len(body if packed else gzip.compress(body, 6))

    page.on("response", weigh)

    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")

    assert sum(sizes.values()) < 150_000, sizes
