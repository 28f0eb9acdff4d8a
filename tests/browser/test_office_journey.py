"""A practice on its way through the office as a new officer walks it: by what the pages say."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from public.models import database_now
from tests.browser.test_entry import PDF
from tests.browser.test_public_pages import RULES
from tests.factories import person

TITLE = "Night buses for shift workers"
JARGON = re.compile(r"\bSelect \w+ to|\bobjects?\b|\bNone\b|Django")


class Office:
    """One browser, in which one colleague after the other signs in; and what is wrong there."""

    def __init__(self, page, looked_at, url: str):
        self.page, self.looked_at, self.url = page, looked_at, url
        self.faults: list[str] = []
        self.seen: list[list[str]] = []

    def enter(self, role: str) -> None:
        """Somebody of this role sits down and opens the office."""
        client = Client()
        client.force_login(person(role))
        name = settings.SESSION_COOKIE_NAME
        session = {"name": name, "value": client.cookies[name].value, "url": self.url}
        for page in (self.page, self.looked_at):
            page.goto("/admin/")  # whoever was here before leaves their form
            page.context.clear_cookies()
            page.context.add_cookies([session])
        self.page.goto("/admin/")
        self.page.get_by_label("Review cycle").select_option("All cycles")
        self.press("Change cycle")

    def look(self) -> None:
        """Is the page that stands there readable by everybody, and in words of the office?"""
        self.page.wait_for_load_state()
        address = self.page.url.removeprefix(self.url)
        said = self.page.locator("body").inner_text()
        parts = [address, *self.page.locator("h1, h2, h3, a, button").all_inner_texts()]
        if parts in self.seen:  # on the second round
            return
        self.seen.append(parts)
        self.faults += [f"{address} says {one[0]!r}" for one in JARGON.finditer(said)]
        self.looked_at.goto(self.page.url)
        options = {"preload": False, "runOnly": RULES}
        found = Axe().run(self.looked_at, options=options).response["violations"]
        self.faults += [
            f"{address} {one['id']}: {node['html'][:200]}"
            for one in found
            for node in one["nodes"][:2]
        ]

    def follow(self, name: str, **how) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=name, **how).first.click()
        self.look()

    def press(self, name: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()
        self.look()

    def take(self, step: str, note: str = "") -> None:
        """Choose a step on the record, read what it does, and confirm it."""
        self.follow(step, exact=True)
        if note:
            self.page.get_by_label("Note").fill(note)
        self.press(step)

    def open_from(self, queue: str) -> str:
        """Open the practice from this part of My work; what stands there about it."""
        part = self.page.get_by_role("region", name=queue)
        words = part.inner_text()
        with self.page.expect_navigation():
            part.get_by_role("link", name=TITLE).click()
        self.look()
        return words

    def standing(self) -> str:
        return self.page.get_by_role("region", name="Where it stands").inner_text()


@pytest.fixture
def office(page, live_server, transactional_db, settings, tmp_path):
    call_command("load_reference_data", verbosity=0)
    settings.MEDIA_ROOT = tmp_path / "files"
    # Axe writes styles into the page that it looks at, which the site's own policy refuses.
    context = page.context.browser.new_context(base_url=live_server.url, bypass_csp=True)
    yield Office(page, context.new_page(), live_server.url)
    context.close()


def test_practice_goes_through_all_hands(office, tmp_path):
    page, file = office.page, tmp_path / "timetable.pdf"
    file.write_bytes(PDF)

    office.enter("Editor")
    office.follow("Practice", exact=True)
    page.get_by_label("Review cycle:").select_option(label="RR2024: Regional review 2024")
    page.get_by_label("Title:").first.fill(TITLE)
    page.get_by_label("Summary:").fill("Buses run all night, and stop where people ask.")
    page.get_by_label("Level:").select_option("local")
    page.get_by_label("Access to basic services").first.check()
    page.get_by_label("main aim 15.").check()
    page.get_by_label("File:").first.set_input_files(file)
    office.press("Save and stay here")
    code = re.search(r"P-\d{4}", page.get_by_role("heading", level=1).inner_text())[0]
    assert "timetable.pdf" in page.locator("body").inner_text()
    office.take("Send to review")
    assert "Submitted" in office.standing()

    office.enter("Reviewer")
    office.open_from("To review")
    office.take("Start the review")
    office.take("Return with note", note="Name the city.")

    office.enter("Editor")
    assert "Name the city." in office.open_from("Returned to me")
    assert "Name the city." in office.standing()
    page.get_by_label("Summary:").fill("In Tirana buses run all night, and stop where people ask.")
    office.press("Save and stay here")
    office.take("Send to review")

    office.enter("Reviewer")
    office.open_from("To review")
    office.take("Start the review")
    office.take("Approve")
    assert "Approved" in office.standing()

    office.enter("Publisher")
    office.open_from("To publish")
    office.follow("Preview of the public page")
    assert "In Tirana buses run all night" in page.locator("body").inner_text()
    office.follow(f"Back to {code}")
    office.follow("Publish now / at …")
    embargo = (database_now() + timedelta(seconds=10)).replace(microsecond=0)
    page.get_by_label("Date and time in UTC").fill(embargo.strftime("%Y-%m-%dT%H:%M:%S"))
    assert page.get_by_label("At a later time").is_checked()
    with page.expect_navigation():
        page.get_by_role("button", name="Publish", exact=True).click()
    address = f"/practices/{code}/"
    assert page.request.get(address).status == 404
    office.look()
    assert f"Under embargo until {embargo:%-d %B %Y}" in page.locator("body").inner_text()
    page.wait_for_timeout(max(0, (embargo - database_now()).total_seconds() * 1000) + 50)
    page.reload()
    office.follow("Public page", exact=True)
    assert page.url == f"{office.url}{address}"
    assert page.get_by_role("heading", level=1).inner_text() == TITLE

    page.go_back()
    office.take("Withdraw", note="The buses have stopped.")
    assert "Withdrawn" in office.standing()
    assert page.goto(address).status == 410
    office.look()
    assert office.faults == []
