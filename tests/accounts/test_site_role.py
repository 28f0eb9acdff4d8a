"""The running site's database role: does its work, and cannot touch the log or its triggers."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Change, Seal
from accounts.site_role import ROLE, could_change_the_log
from objectives.models import Doubt
from objectives.records import signed
from public import fence
from public.models import PublicRecord
from submissions.models import Practice
from tests.factories import PracticeFactory, published

pytestmark = pytest.mark.django_db

REFUSED = r"permission denied|must be owner|must have|Only roles with"


def asked(sql: str):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None


@pytest.fixture
def as_site():
    """From here on the database is asked as the site asks it in production."""
    PracticeFactory()
    asked("SET CONSTRAINTS ALL IMMEDIATE; SELECT seal_log()")
    asked("SET LOCAL reviewhub.empty_log = ''")  # as outside of tests
    asked(f"SET LOCAL ROLE {ROLE}")


def log_writers() -> list[str]:
    """The triggers that log practices, and their functions."""
    return [
        name
        for (name,) in asked(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'submissions_practice'::regclass"
            " AND starts_with(tgname, 'pgtrigger_log_write') ORDER BY tgname"
        )
    ]


def test_role_can_neither_sign_in_nor_do_more_than_it_was_given():
    rights = asked(
        "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication"
        f" FROM pg_roles WHERE rolname = '{ROLE}'"
    )
    owns = asked(f"SELECT relname FROM pg_class WHERE relowner = '{ROLE}'::regrole")
    member_of = asked(
        f"SELECT roleid::regrole FROM pg_auth_members WHERE member = '{ROLE}'::regrole"
    )

    assert rights == [(False,) * 6]
    assert owns == member_of == []


@pytest.mark.parametrize(
    "words",
    [
        "INSERT INTO accounts_change (at) VALUES (now())",
        "UPDATE accounts_change SET by_id = NULL",
        "DELETE FROM accounts_change",
        "TRUNCATE accounts_change",
        "ALTER TABLE accounts_change DISABLE TRIGGER ALL",
        "ALTER TABLE accounts_change DISABLE TRIGGER USER",
        "ALTER TABLE accounts_change DROP COLUMN why",
        "CREATE TRIGGER mine BEFORE INSERT ON accounts_change EXECUTE FUNCTION {writer}()",
        "DROP TABLE accounts_change CASCADE",
        "LOCK TABLE accounts_change IN EXCLUSIVE MODE",
        "SELECT setval('accounts_change_id_seq', 1)",
        "INSERT INTO accounts_seal VALUES (9, 9, 'x')",
        "UPDATE accounts_seal SET hash = 'x'",
        "DELETE FROM accounts_seal",
        "TRUNCATE accounts_seal",
        "UPDATE accounts_sealing SET settled_at = NULL",
        "ALTER TABLE submissions_practice DISABLE TRIGGER {writer}",
        "ALTER TABLE submissions_practice DISABLE TRIGGER ALL",
        "DROP TRIGGER {writer} ON submissions_practice",
        "DROP FUNCTION {writer}() CASCADE",
        "ALTER FUNCTION {writer}() SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION {writer}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
        "CREATE TEMP TABLE forged (id int);"
        " CREATE TRIGGER forges AFTER INSERT ON forged FOR EACH ROW EXECUTE FUNCTION {writer}()",
        "CREATE TEMP TABLE forged (id int); CREATE TRIGGER forges AFTER INSERT ON forged"
        " REFERENCING NEW TABLE AS new_rows EXECUTE FUNCTION {writer}()",
        "CREATE FUNCTION public.clock_timestamp() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION seal_log() RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(trigger_name name) RETURNS boolean"
        " LANGUAGE sql AS 'SELECT true'",
        "TRUNCATE submissions_practice CASCADE",
        "SET session_replication_role = replica",
        "SET LOCAL session_replication_role = replica",
        "SELECT set_config('session_replication_role', 'replica', true)",
        "ALTER ROLE reviewhub_app SUPERUSER",
        "COPY accounts_change FROM PROGRAM 'true'",
        "UPDATE pg_trigger SET tgenabled = 'D'",
    ],
)
def test_role_can_neither_change_the_log_nor_go_around_it(words, as_site):
    before = list(Change.objects.values()), list(Seal.objects.values())

    for writer in log_writers():
        with pytest.raises(ProgrammingError, match=REFUSED), transaction.atomic():
            asked(words.format(writer=writer))

    assert (list(Change.objects.values()), list(Seal.objects.values())) == before


@pytest.mark.parametrize("setting", ["pgtrigger.ignore", "reviewhub.empty_log"])
def test_no_setting_of_a_session_silences_the_log(setting, as_site):
    names = [name for (name,) in asked("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")]
    asked(f"SET LOCAL {setting} = '{{{','.join(names)}}}'")

    Practice.objects.update(title="Changed past the log?")

    practice = Practice.objects.get()
    last = Change.objects.filter(table_name="submissions_practice").latest("id")
    assert (last.now, practice.version) == ({"title": "Changed past the log?"}, last.version)


def test_role_writes_and_each_write_is_logged(as_site, editor):
    with signed(by=editor, why="A reason.", request="r1"):
        row = Doubt.objects.create(table="objectives", code="7", text="Check.")
        Doubt.objects.update(text="Checked.")
        Doubt.objects.all().delete()

    log = Change.objects.filter(table_name="objectives_doubt", row_id=row.pk).order_by("id")
    assert list(log.values_list("operation", "by", "why", "request")) == [
        (operation, editor.pk, "A reason.", "r1") for operation in ("insert", "update", "delete")
    ]


def test_role_publishes_and_reads_what_is_under_embargo(as_site):
    practice = published(PracticeFactory())

    assert PublicRecord.objects.filter(code=practice.code).count() == 1
    assert asked("SELECT count(*) FROM public_edition") == [(1,)]


def test_role_may_write_every_table_but_those_of_the_log_and_of_migrations():
    tables = set(connection.introspection.table_names())
    writable = {
        table
        for table in tables
        if asked(
            "SELECT "
            + " AND ".join(
                f"has_table_privilege('{ROLE}', '{table}', '{verb}')"
                for verb in ("SELECT", "INSERT", "UPDATE", "DELETE")
            )
        )
        == [(True,)]
    }
    truncatable = asked(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        f" AND has_table_privilege('{ROLE}', oid, 'TRUNCATE')"
    )

    assert tables - writable == {
        "accounts_change",
        "accounts_seal",
        "accounts_sealing",
        "django_migrations",
    }
    assert truncatable == []


def test_every_table_with_row_level_security_lets_the_office_through():
    closed = asked(
        "SELECT relname FROM pg_class c WHERE relrowsecurity AND NOT EXISTS"
        " (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polroles = ARRAY["
        f"'{ROLE}'::regrole::oid])"
    )

    assert closed == []


def test_functions_that_run_as_their_owner_are_those_of_the_log_and_those_that_count():
    """Whoever may call them: nobody but the site the first, the public besides the second."""
    open_to = asked(
        "SELECT DISTINCT regexp_replace(proname, '_[0-9a-f]{5}$', ''),"
        " coalesce((SELECT string_agg(grantee::regrole::text, ',' ORDER BY grantee::regrole::text"
        " DESC) FROM aclexplode(proacl) WHERE grantee <> proowner), ''), proconfig"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )

    path = ["search_path=pg_catalog, public, pg_temp"]
    counting = (f"{fence.ROLE},{ROLE}", [*path, "plan_cache_mode=force_generic_plan"])
    assert open_to == [
        ("pgtrigger_log_write", "", path),
        ("pgtrigger_log_write_new", "", path),
        ("public_tallied", *counting),
        ("public_tallied_totals", *counting),
        ("seal_log", ROLE, path),
    ]


def test_owner_of_the_log_is_told_that_the_site_should_not_run_as_it():
    assert could_change_the_log() == asked("SELECT session_user")[0][0]
