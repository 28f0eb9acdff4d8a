"""Every surface asked as every viewer, and what each was told that is not for them.

`share` bounds it: with 1, each viewer puts one question in so many to a surface, so that every
surface meets every viewer and (over the viewers) every state; with None all of them.
"""

import io
import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import gcd
from zlib import crc32

from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts import letters
from public.publishable import Publishable
from reviewhub.surfaces import COMMANDS, PAGES, Audience, Shows, Surface
from tests.embargo.asking import Ask, every_ask
from tests.embargo.canaries import (
    HIDDEN,
    PUBLIC,
    Canary,
    found_in,
    unpacked,
)
from tests.embargo.world import STAFF, STATES, TOKEN_KINDS, World

ANONYMOUS, TOKEN = "anonymous", "API token"
OUTSIDE = (ANONYMOUS, TOKEN, "own party", "other party", "disabled account")
VIEWERS = (*OUTSIDE, "staff without a role", *STAFF)
INSIDE = (Audience.STAFF, Audience.TOKEN)
UPLOADS = ("admin:import-job", "admin:import-problems", "admin:import")
UNKNOWN = "71999999"  # the number of a code that no record has


@dataclass
class Outcome:
    """What the matrix found, and how much it asked."""

    requests: int = 0
    leaks: set[tuple[str, str, str]] = field(default_factory=set)  # viewer, what was asked, canary
    errors: set[tuple[str, str, int]] = field(default_factory=set)
    told_apart: set[str] = field(default_factory=set)  # hidden, and not like what does not exist
    seen: dict[str, dict[str, set[str]]] = field(  # surface → viewer → words
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )


class Matrix:
    """All questions, all viewers, and what they may see."""

    def __init__(self, world: World, share: int | None):
        self.world = world
        self.share = share
        self.outcome = Outcome()
        self.asks = every_ask(world)
        self.clients = {name: self._client(name) for name in VIEWERS}
        self.unknown: dict[str, tuple[int, bytes]] = {}

    def _client(self, viewer: str) -> Client:
        headers = {"Accept-Encoding": "gzip, br"}
        if viewer == TOKEN:
            headers["Authorization"] = f"Bearer {self.world.secret}"
        client = Client(headers=headers, raise_request_exception=False)
        if viewer in self.world.people:
            client.force_login(self.world.people[viewer])
        return client

    def run(self) -> Outcome:
        """All of it: addresses, letters, commands and logs."""
        disabled = self.world.people["disabled account"]
        type(disabled).objects.filter(pk=disabled.pk).update(is_active=False)
        log, root = _Log(), logging.getLogger()
        before = root.level, root.handlers
        root.setLevel(logging.DEBUG)
        root.handlers = [log]  # what is said is read here, and written nowhere
        try:
            for name, asks in self.asks.items():
                number = crc32(name.encode())  # whose turn it is stays when another one is added
                for place, viewer in enumerate(VIEWERS):
                    for ask in self._chosen(asks, PAGES[name], number, place, viewer):
                        self._ask(viewer, ask, log)
                if PAGES[name].audience in INSIDE:  # nor does anybody outside write there
                    self._ask(OUTSIDE[number % len(OUTSIDE)], asks[0], log, method="post")
            self._letters()
            self._commands()
        finally:
            root.setLevel(before[0])
            root.handlers = before[1]
        return self.outcome

    def _chosen(
        self, asks: list[Ask], surface: Surface, number: int, place: int, viewer: str
    ) -> Iterator[Ask]:
        """The questions of this viewer: those whose turn it is, evenly over kinds and states."""
        if self.share is None:
            yield from asks
            return
        stride = coprime(len(asks))
        turns = {
            (number + stride * (place + step * len(VIEWERS))) % len(asks)
            for step in range(self.share)
        }
        if surface.audience in INSIDE and viewer in STAFF and self.share == 1:
            own = asks[0].surface in UPLOADS and viewer == "editor"  # nobody else's is shown
            if not own and number % len(STAFF) != place % len(STAFF):
                return  # slow pages: each by one of the five
        elif viewer in STAFF and self.share == 1 and (number + place) % 3:
            return  # on public pages all of them are what everybody is: some, in turn
        in_office = surface.audience in INSIDE
        for turn, ask in enumerate(asks):
            is_plain = ask.state in ("", "published")
            must = (
                (ask.post and viewer in STAFF) or (is_plain and viewer == TOKEN)
                if in_office
                else is_plain and viewer == ANONYMOUS
            )
            if turn in turns or must:
                yield ask

    # --- One question -------------------------------------------------------------------------

    def _ask(self, viewer: str, ask: Ask, log: "_Log", method: str = "get") -> None:
        client, outcome = self.clients[viewer], self.outcome
        if ask.post and method == "get":
            cells: dict[str, list[str]] = defaultdict(list)
            for name, value in ask.post:
                cells[name].append(value)
            answer = client.post(ask.path, cells)
        else:
            answer = getattr(client, method)(ask.path)
        outcome.requests += 1
        body = answer.getvalue() if answer.streaming else answer.content
        body = unpacked(body, answer.headers.get("Content-Encoding", ""))
        told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
        found = found_in(body, told.encode()) - found_in(ask.path.encode())
        known = {word for word in found if word in self.world.canaries}
        outcome.seen[ask.surface][viewer] |= known
        if answer.status_code >= 500:
            outcome.errors.add((viewer, ask.path, answer.status_code))
        for word in known:
            canary = self.world.canaries[word]
            if not self._may_see(viewer, ask, canary):
                outcome.leaks.add((viewer, ask.path, str(canary)))
        self._read_the_log(log, viewer, ask)
        if viewer == ANONYMOUS and method == "get":
            self._compare_with_unknown(ask, answer.status_code, body)

    def _may_see(self, viewer: str, ask: Ask, canary: Canary) -> bool:
        """The promise, in one place: who may read this word on this surface."""
        surface = PAGES[ask.surface]
        if surface.audience is Audience.TOKEN:
            return viewer == TOKEN and surface.shows is Shows.OFFICE and canary.kind in TOKEN_KINDS
        if surface.audience is not Audience.STAFF:
            is_shown = surface.shows is Shows.PUBLISHED or (
                surface.shows is Shows.COUNTED and canary.field == "code"
            )
            return is_shown and canary.rank == PUBLIC
        if viewer not in STAFF:
            return False
        if canary.state == "upload":
            return viewer == "editor" and ask.surface in UPLOADS
        if ask.surface.startswith("admin:accounts_"):
            return (
                viewer == "administrator" and surface.shows is Shows.LOG and not canary.is_secret
            )
        if surface.shows is Shows.LOG or ask.surface == "admin:export":
            may_write = ask.surface == "admin:export" and self._may_change(viewer, canary.kind)
            return not canary.is_secret or may_write
        return surface.shows is Shows.OFFICE

    def _may_change(self, viewer: str, kind: str) -> bool:
        meta = type(self.world.records[kind]["draft"])._meta
        right = f"{meta.app_label}.change_{meta.model_name}"
        return self.world.people[viewer].has_perm(right)

    def _read_the_log(self, log: "_Log", viewer: str, ask: Ask) -> None:
        said = found_in(log.emptied()) - found_in(ask.path.encode())
        for word in said & self.world.canaries.keys():
            self.outcome.leaks.add((viewer, f"log of {ask.path}", str(self.world.canaries[word])))

    def _compare_with_unknown(self, ask: Ask, status: int, body: bytes) -> None:
        """What is not public yet answers like what does not exist: same status, same bytes."""
        if PAGES[ask.surface].audience is not Audience.PUBLIC or not ask.state:
            return
        code = self.world.records[ask.kind][ask.state].code
        if STATES[ask.state][0] != HIDDEN or code not in ask.path or "q=" in ask.path:
            return
        other = code[: -len(UNKNOWN)] + UNKNOWN
        path = ask.path.replace(code, other)
        if path not in self.unknown:
            answer = self.clients[ANONYMOUS].get(path)
            packing = answer.headers.get("Content-Encoding", "")
            self.unknown[path] = (answer.status_code, unpacked(answer.content, packing))
            self.outcome.requests += 1
        if self.unknown[path] != (status, body.replace(code.encode(), other.encode())):
            self.outcome.told_apart.add(ask.path)

    # --- Letters and commands -----------------------------------------------------------------

    def _letters(self) -> None:
        """The letters that can be called for; none tells anything of records."""
        anonymous, chief = self.clients[ANONYMOUS], self.clients["administrator"]
        for person in self.world.people.values():
            anonymous.post(reverse("account_reset_password"), {"email": person.email})
        chief.post(reverse("admin:accounts_user_invite", args=[self.world.people["reader"].pk]))
        letters.POSTBOX.submit(lambda: None).result(timeout=10)
        for letter in mail.outbox:
            self._system(f"letter “{letter.subject}”", f"{letter.message()}\n{letter.body}")

    def _commands(self) -> None:
        arguments = {
            "reset_second_factor": ["disabled.account@secretariat.example", "--why", "lost"],
            "erase_person": ["disabled.account@secretariat.example", "--why", "x", "--dry-run"],
            "load_reference_data": ["--dry-run"],
            "retention": ["--dry-run"],
        }
        for name, surface in COMMANDS.items():
            if surface.asks and (self.share is None or name != "load_reference_data"):
                said = io.StringIO()
                call_command(name, *arguments.get(name, []), stdout=said, stderr=said)
                self._system(f"command {name}", said.getvalue())

    def _system(self, name: str, said: str) -> None:
        self.outcome.requests += 1
        for word in found_in(said.encode()) & self.world.canaries.keys():
            self.outcome.leaks.add(("system", name, str(self.world.canaries[word])))


class _Log(logging.Handler):
    """What all loggers say, with tracebacks; SQL is not logged outside development."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.setFormatter(logging.Formatter("%(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith("django.db"):
            self.lines.append(self.format(record))

    def emptied(self) -> bytes:
        said, self.lines = "\n".join(self.lines), []
        return said.encode()


def coprime(length: int) -> int:
    """A step that goes through all places of a list before it comes back, in wide leaps."""
    step = max(1, int(length * 0.618))
    while gcd(step, length) > 1:
        step += 1
    return step


# --- That it is not empty -----------------------------------------------------------------------


def never_shown(world: World, outcome: Outcome) -> list[str]:
    """Words of published records that a reader without an account found nowhere."""
    seen = set().union(*(viewers[ANONYMOUS] for viewers in outcome.seen.values()))
    return sorted(
        str(canary)
        for word, canary in world.canaries.items()
        if canary.state == "published"
        and canary.rank == PUBLIC
        and canary.field != "code"
        and word not in seen
    )


def silent(world: World, outcome: Outcome, *, in_office: bool) -> list[str]:
    """Surfaces that show less than the register says: on public ones each kind, in the office one.

    Systems with a token find something of every kind that the token is for. The office is judged
    only where it was asked often enough.
    """
    found = {
        (name, viewer): {world.canaries[word].kind for word in words}
        for name, viewers in outcome.seen.items()
        for viewer, words in viewers.items()
    }
    quiet = []
    for name, surface in PAGES.items():
        kinds = set(surface.kinds)
        if surface.audience is Audience.STAFF and kinds:
            shown = set().union(*(found.get((name, viewer), set()) for viewer in STAFF))
            quiet += [f"{name}: nothing"] if in_office and not shown & kinds else []
        elif surface.audience is Audience.TOKEN:
            lacking = kinds.intersection(TOKEN_KINDS) - found.get((name, TOKEN), set())
            quiet += [f"{name}: {kind}" for kind in lacking]
        elif surface.audience is Audience.PUBLIC:
            lacking = kinds - found.get((name, ANONYMOUS), set())
            quiet += [f"{name}: {kind}" for kind in lacking]
    return sorted(quiet)


def versions(world: World) -> dict[str, int]:
    """The sum of versions of each kind: any write would move it."""
    models: list[type[Publishable]] = [type(states["draft"]) for states in world.records.values()]
    return {
        model.kind: sum(model._default_manager.values_list("version", flat=True))
        for model in models
    }
