"""The way of a practice through the office in a real browser: with the keyboard, for everybody."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from objectives.models import Objective
from public.models import database_now
from submissions.models import Practice
from tests.browser.test_public_pages import RULES
from tests.factories import PracticeFactory, brought_to, person, published, take

FOCUSED = """() => {
    const at = document.activeElement;
    return (at.innerText || at.value || at.labels?.[0]?.innerText || "").trim();
}"""


@pytest.fixture
def practice(transactional_db):
    call_command("load_reference_data", verbosity=0)
    number = Objective.objects.get(number=7).number
    return PracticeFactory(title="Night buses for shift workers", objectives=[number])


def sign_in(page, live_server, role: str) -> None:
    """As if this person had just signed in; how they do is another test's matter."""
    client = Client()
    client.force_login(person(role))
    page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    page.context.clear_cookies()
    page.context.add_cookies(
        [
            {
                "name": "sessionid",
                "value": client.cookies["sessionid"].value,
                "domain": urlsplit(live_server.url).hostname,
                "path": "/",
            }
        ]
    )


def screen(practice) -> str:
    return reverse("admin:submissions_practice_change", args=[practice.pk])


def step_page(practice, step: str) -> str:
    return f"{reverse('admin:steps', args=[type(practice), step])}?id={practice.pk}"


def tab_to(page, text: str) -> None:
    """Moves the focus with the Tab key until it stands on what says this."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == text:
            return
    raise AssertionError(f"The Tab key does not reach “{text}”.")


def press(page, text: str) -> None:
    """Goes to a link or button with the keyboard and uses it."""
    tab_to(page, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def said(page) -> list[str]:
    page.wait_for_load_state("domcontentloaded")
    return page.locator(".messagelist li").all_inner_texts()


def test_practice_goes_all_the_way_by_keyboard(page, live_server, practice):
    address = reverse("public:practice", args=[practice.code])

    sign_in(page, live_server, "Editor")
    page.goto(screen(practice))
    press(page, "Send to review")
    press(page, "Send to review")
    assert said(page) == [f"Sent to review: {practice.code}."]

    sign_in(page, live_server, "Reviewer")
    page.goto(screen(practice))
    press(page, "Start the review")
    press(page, "Start the review")
    press(page, "Return with note")
    tab_to(page, "Note")
    page.keyboard.type("Name the city.")
    press(page, "Return with note")
    assert said(page) == [f"Returned with your note: {practice.code}."]

    sign_in(page, live_server, "Editor")
    page.goto(screen(practice))
    assert "Name the city." in page.locator(".standing-note").inner_text()
    press(page, "Send to review")
    press(page, "Send to review")

    sign_in(page, live_server, "Reviewer")
    page.goto(screen(practice))
    press(page, "Start the review")
    press(page, "Start the review")
    press(page, "Approve")
    press(page, "Approve")
    assert said(page) == [f"Approved: {practice.code}."]

    sign_in(page, live_server, "Publisher")
    page.goto(screen(practice))
    press(page, "Publish now / at …")
    tab_to(page, "now")
    page.keyboard.press("ArrowDown")
    assert page.locator("input[value=later]").is_checked()
    embargo = (database_now() + timedelta(seconds=8)).replace(microsecond=0)
    page.locator("#id_at").fill(embargo.strftime("%Y-%m-%dT%H:%M:%S"))
    page.locator("#id_at").focus()
    press(page, "Publish")
    (message,) = said(page)
    assert re.fullmatch(rf"Under embargo until .+ UTC: {practice.code}\.", message)
    assert page.goto(address).status == 404

    page.wait_for_timeout(max(0, (embargo - database_now()).total_seconds() * 1000) + 50)
    assert page.goto(address).status == 200
    assert page.locator("h1").inner_text() == "Night buses for shift workers"

    page.goto(screen(practice))
    press(page, "Withdraw")
    tab_to(page, "Note")
    page.keyboard.type("Written by mistake.")
    press(page, "Withdraw")
    assert said(page) == [f"Withdrawn from the public record: {practice.code}."]
    assert page.goto(address).status == 410


def pages_to_look_at(practice):
    """Each page of the steps with something to say, and who sees it."""
    draft = practice
    returned = take("return_with_note", PracticeFactory(status="in_review"), note="Mend it.")
    approved = PracticeFactory(status="approved")
    later = published(PracticeFactory(), at=database_now() + timedelta(days=2))
    next_one = PracticeFactory(published=True, title="First")
    take("revise", next_one)
    Practice.objects.filter(pk=next_one.pk).update(title="Second")
    next_one.refresh_from_db()
    brought_to("approved", next_one)
    many = "".join(f"&id={one.pk}" for one in (draft, next_one))
    return {
        "Editor": [
            screen(draft),
            screen(returned),
            step_page(draft, "submit"),
            step_page(later, "revise"),
        ],
        "Publisher": [
            screen(later),
            screen(next_one),
            step_page(approved, "publish") + many,
            step_page(next_one, "publish"),
            step_page(next_one, "return_with_note"),
            step_page(next_one, "withdraw"),
            step_page(draft, "withdraw"),
            reverse("admin:preview", args=[Practice, draft.pk]),
        ],
    }


PARTS = [".standing", ".step-page", ".preview-banner"]


def test_pages_of_steps_have_no_accessibility_faults_and_never_scroll_sideways(
    page, live_server, practice
):
    axe, faults, too_wide = Axe(), {}, []

    for role, addresses in pages_to_look_at(practice).items():
        sign_in(page, live_server, role)
        for address in addresses:
            page.set_viewport_size({"width": 360, "height": 740})
            page.emulate_media(color_scheme="light")
            assert page.goto(address).status == 200
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append(address)
            for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(300)  # the admin's links fade to their colour
                parts = [part for part in PARTS if page.locator(part).count()]
                # preloading would write the admin's imported styles into the page, against the CSP
                options = {"preload": False, "runOnly": rules}
                found = axe.run(page, context={"include": parts}, options=options).response[
                    "violations"
                ]
                faults |= {
                    f"{scheme} {address} {one['id']}": one["nodes"][0]["html"] for one in found
                }

    assert too_wide == []
    assert faults == {}


def test_refused_step_keeps_what_was_typed_and_says_so_aloud(page, live_server, practice):
    approved = PracticeFactory(status="approved")
    sign_in(page, live_server, "Publisher")
    page.goto(step_page(approved, "publish"))

    page.locator("#id_at").fill("2020-03-11T09:00")
    assert page.locator("input[value=later]").is_checked()
    assert "2020" in page.locator(".local-time").inner_text()
    page.locator("#id_note").fill("For the opening.")
    page.get_by_role("button", name="Publish").click()

    page.get_by_role("alert").wait_for()
    assert page.locator("#id_at").input_value() == "2020-03-11T09:00"
    assert page.locator("#id_note").input_value() == "For the opening."
    assert page.locator("#id_at").get_attribute("aria-invalid") == "true"


def test_unsaved_changes_are_not_lost_to_a_step(page, live_server, practice):
    sign_in(page, live_server, "Editor")
    page.goto(screen(practice))

    page.locator("#id_title").fill("Night buses for everybody")
    page.get_by_role("link", name="Send to review").click()

    assert page.url.endswith(screen(practice))
    assert page.locator(".steps-unsaved").is_visible()
    assert page.locator("#id_title").input_value() == "Night buses for everybody"


def test_many_are_taken_on_from_the_list(page, live_server, practice):
    other = PracticeFactory(title="A second one")
    sign_in(page, live_server, "Editor")
    page.goto(reverse("admin:submissions_practice_changelist"))

    page.locator("#action-toggle").check()
    page.locator("select[name=action]").select_option("submit")
    page.locator("button[name=index]").click()
    page.get_by_label(other.code).uncheck()
    page.get_by_role("button", name="Send to review").click()

    assert said(page) == [f"Sent to review: {practice.code}."]
    assert sorted(Practice.objects.values_list("status", flat=True)) == ["draft", "submitted"]
