"""The second fence as a whole: every table, every kind, every function, every public address."""

import re
from datetime import timedelta
from importlib import import_module
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.template.loader import render_to_string

from public.fence import ROLE, PublicSideMiddleware, public_side
from public.models import Edition, EditionText, PublicRecord, database_now
from public.publishable import Publishable
from submissions.models import Practice
from tests.browser import public_site
from tests.factories import (
    RECORD_FACTORIES,
    PracticeFactory,
    published,
    published_again,
    take,
)
from tests.public.test_fence import READABLE, asked, relations, role_now
from tests.twin.lives import secrets
from tests.twin.questions import Asker, routes

pytestmark = pytest.mark.django_db

# --- Tables and kinds -----------------------------------------------------------------------

RIGHTS = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN"


def test_role_can_do_nothing_with_any_other_table_whoever_was_granted_it():
    """Asked of PostgreSQL for every table it has: grants to everybody and to groups count too."""
    found = asked(
        "SELECT c.relname, r FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " unnest(string_to_array(%s, ', ')) r"
        " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'f')"
        " AND (has_table_privilege(%s, c.oid, r) OR r IN ('SELECT', 'INSERT', 'UPDATE')"
        "  AND has_any_column_privilege(%s, c.oid, r)) ORDER BY 1, 2",
        [RIGHTS, ROLE, ROLE],
    )
    sequences = asked(
        "SELECT relname FROM pg_class WHERE CASE relkind"
        " WHEN 'S' THEN has_sequence_privilege(%s, oid, 'SELECT, USAGE, UPDATE') END",
        [ROLE],
    )

    assert found == [(name, "SELECT") for name in sorted(READABLE)]
    assert sequences == []


def test_every_table_of_the_office_with_rows_in_it_answers_permission_denied():
    """Tables come from the catalogue; a table of the office is one that the role may not read."""
    for factory in RECORD_FACTORIES:
        factory()
    filled, told = [], {}
    for name in sorted(set(relations()) - set(READABLE)):
        with_rows = not name.endswith("_seq") and asked(f'SELECT EXISTS (SELECT FROM "{name}")')
        filled += [name] if with_rows == [(True,)] else []
        with pytest.raises(ProgrammingError) as refused, public_side():
            asked(f'SELECT * FROM "{name}"')
        told[name] = str(refused.value).partition("\n")[0]

    assert {factory.model._meta.db_table for factory in RECORD_FACTORIES} <= set(filled)
    assert {re.sub(r"\w+$", "", words) for words in told.values()} == {
        "permission denied for table ",
        "permission denied for sequence ",
    }


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.kind)
def test_of_every_kind_only_what_is_visible_now_is_shown(factory):
    """By the view, and by the policies beneath it should somebody grant the tables one day."""
    shown = factory(published=True)
    twice = factory(published=True)
    published_again(twice, url="https://www.example.org/second", retract_earlier=True)
    published(factory(), at=database_now() + timedelta(days=2))
    factory(status="withdrawn")
    called_off = published(factory(), at=database_now() + timedelta(days=2))
    take("withdraw", called_off)
    factory(status="approved")
    factory()
    asked(f"GRANT SELECT ON public_edition, public_editiontext TO {ROLE}")

    with public_side():
        records = PublicRecord.objects.of_kind(factory.model.kind).order_by("code")
        by_view = list(records.values_list("code", "edition"))
        beneath = Edition.objects.filter(kind=factory.model.kind).order_by("code")
        by_policy = list(beneath.values_list("code", "edition"))
        texts = EditionText.objects.filter(kind=factory.model.kind).count()

    assert by_view == by_policy == [(shown.code, 1), (twice.code, 2)]
    assert texts == 2


def test_every_kind_of_record_is_among_them():
    kinds = {factory.model for factory in RECORD_FACTORIES}

    assert kinds == set(_leaves(Publishable))


def _leaves(model):
    for one in model.__subclasses__():
        yield from [one] if not one._meta.abstract else _leaves(one)


# --- Functions ------------------------------------------------------------------------------

# Ours that the role may call, besides triggers, which nobody can call: they compute, and read no
# table. `_pgtrigger_should_ignore` says no, whatever a session asks.
COMPUTING = {"fold", "latin_letters", "record_words", "_pgtrigger_should_ignore"}
# These read tallies, which the role may not, and say how many records are public, not which.
COUNTING = {"public_tallied", "public_tallied_totals"}
EXTENSIONS = {"btree_gin", "btree_gist", "pg_trgm", "unaccent"}  # operators and their indexes


def test_only_the_log_is_written_with_its_owners_rights():
    """By its triggers, and by what seals it, which the public's role may not call (see below)."""
    lending = asked("SELECT proname, provolatile FROM pg_proc WHERE prosecdef")
    writing = {name for name, volatile in lending if volatile == "v"}

    assert {re.sub("_log_write_.*", "_log_write", name) for name in writing} == {
        "pgtrigger_log_write",
        "seal_log",
    }
    assert {name for name, volatile in lending if volatile != "v"} == COUNTING


def test_role_may_call_functions_that_compute_and_no_others():
    callable_ = asked(
        "SELECT p.proname, e.extname, p.provolatile FROM pg_proc p"
        " JOIN pg_namespace n ON n.oid = p.pronamespace LEFT JOIN pg_depend d"
        " ON d.objid = p.oid AND d.classid = 'pg_proc'::regclass AND d.deptype = 'e'"
        " LEFT JOIN pg_extension e ON e.oid = d.refobjid"
        " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema')"
        " AND p.prorettype <> 'trigger'::regtype AND has_function_privilege(%s, p.oid, 'EXECUTE')",
        [ROLE],
    )

    ours = {name for name, extension, _volatile in callable_ if not extension}
    assert ours == COMPUTING | COUNTING
    assert {extension for _name, extension, _volatile in callable_ if extension} == EXTENSIONS
    assert {name for name, _extension, volatile in callable_ if volatile == "v"} == {
        "set_limit",  # of likeness, in this session
        "unaccent_init",
        "unaccent_lexize",
    }


def test_role_may_call_nothing_that_postgresql_keeps_for_administrators():
    """Files of the server, other people's sessions' memory, statistics of queries, and so on."""
    kept = asked(
        "SELECT count(*), count(*) FILTER (WHERE has_function_privilege(%s, oid, 'EXECUTE'))"
        " FROM pg_proc p WHERE proacl IS NOT NULL AND pronamespace = 'pg_catalog'::regnamespace"
        " AND NOT EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0)",
        [ROLE],
    )
    groups = asked(
        "SELECT r.rolname FROM pg_roles r WHERE pg_has_role(%s, r.oid, 'MEMBER')", [ROLE]
    )

    assert kept[0][0] > 60
    assert kept[0][1] == 0
    assert groups == [(ROLE,)]


@pytest.mark.parametrize(
    "call",
    [
        "query_to_xml('SELECT * FROM submissions_practice', true, true, '')",
        "cursor_to_xml('nobody', 1, true, true, '')",
        "ts_stat('SELECT to_tsvector(title) FROM submissions_practice')",
        "nextval('code_p')",
        "setval('code_p', 1)",
        "currval('code_p')",
        "pg_terminate_backend(pg_backend_pid())",
        "lo_create(7)",
        "lo_from_bytea(0, 'x')",
        "pg_sequence_last_value('code_p')",
        "pg_create_logical_replication_slot('mine', 'pgoutput')",
    ],
)
def test_function_that_could_reach_further_does_not(call):
    """Each fails, or says nothing: what a function reads, it reads as the role."""
    PracticeFactory(title="Canary")

    try:
        with transaction.atomic(), public_side():
            if connection.in_atomic_block and call.startswith("lo_"):
                asked("SET TRANSACTION READ ONLY")  # as every request is
            said = str(asked(f"SELECT {call}"))
    except Exception as error:
        said = str(error)

    assert "Canary" not in said
    assert re.search(r"denied|read-only|does not exist|must be|\[\(None,\)\]|not yet|slots", said)


# --- Every public address -------------------------------------------------------------------


@pytest.fixture
def site(settings, tmp_path):
    """Something of every kind, and who knows every address."""
    settings.DUMPS_ROOT = tmp_path / "dumps"
    public_site.make()
    return Asker(secrets())


def test_every_public_view_and_each_of_its_queries_runs_as_the_role(client, site, monkeypatch):
    """Walks the resolver: of every address one that answers, asked who it is inside."""
    inside, queries, looking = [], [], []
    process_view = PublicSideMiddleware.process_view

    def watched(self, request, view, args, kwargs):
        def watched_view(request, *args, **kwargs):
            inside.append(role_now())
            return view(request, *args, **kwargs)

        return process_view(self, request, watched_view, args, kwargs)

    def watch(execute, sql, params, many, context):
        fence = "set_config('role'" in sql or "SAVEPOINT" in sql
        if inside and not fence and not looking:
            looking.append(True)
            queries.append((role_now(), sql))
            looking.pop()
        return execute(sql, params, many, context)

    monkeypatch.setattr(PublicSideMiddleware, "process_view", watched)
    asked_for = [(route, address) for route in routes() for address in site.addresses(route)[:1]]
    assert len({route for route, _address in asked_for}) == len(routes()) > 75

    with connection.execute_wrapper(watch):
        for _route, address in asked_for:
            before = len(inside)
            response = client.get(address)
            _whole = response.getvalue() if response.streaming else response.content
            assert (address, inside[before:]) == (address, [ROLE])
            inside.clear()

    assert len(queries) > 300
    assert [sql for role, sql in queries if role != ROLE] == []


def office_titles(*_anything, **_options):
    """An office query, as somebody might write it into a public view one day."""
    return [one.title for one in Practice.objects.all()]


@pytest.mark.parametrize(
    ("place", "address"),
    [
        ("public.views.home.counts.everywhere", "/"),
        ("public.views.lists.Question", "/practices/"),
        ("public.views.search.Search", "/search/?q=canary"),
        ("public.views.pictures.picture_of", "/pictures/states/?kind=practice"),
        ("public.views.list_forms.RecordFeed", "/practices.atom"),
        ("public.views.records.visible_record", "/practices/P-0001/"),
        ("public.api.records.Records", "/api/v1/practices/"),
        ("public.api.files.files_of", "/api/v1/files/"),
    ],
)
def test_office_query_in_a_public_view_fails_closed(client, site, monkeypatch, place, address):
    PracticeFactory(code="P-9000", title="Canary")
    monkeypatch.setattr(place, office_titles)
    client.raise_request_exception = False

    response = client.get(address)

    assert response.status_code == 500
    if address.startswith("/api/"):
        assert response.json()["title"] == "Something failed on our side"
    else:
        assert response.content.decode() == render_to_string("500.html")
    assert b"Canary" not in response.content
    assert b"submissions_practice" not in response.content


def test_office_query_in_a_file_that_is_sent_as_it_is_read_breaks_it_off(
    client, site, monkeypatch
):
    """The head is gone by then: the file ends without a word of the office, and is not whole."""
    PracticeFactory(code="P-9000", title="Canary")

    def rows(*_anything):
        yield from office_titles()

    monkeypatch.setattr("public.downloads.csv_rows", rows)
    response = client.get("/practices.csv")
    sent = []

    with pytest.raises(ProgrammingError, match="permission denied"):
        sent.extend(response.streaming_content)

    assert b"Canary" not in b"".join(sent)


# --- The role is set up alike everywhere ----------------------------------------------------

SETUP = import_module("public.migrations.0003_public_side")
COMPOSE = yaml.safe_load((Path(settings.BASE_DIR) / "docker-compose.yml").read_text())
ATTRIBUTES = (
    "rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole,"
    " rolreplication, rolconnlimit, rolconfig"
)


def attributes_of(role: str) -> list:
    return asked(f"SELECT {ATTRIBUTES} FROM pg_roles WHERE rolname = %s", [role])


def members_of(role: str) -> list:
    """Who may act as the role, and whose rights the role has besides its own."""
    return asked(
        "SELECT m.rolname, bool_or(a.set_option), NULL FROM pg_auth_members a"
        " JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid"
        " WHERE r.rolname = %s GROUP BY 1"
        " UNION ALL SELECT NULL, NULL, r.rolname FROM pg_auth_members a"
        " JOIN pg_roles m ON m.oid = a.member JOIN pg_roles r ON r.oid = a.roleid"
        " WHERE m.rolname = %s",
        [role, role],
    )


def renamed(sql: str, name: str) -> str:
    return re.sub(r"\breviewhub(?=\b|_(?:public|app|owner)\b)", name, sql)


@pytest.fixture
def administrator_of_the_server():
    if asked("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") != [(True,)]:
        pytest.skip("only who may make every role can compare how roles are made")


def test_role_of_compose_is_that_of_the_migration_and_that_of_the_embedded_server(
    administrator_of_the_server,
):
    statements = COMPOSE["configs"]["roles"]["content"].strip().splitlines()
    for statement in statements[:-1]:  # the last one makes the database
        asked(renamed(re.sub(r"\$\{[^}]*\}", "x", statement), "compose"))
    asked("CREATE ROLE migrating LOGIN CREATEROLE")
    asked("SET LOCAL ROLE migrating")
    asked(renamed(SETUP.MAKE_ROLE, "migrating"))
    asked("RESET ROLE")
    asked(renamed(SETUP.MAKE_ROLE, "embedded"))  # by the server's own administrator

    made = [attributes_of(f"{name}_public") for name in ("compose", "migrating", "embedded")]

    assert statements[-1] == "CREATE DATABASE reviewhub OWNER reviewhub_owner;"
    assert made == [attributes_of(ROLE)] * 3
    assert sorted(members_of("compose_public")) == [
        ("compose", True, None),
        ("compose_owner", True, None),
    ]
    assert members_of("migrating_public") == [("migrating", True, None)]
    assert members_of("embedded_public") == []  # an administrator may act as anybody


def test_administrators_are_told_to_make_the_same_role():
    """Where the migrating user may not make it: the migration's hint, and the operators' guide."""
    guide = (Path(settings.BASE_DIR) / "docs/operators.md").read_text()
    words = [SETUP.MAKE_ROLE, guide, COMPOSE["configs"]["roles"]["content"]]

    made = {one for text in words for one in re.findall(rf"CREATE ROLE {ROLE}\b([^;(]*)", text)}

    assert {" ".join(one.split()) for one in made} == {"NOLOGIN NOINHERIT"}


def test_no_other_migration_of_the_public_side_makes_roles_or_gives_rights_to_groups():
    """What the role may read is given by migrations, so that it is the same on every server."""
    folder = Path(settings.BASE_DIR)
    given = {
        path.relative_to(folder).as_posix()
        for path in folder.glob("*/migrations/*.py")
        if re.search(r"\bGRANT\b|\bCREATE ROLE\b|\bALTER ROLE\b", path.read_text())
    }

    assert given == {
        "public/migrations/0003_public_side.py",
        "public/migrations/0004_merged_records.py",
        "public/migrations/0014_tallies.py",
    }
