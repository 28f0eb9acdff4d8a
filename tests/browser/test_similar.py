"""What is alike appears while somebody types, for everybody; merging; opening the next cycle."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import reverse

from office.suggestions import learn
from submissions.models import Practice
from tests.browser.test_public_pages import RULES
from tests.factories import (
    AgendaItemFactory,
    PracticeFactory,
    RecommendationFactory,
    RoundtableFactory,
)

TITLE = "One-stop centres for newcomers"


@pytest.fixture
def office(page, sign_in):
    """A page of somebody who enters practices and opens cycles."""
    call_command("load_reference_data", verbosity=0)
    session = sign_in("Editor", "Roundtable officer")
    page.context.add_cookies([session])
    # Axe writes styles into the page that it looks at, which the site's own policy refuses.
    context = page.context.browser.new_context(base_url=session["url"], bypass_csp=True)
    context.add_cookies([session])
    page.looked_at = context.new_page()
    yield page
    context.close()


def faults(page, address: str, before=None, part: str = "main") -> list[str]:
    """What somebody could stumble over in this part: too wide, too faint, without a name."""
    found = []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(address)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address}: scrolls sideways at {width} px")
    page.looked_at.emulate_media(color_scheme="light")
    page.looked_at.goto(address)
    if before:
        before(page.looked_at)
    for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
        page.looked_at.emulate_media(color_scheme=scheme)
        page.looked_at.wait_for_timeout(300)  # colours of buttons change slowly
        answer = (
            Axe()
            .run(page.looked_at, context=part, options={"preload": False, "runOnly": rules})
            .response
        )
        found += [
            f"{address} {scheme} {one['id']}: {one['nodes'][0]['html'][:300]}"
            for one in answer["violations"]
        ]
    return found


def typing(page):
    page.locator("[name=title]").press_sequentially(TITLE)
    page.wait_for_selector(".similar-records li")


def test_typing_shows_what_is_alike_and_says_so(office):
    other = PracticeFactory(title=TITLE)
    office.goto(reverse("admin:submissions_practice_add"))

    typing(office)

    assert office.locator(".similar-records a").inner_text() == f"{other.code}: {TITLE}"
    assert office.locator("#similar [role=status]").inner_text().startswith("Similar records: 1.")
    office.locator("[name=title]").fill("Remittances at lower cost")
    office.wait_for_selector(".similar-records", state="detached")
    assert office.locator("#similar [role=status]").inner_text().startswith("Objectives")


def test_only_the_last_of_many_keys_is_asked(office):
    PracticeFactory(title=TITLE)
    office.goto(reverse("admin:submissions_practice_add"))
    asked = []
    office.on(
        "request",
        lambda request: asked.append(request.url) if "/similar/" in request.url else None,
    )

    typing(office)

    assert len(asked) == 1


def test_suggested_objective_is_ticked_by_keyboard(office):
    PracticeFactory.create_batch(30, title="Offices", objectives=[15])
    PracticeFactory.create_batch(3, title="Zeppelin", objectives=[8])
    learn()
    office.goto(reverse("admin:submissions_practice_add"))
    office.locator("[name=title]").press_sequentially("Zeppelin")
    button = office.locator("[data-add-objective='8']")
    button.wait_for(state="visible")

    button.focus()
    office.keyboard.press("Enter")

    boxes = office.locator(".objectives input[value='8']:not([name$='-primary'])")
    assert boxes.first.is_checked()
    assert office.locator("#similar [role=status]").inner_text().startswith("Added to the form.")


def test_what_cannot_be_looked_up_is_said_and_nothing_typed_is_lost(office):
    office.goto(reverse("admin:submissions_practice_add"))
    office.context.clear_cookies(name="sessionid")  # signed out meanwhile
    office.locator("[name=title]").press_sequentially(TITLE)

    office.get_by_text("could not be looked up").wait_for()
    assert office.locator("[name=title]").input_value() == TITLE


def test_merging_by_keyboard(office):
    record, into = PracticeFactory(title="One-stop centre"), PracticeFactory(title=TITLE)
    office.goto(reverse("admin:merge", args=[Practice, record.pk]))

    office.locator(".similar-records a").focus()
    office.keyboard.press("Enter")
    office.wait_for_url("**?into=*")
    office.locator("[name=note]").fill("The same centre.")
    office.locator("input.default").focus()
    office.keyboard.press("Enter")
    office.wait_for_url(f"**/practice/{into.pk}/change/")

    record.refresh_from_db()
    assert record.merged_into == into
    assert record.code in office.locator(".merged").inner_text()


def test_pages_have_no_faults(office):
    record, into = PracticeFactory(title="One-stop centre"), PracticeFactory(title=TITLE)
    record.member_states.set([])
    session = RoundtableFactory(objectives=[7])
    AgendaItemFactory(roundtable=session)
    RecommendationFactory(roundtable=session)
    merge = reverse("admin:merge", args=[Practice, record.pk])
    next_cycle = reverse("admin:next-cycle")

    def onward(page):
        page.click("input.default")

    found = [
        *faults(office, reverse("admin:submissions_practice_add"), before=typing, part="#similar"),
        *faults(
            office, reverse("admin:submissions_practice_change", args=[record.pk]), part="#similar"
        ),
        *faults(office, merge),
        *faults(office, f"{merge}?into={into.pk}"),
        *faults(office, next_cycle),
        *faults(office, f"{next_cycle}?source=RR2024"),
        *faults(office, f"{next_cycle}?source=RR2024", before=onward),
    ]

    assert found == []
