"""The public pages in a real browser: for every reader, in every language, on any screen."""

import gzip

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser import public_site
from tests.browser.languages import walk
from tests.browser.public_site import PAGES

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# What one can do something with, in the order of the page.
CONTROLS = """() => {
    window.controls = [...document.querySelectorAll(
        "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
    )].filter((one) => !one.disabled && one.checkVisibility({ visibilityProperty: true }));
    return controls.map((one) => one.outerHTML.slice(0, 120));
}"""
# Which of them the keyboard is at, and whether a reader sees that: a line around it, on the
# screen, with nothing over it.
FOCUS = """() => {
    const at = document.activeElement, style = getComputedStyle(at);
    const box = at.getBoundingClientRect(), [first] = at.getClientRects();
    const hit = document.elementFromPoint(first.x + first.width / 2, first.y + first.height / 2);
    const drawn = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const inside = box.top >= 0 && box.bottom <= innerHeight;
    const bare = at.contains(hit) || hit?.contains(at);
    return [window.controls?.indexOf(at), drawn && inside && bare];
}"""


@pytest.fixture
def site(transactional_db):
    public_site.make()


def test_every_page_is_there(page, site):
    told = {path: page.goto(path).status for path in PAGES}

    assert told == {path: public_site.MISSING.get(path, 200) for path in PAGES}


def test_pages_have_no_accessibility_faults(page, site):
    axe, faults = Axe(), {}

    for path in walk(PAGES):
        page.goto(path)
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            options = {"preload": False, "runOnly": rules, "resultTypes": ["violations"]}
            found = axe.run(page, options=options).response["violations"]
            faults |= {f"{scheme} {path} {one['id']}": one["nodes"][0]["html"] for one in found}

    assert faults == {}


def test_pages_never_scroll_sideways(page, site):
    """320 by 256 is what a screen of 1280 by 1024 shows at 400 %."""
    too_wide = []

    for path in walk(PAGES):
        page.goto(path)
        for width, height in ((320, 256), (360, 740), (768, 1024), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append((width, path))

    assert too_wide == []


def test_keyboard_reaches_every_control_in_order_and_shows_where_it_is(page, site):
    missed, unseen = {}, {}

    for path in PAGES:
        page.goto(path)
        controls, before = page.evaluate(CONTROLS), ""
        for place, control in enumerate(controls):
            page.keyboard.press("Tab")
            while (found := page.evaluate(FOCUS))[0] == place - 1 and 'type="date"' in before:
                page.keyboard.press("Tab")  # a day, a month, a year: each is a stop
            (at, seen), before = found, control
            if at != place:
                missed[path] = (control, controls[at] if at >= 0 else None)
                break
            if not seen:
                unseen[path] = control

    assert missed == {}
    assert unseen == {}


def test_skip_link_leads_to_the_content(page, site):
    page.goto("/")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main"


def test_language_switch_keeps_the_place(page, site):
    page.goto("/practices/?objective=7&page=2")

    page.get_by_role("link", name="Русский").click()

    assert page.url.endswith("/ru/practices/?objective=7&page=2")
    assert page.locator("html").get_attribute("lang") == "ru"
    expect(page.locator(".records > li")).to_have_count(4)
    assert page.locator(".records h2").first.get_attribute("lang") == "en"


def test_first_visit_is_light(chromium, live_server, site):
    """What travels: letters as they are, the rest packed as servers pack it. Russian weighs most,
    because its letters are a file more."""
    sizes = {}

    for path in PAGES:
        context = chromium.new_context(base_url=live_server.url)  # with nothing kept from before
        page, answers = context.new_page(), []
        page.on("response", lambda answer, answers=answers: answers.append(answer))
        page.goto(f"/ru{path}")
        page.evaluate("document.fonts.ready.then(() => true)")
        sizes[path] = sum(map(weight, answers))
        context.close()

    assert {path: size for path, size in sizes.items() if size >= 150_000} == {}


def weight(answer) -> int:
    packed = answer.url.endswith((".woff2", ".png"))
    return len(answer.body() if packed else gzip.compress(answer.body(), 6))
