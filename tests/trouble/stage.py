"""The site as it is deployed, on a database server of its own, and people who use it from outside.

Nothing of the site runs in the process of the tests: what they see is what came over HTTP, and
what they ask the database themselves.
"""

import contextlib
import http.client
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import psycopg2

BASE = Path(__file__).resolve().parents[2]
HOST = "review.example.org"
SERVE = ("gunicorn", "--config", "python:reviewhub.gunicorn", "reviewhub.wsgi")
PATIENCE = 300  # seconds, on a busy machine
PASSWORD = "a long enough password"
SESSION, CSRF = "__Host-sessionid", "__Host-csrftoken"  # what production calls its cookies

# Run once in the stage's own settings: a small site, and people with passwords.
SCENE = """
import json
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from accounts.models import User
from tests.codes import SECRET
from tests.factories import PracticeFactory, cycle, objective, person, second_factor
cycle("RR2024"), objective(7)
for number in range(20):
    PracticeFactory(published=True, title=f"Open doors, number {number}", objectives=[7])
client = Client()
client.force_login(person("Editor"))
people = []
for number in range(12):
    email = f"olga{number}@mission.example"
    one = User.objects.create_user(email, PASSWORD, name="Olga", is_staff=True)
    one.groups.set(person("Editor").groups.all())
    people.append(second_factor(one, SECRET).email)
session = client.cookies[settings.SESSION_COOKIE_NAME].value
print(json.dumps({"session": session, "people": people}))
"""


@dataclass
class Answer:
    """What came over the wire, and after how many seconds."""

    status: int
    headers: http.client.HTTPMessage
    content: bytes
    seconds: float = 0.0

    @property
    def text(self) -> str:
        return self.content.decode()


class Stage:
    """A PostgreSQL server and gunicorn with the settings of production."""

    def __init__(self, folder: Path):
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE"))},
            "DATA_DIR": str(folder),
            "DEBUG": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": HOST,
            "BEHIND_PROXY": "1",
            "API_REQUESTS_PER_MINUTE": "0",
            "EMAIL_URL": "smtp://127.0.0.1:9",  # nobody listens there: mails are tried, in vain
            "EMAIL_FROM": "review@example.org",
            "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{self.port}",
        }
        folder.chmod(0o755)  # when we are root, the database server is somebody else
        self.environment["DATABASE_URL"] = self.url = self.start_database()
        self.run("manage.py", "migrate", "--verbosity=0")
        self.run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
        scene = SCENE.replace("PASSWORD", repr(PASSWORD))
        told = json.loads(self.run("manage.py", "shell", "-v0", "-c", scene).splitlines()[-1])
        self.session, self.people = told["session"], told["people"]
        self.log = folder / "web.log"
        with self.log.open("wb") as log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", *SERVE],
                cwd=BASE,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        self.wait_until_ready()

    def close(self) -> None:
        self.web.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.web.wait(40)
        self.web.kill()
        self.web.wait()
        self.stop_database()

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=BASE,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start_database(self) -> str:
        return self.run("-m", "reviewhub.embedded", "start").strip()

    def stop_database(self) -> None:
        self.run("-m", "reviewhub.embedded", "stop")

    def wait_until_ready(self) -> float:
        """How long it took until the site reached its database."""
        began = time.monotonic()
        visitor = Visitor(self)
        while time.monotonic() < began + PATIENCE:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if visitor.get("/health/ready").status == 200:
                    return time.monotonic() - began
            time.sleep(0.05)
        raise AssertionError(f"the site does not answer:\n{self.log.read_text()[-3000:]}")

    def ask(self, sql: str) -> list[tuple]:
        """The rows of a query of the test's own."""
        with closing(psycopg2.connect(self.url)) as connection, connection.cursor() as cursor:
            cursor.execute(sql)
            found = cursor.fetchall()
            connection.commit()
        return found


class Visitor:
    """A browser without scripts, behind the proxy of the site."""

    def __init__(self, stage: Stage, *, session: str = "", timeout: float = 60):
        self.stage = stage
        self.timeout = timeout
        self.cookies = {SESSION: session} if session else {}

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, **headers)

    def post(self, path: str, cells, **headers: str) -> Answer:
        body = urlencode(cells, doseq=True).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.send("POST", path, body, **form, **headers)

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        site = http.client.HTTPConnection("127.0.0.1", self.stage.port, timeout=self.timeout)
        sent = {
            "Host": HOST,
            "X-Forwarded-Proto": "https",
            "Referer": f"https://{HOST}/",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        began = time.perf_counter()
        with closing(site):
            site.request(method, path, body, sent)
            answer = site.getresponse()
            content = answer.read()
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
        return Answer(answer.status, answer.headers, content, time.perf_counter() - began)


class _Hidden(HTMLParser):
    def __init__(self):
        super().__init__()
        self.fields: list[tuple[str, str]] = []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden" and given.get("name"):
            self.fields.append((given["name"], given.get("value") or ""))


def hidden_fields(page: str) -> list[tuple[str, str]]:
    """The hidden fields of a page: its form's mark, and what a page of a failure holds."""
    parser = _Hidden()
    parser.feed(page)
    return parser.fields
