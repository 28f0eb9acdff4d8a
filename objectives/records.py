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
            CREATE TRIGGER {pgid} {when} {operation} ON {table} FOR EACH {level}
                EXECUTE FUNCTION {pgid}();
            COMMENT ON TRIGGER {pgid} ON {table} IS '{hash}';
        """


class LogTrigger(pgtrigger.Trigger):
    """Writes the log, and knows what it does not write."""

    secret: frozenset[str] = frozenset()

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
                level=self.level,
            ),
        )


def log_write(*, secret: Sequence[str] = (), unlogged: Sequence[str] = ()) -> LogTrigger:
    """Every insert, update and delete of a row becomes a row of `accounts.Change`.

    Of columns named as `secret` the log says that they changed, not what they hold; of those named
    as `unlogged` nothing. An update that changes nothing but the version (a link was added: see
    `moves_version_of`) is logged where it happened.
    """
    hidden = json.dumps(dict.fromkeys(secret, NOT_LOGGED))
    trigger = LogTrigger(
        name="log_write",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[
            ("hidden", f"jsonb := '{hidden}'"),
            ("was", "jsonb"),
            ("now", "jsonb"),
            ("old_row", "jsonb"),
            ("new_row", "jsonb"),
        ],
        func=f"""
            old_row := to_jsonb(OLD) - '{{{",".join(unlogged)}}}'::text[];
            new_row := to_jsonb(NEW) - '{{{",".join(unlogged)}}}'::text[];
            was := old_row || hidden;
            now := new_row || hidden;
            IF TG_OP = 'UPDATE' THEN
                SELECT jsonb_object_agg(o.key, coalesce(hidden -> o.key, o.value)),
                    jsonb_object_agg(o.key, coalesce(hidden -> o.key, new_row -> o.key))
                INTO was, now
                FROM jsonb_each(old_row) o
                WHERE o.key <> 'version' AND new_row -> o.key IS DISTINCT FROM o.value;
                IF was IS NULL THEN
                    RETURN NULL;
                END IF;
            END IF;
            INSERT INTO accounts_change (
                at, table_name, row_id, code, version, operation, was, now,
                by_id, step, why, request, database_user
            ) VALUES (
                clock_timestamp(), TG_TABLE_NAME,
                (coalesce(new_row, old_row) ->> 'id')::bigint,
                coalesce(coalesce(new_row, old_row) ->> 'code', ''),
                (coalesce(new_row, old_row) ->> 'version')::integer,
                lower(TG_OP), was, now,
                nullif(current_setting('reviewhub.by', true), '')::bigint,
                coalesce(current_setting('reviewhub.step', true), ''),
                coalesce(current_setting('reviewhub.why', true), ''),
                coalesce(current_setting('reviewhub.request', true), ''),
                session_user
            );
            RETURN NULL;
        """,
    )
    trigger.secret = frozenset(secret)
    return trigger


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
    return pgtrigger.register(log_write(), NEVER_EMPTIED)(model)


def logged_without(*secret: str):
    """Class decorator: logged, but without what these columns hold (people's contact data)."""
    return pgtrigger.register(log_write(secret=secret), NEVER_EMPTIED)


def moves_version_of(table: str, column: str, name: str = "parent") -> pgtrigger.Trigger:
    """A row of this table is part of its parent's content: writing it is an edit of the parent.

    Moving it from one parent to another is an edit of both.
    """
    return pgtrigger.Trigger(
        name=f"moves_version_of_{name}",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            UPDATE {table} SET version = version WHERE id IN (NEW.{column}, OLD.{column});
            RETURN NULL;
        """,
    )


def log_links(model, *fields: str) -> None:
    """Log the rows that a many-to-many field adds and removes; each is an edit of the record."""
    meta = model._meta
    parent = moves_version_of(meta.db_table, f"{meta.model_name}_id")
    for name in fields:
        pgtrigger.register(log_write(), parent, NEVER_EMPTIED)(getattr(model, name).through)


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
