"""The last copies of public pages, shown while the database cannot be reached.

A copy must never outlive what it shows. So whoever is about to change the public record first
names the transaction in the store and begins a new, empty folder (`forget`); a page is kept only
in the folder that was current before the store was asked, and only if its own snapshot knows how
every such transaction ended. What was rendered from before a withdrawal has then nowhere to go,
whichever worker or machine is slow, and whoever dies on the way: see docs/adr/0012.

The store is bounded: a fixed number of slots, each address has one, and a newer page takes it.
"""

import errno
import fcntl
import json
import logging
import os
import shutil
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

LARGEST = 64 * 1024  # bytes of a packed page; larger ones are not kept
FRESH = 300  # seconds in which a page is not kept again
REMEMBERED = 60 * 60  # seconds: no transaction, and no rendering, lasts that long
ASKED_AGAIN = 2  # seconds after which a database that could not be reached is tried again
KEPT_HEADERS = ("Content-Type", "Content-Language")


@dataclass(frozen=True)
class State:
    """Which folder is current, and which transactions have changed the public record of late."""

    folder: str
    changes: dict[str, float]  # the transaction's number → when it named itself

    def path(self, address: str) -> Path:
        """The slot of this address."""
        slots = settings.LAST_COPIES_MB * 1024 * 1024 // LARGEST
        slot = int.from_bytes(sha256(address.encode()).digest()[:8]) % slots
        return root() / self.folder / f"{slot:x}"

    def has_ended(self) -> bool:
        """Does the snapshot we read from know how each of the changes ended?

        One of a replica does not tell which transactions were under way, only the oldest of them.
        """
        if not self.changes:
            return True
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bool_and(CASE WHEN pg_is_in_recovery()"
                " THEN number::xid8 < pg_snapshot_xmin(pg_current_snapshot())"
                " ELSE pg_visible_in_snapshot(number::xid8, pg_current_snapshot()) END)"
                " FROM unnest(%s) AS number",
                [list(self.changes)],
            )
            return cursor.fetchone()[0]


def root() -> Path:
    return Path(settings.LAST_COPIES_ROOT)


def read() -> State | None:
    """The state of the store; None before its first use."""
    try:
        told = json.loads((root() / "state").read_text())
    except FileNotFoundError:
        return None
    return State(told["folder"], told["changes"])


def write(state: State) -> None:
    """Replace the state, durably: after a loss of power it must not be the old one."""
    draft = root() / f"{state.folder}.draft"
    with draft.open("w") as file:
        json.dump({"folder": state.folder, "changes": state.changes}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(root() / "state")
    folder = os.open(root(), os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else replaces the state meanwhile, on this or another machine."""
    root().mkdir(parents=True, exist_ok=True)
    with (root() / "lock").open("a") as file:
        fcntl.lockf(file, fcntl.LOCK_EX)
        yield  # closing the file lets go


# --- Forgetting -----------------------------------------------------------------------------


def forget() -> None:
    """Empty the store before this transaction changes the public record, and name it there.

    Raises `ValidationError` when the store cannot be written: a withdrawal that would live on in a
    copy is refused.
    """
    if not settings.LAST_COPIES_MB:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text")
        number = cursor.fetchone()[0]
    try:
        with alone():
            state = read()
            if state and number in state.changes:
                return  # it was emptied for us, and nobody's snapshot knows our end yet
            now = time.time()
            known = state.changes if state else {}
            changes = {one: at for one, at in known.items() if now - at < REMEMBERED}
            fresh = State(token_hex(8), {**changes, number: now})
            try:
                write(fresh)
            except OSError:  # a full disk: make room, then once more
                sweep(fresh)
                write(fresh)
            sweep(fresh)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EROFS) and not root().exists():
            return  # nothing can be kept here, so nothing is
        logger.exception("The last copies of public pages cannot be emptied")
        raise ValidationError(
            _(
                "The last copies of public pages cannot be emptied, so what you change would live"
                " on in them. Nothing was changed. Ask whoever runs the site to look at the"
                " folder of copies."
            ),
            code="last-copies",
        ) from error


def sweep(state: State) -> None:
    """Remove every folder but the current one. What cannot be removed is never read again."""
    for path in root().iterdir():
        if path.is_dir() and path.name != state.folder:
            shutil.rmtree(path, ignore_errors=True)


# --- Keeping --------------------------------------------------------------------------------


def keep(request: HttpRequest, response: HttpResponse) -> bool:
    """Keep a page that anybody may see. Called behind the fence, in the snapshot it was read from.

    No page fails because it cannot be kept: then it is to be rendered again, and false.
    """
    if not may_be_kept(request, response):
        return True
    try:
        state = read() or begun()  # before the changes are looked at, not after
        path = state.path(address_of(request))
        if is_fresh(path, address_of(request)):
            return True
        if not state.has_ended():
            return False
        about = {
            "address": address_of(request),
            "at": time.time(),
            "headers": {name: response[name] for name in KEPT_HEADERS if name in response},
        }
        copy = json.dumps(about).encode() + b"\n" + zlib.compress(response.content, 1)
        if len(copy) > LARGEST:
            return True
        path.parent.mkdir(exist_ok=True)
        draft = path.with_suffix(f".{token_hex(4)}")
        try:
            draft.write_bytes(copy)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        logger.warning("A public page could not be kept: %s", error.strerror)
        return False
    return True


def may_be_kept(request: HttpRequest, response: HttpResponse) -> bool:
    """A whole page for everybody: no query (it may hold typed words), no cookie, no exemption."""
    return bool(
        settings.LAST_COPIES_MB
        and request.method == "GET"
        and not request.GET
        and response.status_code == 200
        and not response.streaming
        and response.get("Content-Type", "").startswith("text/html")
        and b"<main" in response.content
        and not response.cookies
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not getattr(response, "xframe_options_exempt", False)
        and not connection.savepoint_ids  # inside somebody's transaction: its own eyes, not ours
    )


def folder_now() -> str:
    """The current folder of copies: another one after each change, also one that failed."""
    try:
        state = read() if settings.LAST_COPIES_MB else None
    except OSError:
        return ""
    return state.folder if state else ""


def begun() -> State:
    """The state of the store at its first use."""
    with alone():
        state = read()
        if state is None:
            state = State(token_hex(8), {})
            write(state)
    return state


def address_of(request: HttpRequest) -> str:
    return f"{request.get_host()}{request.path}"


def is_fresh(path: Path, address: str) -> bool:
    """Was this very page kept a moment ago?"""
    try:
        if time.time() - path.stat().st_mtime > FRESH:
            return False
        with path.open("rb") as file:
            return json.loads(file.readline())["address"] == address
    except FileNotFoundError:
        return False


# --- Showing --------------------------------------------------------------------------------

_failed_at = float("-inf")  # of this process: when the database last could not be reached


def copy_for(request: HttpRequest) -> HttpResponse | None:
    """The last copy of this page, if there is one and the database cannot be reached."""
    found = getattr(request, "resolver_match", None)
    if (
        not settings.LAST_COPIES_MB
        or request.method not in ("GET", "HEAD")
        or request.GET
        or found is None
        or found.namespace != "public"
        or not is_unreachable()
    ):
        return None
    try:
        state = read()
        if state is None:
            return None
        with state.path(address_of(request)).open("rb") as file:
            about = json.loads(file.readline())
            content = zlib.decompress(file.read())
    except (OSError, ValueError, zlib.error):
        return None
    age = time.time() - about["at"]
    if about["address"] != address_of(request) or not 0 <= age < settings.LAST_COPIES_HOURS * 3600:
        return None
    notice = render_to_string(
        "public/components/last_copy.html", {"at": datetime.fromtimestamp(about["at"], UTC)}
    )
    opening = content.index(b">", content.index(b"<main")) + 1
    response = HttpResponse(content[:opening] + notice.encode() + content[opening:])
    for name, value in about["headers"].items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    response["Age"] = str(int(age))
    return response


def is_unreachable() -> bool:
    """Can no connection be had? Asked of a new one, at most every two seconds."""
    global _failed_at
    if is_known_unreachable():
        return True
    fresh = connection.copy()
    try:
        with fresh.cursor() as cursor:  # a pooler lets us in without a database behind it
            cursor.execute("SELECT 1")
    except Error:
        _failed_at = time.monotonic()
        return True
    finally:
        fresh.close()
    return False


def is_known_unreachable() -> bool:
    return time.monotonic() - _failed_at < ASKED_AGAIN


class LastCopyMiddleware:
    """While the database is known to be away, shows the copy without waiting for it again.

    A server that does not even refuse costs each attempt seconds, and there are few threads.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        return copy_for(request) if is_known_unreachable() else None
