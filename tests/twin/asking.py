"""Asking both worlds the same, and comparing every byte of the answers.

The site is asked as a web server asks it, by WSGI. Nothing is left out of the comparison and
nothing is made equal before: status line, headers in their order, cookies, body.
"""

import io
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes, urlsplit

from django.core.handlers.wsgi import WSGIHandler
from django.utils import translation

from tests.twin.worlds import World, pythons_clock_stands

HOST = "testserver"


@dataclass(frozen=True)
class Question:
    """A request: what stands in its first line, and its headers."""

    address: str
    method: str = "GET"
    headers: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return " ".join([self.method, self.address, *(f"{n}: {v}" for n, v in self.headers)])


@dataclass(frozen=True)
class Answer:
    """Everything that leaves the site."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status[:3])

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")


@dataclass
class Figures:
    """What was asked, how often, and what failed: questions with the reason."""

    asked: int = 0
    octets: int = 0
    statuses: dict[int, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class Twins:
    """Two worlds that can be asked the same."""

    def __init__(self, bare: World, full: World):
        self.bare, self.full = bare, full
        self.site = WSGIHandler()

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Python's clock stands, and refusals are not logged by the thousand."""
        logger = logging.getLogger("django.request")
        before = logger.level
        logger.setLevel(logging.CRITICAL)
        try:
            with pythons_clock_stands():
                yield
        finally:
            logger.setLevel(before)

    def answer(self, world: World, question: Question) -> Answer:
        with world.entered(), translation.override("en"):
            return asked(self.site, question)

    def compare(self, question: Question, figures: Figures) -> Answer:
        """Ask both; a difference, or a failure of the site, is noted."""
        bare, full = (self.answer(world, question) for world in (self.bare, self.full))
        figures.asked += 1
        figures.octets += len(full.body)
        figures.statuses[full.code] = figures.statuses.get(full.code, 0) + 1
        if bare != full:
            figures.failures.append(f"{question}\n    {difference(bare, full)}")
        elif full.code >= 500:  # equal in both, and yet the fence caught something
            figures.failures.append(f"{question}\n    {full.status}")
        return bare

    def compare_all(self, questions: Iterable[Question]) -> Figures:
        """Ask all of them, and what follows from the answers: tags, dates, next pages."""
        figures = Figures()
        with self.awake():
            for question in questions:
                answer = self.compare(question, figures)
                for following in follow_ups(question, answer):
                    self.compare(following, figures)
        return figures


def asked(site: Callable, question: Question) -> Answer:
    """What the site answers."""
    parts = urlsplit(question.address)
    environ = {
        "REQUEST_METHOD": question.method,
        "PATH_INFO": unquote_to_bytes(parts.path).decode("latin-1"),
        "QUERY_STRING": parts.query,
        "SERVER_NAME": HOST,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_X_REQUEST_ID": "the-same-in-both-worlds",
        "SCRIPT_NAME": "",
        "wsgi.input": io.BytesIO(),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        "HTTP_HOST": HOST,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in question.headers},
    }
    started: list = []
    response = site(environ, lambda status, headers, error=None: started.extend([status, headers]))
    try:
        body = b"".join(response)
    except Exception as error:  # a stream that breaks off: the server would end the connection
        body = f"broken off: {error!r}".encode()
        started[0] = f"599 {type(error).__name__}"
    finally:
        response.close()
    return Answer(started[0], tuple(started[1]), body)


def follow_ups(question: Question, answer: Answer) -> Iterator[Question]:
    """The same again with the answer's own tag and date; the pages that it leads to."""
    if question.method != "GET" or question.headers or answer.code != 200:
        return
    if tag := answer.header("ETag"):
        yield Question(question.address, headers=(("If-None-Match", tag),))
    if date := answer.header("Last-Modified"):
        yield Question(question.address, headers=(("If-Modified-Since", date),))
    if answer.header("Content-Type") == "application/json" and "cursor=" in question.address:
        following = json.loads(answer.body).get("next")
        if following:
            yield Question(following.removeprefix(f"http://{HOST}"))


def difference(bare: Answer, full: Answer) -> str:
    """The first place where they differ, in words for the person who has to find out why."""
    if bare.status != full.status:
        return f"{bare.status} without, {full.status} with what is unpublished"
    if bare.headers != full.headers:
        return f"headers {set(bare.headers) ^ set(full.headers)}"
    pairs = zip(bare.body, full.body, strict=False)
    at = next(
        (n for n, (a, b) in enumerate(pairs) if a != b), min(map(len, (bare.body, full.body)))
    )
    near = slice(max(0, at - 60), at + 60)
    return f"byte {at}: {bare.body[near]!r} without, {full.body[near]!r} with"
