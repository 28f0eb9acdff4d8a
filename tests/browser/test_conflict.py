"""Two people in two browsers on one record, without a mouse: the second sees both texts."""

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse

from office.models import OpenRecord
from submissions.models import Practice
from tests.factories import PracticeFactory, person

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
REACHED = """(wanted) => document.activeElement.matches(wanted)"""


@pytest.fixture
def browser_of(chromium, live_server, transactional_db):
    """A browser of their own for somebody of this role, signed in."""
    contexts = []

    def open_browser(role: str):
        client = Client()
        client.force_login(person(role))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context = chromium.new_context(base_url=live_server.url)
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        contexts.append(context)
        return context.new_page()

    yield open_browser
    for context in contexts:
        for page in context.pages:
            page.goto("about:blank")  # an open form says that it is left; the rows go later
            page.wait_for_timeout(200)
        context.close()


def go_to(page, wanted: str) -> None:
    """Press the tab key until the focus is there."""
    for _press in range(400):
        if page.evaluate(REACHED, wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key never reaches {wanted}")


def write(page, field: str, text: str) -> None:
    go_to(page, field)
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def save(page) -> None:
    go_to(page, "[name=_continue]")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def faults(page, part: str) -> list[str]:
    found = (
        Axe()
        .run(page, context=part, options={"preload": False, "runOnly": RULES})
        .response["violations"]
    )
    return [f"{one['id']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def wait_for(condition) -> None:
    for _try in range(50):
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")


def test_second_of_two_sees_both_texts_and_nothing_is_lost(browser_of):
    practice = PracticeFactory(title="As it was", summary="Old summary", level="national")
    address = reverse("admin:submissions_practice_change", args=[practice.pk])
    ana, bob = browser_of("Editor"), browser_of("Reviewer")
    ana.goto(address)
    bob.goto(address)
    note = bob.locator(".presence").inner_text()

    write(ana, "#id_title", "Title by Ana")
    write(ana, "#id_lead_implementer", "Ministry of Ana")
    save(ana)
    write(bob, "#id_title", "Title by Bob")
    write(bob, "#id_summary", "Summary by Bob")
    save(bob)

    conflict = bob.locator(".conflict").inner_text()
    assert note.startswith("Editor has had this open since ")
    assert "Somebody else saved this record while you had it open" in conflict
    assert "As it was" in conflict
    assert "Title by Ana" in conflict
    assert "Title by Bob" in conflict
    assert "Ministry of Ana" in conflict
    assert bob.input_value("#id_title") == "Title by Bob"
    assert bob.input_value("#id_summary") == "Summary by Bob"
    assert bob.input_value("#id_lead_implementer") == "Ministry of Ana"
    for scheme in ("light", "dark"):
        bob.emulate_media(color_scheme=scheme)
        assert faults(bob, ".conflict") == []
    bob.set_viewport_size({"width": 360, "height": 800})
    assert bob.evaluate("document.querySelector('.conflict').scrollWidth <= innerWidth")
    bob.set_viewport_size({"width": 1280, "height": 800})

    go_to(bob, "[name=take-title]")
    bob.keyboard.press("ArrowDown")  # from “keep mine” to “take theirs”
    save(bob)

    row = Practice.objects.get()
    assert (row.title, row.summary, row.lead_implementer) == (
        "Title by Ana",
        "Summary by Bob",
        "Ministry of Ana",
    )


def test_whoever_leaves_the_form_is_gone(browser_of):
    practice = PracticeFactory()
    ana = browser_of("Editor")
    ana.goto(reverse("admin:submissions_practice_change", args=[practice.pk]))
    wait_for(lambda: OpenRecord.objects.count() == 1)

    ana.goto(reverse("admin:submissions_practice_changelist"))

    wait_for(lambda: not OpenRecord.objects.exists())


def test_old_version_is_brought_back_without_a_mouse(browser_of):
    practice = PracticeFactory(title="As it was")
    Practice.objects.update(title="Changed")
    ana = browser_of("Editor")

    ana.goto(reverse("admin:submissions_practice_history", args=[practice.pk]))
    assert faults(ana, "#content-main") == []
    go_to(ana, ".when a")
    with ana.expect_navigation():
        ana.keyboard.press("Enter")
    assert faults(ana, "#content-main") == []
    go_to(ana, "[type=submit].default")
    with ana.expect_navigation():
        ana.keyboard.press("Enter")

    assert Practice.objects.get().title == "As it was"
    assert "The earlier version was brought back as a new one." in ana.inner_text("body")
