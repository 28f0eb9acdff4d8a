"""Who uses the site while it is killed: each remembers what it was told, to be held against it."""

import hashlib
import http.client
import json
from contextlib import closing
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random
from urllib.parse import urlencode, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.browser_forms import sent_by
from tests.crash.stage import Stage
from tests.office.import_journey import csv_of
from tests.papers import chunk, png
from tests.sheets import PRACTICE

ROWS = 150  # of a file to import
FORM = "application/x-www-form-urlencoded"


class NoAnswer(Exception):
    """The connection broke, or the site said that it is away: nobody knows what was done."""


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


class Visitor:
    """Somebody at the site, with a name that marks all they write; `act` does one thing."""

    def __init__(self, stage: Stage, name: str, random: Random, *, cookies=(), headers=()):
        self.port = stage.port
        # in development, a page shows the cause: that the database is away
        self.away = (503,) if stage.deployed else (500, 503)
        self.name = name
        self.random = random
        self.cookies = dict(cookies)
        self.headers = dict(headers)
        self.made = 0
        self.odd: list[str] = []  # answers that nobody should get, not even now

    def act(self) -> None:
        raise NotImplementedError

    def mark(self) -> str:
        self.made += 1
        return f"{self.name}-{self.made}"

    def get(self, path: str) -> Answer:
        return self.ask("GET", path, expected=(200,))

    def post(self, path: str, cells: dict, expected=(302,)) -> Answer:
        """Send a form as a browser does."""
        if any(isinstance(cell, SimpleUploadedFile) for cell in cells.values()):
            body, media_type = encode_multipart(BOUNDARY, cells), MULTIPART_CONTENT
        else:
            body, media_type = urlencode(cells, doseq=True).encode(), FORM
        return self.ask("POST", path, body, {"Content-Type": media_type}, expected=expected)

    def ask(self, method, path, body=None, headers=(), *, expected) -> Answer:
        """The answer, if it is one of those expected."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {
            "X-Forwarded-Proto": "https",
            "Referer": f"https://127.0.0.1:{self.port}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **self.headers,
            **dict(headers),
        }
        try:
            with closing(connection):
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                answer = Answer(response.status, response.headers, response.read())
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswer from error
        if answer.status in self.away:
            raise NoAnswer
        for line in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: one.value for name, one in SimpleCookie(line).items()}
        if answer.status not in expected:
            self.odd.append(f"{self.name}: {method} {path} answered {answer.status}")
            raise NoAnswer
        return answer


@dataclass
class Draft:
    """A draft that was sent through the API, and what was answered."""

    key: str
    body: bytes
    answer: dict | None = None


class Sender(Visitor):
    """A ministry's system: sends drafts, each under a key of its own, and again when in doubt."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.drafts: dict[str, Draft] = {}
        self.new: list[Draft] = []

    def act(self) -> None:
        key = self.mark()
        body = {
            "title": key,
            "summary": key,
            "cycle": "RR2024",
            "level": "national",
            "objectives": [7],
            "primary_objectives": [7],
        }
        draft = Draft(key, json.dumps(body).encode())
        self.drafts[key] = draft
        self.new.append(draft)
        draft.answer = self.send(draft)

    def send(self, draft: Draft) -> dict:
        headers = {"Content-Type": "application/json", "Idempotency-Key": draft.key}
        path = "/api/v1/drafts/practices/"
        answer = self.ask("POST", path, draft.body, headers, expected=(201,))
        return json.loads(answer.content)

    def repeat(self) -> tuple[int, list[str]]:
        """Send everything since the last time once more: how many, and what was not the same."""
        wrong, sent = [], self.new
        for draft in sent:
            try:
                again = self.send(draft)
            except NoAnswer:  # nothing is down any more
                wrong.append(f"{draft.key}: was refused the second time")
                continue
            if draft.answer is not None and again != draft.answer:
                wrong.append(f"{draft.key}: {draft.answer} became {again}")
            draft.answer = again
        self.new = []
        return len(sent), wrong


@dataclass
class Entry:
    """A practice that an editor typed: what was said of adding it, and of changing it."""

    mark: str
    added: bool = False
    change: str = ""
    changed: bool = False
    sha256: str = ""


class Editor(Visitor):
    """Somebody of the secretariat: adds a practice, then changes it and adds a file."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.entries: list[Entry] = []

    def act(self) -> None:
        page = "/admin/submissions/practice/"
        cells = sent_by(self.get(f"{page}add/"), "title")
        entry = Entry(self.mark())
        self.entries.append(entry)
        new = {
            "title": entry.mark,
            "summary": entry.mark,
            "cycle": self.cycle,
            "level": "national",
        }
        new |= {"_continue": "1"}
        answer = self.post(f"{page}add/", cells | new)
        entry.added = True

        screen = urlsplit(answer.headers["Location"]).path
        cells = sent_by(self.get(screen))
        content = png(chunk(b"raNd", self.random.randbytes(self.random.randint(1, 1_000_000))))
        entry.change = f"{entry.mark} changed"
        entry.sha256 = hashlib.sha256(content).hexdigest()
        self.post(
            screen,
            cells
            | {
                "title": entry.change,
                "summary": entry.change,
                "files-0-upload": SimpleUploadedFile("picture.png", content),
            },
        )
        entry.changed = True

    cycle = ""  # row id of the cycle, which the form asks for


@dataclass
class Upload:
    """A file to import: which receipts were given for it, and whether it was said to be in."""

    mark: str
    sha256: str = ""
    numbers: list[int] = field(default_factory=list)
    imported: bool = False
    deaths: int = 0  # how often its job was given up and the file was looked at again


class Importer(Visitor):
    """Somebody of the secretariat with sheets: uploads, looks at the preview, confirms, waits."""

    kind = "submissions.practice"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.uploads: list[Upload] = []

    @property
    def pending(self) -> Upload | None:
        """What this person has a receipt for and is not through with."""
        last = self.uploads[-1] if self.uploads else None
        return last if last and last.numbers and not last.imported else None

    def act(self) -> None:
        if self.pending:
            self.look(self.pending)
        else:
            self.upload()

    def upload(self) -> None:
        page = f"/admin/{self.kind}/import/"
        cells = sent_by(self.get(page), "part")
        upload = Upload(self.mark())
        first = int(self.name[-1]) * 10**8 + self.made * 10**4  # nobody else's codes
        rows = [
            PRACTICE | {"code": f"P-{first + number}", "title": upload.mark}
            for number in range(ROWS)
        ]
        content = csv_of(rows)
        upload.sha256 = hashlib.sha256(content).hexdigest()
        self.uploads.append(upload)
        file = SimpleUploadedFile(f"{upload.mark}.csv", content)
        self.receive(upload, self.post(page, cells | {"file": file}))

    def look(self, upload: Upload) -> None:
        """See how far it is, and do what the page offers."""
        path = f"/admin/{self.kind}/import/{upload.numbers[-1]}/"
        page = self.get(path)
        if "Imported on" in page.text:
            if f"{ROWS} of {ROWS} announced" not in page.text:
                self.odd.append(f"{upload.mark}: imported, but not all of it")
            upload.imported = True
        elif 'value="confirm"' in page.text:
            self.post(path, sent_by(_with_action(page, "confirm"), "action"))
        elif "broke off" in page.text:
            upload.deaths += 1
            self.receive(upload, self.post(path, sent_by(_with_action(page, "again"), "action")))
        elif "data-progress" not in page.text:
            self.odd.append(f"{upload.mark}: neither under way nor to be confirmed")
            upload.numbers = []

    def receive(self, upload: Upload, answer: Answer) -> None:
        upload.numbers.append(int(answer.headers["Location"].rstrip("/").rsplit("/", 1)[1]))


def _with_action(page: Answer, action: str) -> Answer:
    """The page from the form on that does this: some pages have two."""
    before, _, after = page.content.partition(f'value="{action}"'.encode())
    form = before.rfind(b"<form")
    return Answer(page.status, page.headers, before[form:] + f'value="{action}"'.encode() + after)
