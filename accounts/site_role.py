"""The database role of the running site: reads and writes what people edit, owns nothing.

Whoever migrates owns the tables, the triggers and the log; the site signs in as a member of this
role, which the log lets read and no more (docs/adr/0011-the-log-has-an-owner.md).
"""

from django.db import connection, connections

ROLE = "reviewhub_app"

# As in public migration 0003: tests make databases at once, and the migrating user may lack the
# right to make roles.
MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The database user "%" may not make the role {ROLE}.', current_user
    USING HINT = 'Let the administrator of the server run once, then migrate again:'
        ' CREATE ROLE {ROLE} NOLOGIN;';
END
$$;
"""

# Tables that the site reads and only triggers and functions of the owner write.
READ_ONLY = ("accounts_change", "accounts_seal", "accounts_sealing", "django_migrations")

# After each `migrate`, so that a new table needs no line of its own.
GIVE = f"""
DO $$
DECLARE
    writable text;
    readable text;
    counters text;
    one record;
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}')
        OR to_regclass('public.accounts_sealing') IS NULL THEN
        RETURN;  -- a migration back to before
    END IF;
    SELECT
        string_agg(oid::regclass::text, ', ')
            FILTER (WHERE relkind IN ('r', 'p') AND relname <> ALL ('{{{",".join(READ_ONLY)}}}')),
        string_agg(oid::regclass::text, ', ') FILTER (WHERE relkind <> 'S'),
        string_agg(oid::regclass::text, ', ')
            FILTER (WHERE relkind = 'S' AND relname <> 'accounts_change_id_seq')
    INTO writable, readable, counters
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'S')
        AND pg_has_role(relowner, 'USAGE');
    GRANT USAGE ON SCHEMA public TO {ROLE};
    EXECUTE format('GRANT SELECT ON %s TO {ROLE}', readable);
    EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %s TO {ROLE}', writable);
    EXECUTE format('GRANT USAGE, SELECT ON SEQUENCE %s TO {ROLE}', counters);
    GRANT EXECUTE ON FUNCTION seal_log() TO {ROLE};
    IF to_regprocedure('public.public_state(timestamptz)') IS NOT NULL THEN
        GRANT EXECUTE ON FUNCTION public_state(timestamptz) TO {ROLE};
    END IF;
    IF to_regprocedure('public.public_tallied(text, jsonb)') IS NOT NULL THEN
        GRANT EXECUTE ON FUNCTION
            public_tallied(text, jsonb), public_tallied_totals(text, jsonb) TO {ROLE};
    END IF;
    -- Row-level security is the public side's; the office reads and writes every row.
    FOR one IN
        SELECT oid::regclass AS name FROM pg_class c
        WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
            AND pg_has_role(relowner, 'USAGE') AND NOT EXISTS (
                SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'office'
            )
    LOOP
        EXECUTE format('CREATE POLICY office ON %s TO {ROLE} USING (true)', one.name);
    END LOOP;
END
$$;

-- Triggers that a session may switch off by a setting (pgtrigger.ignore) protect nothing.
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name name)
    RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT false';
"""  # noqa: S608  # SQL of our own words


def give_rights(*, using: str, **_signal) -> None:
    """After `migrate`: the site may do what it needs on every table, and no more."""
    with connections[using].cursor() as cursor:
        cursor.execute(GIVE)


def could_change_the_log() -> str:
    """The database user of this process, if nothing keeps it from changing the log; else empty."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT session_user FROM pg_class c JOIN pg_roles me ON me.rolname = session_user
            WHERE c.oid = to_regclass('accounts_change')
            AND (me.rolsuper OR pg_has_role(session_user, c.relowner, 'MEMBER')
                OR has_table_privilege(session_user, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE'))
            """
        )
        row = cursor.fetchone()
    return row[0] if row else ""
