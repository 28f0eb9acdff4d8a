"""Changing and exporting many records in a real browser: by keyboard, without scripts, for all."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import expect

from submissions.models import Practice
from tests.browser.test_public_pages import RULES
from tests.factories import PracticeFactory, member_state, objective

LIST = reverse("admin:submissions_practice_changelist")
EXPORT = reverse("admin:export", args=[Practice])


@pytest.fixture
def practices(sign_in):
    objective(3), member_state("SRB")
    return [
        PracticeFactory(objectives=[7, 15], member_states=["ALB"]),
        PracticeFactory(objectives=[7]),
        PracticeFactory(published=True),
    ]


def open_bulk_edit(page):
    """Choose everything in the list, and the action, with the keyboard alone."""
    page.goto(LIST)
    for box in page.locator("input.action-select").all():
        box.press("Space")
    page.locator("select[name=action]").focus()
    page.keyboard.type("Change")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Change several records at once").wait_for()


def objectives_of(practice):
    return sorted(practice.objectives.values_list("number", flat=True))


def test_many_records_are_changed_by_keyboard(page, practices, sign_in):
    page.context.add_cookies([sign_in("Editor")])
    open_bulk_edit(page)
    box = page.get_by_role("checkbox", name="15. Objective 15 on 1 of 2")
    looks = "(box) => [box.indeterminate, box.checked]"
    seen = [box.evaluate(looks)]

    for _ in range(3):
        box.press("Space")
        seen.append(box.evaluate(looks))
    box.press("Space")
    page.get_by_role("combobox", name="Add others to all").focus()
    page.keyboard.type("serb")
    page.get_by_role("option", name="Serbia").wait_for()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show what would change").press("Enter")
    page.get_by_role("button", name="Change 2 records").press("Enter")
    page.get_by_text("2 records were changed.").wait_for()

    assert seen == [[True, False], [False, True], [False, False], [True, False]]
    assert [objectives_of(practice) for practice in practices] == [[7, 15], [7, 15], [7]]
    assert [practice.member_states.count() for practice in practices] == [2, 1, 0]


def test_many_records_are_changed_without_scripts(chromium, live_server, practices, sign_in):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    context.add_cookies([sign_in("Editor")])
    page = context.new_page()
    open_bulk_edit(page)

    triple = page.get_by_role("group", name="15. Objective 15 on 1 of 2")
    triple.get_by_role("radio", name="leave as they are").press("ArrowDown")
    page.get_by_label("names or codes").fill("Serbia")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Change 2 records").press("Enter")

    expect(page.get_by_text("2 records were changed.")).to_have_count(1)
    assert [objectives_of(practice) for practice in practices] == [[7], [7], [7]]
    assert [practice.member_states.count() for practice in practices] == [2, 1, 0]
    context.close()


def test_export_is_a_download(page, practices, sign_in):
    page.context.add_cookies([sign_in("Editor")])
    page.goto(f"{LIST}?status__exact=draft")

    page.get_by_role("link", name="Export", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download XLSX").press("Enter")

    assert page.get_by_text("2 records").count() == 1
    assert download.value.suggested_filename.startswith("practices-")


def test_pages_have_no_accessibility_faults(page, practices, sign_in):
    """Axe writes styles into the page that it looks at, which the site's own policy refuses."""
    session = sign_in("Editor")
    context = page.context.browser.new_context(base_url=session["url"], bypass_csp=True)
    context.add_cookies([session])
    looked_at, faults = context.new_page(), []

    def look(name):
        for width in (320, 1280):
            looked_at.set_viewport_size({"width": width, "height": 800})
            if looked_at.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{name} scrolls sideways at {width} px")
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            looked_at.emulate_media(color_scheme=scheme)
            looked_at.wait_for_timeout(300)  # buttons fade from one colour to the other
            found = (
                Axe()
                .run(looked_at, options={"preload": False, "runOnly": rules})
                .response["violations"]
            )
            faults.extend(
                f"{name} {scheme} {one['id']} {one['nodes'][0]['html']}" for one in found
            )

    open_bulk_edit(looked_at)
    look("choices")
    looked_at.get_by_role("button", name="Show what would change").press("Enter")
    looked_at.get_by_text("Choose what to change.").wait_for()
    look("mistake")
    looked_at.get_by_role("checkbox", name="3. Objective 3").press("Space")
    look("chosen")
    looked_at.get_by_role("button", name="Show what would change").press("Enter")
    looked_at.get_by_role("button", name="Change 2 records").wait_for()
    look("confirm")
    looked_at.goto(EXPORT)
    look("export")
    context.close()

    assert faults == []
