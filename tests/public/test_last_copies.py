"""While the database cannot be reached, public pages are shown as they last were; nothing else is.

The order of events is what matters here, so transactions are real and renderings are held open.
"""

import os
import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test import Client, RequestFactory

from public import last_copies, publication
from public.fence import public_side
from public.models import Tombstone
from tests.factories import PracticeFactory, person

as_a_server = pytest.mark.django_db(transaction=True)

SECRET_WORD = "Zanzibarite"


@pytest.fixture(autouse=True)
def _store(settings, tmp_path):
    settings.LAST_COPIES_ROOT = tmp_path / "copies"
    settings.LAST_COPIES_MB = 1
    yield
    last_copies._failed_at = float("-inf")


@pytest.fixture
def practice(transactional_db):
    # With this code the pages of three languages have three of the sixteen slots.
    return PracticeFactory(published=True, title=f"{SECRET_WORD} for all", code="P-0001")


def address_of(practice, language=""):
    return f"{language}/practices/{practice.code}/"


@pytest.fixture
def gone():
    """Takes the database away from everybody in this process until the test is over."""
    place = connection.settings_dict
    port = place["PORT"]

    def take_away():
        connection.close()
        place["PORT"] = "1"

    yield take_away
    connection.close()
    place["PORT"] = port


def ask(address, **headers):
    return Client(raise_request_exception=False).get(address, headers=headers)


def shows(answer) -> tuple[int, bool]:
    return answer.status_code, SECRET_WORD in answer.content.decode()


@as_a_server
def test_pages_are_shown_from_their_last_copies_and_nothing_else_is(practice, gone, settings):
    address = address_of(practice)
    pages = [address_of(practice, language) for language in ("", "/fr", "/ru")]
    others = [f"{address}?at=2024-01-01", "/search/?q=people", "/api/v1/practices/"]
    before = [ask(page) for page in (*pages, *others)]
    browser = Client(raise_request_exception=False)
    browser.cookies[settings.SESSION_COOKIE_NAME] = "anybody"
    browser.get("/practices/")
    gone()

    after = [ask(page) for page in pages]
    not_kept = [ask(page).status_code for page in (*others, "/practices/", "/objectives/")]
    settings.LAST_COPIES_HOURS = 0
    too_old = ask(address).status_code

    assert [shows(answer) for answer in before[:3]] == [(200, True)] * 3
    assert [shows(answer) for answer in after] == [(200, True)] * 3
    assert ['role="note"' in answer.text for answer in (*before[:3], *after)] == [False] * 3 + [
        True
    ] * 3
    assert [answer["Cache-Control"] for answer in after] == ["no-store"] * 3
    assert [answer["Content-Language"] for answer in after] == ["en", "fr", "ru"]
    assert not_kept == [503] * 5
    assert too_old == 503


@as_a_server
def test_withdrawal_empties_the_store_before_it_is_acknowledged(practice, gone):
    address = address_of(practice)
    ask(address)
    ask("/practices/")

    publication.withdraw(practice, by=person("Publisher"), note="A mistake.")
    gone()

    assert [ask(address).status_code, ask("/practices/").status_code] == [503, 503]


@as_a_server
def test_page_rendered_from_before_a_withdrawal_is_not_kept_after_it(practice, gone):
    """A slow reader: its snapshot is older than the withdrawal, its copy comes later."""
    address = address_of(practice)
    page = ask(address)
    request = RequestFactory().get(address)
    snapshot, withdrawn = threading.Event(), threading.Event()

    def read_slowly():
        with public_side():
            snapshot.set()
            withdrawn.wait(20)
            last_copies.keep(request, page)
        connection.close()

    reader = threading.Thread(target=read_slowly)
    reader.start()
    snapshot.wait(20)
    publication.withdraw(practice, by=person("Publisher"), note="A mistake.")
    withdrawn.set()
    reader.join(20)
    gone()

    assert ask(address).status_code == 503


@as_a_server
@pytest.mark.parametrize("fails", [False, True])
def test_page_rendered_while_a_withdrawal_is_under_way_is_not_kept(practice, gone, fails):
    """If it failed, later pages are kept again."""
    address = address_of(practice)
    publisher = person("Publisher")
    with transaction.atomic():
        publication.withdraw(practice, by=publisher, note="A mistake.")
        seen = in_another_thread(lambda: shows(ask(address)))
        kept = last_copies.read().path(f"testserver{address}").exists()
        transaction.set_rollback(fails)
    if fails:
        ask(address)
    gone()

    assert (seen, kept) == ((200, True), False)
    assert ask(address).status_code == (200 if fails else 503)


@as_a_server
def test_withdrawal_is_refused_when_the_store_cannot_be_emptied(practice, settings):
    address = address_of(practice)
    ask(address)
    state = settings.LAST_COPIES_ROOT / "state"
    state.unlink()
    state.mkdir()  # nobody, not even root, replaces a folder by a file

    with pytest.raises(ValidationError, match="cannot be emptied"):
        publication.withdraw(practice, by=person("Publisher"), note="A mistake.")

    assert Tombstone.objects.count() == 0
    assert ask(address).status_code == 200  # and no page fails by it


@as_a_server
def test_page_is_written_once_in_five_minutes_and_only_for_its_own_address(practice, gone):
    address = address_of(practice)
    ask(address)
    state = last_copies.read()
    path = state.path(f"testserver{address}")
    first = path.stat().st_mtime_ns
    ask(address)
    again = path.stat().st_mtime_ns
    os.utime(path, (time.time() - last_copies.FRESH - 1,) * 2)
    ask(address, accept="text/html")  # else the answer is given again
    later = path.stat().st_mtime_ns
    path.replace(state.path("testserver/practices/"))  # as two addresses may share a slot
    gone()

    assert (again, later > first) == (first, True)
    assert ask("/practices/").status_code == 503


@as_a_server
def test_switched_off_it_keeps_nothing(practice, settings):
    settings.LAST_COPIES_MB = 0
    settings.LAST_COPIES_ROOT = settings.LAST_COPIES_ROOT / "other"

    ask(address_of(practice))
    publication.withdraw(practice, by=person("Publisher"), note="A mistake.")

    assert not settings.LAST_COPIES_ROOT.exists()


def test_store_has_so_many_slots_and_no_more():
    state = last_copies.State("folder", {})

    paths = {state.path(f"review.example.org/{number}") for number in range(1000)}

    assert len(paths) == 16  # of 64 kB in 1 MB


def in_another_thread(work):
    found = []

    def run():
        found.append(work())
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)
    return found[0]
