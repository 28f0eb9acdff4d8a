"""The readers of DESIGN on their way through the public site, each in the way they would go."""

import csv
import re

import pytest
from django.db import transaction
from playwright.sync_api import expect

from public.editions import write_editions
from tests.browser import public_site
from tests.browser.languages import address
from tests.browser.public_site import PUBLISHED, practice
from tests.browser.test_steps import press, tab_to

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}

HELPLINE = practice(
    42,
    title="A helpline in six languages",
    summary="It answers day and night.",
    level="local",
    member_states=["SRB"],
    objectives=[7],
)
NIGHT_BUSES = practice(
    41,
    title="Night buses for shift workers",
    summary="They stop wherever somebody wants to leave.",
    level="local",
    member_states=["ALB", "SRB"],
    objectives=[7, 15],
)
CLINICS = practice(
    43,
    title="Mobile clinics",
    level="national",
    member_states=["SRB"],
    objectives=[15],
    primary_objectives=[15],
)


@pytest.fixture
def site(transactional_db):
    """The small site, and three practices in Serbia; two of them are local and on objective 7."""
    public_site.make()
    with transaction.atomic():
        write_editions(
            [NIGHT_BUSES, HELPLINE, CLINICS],
            begin=PUBLISHED,
            now=PUBLISHED,
            retract_earlier=False,
        )


def expect_titles(page, *titles: str) -> None:
    expect(page.locator(".records .record-title")).to_have_text(titles)


def codes(page) -> list[str]:
    page.wait_for_load_state("domcontentloaded")  # a heading may be there before its list
    return page.locator(".records [data-keep]").evaluate_all(
        "(found) => found.map((one) => one.dataset.keep.split(':')[1])"
    )


def expect_fitting(page):
    """Nothing stands beside the screen."""
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth") is True


@pytest.mark.parametrize("language", ["en", "fr", "ru"])
def test_delegate_on_a_phone_finds_a_practice_in_three_steps_and_opens_its_citation(
    page, site, language
):
    page.set_viewport_size(PHONE)
    page.goto(address(language, "/"))

    page.locator("#objectives .contents a", has_text="7").first.click()
    expect(page.locator(".objective-head .badge")).to_have_text("7")
    expect_fitting(page)
    page.locator(".tiles a", has_text="SRB").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert page.url.endswith(address(language, "/practices/?objective=7&member_state=SRB"))
    expect_fitting(page)
    page.get_by_role("link", name=NIGHT_BUSES.title).click()

    expect(page.locator("h1")).to_have_text(NIGHT_BUSES.title)
    assert page.locator("h1").get_attribute("lang") == "en"
    page.locator("details.citations summary").click()
    expect(page.locator("#citation-1")).to_contain_text("P-0041")
    expect(page.locator("#citation-2")).to_contain_text(NIGHT_BUSES.title)
    expect(page.locator("#citation-2")).to_be_visible()
    expect_fitting(page)


def test_researcher_filters_sorts_downloads_and_cites(page, site, tmp_path):
    page.set_viewport_size(DESK)
    page.goto("/practices/")

    page.get_by_label("Serbia").check()
    expect(page.locator("h1")).to_have_text("3 practices in Serbia")
    page.locator("#facet-level > summary").click()
    page.get_by_label("Local").check()
    expect(page.locator("h1")).to_have_text("2 practices in Serbia")
    page.get_by_role("link", name="By title").click()
    expect(page.locator(".arrange [aria-current]").first).to_have_text("By title")
    expect_titles(page, HELPLINE.title, NIGHT_BUSES.title)

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV", exact=True).click()
    table = tmp_path / "practices.csv"
    download.value.save_as(table)
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [
            (row["code"], row["title"], row["member_state_names"]) for row in csv.DictReader(file)
        ]
    assert rows == [
        ("P-0042", HELPLINE.title, "Serbia"),
        ("P-0041", NIGHT_BUSES.title, "Albania;Serbia"),
    ]

    page.get_by_role("link", name=HELPLINE.title).click()
    page.get_by_text("BibTeX, RIS and CSL-JSON").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download P-0042.ris").click()
    reference = tmp_path / download.value.suggested_filename
    download.value.save_as(reference)
    facts = dict(line.split("  - ", 1) for line in reference.read_text().splitlines() if line)
    assert facts["TI"] == HELPLINE.title
    assert facts["UR"] == page.url


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_journalist_compares_two_states_and_reads_the_figures_of_a_picture(page, site, screen):
    page.set_viewport_size(screen)
    page.goto("/")

    page.get_by_role("link", name="Compare States").click()
    page.get_by_label("State 1").select_option("Albania")
    page.get_by_label("State 2").select_option("Serbia")
    page.get_by_role("button", name="Compare these States").click()
    expect(page.locator("h1")).to_have_text("Albania and Serbia, side by side")
    row = page.locator("tr", has=page.locator("a[href='/objectives/7/']"))
    expect(row.get_by_role("cell")).to_have_text(
        [
            re.compile(r"^\s*2 practices, 1 pledge, 1 report\b"),
            re.compile(r"^\s*2 practices\b"),
            "most: Albania",
        ]
    )
    expect_fitting(page)

    row.get_by_role("link", name="Reducing migrants' vulnerabilities").click()
    picture = page.locator("figure.picture").first
    figures = picture.get_by_role("row", name="Serbia")
    expect(figures).to_have_count(0)
    picture.get_by_text("The figures as a table").click()
    expect(figures).to_have_text("Serbia2")
    expect_fitting(page)
    figures.get_by_role("link", name="Serbia").click()
    expect(page.locator("h1")).to_have_text("2 practices on objective 7 in Serbia")


def test_citizen_searches_in_russian_with_a_mistake_and_switches_the_language(page, site):
    page.set_viewport_size(PHONE)
    page.goto("/")
    page.get_by_role("link", name="Русский").click()

    page.locator("#find").fill("албанея")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("«Албания»")
    expect(page.locator(".corrected")).to_contain_text("албанея")
    assert page.locator("html").get_attribute("lang") == "ru"
    found = codes(page)
    assert "P-0041" in found
    expect_fitting(page)

    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    assert "/fr/search/?q=" in page.url
    expect(page.locator("#q")).to_have_value("албанея")
    assert sorted(codes(page)) == sorted(found)

    page.get_by_role("link", name=NIGHT_BUSES.title).click()
    page.get_by_role("link", name="Русский").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    assert page.url.endswith("/ru/practices/P-0041/")


def test_reader_without_a_mouse_searches_chooses_and_keeps(page, site):
    page.set_viewport_size(DESK)
    page.goto("/")

    tab_to(page, "Search everything")
    page.keyboard.type("serb")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/member-states/SRB/")

    press(page, "3 practices")
    expect(page.locator("h1")).to_have_text("3 practices in Serbia")
    tab_to(page, "Level")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("h1")).to_have_text("2 practices in Serbia")
    assert page.url.endswith("/practices/?member_state=SRB&level=local")

    tab_to(page, "Keep\nP-0041")
    page.keyboard.press("Enter")
    expect(page.locator("[data-my-list-says]")).to_have_text("P-0041 is on your list.")
    press(page, "My list (1)")
    page.wait_for_url("**/my-list/?record=practice:P-0041")
    expect_titles(page, NIGHT_BUSES.title)


def test_reader_without_script_filters_searches_compares_and_shares_a_list(plain_page, site):
    page = plain_page
    page.goto("/practices/?member_state=SRB")

    page.locator("#facets-all > summary").click()
    page.locator("#facet-level > summary").click()
    page.get_by_label("Local").check()
    page.get_by_role("button", name="Show results").click()
    expect(page.locator("h1")).to_have_text("2 practices in Serbia")
    page.get_by_role("link", name="By title").click()
    expect_titles(page, HELPLINE.title, NIGHT_BUSES.title)

    page.get_by_label("Search everything").fill("helpline")
    page.get_by_role("search", name="Whole site").get_by_role("button", name="Search").click()
    expect(page.locator("h1")).to_have_text("1 record for “helpline”")
    page.get_by_role("link", name=HELPLINE.title).click()
    page.get_by_text("BibTeX, RIS and CSL-JSON").click()
    expect(page.locator("#citation-2")).to_be_visible()

    page.goto("/compare/")
    page.get_by_label("State 1").select_option("Albania")
    page.get_by_label("State 2").select_option("Serbia")
    page.get_by_role("button", name="Compare these States").click()
    expect(page.locator("h1")).to_have_text("Albania and Serbia, side by side")

    page.goto("/my-list/?record=practice:P-0041&record=practice:P-0042")
    expect_titles(page, NIGHT_BUSES.title, HELPLINE.title)
    page.get_by_role("link", name="Remove P-0041").click()
    expect_titles(page, HELPLINE.title)
    assert page.url.endswith("/my-list/?record=practice:P-0042")
