"""A real Chromium for the pages. Any CSP violation, error on the console or request that leaves
the server fails the test that caused it."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import override_settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps an event loop running

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
REPORT_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
    (event) => report(`CSP: ${event.violatedDirective} ${event.blockedURI}`))"""


def chromium_path():
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if path is None:
        pytest.skip("NO CHROMIUM FOUND: the browser tests did not run")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session", autouse=True)
def static_root(tmp_path_factory):
    """The live server reads static files at their sources; whitenoise only wants a folder."""
    with override_settings(STATIC_ROOT=str(tmp_path_factory.mktemp("static"))):
        yield


@pytest.fixture
def live_server(live_server, transactional_db):
    """Emptying the tables while a thread of the site still writes would be a deadlock."""
    yield live_server
    busy = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend' AND state <> 'idle'"
    )
    for _attempt in range(100):
        with connection.cursor() as cursor:
            cursor.execute(busy)
            if cursor.fetchone() == (0,):
                return
            cursor.execute("SELECT pg_sleep(0.1)")


@pytest.fixture
def sign_in(client, live_server, transactional_db):
    """The session cookie of somebody who has these roles."""
    from django.conf import settings

    from tests.factories import person

    def cookie_of(*roles: str) -> dict:
        somebody = person(roles[0])
        somebody.groups.add(*(person(role).groups.get() for role in roles[1:]))
        client.force_login(somebody)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        return {"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}

    return cookie_of


@pytest.fixture
def page(chromium, live_server):
    """A page whose addresses are relative to the running site."""
    faults = []
    context = chromium.new_context(base_url=live_server.url)
    context.expose_function("report", lambda violation: faults.append(violation))
    context.add_init_script(REPORT_VIOLATIONS)
    page = watched(context, live_server, faults)
    yield page
    page.goto("about:blank")  # an open form says that it is left; the rows go later
    page.wait_for_timeout(200)
    context.close()
    assert faults == []


@pytest.fixture
def plain_page(chromium, live_server):
    """The same in a browser that runs no script, on a phone."""
    faults = []
    context = chromium.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )
    yield watched(context, live_server, faults)
    context.close()
    assert faults == []


def watched(context, live_server, faults: list[str]):
    """A page that notes what goes wrong in it."""
    host, page = urlsplit(live_server.url).netloc, context.new_page()

    def heard(message):
        missing = message.text.startswith("Failed to load") and message.location["url"] == page.url
        if message.type == "error" and not missing:  # a page of status 404 is meant to be missing
            faults.append(f"console: {message.text}")

    def asked(request):
        address = urlsplit(request.url)
        if address.scheme != "data" and address.netloc != host:
            faults.append(f"request left the server: {request.url}")

    page.on("console", heard)
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("request", asked)
    return page
