"""A browser of the office: what staff wait for, and the import of a file."""

import http.client
import json
import re
import statistics
import subprocess
import sys
import time
import uuid
from contextlib import closing
from types import SimpleNamespace
from urllib.parse import urlencode

from bench.stage import BASE, PROXIED, Failed, Server, environment
from tests.browser_forms import sent_by

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def inside(url: str, *words: str) -> bytes:
    """What `bench.inside` says, over this database."""
    done = subprocess.run(  # noqa: S603  # our own command
        [sys.executable, "-m", "bench.inside", *words],
        cwd=BASE,
        env={**environment(url), "DJANGO_SETTINGS_MODULE": "reviewhub.settings"},
        stdout=subprocess.PIPE,
        check=False,
    )
    if done.returncode:
        raise Failed(f"bench.inside {words[0]} failed.")
    return done.stdout


class Office:
    """A browser of an editor who is signed in, over this database."""

    def __init__(self, site: Server, url: str):
        self.site = site
        cookie = json.loads(inside(url, "session"))
        self.cookies = {cookie["name"]: cookie["value"]}

    def imports(self, content: bytes) -> tuple[float, float]:
        """Seconds from the upload to its preview, and from the confirmation to its end."""
        form = "/admin/submissions.practice/import/"
        token = self._token(form)
        began = time.perf_counter()
        job = self._send(form, *_multipart(token, content))
        self._wait(job)
        preview = time.perf_counter() - began
        token = self._token(job, 'value="confirm"')
        began = time.perf_counter()
        said = urlencode({"csrfmiddlewaretoken": token, "action": "confirm"}).encode()
        self._send(job, said, "application/x-www-form-urlencoded")
        self._wait(job)
        return preview, time.perf_counter() - began

    def pages(self, draft: int, rounds: int) -> dict[str, dict[str, float]]:
        """Milliseconds of the list, of two searches in it, of a form, and of saving it."""
        listed = "/admin/submissions/practice/"
        form = f"{listed}{draft}/change/"
        pages = {
            "list": listed,
            "list by word": f"{listed}?q=labour+migration",
            "list of drafts": f"{listed}?status__exact=draft",
            "form": form,
        }
        seconds = {name: [self._open(page) for _ in range(rounds)] for name, page in pages.items()}
        seconds["save"] = [self._save(form) for _ in range(rounds)]
        return {
            name: {"p50": 1000 * statistics.median(some), "most": 1000 * max(some)}
            for name, some in seconds.items()
        }

    def _open(self, page: str) -> float:
        """Open a page; how many seconds it took."""
        began = time.perf_counter()
        self._ask("GET", page)
        return time.perf_counter() - began

    def _save(self, form: str) -> float:
        """Open a form, change its title, and save it; seconds of the saving."""
        cells = sent_by(SimpleNamespace(content=self._ask("GET", form)[1].encode()))
        cells["title"] = [f"Changed by the benchmark, {uuid.uuid4().hex}"]
        cells["_continue"] = ["1"]
        body = urlencode(cells, doseq=True).encode()
        began = time.perf_counter()
        self._send(form, body, "application/x-www-form-urlencoded")
        return time.perf_counter() - began

    def _wait(self, job: str) -> None:
        while json.loads(self._ask("GET", f"{job}progress/")[1])["under_way"]:
            time.sleep(0.1)

    def _token(self, address: str, has: str = "") -> str:
        """The mark of the forms of this page, which has these words."""
        page = self._ask("GET", address)[1]
        found = TOKEN.search(page)
        if not found or has not in page:
            raise Failed(f"{address} has no form to send.")
        return found[1]

    def _send(self, address: str, body: bytes, kind: str) -> str:
        """Post a form; the address that it leads to."""
        headers, _said = self._ask("POST", address, body, {"Content-Type": kind}, status=302)
        return headers["Location"]

    def _ask(self, method, address, body=None, headers=None, *, status=200):
        sent = {
            **PROXIED,
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            **(headers or {}),
        }
        with closing(http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=600)) as way:
            way.request(method, address, body, sent)
            answer = way.getresponse()
            said = answer.read().decode(errors="replace")
        if answer.status != status:
            raise Failed(f"{method} {address} answers {answer.status}: {said[:2000]}")
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _is, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.headers, said


def _multipart(token: str, content: bytes) -> tuple[bytes, str]:
    """The upload form, as a browser sends it."""
    between = uuid.uuid4().hex
    cells = {"csrfmiddlewaretoken": token, "part": "practice", "signed": "refuse"}
    parts = [
        f'--{between}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in cells.items()
    ]
    file = (
        f'--{between}\r\nContent-Disposition: form-data; name="file"; filename="bench.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    body = "".join(parts).encode() + file.encode() + content + f"\r\n--{between}--\r\n".encode()
    return body, f"multipart/form-data; boundary={between}"
