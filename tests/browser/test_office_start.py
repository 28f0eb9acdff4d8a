"""The start page and the search in a real browser: readable by everybody, on any screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import expect

from public.workflow import Status
from tests.browser.test_public_pages import RULES
from tests.factories import PledgeFactory, PracticeFactory, RoundtableFactory, person

PAGES = ["/admin/", "/admin/search/?q=centres", "/admin/search/?q=nothing+like+it"]


@pytest.fixture
def office(page, live_server, transactional_db):
    """The browser of a reviewer who has something to do."""
    PracticeFactory(status=Status.SUBMITTED)
    PracticeFactory(status=Status.IN_REVIEW)
    PledgeFactory(due_on="2024-01-01")
    RoundtableFactory()
    client = Client()
    client.force_login(person("Reviewer"))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
    )
    return page


def test_pages_have_no_accessibility_faults(office):
    axe, faults = Axe(), {}

    for path in PAGES:
        office.goto(path)
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            office.emulate_media(color_scheme=scheme)
            found = axe.run(
                office, context="#content", options={"preload": False, "runOnly": rules}
            ).response["violations"]
            faults |= {f"{scheme} {path} {one['id']}": one["nodes"][0]["html"] for one in found}

    assert faults == {}


def test_content_never_scrolls_sideways(office):
    call_command("load_reference_data", verbosity=0)  # cycles with their real, long names
    too_wide = []

    for width in (320, 360, 768, 1280):
        office.set_viewport_size({"width": width, "height": 740})
        for path in PAGES:
            office.goto(path)
            if office.evaluate("document.querySelector('#content').scrollWidth > innerWidth"):
                too_wide.append((width, path))

    assert too_wide == []


def test_work_is_done_by_keyboard(office):
    office.goto("/admin/")

    office.get_by_label("Review cycle").focus()
    office.keyboard.press("End")  # all cycles
    office.keyboard.press("Tab")
    office.keyboard.press("Enter")
    office.wait_for_load_state()
    chosen = office.get_by_label("Review cycle").input_value()
    office.get_by_label("Search all records").focus()
    office.keyboard.type("one-stop")
    office.keyboard.press("Enter")
    office.wait_for_url("**/search/**")

    assert chosen == "all"
    expect(office.get_by_role("heading", name="Practices 2")).to_have_count(1)


def test_number_leads_to_its_list(office):
    office.goto("/admin/")

    queue = office.get_by_role("region", name="To review 1")
    address = queue.get_by_role("link", name="practices (1)").get_attribute("href")
    answer = office.request.get(address)

    assert "waiting=to-review" in address
    assert (answer.status, answer.text().count('class="action-checkbox"')) == (200, 1)
