"""What every test stands on: development settings, closed sockets, a database, and the people."""

import ipaddress
import os
import sys

import pytest

# --- Sockets are closed ---------------------------------------------------------------------


def _is_here(host) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _closed_sockets(event: str, args: tuple) -> None:
    """An audit hook: nothing in Python connects, sends or asks for a name beyond this machine."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None  # else a socket file
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    else:
        return
    if not _is_here(host):
        raise ConnectionRefusedError(f"Sockets are closed in tests: {event} to {host}")


sys.addaudithook(_closed_sockets)

# --- The database ---------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings):
    """Sees to a server before the test database is made in it, and lets tests empty that one.

    What is committed there need not outlast a crash, so nobody waits for the disk.
    """
    from django.db import connections

    from reviewhub import embedded

    if not os.environ.get("DATABASE_URL"):
        embedded.ensure()
    options = connections["default"].settings_dict.setdefault("OPTIONS", {})
    words = (options.get("options"), "-c reviewhub.empty_log=on -c synchronous_commit=off")
    options["options"] = " ".join(filter(None, words))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Emptying the tables after a test counts as `migrate`, which makes each trigger anew."""
    from django.test import override_settings

    with override_settings(PGTRIGGER_INSTALL_ON_MIGRATE=False):
        yield


@pytest.fixture(autouse=True)
def _english():
    """A page asked for in French leaves French behind in its thread; the next test begins anew."""
    from django.utils import translation

    with translation.override("en"):
        yield


# --- The people -----------------------------------------------------------------------------


def _person_fixture(role: str):
    @pytest.fixture(name=role.lower().replace(" ", "_"))
    def somebody(db):
        from tests.factories import person

        return person(role)

    return somebody


reader = _person_fixture("Reader")
editor = _person_fixture("Editor")
reviewer = _person_fixture("Reviewer")
publisher = _person_fixture("Publisher")
roundtable_officer = _person_fixture("Roundtable officer")
administrator = _person_fixture("Administrator")


# --- Files to import ------------------------------------------------------------------------


@pytest.fixture
def sheets(tmp_path, editor):
    from tests.sheets import Sheets

    return Sheets(tmp_path, editor)
