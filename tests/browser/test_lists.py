"""A list in a real browser: choosing, seeing what is chosen, clearing it; in every way."""

from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.db import transaction
from playwright.sync_api import expect

from public.editions import write_editions
from tests.browser.public_site import practice
from tests.browser.test_public_pages import FOCUS, RULES

PUBLISHED = datetime(2024, 3, 11, 9, tzinfo=UTC)


@pytest.fixture
def site(transactional_db):
    """Twenty-eight practices: all on objective 7, five of them local, two of them in Albania."""
    call_command("load_reference_data", verbosity=0)
    with transaction.atomic():
        for number in range(1, 29):
            changed = {
                "level": "local" if number < 6 else "national",
                "member_states": ["ALB", "PRT"] if number < 3 else ["GBR", "PRT"],
                "objectives": [7] if number < 10 else [1, 7, 15, 20],
            }
            write_editions(
                [practice(number, **changed)],
                begin=PUBLISHED,
                now=PUBLISHED,
                retract_earlier=False,
            )


def expect_chip(page, name: str):
    """Exactly one thing is chosen, and this is what its link is called."""
    expect(page.locator(".chip")).to_have_count(1)
    expect(page.get_by_role("link", name=f"Remove the filter {name}", exact=True)).to_be_visible()


def level_of(page):
    """The facet of levels, unfolded by keyboard, with the keyboard's place on "Local"."""
    facet = page.locator("#facet-level > summary")
    facet.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")


def test_with_script_a_choice_shows_its_results_at_once(page, site):
    page.goto("/practices/?utm_source=mail")

    level_of(page)
    assert page.evaluate("document.activeElement.id") == "is-level-local"
    page.keyboard.press("Space")

    expect(page.locator("h1")).to_have_text("5 practices")
    assert page.url.endswith("/practices/?level=local")
    assert page.title().startswith("5 practices – ")
    expect_chip(page, "Level: Local")
    assert page.locator("#told").inner_text() == "5 practices"
    assert page.evaluate("document.activeElement.id") == "is-level-local"
    assert page.locator("#facet-level").get_attribute("open") is not None
    assert page.locator(".records > li").count() == 5

    page.keyboard.press("ArrowDown")  # changes nothing: these are no radio buttons
    page.keyboard.press("Tab")
    page.keyboard.press("Space")

    expect(page.locator("h1")).to_have_text("28 practices")
    assert page.url.endswith("/practices/?level=local&level=national")

    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("5 practices")
    assert page.url.endswith("/practices/?level=local")

    page.go_back()
    expect(page.locator("h1")).to_have_text("28 practices")
    page.go_back()
    expect(page.locator("h1")).to_have_text("5 practices")
    expect_chip(page, "Level: Local")
    assert page.locator("#is-level-local").is_checked()


FOURTEEN = ["ALB", "AND", "ARM", "AUT", "AZE", "BEL", "BGR", "BIH", "BLR", "CAN", "CHE", "CYP"]
FOURTEEN += ["CZE", "TUR"]


def test_with_script_a_long_facet_is_searched_while_one_types(page, site):
    page.goto("/practices/")
    page.set_viewport_size({"width": 1280, "height": 800})
    find = page.get_by_role("searchbox", name="Find in these values: Objective")

    assert find.count() == 0  # four values need no search

    page.goto("/practices/?" + "&".join(f"member_state={iso3}" for iso3 in FOURTEEN))
    find = page.get_by_role("searchbox", name="Find in these values: Member State")
    find.fill("türk")
    page.keyboard.press("Enter")  # neither sends the form nor counts as a choice
    page.keyboard.press("Tab")

    shown = page.locator("#values-member_state > li:visible")
    assert [one.inner_text().split("\n")[0] for one in shown.all()] == ["Türkiye"]
    assert page.url.count("member_state=") == len(FOURTEEN)


def test_without_script_a_phone_chooses_sees_and_clears(plain_page, site):
    page = plain_page
    page.goto("/practices/")
    assert not page.locator("#is-level-local").is_visible()

    page.get_by_text("Filters", exact=True).click()
    page.locator("#facet-level > summary").click()
    page.get_by_label("Local").check()
    page.get_by_role("button", name="Show results").click()

    expect(page.locator("h1")).to_have_text("5 practices")
    expect_chip(page, "Level: Local")

    page.locator("#q").fill("Compact")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("5 practices: “Compact”")

    page.get_by_role("link", name="Remove the filter Level: Local").click()
    expect(page.locator("h1")).to_have_text("28 practices: “Compact”")

    page.get_by_role("link", name="Clear all").click()
    expect(page.locator("h1")).to_have_text("28 practices")
    assert page.url.endswith("/practices/?")

    page.get_by_role("link", name="Page 2").click()
    expect(page.locator(".records > li")).to_have_count(3)


def test_keyboard_reaches_everything_beside_a_list_and_shows_where_it_is(page, site):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto("/practices/?level=local&member_state=ALB")
    wanted = page.locator(
        "#list a[href], #list button, #list input:not([type=hidden]), #list summary"
    )
    visible = [one for one in wanted.all() if one.is_visible()]
    unseen = []

    page.locator("#main").focus()
    for _ in visible:
        page.keyboard.press("Tab")
        href, seen = page.evaluate(FOCUS)
        if not seen:
            unseen.append(href)

    assert unseen == []
    last = visible[-1].evaluate("element => element === document.activeElement")
    assert last is True


@pytest.mark.parametrize("language", ["", "/ru"])  # the other alphabet, too
def test_lists_have_no_accessibility_faults(page, site, language):
    axe, faults = Axe(), {}
    paths = ["/practices/", "/practices/?level=local&member_state=ALB&q=plan", "/pledges/"]
    paths.append("/practices/?level=global")  # nothing found

    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for path in paths:
            page.goto(language + path)
            if width == 320:
                page.locator("#facets-all > summary").click()
            for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
                page.emulate_media(color_scheme=scheme)
                found = axe.run(page, options={"preload": False, "runOnly": rules}).response[
                    "violations"
                ]
                faults |= {f"{width} {path} {one['id']}": one["nodes"][0]["html"] for one in found}
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults[f"{width} {path}"] = "scrolls sideways"

    assert faults == {}
