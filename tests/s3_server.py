"""A server that speaks as much of S3 as files need, on this machine, for tests.

It checks who asks as Amazon's does (Signature Version 4): who has the wrong key is refused.
"""

import ast
import hashlib
import hmac
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape

BUCKET, KEY, SECRET = "papers", "site", "a secret of the site"


class S3Server:
    """One bucket: what is in it, by name, and what it was asked."""

    def __init__(self):
        self.objects: dict[str, tuple[bytes, datetime]] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.asked: list[str] = []
        self.bucket = BUCKET
        self.http = _Http(("127.0.0.1", 0), _Handler)
        self.http.s3 = self
        Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}).start()

    @property
    def environment(self) -> dict[str, str]:
        """What an operator says of it."""
        place = f"http://127.0.0.1:{self.http.server_address[1]}"
        return {
            "FILES_STORAGE_URL": f"s3://{BUCKET}/review?endpoint_url={place}&region_name=zurich",
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "NO_PROXY": "127.0.0.1",
        }

    def age(self, name: str) -> None:
        content, _at = self.objects[name]
        self.objects[name] = content, datetime.now(UTC) - timedelta(days=2)

    def stop(self) -> None:
        if self.http.s3:
            self.http.s3 = None
            self.http.shutdown()
            self.http.server_close()
            for connection in self.http.open:  # those that a client keeps for its next request
                connection.close()


@contextmanager
def running() -> Iterator[S3Server]:
    server = S3Server()
    try:
        yield server
    finally:
        server.stop()


def used_by(settings, monkeypatch, server: S3Server) -> None:
    """The site has its files there, as its settings make it of an operator's environment."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from reviewhub.settings import STORAGES as s; print(s['default'])",
        ],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    settings.FILES_STORAGE_URL = server.environment["FILES_STORAGE_URL"]
    settings.STORAGES = settings.STORAGES | {"default": ast.literal_eval(said.stdout)}


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    s3: S3Server | None

    def __init__(self, *words):
        super().__init__(*words)
        self.open = []

    def process_request(self, request, client_address):
        self.open.append(request)
        super().process_request(request, client_address)

    def handle_error(self, request, client_address):
        """A connection that was closed is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.connection.settimeout(30)

    def log_message(self, *words):
        """Nobody reads it."""

    def answer(self):
        self.body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path = urlsplit(self.path)
        self.asked = dict(parse_qsl(path.query, keep_blank_values=True))
        bucket, _, self.name = unquote(path.path).lstrip("/").partition("/")
        self.s3 = self.server.s3
        self.s3.asked.append(f"{self.command} {self.name}")
        if not self.is_signed(path):
            return self.refuse(403, "SignatureDoesNotMatch")
        if bucket != self.s3.bucket:
            return self.refuse(404, "NoSuchBucket")
        return getattr(self, f"do_{self.command.lower()}")()

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = answer

    def is_signed(self, path) -> bool:
        """Does the signature hold, and the sum of the body?"""
        said = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/([^,]+), ?SignedHeaders=([^,]+),"
            r" ?Signature=([0-9a-f]{64})",
            self.headers.get("Authorization", ""),
        )
        if not said or said[1] != KEY:
            return False
        sum_of_body = self.headers["x-amz-content-sha256"]
        if sum_of_body not in ("UNSIGNED-PAYLOAD", hashlib.sha256(self.body).hexdigest()):
            return False
        query = "&".join(
            sorted(
                f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}"
                for name, value in self.asked.items()
            )
        )
        headers = "".join(
            f"{name}:{' '.join(self.headers[name].split())}\n" for name in said[3].split(";")
        )
        request = [self.command, path.path, query, headers, said[3], sum_of_body]
        scope = hashlib.sha256("\n".join(request).encode()).hexdigest()
        to_sign = f"AWS4-HMAC-SHA256\n{self.headers['x-amz-date']}\n{said[2]}\n{scope}"
        key = f"AWS4{SECRET}".encode()
        for word in said[2].split("/"):
            key = hmac.digest(key, word.encode(), "sha256")
        return hmac.compare_digest(hmac.digest(key, to_sign.encode(), "sha256").hex(), said[4])

    def do_get(self):
        if not self.name:
            return self.list()
        if self.name not in self.s3.objects:
            return self.refuse(404, "NoSuchKey")
        content, at = self.s3.objects[self.name]
        headers = {"Last-Modified": format_datetime(at, usegmt=True), "ETag": f'"{len(content)}"'}
        if part := re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range", "")):
            first, last = int(part[1]), min(int(part[2]), len(content) - 1)
            headers["Content-Range"] = f"bytes {first}-{last}/{len(content)}"
            return self.say(206, content[first : last + 1], headers)
        return self.say(200, content, headers)

    do_head = do_get

    def do_put(self):
        if "uploadId" in self.asked:
            number = int(self.asked["partNumber"])
            self.s3.parts[self.asked["uploadId"]][number] = self.body
        else:
            self.keep(self.body)
        return self.say(200, b"", {"ETag": f'"{len(self.body)}"'})

    def do_post(self):
        if "delete" in self.asked:
            names = re.findall("<Key>(.*?)</Key>", self.body.decode())
            for name in names:
                self.s3.objects.pop(name, None)
            gone = "".join(f"<Deleted><Key>{escape(name)}</Key></Deleted>" for name in names)
            return self.say(200, f"<DeleteResult>{gone}</DeleteResult>".encode())
        if "uploads" in self.asked:
            upload = f"upload{len(self.s3.parts)}"
            self.s3.parts[upload] = {}
            kind = "InitiateMultipartUploadResult"
            return self.say(200, f"<{kind}><UploadId>{upload}</UploadId></{kind}>".encode())
        self.keep(b"".join(part for _number, part in sorted(self.parts_of_this())))
        kind = "CompleteMultipartUploadResult"
        return self.say(200, f'<{kind}><ETag>"whole"</ETag></{kind}>'.encode())

    def do_delete(self):
        self.parts_of_this()
        return self.say(204, b"")

    def parts_of_this(self):
        return self.s3.parts.pop(self.asked["uploadId"]).items()

    def keep(self, content: bytes) -> None:
        self.s3.objects[self.name] = content, datetime.now(UTC)

    def list(self):
        """At most two at once, so that whoever lists must ask again."""
        prefix, after = self.asked.get("prefix", ""), self.asked.get("continuation-token", "")
        names = sorted(one for one in self.s3.objects if one.startswith(prefix) and one > after)
        some = names[:2]
        rows = "".join(
            f"<Contents><Key>{escape(name)}</Key><Size>{len(self.s3.objects[name][0])}</Size>"
            f"<LastModified>{self.s3.objects[name][1]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f'<ETag>"x"</ETag></Contents>'
            for name in some
        )
        more = "".join(
            f"<NextContinuationToken>{escape(name)}</NextContinuationToken>" for name in some[1:]
        )
        return self.say(
            200,
            f"<ListBucketResult><IsTruncated>{str(len(names) > 2).lower()}</IsTruncated>"
            f"{more if len(names) > 2 else ''}{rows}</ListBucketResult>".encode(),
        )

    def refuse(self, status: int, code: str):
        self.say(status, f"<Error><Code>{code}</Code></Error>".encode())

    def say(self, status: int, content: bytes, headers: dict[str, str] | None = None):
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
