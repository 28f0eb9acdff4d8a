"""Searching in a real browser: suggestions while one types, by mouse, keys, and without script."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import transaction

from public.editions import write_editions
from tests.browser.languages import walk
from tests.browser.public_site import PUBLISHED, practice
from tests.browser.test_public_pages import RULES

PAGES = [
    "/search/",
    "/search/?q=plan",
    "/search/?q=plann+kyrgystan",
    "/search/?q=remitances",
    "/search/?q=objective+7",
    "/search/?q=xyzzyq+plan",
    "/search/suggestions/?q=plan",
]
OPTIONS = ".suggestions [role=option]"


@pytest.fixture
def site(transactional_db):
    """Reference data, and enough practices for two pages of results."""
    call_command("load_reference_data", verbosity=0)
    with transaction.atomic():
        for number in range(1, 28):
            document = practice(number, summary="The plan makes remittances cheaper. " * 9)
            write_editions([document], begin=PUBLISHED, now=PUBLISHED, retract_earlier=False)


def options(page) -> list[str]:
    page.wait_for_selector(OPTIONS)
    return [one.locator("span").first.inner_text() for one in page.locator(OPTIONS).all()]


def test_typing_in_the_masthead_suggests_and_the_keys_choose(page, site):
    page.goto("/")
    field = page.get_by_label("Search everything")
    field.press_sequentially("Turk")

    offered = options(page)
    chosen_at_first = field.get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    first = page.locator(f"#{field.get_attribute('aria-activedescendant')}").inner_text()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = page.locator("[aria-selected=true] span").first.inner_text()
    told = page.locator(".find [role=status]").inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/member-states/TKM/")

    assert offered == ["Türkiye", "Turkmenistan"]
    assert chosen_at_first is None
    assert first.startswith("Türkiye")
    assert last == "Turkmenistan"
    assert told == "Suggestions: 2. Use the arrow keys."


def test_escape_closes_suggestions_and_enter_searches_what_is_typed(page, site):
    page.goto("/")
    field = page.get_by_label("Search everything")
    field.press_sequentially("plan")
    options(page)
    open_at_first = field.get_attribute("aria-expanded")

    page.keyboard.press("Escape")

    assert (open_at_first, field.get_attribute("aria-expanded")) == ("true", "false")
    assert (page.locator(OPTIONS).first.is_visible(), field.input_value()) == (False, "plan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=plan")
    assert page.locator("h1").inner_text() == "27 records for “plan”"


def test_a_suggestion_is_chosen_by_a_click(page, site):
    page.goto("/search/")
    page.locator("#q").press_sequentially("p-0003")
    options(page)

    page.locator(OPTIONS).first.click()

    page.wait_for_url("**/practices/P-0003/")


def test_suggestions_of_a_page_of_the_past_are_those_of_the_past(page, site):
    page.goto("/search/?q=plan&at=2024-01-01")
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("kyrg")
    options(page)

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url("**/member-states/KGZ/?at=2024-01-01")


def test_without_script_searching_works_and_suggestions_are_links(chromium, live_server, site):
    context = chromium.new_context(java_script_enabled=False, base_url=live_server.url)
    page = context.new_page()
    page.goto("/")
    page.locator("#find").fill("remitances")
    page.locator("#find").press("Enter")
    page.wait_for_url("**/search/**")
    heading = page.locator("h1").inner_text()
    page.get_by_role("link", name="Search for exactly “remitances”").click()
    exact = page.locator("h1").inner_text()
    page.goto("/search/suggestions/?q=kyrg")
    links = page.locator(".suggested a span:first-child").all_inner_texts()
    context.close()

    assert heading == "27 records for “remittances”"
    assert exact == "No record for “remitances”"
    assert links == ["Kyrgyzstan"]


def test_results_lead_on_page_by_page_and_by_kind(page, site):
    page.goto("/search/?q=plan")

    page.get_by_role("link", name="Next").click()
    page.get_by_role("link", name="Practices 27").click()

    assert page.url.endswith("/search/?q=plan&kind=practice")
    assert page.locator("mark").first.inner_text() == "plan"


def test_search_pages_have_no_accessibility_faults(page, site):
    axe, faults = Axe(), {}

    for path in walk(PAGES):
        page.goto(path)
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            violations = axe.run(page, options={"preload": False, "runOnly": rules}).response[
                "violations"
            ]
            faults |= {
                f"{scheme} {path} {one['id']}": one["nodes"][0]["html"] for one in violations
            }
    page.locator("#q").fill("")
    page.locator("#q").press_sequentially("plan")
    options(page)
    page.keyboard.press("ArrowDown")
    violations = axe.run(page, options={"preload": False, "runOnly": RULES}).response["violations"]
    faults |= {f"open {one['id']}": one["nodes"][0]["html"] for one in violations}

    assert faults == {}


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_search_pages_never_scroll_sideways(page, site, width):
    too_wide = []

    page.set_viewport_size({"width": width, "height": 740})
    for path in PAGES:
        page.goto(path)
        field = page.locator("#find")
        field.press_sequentially("plan")
        options(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            too_wide.append(path)
        box = page.locator(".find .suggestions").bounding_box()
        if box["x"] < 0 or box["x"] + box["width"] > width:
            too_wide.append(f"suggestions on {path}")

    assert too_wide == []
