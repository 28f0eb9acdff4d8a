"""A proxy is told to drop pages when the public can see a change, and of nothing else."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.db import transaction

from public import proxies, publication
from public.models import database_now
from tests.factories import PracticeFactory, person, published

pytestmark = pytest.mark.django_db(transaction=True)


class Proxy(BaseHTTPRequestHandler):
    """Notes what it is asked; refuses the first questions, if it is told to."""

    def do_PURGE(self):
        self.server.asked.append(f"{self.command} {self.path}")
        self.send_response(503 if len(self.server.asked) <= self.server.refuses else 200)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def proxy(settings, monkeypatch):
    server = HTTPServer(("127.0.0.1", 0), Proxy)
    server.asked, server.refuses = [], 0
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_port}/all"
    monkeypatch.setattr(proxies.time, "sleep", lambda seconds: None)
    yield server
    server.shutdown()
    server.server_close()


def asked(proxy) -> list[str]:
    """What the proxy was asked so far, when everything is said."""
    proxies.MESSENGER.submit(int).result()
    return proxy.asked


def test_publishing_and_withdrawing_are_told_once_each(proxy):
    practice = PracticeFactory(published=True)
    told = len(asked(proxy))
    publication.withdraw(practice, by=person("Publisher"), note="A mistake.")

    assert (told, asked(proxy)) == (1, ["PURGE /all"] * 2)


def test_what_the_public_does_not_see_is_not_told(proxy):
    practice = PracticeFactory()
    published(practice, at=database_now() + timedelta(days=1))
    with transaction.atomic():
        publication.publish(PracticeFactory(status="approved"), by=person("Publisher"))
        transaction.set_rollback(True)

    assert asked(proxy) == []


def test_refusal_is_tried_again_and_then_logged(proxy, caplog):
    proxy.refuses = 2
    assert (proxies.purge(), proxy.asked) == (True, ["PURGE /all"] * 3)

    proxy.refuses = 9
    assert proxies.purge() is False
    assert "it answers 503" in caplog.text


def test_proxy_that_is_away_changes_nothing(settings, monkeypatch, caplog):
    settings.PURGE_URL = "http://127.0.0.1:1/"
    monkeypatch.setattr(proxies.time, "sleep", lambda seconds: None)

    practice = PracticeFactory(published=True)
    proxies.MESSENGER.submit(int).result()

    assert practice.status == "published"
    assert "The proxy could not be told" in caplog.text
