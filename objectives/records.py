"""What every table that people edit has: a version, and a log that no writer can go around.

Both are kept by triggers (installed after each `migrate`), so that bulk updates and SQL count too.
docs/adr/0004-every-write-is-logged.md says why.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

import pgtrigger
import pgtrigger.compiler
from django.conf import settings
from django.db import connection, models, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

BUMP_VERSION = pgtrigger.Trigger(
    name="bump_version",
    when=pgtrigger.Before,
    operation=pgtrigger.Update,
    func="NEW.version = OLD.version + 1; RETURN NEW;",
)


class Record(models.Model):
    """A row that people edit. `version` counts its updates, whoever made them and however.

    Whoever writes carries the version they read; if it has moved on, somebody else was faster.
    """

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True
        triggers = [BUMP_VERSION]


NOT_LOGGED = "(not logged)"  # stands in the log for the value of a secret column


class LogTriggerSql(pgtrigger.compiler.UpsertTriggerSql):
    """The trigger's function runs as its owner, who alone may write the log; nobody else calls it.

    The library's own form could be passed over by a setting of the session.
    """

    def get_template(self) -> str:
        return """
            CREATE OR REPLACE FUNCTION {pgid}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
                SET search_path = pg_catalog, public, pg_temp
                AS $$ {declare} BEGIN {func} END; $$;
            REVOKE EXECUTE ON FUNCTION {pgid}() FROM PUBLIC;
            DROP TRIGGER IF EXISTS {pgid} ON {table};
            CREATE TRIGGER {pgid} {when} {operation} ON {table} {referencing} FOR EACH {level}
                EXECUTE FUNCTION {pgid}();
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class LogTrigger(pgtrigger.Trigger):
    """Writes the log, and knows what it does not write."""

    when = pgtrigger.After

    def __init__(self, *, secret: Sequence[str], unlogged: Sequence[str], **options):
        super().__init__(**options)
        self.secret = frozenset(secret)
        # what `to_jsonb` brings of a row, but for these columns
        self.without = f"- '{{{','.join(unlogged)}}}'::text[]"
        self.hidden = f"'{json.dumps(dict.fromkeys(secret, NOT_LOGGED))}'::jsonb"

    def compile(self, model):
        return pgtrigger.compiler.Trigger(
            name=self.name,
            sql=LogTriggerSql(
                pgid=self.get_pgid(model),
                declare=self.render_declare(model),
                func=self.render_func(model),
                table=model._meta.db_table,
                when=self.when,
                operation=self.operation,
                referencing=self.referencing or "",
                level=self.level,
            ),
        )


WRITES_THE_LOG = """
    INSERT INTO accounts_change (
        at, table_name, row_id, code, version, operation, was, now,
        by_id, step, why, request, database_user
    )
    SELECT
        clock_timestamp(), TG_TABLE_NAME, (this ->> 'id')::bigint,
        coalesce(this ->> 'code', ''), (this ->> 'version')::integer,
        lower(TG_OP), was, now,
        nullif(current_setting('reviewhub.by', true), '')::bigint,
        coalesce(current_setting('reviewhub.step', true), ''),
        coalesce(current_setting('reviewhub.why', true), ''),
        coalesce(current_setting('reviewhub.request', true), ''),
        session_user
"""


class LogsNewRows(LogTrigger):
    """Writes what a statement has inserted into the log, all its rows at once."""

    name = "log_write_new"
    level = pgtrigger.Statement
    operation = pgtrigger.Insert
    referencing = pgtrigger.Referencing(new="new_rows")

    def get_func(self, model):
        return f"""
            {WRITES_THE_LOG}
            FROM new_rows n, to_jsonb(n) AS whole
            CROSS JOIN LATERAL (
                SELECT whole {self.without} AS this, NULL::jsonb AS was,
                    (whole {self.without}) || {self.hidden} AS now
            ) AS row;
            RETURN NULL;
        """


class LogsChangedRows(LogTrigger):
    """Writes what a row was and became into the log, or that it is gone."""

    name = "log_write"
    operation = pgtrigger.Update | pgtrigger.Delete
    declare = [
        ("this", "jsonb"),
        ("was", "jsonb"),
        ("now", "jsonb"),
        ("old_row", "jsonb"),
        ("same", "record"),
    ]

    def get_func(self, model):
        has_version = any(field.name == "version" for field in model._meta.fields)
        return f"""
            IF TG_OP = 'UPDATE' THEN
                -- most updates that come from a link; to compare them as JSON takes much longer
                same := NEW;
                {"same.version := OLD.version;" if has_version else ""}
                IF same *= OLD THEN
                    RETURN NULL;
                END IF;
            END IF;
            old_row := to_jsonb(OLD) {self.without};
            this := old_row;
            was := old_row || {self.hidden};
            IF TG_OP = 'UPDATE' THEN
                this := to_jsonb(NEW) {self.without};
                SELECT jsonb_object_agg(o.key, coalesce({self.hidden} -> o.key, o.value)),
                    jsonb_object_agg(o.key, coalesce({self.hidden} -> o.key, this -> o.key))
                INTO was, now
                FROM jsonb_each(old_row) o
                WHERE o.key <> 'version' AND this -> o.key IS DISTINCT FROM o.value;
                IF was IS NULL THEN
                    RETURN NULL;
                END IF;
            END IF;
            {WRITES_THE_LOG};
            RETURN NULL;
        """


def log_write(
    *, secret: Sequence[str] = (), unlogged: Sequence[str] = ()
) -> tuple[LogTrigger, LogTrigger]:
    """Every insert, update and delete of a row becomes a row of `accounts.Change`.

    Of columns named as `secret` the log says that they changed, not what they hold; of those named
    as `unlogged` nothing. An update that changes nothing but the version (a link was added: see
    `moves_version_of`) is logged where it happened.
    """
    hidden = {"secret": secret, "unlogged": unlogged}
    return LogsNewRows(**hidden), LogsChangedRows(**hidden)


def secret_columns(model) -> frozenset[str]:
    """The columns of which the log does not tell what they hold: people's contact data."""
    kept = (one for owner, one in pgtrigger.registered() if owner is model)
    return frozenset().union(*(one.secret for one in kept if isinstance(one, LogTrigger)))


NEVER_EMPTIED = pgtrigger.Trigger(
    name="never_emptied",
    level=pgtrigger.Statement,
    when=pgtrigger.Before,
    operation=pgtrigger.Truncate,
    # test databases are emptied between tests, and say so
    func="""
        IF current_setting('reviewhub.empty_log', true) IS DISTINCT FROM 'on' THEN
            RAISE EXCEPTION 'The table % is never emptied: the log would not know.', TG_TABLE_NAME;
        END IF;
        RETURN NULL;
    """,
)


def logged(model):
    """Class decorator: every write to this table is logged."""
    return pgtrigger.register(*log_write(), NEVER_EMPTIED)(model)


def logged_without(*secret: str):
    """Class decorator: logged, but without what these columns hold (people's contact data)."""
    return pgtrigger.register(*log_write(secret=secret), NEVER_EMPTIED)


# A record that an import has added in this very transaction, and nobody has changed since: nobody
# else can have seen it, so there is no earlier version that they could hold. To write it again
# for each kind of link would take longer than all else of the import.
IS_JUST_ADDED = """
    CASE WHEN version = 1 AND current_setting('reviewhub.step', true) = 'import' THEN
        -- what we see, and is not committed, is ours, in whichever savepoint it was written
        CASE WHEN xmin::text::bigint >= pg_current_xact_id()::text::bigint & 4294967295 THEN
            (pg_xact_status((
                (pg_current_xact_id()::text::bigint & ~4294967295) + xmin::text::bigint
            )::text::xid8) = 'in progress') IS TRUE
        ELSE false END
    ELSE false END
"""


def moves_version_of(
    table: str, column: str, name: str = "parent"
) -> tuple[pgtrigger.Trigger, ...]:
    """Rows of this table are part of their parent's content: writing them is an edit of that.

    However many of them a statement writes, it is one edit. Moving a row from one parent to
    another is an edit of both.
    """
    ways = {
        "added": (pgtrigger.Insert, {"new": "new_rows"}, f"AND NOT {IS_JUST_ADDED}"),
        "changed": (pgtrigger.Update, {"old": "old_rows", "new": "new_rows"}, ""),
        "removed": (pgtrigger.Delete, {"old": "old_rows"}, ""),
    }
    return tuple(
        pgtrigger.Trigger(
            name=f"moves_version_of_{name}_{way}",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=operation,
            referencing=pgtrigger.Referencing(**rows),
            # an array, so that the parents are found by their keys, however many there were when
            # the plan was made
            func=f"""
                UPDATE {table} SET version = version WHERE id = ANY (ARRAY(
                    {" UNION ALL ".join(f"SELECT {column} FROM {one}" for one in rows.values())}
                )) {unless};
                RETURN NULL;
            """,
        )
        for way, (operation, rows, unless) in ways.items()
    )


def log_links(model, *fields: str) -> None:
    """Log the rows that a many-to-many field adds and removes; each is an edit of the record."""
    meta = model._meta
    parent = moves_version_of(meta.db_table, f"{meta.model_name}_id")
    for name in fields:
        pgtrigger.register(*log_write(), *parent, NEVER_EMPTIED)(getattr(model, name).through)


# The id of the request that is being answered, if one is: the log names it with what it writes.
request_in_hand: ContextVar[str] = ContextVar("request_in_hand", default="")


@contextmanager
def signed(*, by, step: str = "", why: str = "", request: str = "") -> Iterator[None]:
    """One transaction whose writes the log ascribes to this person, with the reason.

    `by` is a user or None (a command); an inner signature holds until its own end, and belongs to
    the same request as the outer one, or to the one in hand.
    """
    names = ("by", "step", "why", "request")
    values = (str(by.pk) if by is not None else "", step, why, request)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT "
                + ", ".join(f"current_setting('reviewhub.{name}', true)" for name in names)
            )
            outer = cursor.fetchone()
            values = (*values[:-1], request or outer[-1] or request_in_hand.get())
            _set(cursor, names, values)
        yield
        with connection.cursor() as cursor:
            _set(cursor, names, [value or "" for value in outer])


def _set(cursor, names, values) -> None:
    cursor.execute(
        "SELECT " + ", ".join(f"set_config('reviewhub.{name}', %s, true)" for name in names),
        values,
    )


def in_language(record, field: str, language: str | None = None) -> str:
    """The text of `field` in the reader's language, else in English: "name" of a State."""
    code = (language or get_language() or settings.LANGUAGE_CODE)[:2]
    return getattr(record, f"{field}_{code}", "") or getattr(record, f"{field}_en")
