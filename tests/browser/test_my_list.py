"""My list and open data in a real browser: kept without an account, shared as an address."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from tests.factories import PledgeFactory, PracticeFactory

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KEEP = "[data-keep]"


@pytest.fixture
def records(transactional_db):
    practices = PracticeFactory.create_batch(2, member_states=["ALB"], published=True)
    return [*practices, PledgeFactory(published=True)]


def named(*records) -> str:
    return "&".join(f"record={record.kind}:{record.code}" for record in records)


def button(page, record):
    return page.locator(f'[data-keep="{record.kind}:{record.code}"]')


def said(page) -> str:
    return page.locator("[data-my-list-says]").inner_text()


def test_records_are_kept_shown_and_taken_off_again(page, records):
    first, second, pledge = records

    page.goto(reverse("public:practice-list"))
    button(page, first).focus()
    page.keyboard.press("Enter")
    assert button(page, first).get_attribute("aria-pressed") == "true"
    assert button(page, first).inner_text().strip().startswith("Kept")
    assert said(page) == f"{first.code} is on your list."
    button(page, second).click()
    page.goto(reverse("public:pledge-list"))
    button(page, pledge).click()
    assert page.locator("[data-my-list]").inner_text() == "My list (3)"

    page.click("[data-my-list]")
    page.wait_for_url("**record=**")
    assert page.url.endswith(f"/my-list/?{named(first, second, pledge)}")
    assert page.locator("h1").inner_text() == "A list of 3 records"

    page.locator(f'[data-drop="{second.kind}:{second.code}"]').click()
    page.wait_for_url(f"**{named(first, pledge)}")
    assert page.locator("[data-my-list]").inner_text() == "My list (2)"
    page.goto(reverse("public:practice-list"))
    assert button(page, second).get_attribute("aria-pressed") == "false"
    button(page, first).click()
    assert said(page) == f"{first.code} is no longer on your list."


def test_list_is_cleared_only_when_the_reader_says_so(page, records):
    page.goto(f"/my-list/?{named(*records)}")
    page.get_by_role("button", name="Keep all of these").click()
    assert page.locator("[data-my-list]").inner_text() == "My list (3)"
    assert not page.get_by_role("button", name="Keep all of these").is_visible()

    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Clear my list").click()
    assert page.locator("[data-my-list]").inner_text() == "My list (3)"
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Clear my list").click()

    page.wait_for_url("**/my-list/")
    assert page.locator("[data-my-list-empty]").is_visible()
    assert page.locator("[data-my-list]").inner_text() == "My list"


@pytest.mark.parametrize(
    "kept", ["not json", "{}", "[1, null]", '["nonsense", "practice:P-9999"]']
)
def test_what_stands_in_the_browser_breaks_nothing(page, records, kept):
    page.goto("/my-list/")
    page.evaluate("kept => localStorage.setItem('my-list', kept)", kept)

    page.goto("/my-list/")
    page.goto(reverse("public:practice-list"))
    button(page, records[0]).click()

    assert button(page, records[0]).get_attribute("aria-pressed") == "true"


def test_list_works_without_javascript(chromium, live_server, records):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    try:
        page.goto(reverse("public:practice-list"))
        assert page.locator(KEEP).first.is_hidden()
        page.click("[data-my-list]")
        expect(page.locator(".empty")).to_be_visible()
        page.goto(f"/my-list/?{named(*records)}")
        page.get_by_role("link", name=f"Remove {records[0].code}").click()
        assert page.url.endswith(named(*records[1:]))
    finally:
        context.close()


def test_hand_out_has_addresses_and_no_buttons(page, live_server, records):
    page.goto(f"/my-list/?{named(*records)}")

    page.emulate_media(media="print")

    addresses = [one.inner_text() for one in page.locator(".records .paper-only").all()]
    assert addresses == [
        f"{live_server.url}/practices/{records[0].code}/",
        f"{live_server.url}/practices/{records[1].code}/",
        f"{live_server.url}/pledges/{records[2].code}/",
    ]
    assert not page.locator("button").first.is_visible()
    assert not page.locator("[data-drop]").first.is_visible()


@pytest.mark.parametrize("language", ["", "/fr", "/ru"])
def test_pages_are_sound(page, records, language):
    """No fault for people with disabilities, no sideways scroll; the data block breaks no rule."""
    axe, faults, too_wide = Axe(), {}, []

    for path in ("/data/", "/my-list/", f"/my-list/?{named(*records)}&record=x", "/practices/"):
        page.goto(language + path)
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            found = axe.run(page, options={"preload": False, "runOnly": rules}).response[
                "violations"
            ]
            faults |= {f"{scheme} {path} {one['id']}": one["nodes"][0]["html"] for one in found}
        for width in (320, 360, 768, 1280):
            page.set_viewport_size({"width": width, "height": 740})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append((width, path))

    assert faults == {}
    assert too_wide == []


def test_code_book_opens_where_a_link_leads(page, records):
    page.goto("/data/")

    page.locator("summary").first.click()
    page.locator('a[href="#codes-levels"]').first.click()

    assert page.locator("#codes-levels").is_visible()
