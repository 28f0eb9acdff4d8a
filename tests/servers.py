"""Database servers that a test starts for itself, and the site on them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dj_database_url
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from reviewhub import embedded
from reviewhub.settings import database


class Server:
    """A PostgreSQL whose data lie in this folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = os.environ | {"DATA_DIR": str(folder), "DEBUG": "1"}

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @contextmanager
    def running(self) -> "Iterator[Server]":
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def start(self) -> None:
        self.run("-m", "reviewhub.embedded", "start")

    def stop(self) -> None:
        self.run("-m", "reviewhub.embedded", "stop")

    @property
    def url(self) -> str:
        status = [sys.executable, "-m", "reviewhub.embedded", "status"]
        said = subprocess.run(
            status,
            cwd=settings.BASE_DIR,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,  # it may be down
        )
        return said.stdout.split()[1]

    def copy_to(self, folder: Path) -> "Server":
        """A replica of this server, which follows it from now on."""
        owner = (self.folder / "pg18").stat()
        folder.mkdir()
        who = {}
        if embedded.IS_ROOT:
            os.chown(folder, owner.st_uid, owner.st_gid)
            who = {"user": owner.st_uid, "group": owner.st_gid, "extra_groups": []}
        host = dj_database_url.parse(self.url)["HOST"]
        program = embedded.tool("pg_basebackup")
        options = ["-h", host, "-U", embedded.ROLE, "-R", "-X", "stream", "-c", "fast"]
        subprocess.run(
            [program, *options, "-D", folder / "pg18"], check=True, cwd="/", env={}, **who
        )
        return Server(folder)


def wrapper(url: str, alias: str) -> DatabaseWrapper:
    """Django's connection to a server that the settings do not know."""
    return DatabaseWrapper({**connection.settings_dict, **database(url)}, alias)


@contextmanager
def as_primary(made: DatabaseWrapper) -> Iterator[DatabaseWrapper]:
    """This process reads and writes there."""
    before = connections[DEFAULT_DB_ALIAS]
    connections[DEFAULT_DB_ALIAS] = made
    try:
        yield made
    finally:
        made.close()
        connections[DEFAULT_DB_ALIAS] = before
