"""The site as it is deployed, on a database server of its own, with everything that can be killed.

Linux only: processes are found in /proc.
"""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg2

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 300  # seconds, on a busy machine
SERVE = ("gunicorn", "--config", "python:reviewhub.gunicorn", "reviewhub.wsgi")
BLOWS = ("worker", "web server", "import job", "database")


class Stage:
    """A database server, gunicorn with its workers, and a folder for files.

    `deployed` is the site with the settings of production; without it nothing has to be collected
    before the start, and the settings are those of development.
    """

    def __init__(self, folder: Path, *, secret_key: str, deployed: bool):
        self.folder = folder
        self.deployed = deployed
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("PG", "DATABASE"))},
            "DATA_DIR": str(folder),
            "DEBUG": "0" if deployed else "1",
            "SECRET_KEY": secret_key,
            "ALLOWED_HOSTS": "127.0.0.1",
            "BEHIND_PROXY": "1",
            "API_REQUESTS_PER_MINUTE": "0",
            "LOG_LEVEL": "ERROR",
            "GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{self.port} --access-logfile=/dev/null",
        }
        self.web: subprocess.Popen | None = None
        folder.chmod(0o755)  # when we are root, the database server is somebody else
        self.url = self._run("-m", "reviewhub.embedded", "start").strip()
        self.environment["DATABASE_URL"] = self.url

    def open(self, dump: Path) -> None:
        """Begin with the tables and rows of this dump (plain SQL), and serve the site."""
        psql = ("-m", "reviewhub.embedded", "psql", "-qX", "-v", "ON_ERROR_STOP=1")
        roles = (
            "CREATE ROLE reviewhub_app NOLOGIN; CREATE ROLE reviewhub_public NOLOGIN NOINHERIT;"
            " GRANT reviewhub_public TO reviewhub"
        )
        self._run(*psql, "-c", roles)
        self._run(*psql, "-f", str(dump))
        if self.deployed:
            self._run("manage.py", "collectstatic", "--noinput", "--verbosity=0")
        self.start_web()
        self.wait_until_ready()

    def close(self) -> None:
        self._end_web(signal.SIGTERM)
        for pid in self.jobs():
            _kill(pid)
        self._run("-m", "reviewhub.embedded", "stop")

    def connect(self):
        """A connection of the test's own, to see what there is."""
        connection = psycopg2.connect(self.url)
        connection.autocommit = True
        return connection

    @property
    def files(self) -> Path:
        return self.folder / "files"

    def start_web(self) -> None:
        log = (self.folder / "web.log").open("ab")
        with log:
            self.web = subprocess.Popen(
                [sys.executable, "-m", *SERVE],
                cwd=BASE,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def wait_until_ready(self) -> float:
        """How long it took until the site answered and reached its database."""
        began = time.monotonic()
        while time.monotonic() < began + PATIENCE:
            site = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(site):
                site.request("GET", "/health/ready", headers={"X-Forwarded-Proto": "https"})
                if site.getresponse().status == 200:
                    return time.monotonic() - began
            time.sleep(0.05)
        log = (self.folder / "web.log").read_text(errors="replace")
        raise AssertionError(f"the site did not come back:\n{log[-3000:]}")

    # --- What is killed -----------------------------------------------------------------------

    def strike(self, blow: str, choice) -> int:
        """`kill -9` of this; how many processes it hit. `choice` picks one of several."""
        if blow == "worker":
            found = self.workers()
            return _kill(choice(found)) if found else 0
        if blow == "web server":
            self._end_web(signal.SIGKILL)
            return 1
        if blow == "import job":
            found = self.jobs()
            return _kill(choice(found)) if found else 0
        return self._kill_database()

    def restart(self, blow: str) -> float:
        """Start again what was killed and does not start by itself: seconds until it is ready."""
        began = time.monotonic()
        if blow == "web server":
            self.start_web()
        if blow == "database":
            self._run("-m", "reviewhub.embedded", "start")
        self.wait_until_ready()
        return time.monotonic() - began

    def workers(self) -> list[int]:
        return _children(self.web.pid) if self.web else []

    def jobs(self) -> list[int]:
        """Processes that run imports of this site; they belong to nobody once gunicorn is gone."""
        found, mine = [], f"DATA_DIR={self.folder}\0".encode()
        for folder in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if (
                    folder.name.isdigit()
                    and b"\0run_import\0" in (folder / "cmdline").read_bytes()
                ):
                    mine = f"DATA_DIR={self.folder}\0".encode()
                    if mine in (folder / "environ").read_bytes():
                        found.append(int(folder.name))
        return sorted(found)

    def _kill_database(self) -> int:
        """The postmaster and all its backends; stopped first, so that it cannot begin another."""
        data = next(self.folder.glob("pg18"), None) or self._data_elsewhere()
        postmaster = int((data / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGSTOP)
        backends = _children(postmaster)
        return sum(_kill(pid) for pid in [postmaster, *backends])

    def _data_elsewhere(self) -> Path:
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW data_directory")
            return Path(cursor.fetchone()[0])

    def _end_web(self, how: signal.Signals) -> None:
        if self.web is None:
            return
        if how is signal.SIGTERM:
            self.web.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.web.wait(40)
        with contextlib.suppress(ProcessLookupError):  # the workers are in its group, jobs are not
            os.killpg(self.web.pid, signal.SIGKILL)
        self.web.wait()
        self.web = None

    def _run(self, *words: str) -> str:
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


def _children(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _kill(pid: int) -> int:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return 1
    return 0
