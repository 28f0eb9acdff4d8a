"""The drill: everything is lost, and on another machine everything comes back."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from public.files import keep
from reviewhub import backups, embedded
from tests import factories, s3_server
from tests.factories import PracticeFactory, SubmissionFileFactory, person
from tests.papers import png, upload

committed = pytest.mark.django_db(transaction=True)  # other programs must see the rows

KEY = "not a good key, but a long one: 0123456789"
COMPOSE = yaml.safe_load((settings.BASE_DIR / "docker-compose.yml").read_text())


@pytest.fixture
def folder():
    """Outside pytest's own folders, which the database's user may not enter when we are root."""
    with tempfile.TemporaryDirectory(prefix="reviewhub-drill-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture(autouse=True)
def places(folder, settings, monkeypatch):
    settings.MEDIA_ROOT = folder / "files"
    monkeypatch.setenv("BACKUP_DIR", str(folder / "backups"))
    monkeypatch.setenv("BACKUP_KEY", KEY)


@pytest.fixture
def other_machine(folder):
    """A database server that has never heard of reviewhub, and an empty folder for files."""
    environment = os.environ | {"DATA_DIR": str(folder / "other"), "DEBUG": "1"}

    def run(*words, **more):
        return subprocess.run(
            [sys.executable, *words],
            cwd=settings.BASE_DIR,
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
        )

    run("-m", "reviewhub.embedded", "start").check_returncode()
    yield run
    run("-m", "reviewhub.embedded", "stop").check_returncode()


def address(machine, user: str = "reviewhub") -> str:
    said = machine("-m", "reviewhub.embedded", "status").stdout.split()[1]
    return said.replace("//reviewhub@", f"//{user}@")


def here() -> str:
    of = connection.settings_dict
    host = quote(of["HOST"], safe="")
    user = f"{quote(of['USER'])}:{quote(of['PASSWORD'])}"
    return f"postgresql://{user}@{host}:{of['PORT'] or 5432}/{of['NAME']}"


def rows_of(url: str) -> dict[str, list[str]]:
    """Every row of every table as text, and where every sequence stands."""
    with closing(psycopg2.connect(url)) as other, other.cursor() as cursor:
        cursor.execute("SET timezone = 'UTC'")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'")
        sequences = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in tables:
            cursor.execute(f'SELECT t::text FROM "{name}" t ORDER BY 1')
            found[name] = [row for (row,) in cursor.fetchall()]
        for name in sequences:
            cursor.execute(f'SELECT t::text FROM (SELECT last_value, is_called FROM "{name}") t')
            found[name] = [row for (row,) in cursor.fetchall()]
        return found


def schema_of(url: str) -> str:
    """Tables, rules, triggers, policies and rights, as SQL.

    Without brackets and casts, which PostgreSQL sets anew when it reads its own SQL.
    """
    dump = [embedded.tool("pg_dump"), "--schema-only", "--no-owner", f"--dbname={url}"]
    said = subprocess.run(dump, capture_output=True, text=True, check=True).stdout
    said = re.sub(r"^\\(un)?restrict .*$", "", said, flags=re.MULTILINE)
    return re.sub(r"[()]|::(text|character varying)\b(\[\])?", "", said)


def files_in(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith("arriving-")
    }


def fill() -> None:
    """Every kind of row, published and not, files and accounts, and a session."""
    for name, factory in vars(factories).items():
        if isinstance(factory, factories.RecordFactory):
            factory(published=True)
            factory()
        elif isinstance(factory, factories.Factory) and name != "SubmissionFileFactory":
            factory()
    for number in range(3):
        kept = keep(upload(png(width=number + 1), "отчёт.png"))
        SubmissionFileFactory(
            practice=PracticeFactory(title="Line\nand tab\t and \\ and 'quote'"),
            file=kept.path,
            sha256=kept.sha256,
            size=kept.size,
        )
    Client().force_login(person("Administrator"))


def only_backup() -> Path:
    (made,) = backups.folder().iterdir()
    return made


@committed
def test_everything_comes_back_after_everything_is_lost(folder, other_machine, capfd):
    fill()
    (folder / "files" / "arriving-half").write_bytes(b"of a worker that died")
    rows, schema, files = rows_of(here()), schema_of(here()), files_in(folder / "files")
    call_command("backup")
    name = only_backup().name
    assert f"{name}: " in capfd.readouterr().out
    shutil.rmtree(folder / "files")  # and the other machine has no row, no role, no file

    restored = other_machine("manage.py", "restore", name, DATABASE_URL=address(other_machine))

    assert restored.returncode == 0, restored.stderr
    assert "all as they were" in restored.stdout
    assert "System check identified no issues" in restored.stdout
    rows["django_session"] = rows["accounts_requestcount"] = []  # everybody signs in again
    assert rows_of(address(other_machine)) == rows
    assert schema_of(address(other_machine)) == schema
    assert files_in(folder / "other" / "files") == files
    assert len(rows["public_edition"]) >= len(factories.RECORD_FACTORIES)
    assert [hashlib.sha256(files[name]).hexdigest() for name in files] == [
        Path(name).name for name in files
    ]

    # once more, as a user without rights over the server, over what somebody has changed meanwhile
    sql(other_machine, "CREATE ROLE site LOGIN")
    sql(other_machine, "GRANT reviewhub_public TO site")
    sql(other_machine, "CREATE DATABASE site OWNER site")
    site = address(other_machine, "site").replace("/reviewhub", "/site")
    again = {"DATABASE_URL": site}
    assert other_machine("manage.py", "restore", name, **again).returncode == 0
    with closing(psycopg2.connect(site)) as other, other.cursor() as cursor:
        cursor.execute("CREATE TABLE stray ()")
        cursor.execute("UPDATE submissions_practice SET title = 'New' WHERE status = 'draft'")
        other.commit()
    changed = rows_of(site)

    refused = other_machine("manage.py", "restore", name, **again)
    assert (refused.returncode, rows_of(site)) == (1, changed)
    assert "Say OVERWRITE=1 to lose what is in them. Nothing was touched." in refused.stderr

    told = other_machine("manage.py", "restore", name, "--overwrite", **again)
    assert (told.returncode, rows_of(site)) == (0, rows), told.stderr
    assert schema_of(site) == schema


def sql(machine, statement: str) -> None:
    psql = ("-m", "reviewhub.embedded", "psql", "-v", "ON_ERROR_STOP=1")
    machine(*psql, "-qc", statement).check_returncode()


# --- Files elsewhere ------------------------------------------------------------------------


@committed
def test_files_in_a_bucket_are_not_in_a_backup_and_both_commands_say_so(
    folder, other_machine, settings, monkeypatch, capfd
):
    with s3_server.running() as bucket:
        s3_server.used_by(settings, monkeypatch, bucket)
        practice = PracticeFactory()
        kept = [keep(upload(png(width=number + 1), "a.png")) for number in range(2)]
        for one in kept:
            SubmissionFileFactory(
                practice=practice, file=one.path, sha256=one.sha256, size=one.size
            )
        call_command("backup")
        backup = only_backup()
        made, manifest = capfd.readouterr(), (backup / "manifest").read_text()
        del bucket.objects[f"review/{kept[0].path}"]

        restored = other_machine(
            "manage.py",
            "restore",
            backup.name,
            DATABASE_URL=address(other_machine),
            **bucket.environment,
        )

    assert (made.err, made.out.splitlines()[1]) == (
        "",
        "The files are NOT in it: they are in s3://papers/review. Keep its versions, and a copy"
        " in another place.",
    )
    assert "\nfiles 0\nelsewhere s3://papers/review\n" in manifest
    at = re.search("^made (.*)$", manifest, re.MULTILINE)[1]
    assert restored.returncode == 0, restored.stderr
    assert (
        f"The files were NOT in it: put s3://papers/review back to what it was at {at}.\n"
        in restored.stdout
    )
    assert "1 file that records name is not in the bucket.\n" in restored.stdout
    assert restored.stderr.splitlines()[-1] == kept[0].path


@committed
def test_files_of_a_backup_are_unpacked_where_a_site_with_a_bucket_is_told_of_them(
    folder, other_machine
):
    kept = keep(upload(png(), "a.png"))
    SubmissionFileFactory(
        practice=PracticeFactory(), file=kept.path, sha256=kept.sha256, size=kept.size
    )
    call_command("backup")
    with s3_server.running() as bucket:
        restored = other_machine(
            "manage.py",
            "restore",
            only_backup().name,
            DATABASE_URL=address(other_machine),
            **bucket.environment,
        )

    files = folder / "other" / "files"
    assert (
        f"The files are unpacked in {files}, and the site reads them from s3://papers/review:"
        " copy them there.\n" in restored.stdout
    )
    assert "1 file that records name is not in the bucket.\n" in restored.stdout
    assert files_in(files) == {kept.path: png()}


# --- Half a backup is none ------------------------------------------------------------------


def cut(backup: Path) -> None:
    dump = backup / "database.dump.encrypted"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])


def change_a_byte(backup: Path) -> None:
    archive = backup / "files.tar.encrypted"
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    archive.write_bytes(content)


def take_away(backup: Path) -> None:
    (backup / "files.tar.encrypted").unlink()


def cut_manifest(backup: Path) -> None:
    manifest = backup / "manifest"
    manifest.write_text(manifest.read_text().removesuffix("end\n"))


def forge(backup: Path) -> None:
    """Whoever does this mends the sum too, but has no key to seal it with."""
    manifest = backup / "manifest"
    manifest.write_text(manifest.read_text().replace("\ntable ", "\nrole reviewhub_x\ntable ", 1))
    (backup / "seal").write_text(hashlib.sha256(manifest.read_bytes()).hexdigest() + "\n")


DAMAGES = {
    cut: "database.dump.encrypted of broken is missing or damaged.",
    change_a_byte: "files.tar.encrypted of broken is missing or damaged.",
    take_away: "files.tar.encrypted of broken is missing or damaged.",
    cut_manifest: "The manifest of broken is not whole.",
    forge: "The manifest of broken was changed.",
}


@committed
def test_broken_backup_is_refused_before_anything_is_touched(folder):
    PracticeFactory()
    keep(upload(png(), "a.png"))
    call_command("backup")
    whole, before = only_backup(), rows_of(here())

    said = {}
    for damage in DAMAGES:
        shutil.rmtree(folder / "backups" / "broken", ignore_errors=True)
        shutil.copytree(whole, folder / "backups" / "broken")
        damage(folder / "backups" / "broken")
        said[damage] = refusal(folder, "broken")
    keys = [refusal(folder, whole.name, key) for key in ("", KEY[::-1])]

    assert said == {damage: f"{why} Nothing was touched.\n" for damage, why in DAMAGES.items()}
    assert [one.endswith("Nothing was touched.\n") for one in keys] == [True, True]
    assert rows_of(here()) == before
    assert not (folder / "other-files").exists()


def refusal(folder: Path, name: str, key: str = KEY) -> str:
    """Why this is not restored, over the database of this test."""
    of = connection.settings_dict
    here = {"PGHOST": of["HOST"], "PGUSER": of["USER"], "PGDATABASE": of["NAME"]}
    where = {"BACKUPS": str(folder / "backups"), "FILES": str(folder / "other-files")}
    more = {"PATH": f"{embedded.tool('psql').parent}:{os.environ['PATH']}", "OVERWRITE": "1"}
    done = subprocess.run(
        ["sh", backups.SCRIPT, "restore", name],
        env=os.environ | here | where | more | {"BACKUP_KEY": key},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    return done.stderr


def test_key_that_could_be_guessed_is_refused(monkeypatch, capfd):
    monkeypatch.setenv("BACKUP_KEY", "secret")

    with pytest.raises(SystemExit):
        call_command("backup")

    assert "BACKUP_KEY is too short" in capfd.readouterr().err
    assert not backups.folder().exists()


# --- docker compose -------------------------------------------------------------------------


def test_compose_backs_up_what_the_site_uses():
    service = COMPOSE["services"]["backup"]
    mounted = dict(one.split(":")[:2] for one in service["volumes"])

    assert service["image"] == COMPOSE["services"]["db"]["image"]
    assert service["profiles"] == ["backup"]
    assert mounted["./scripts/backup.sh"] == service["entrypoint"][-1]
    assert mounted["files"] == service["environment"]["FILES"]
    assert mounted["${BACKUP_DIR"] == "-./backups}"
    assert (
        f"--uid {service['environment']['FILES_OWNER'].split(':')[0]} "
        in (settings.BASE_DIR / "Dockerfile").read_text()
    )
