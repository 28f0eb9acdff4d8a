"""The floor: one statement written by hand for each workload, over the tables of the site.

No framework, no roles, no languages, no checks of what is asked: what is left is the database and
the server. It is here to be measured against, and is nothing to serve people with.
"""

import os
import threading
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs

import psycopg2

PAGE = 25
BLOCK = 1 << 16
SITE = "https://bench.example/practices/"

# What an item of the API's lists says, as JSON.
ITEM = f"""
    (r.document || jsonb_build_object(
        'edition', r.edition, 'published_at', lower(r.visible),
        'first_published_at', r.first_published_at,
        'permanent_url', '{SITE}' || r.code || '/'
    ))::text
"""
NOW = (
    "r.kind = 'practice' AND r.visible @> statement_timestamp()"
    " AND r.first_published_at <= statement_timestamp()"
)
NEWEST = "r.first_published_at DESC, r.code"


def listed(where: str, *, total: bool = True) -> str:
    """A page of the records for which this holds, newest first, and their number."""
    count = "null"
    if total:
        count = f"(SELECT count(*) FROM public_record r WHERE {where})"  # noqa: S608  # as below
    return f"""
        SELECT {count}, string_agg({ITEM}, ',' ORDER BY {NEWEST})
        FROM public_record r WHERE r.id = ANY (ARRAY(
            SELECT r.id FROM public_record r WHERE {where}
            ORDER BY {NEWEST} LIMIT {PAGE} OFFSET %(first)s
        ))
    """  # noqa: S608  # our own words; values are parameters


WORDS = " || ".join(
    f"(phraseto_tsquery('{one}', 'labour') && phraseto_tsquery('{one}', 'migration'))"
    for one in ("reviewhub_en", "reviewhub_fr", "reviewhub_ru")
)
SEARCH = f"""
    WITH found AS MATERIALIZED (
        SELECT r.id, r.first_published_at, r.code, NOT t.title_vector @@ ({WORDS}) AS tier,
            ts_rank(t.vector, ({WORDS})) AS rank
        FROM public_editiontext t JOIN public_record r ON r.id = t.edition_id
        WHERE t.vector @@ ({WORDS}) AND {NOW}
    ), best AS MATERIALIZED (
        SELECT * FROM found ORDER BY tier, rank DESC, first_published_at DESC, code LIMIT {PAGE}
    )
    SELECT (SELECT count(*) FROM found), string_agg(
        {ITEM}, ',' ORDER BY tier, rank DESC, best.first_published_at DESC, best.code
    ) FROM best JOIN public_record r USING (id)
"""  # noqa: S608

FACETS = f"""
    WITH narrowed AS MATERIALIZED (
        SELECT member_states, level, year, grouping(member_states, level, year) AS part,
            count(*) AS n
        FROM public_record r WHERE {NOW} AND objectives && %(objective)s
        GROUP BY GROUPING SETS ((member_states), (level), (year), ())
    ), every AS MATERIALIZED (
        SELECT objectives, count(*) AS n FROM public_record r WHERE {NOW} GROUP BY objectives
    )
    SELECT (SELECT n FROM narrowed WHERE part = 7), jsonb_build_object(
        'objective', (SELECT jsonb_object_agg(value, n) FROM (
            SELECT value, sum(n) AS n FROM every, unnest(objectives) AS value GROUP BY value) o),
        'member_state', (SELECT jsonb_object_agg(value, n) FROM (
            SELECT value, sum(n) AS n FROM narrowed, unnest(member_states) AS value
            WHERE part = 3 GROUP BY value) s),
        'level', (SELECT jsonb_object_agg(level, n) FROM narrowed WHERE part = 5),
        'year', (SELECT jsonb_object_agg(year, n) FROM narrowed WHERE part = 6)
    )::text
"""  # noqa: S608

RECORD = f"SELECT {ITEM} FROM public_record r WHERE {NOW} AND r.code = %(code)s"  # noqa: S608

# The columns of the site's own file that a record has itself; names would need other tables.
TABLE = f"""
    COPY (
        SELECT r.code, r.title, r.document->>'summary', r.language,
            r.document->'party'->>'member_state', r.document->'party'->>'stakeholder',
            r.document->>'lead_implementer', array_to_string(r.implementer_types, ';'),
            array_to_string(r.member_states, ';'), array_to_string(r.objectives, ';'),
            array_to_string(r.primary_objectives, ';'), array_to_string(r.principles, ';'),
            array_to_string(r.sdgs, ';'), r.level, r.year, r.document->>'year_end', r.cycle,
            r.covid19, array_to_string(r.sources, ';'), r.edition, lower(r.visible),
            r.first_published_at, '{SITE}' || r.code || '/'
        FROM public_record r WHERE {NOW} ORDER BY {NEWEST}
    ) TO STDOUT (FORMAT csv)
"""  # noqa: S608

JSON = ("Content-Type", "application/json")
here = threading.local()


def cursor():
    """A cursor of the connection that this thread keeps."""
    if not hasattr(here, "connection"):
        here.connection = psycopg2.connect(os.environ["DATABASE_URL"])
        here.connection.autocommit = True
    return here.connection.cursor()


def row(sql: str, **values) -> tuple:
    with cursor() as asked:
        asked.execute(sql, values)
        return asked.fetchone()


def page(sql: str, **values) -> bytes:
    count, items = row(sql, **values)
    told = "null" if count is None else count
    return f'{{"count":{told},"results":[{items or ""}]}}'.encode()


def counted(sql: str, **values) -> bytes:
    return '{{"count":{},"facets":{}}}'.format(*row(sql, **values)).encode()


def whole(sql: str, **values) -> bytes:
    return row(sql, **values)[0].encode()


NEWEST_PAGE = listed(NOW)
WITHOUT_TOTAL = listed(NOW, total=False)
BOTH = listed(
    f"{NOW} AND r.objectives && %(objective)s AND r.member_states && %(state)s::varchar(3)[]"
)
ANSWERS: dict[str, Callable[[dict[str, str]], bytes]] = {
    "/newest": lambda asked: page(NEWEST_PAGE, first=0),
    "/first": lambda asked: page(WITHOUT_TOTAL, first=0),
    "/both": lambda asked: page(
        BOTH, first=0, objective=[int(asked["objective"])], state=[asked["state"]]
    ),
    "/search": lambda asked: page(SEARCH),
    "/facets": lambda asked: counted(FACETS, objective=[int(asked["objective"])]),
    "/record": lambda asked: whole(RECORD, code=asked["code"]),
    "/page": lambda asked: page(NEWEST_PAGE, first=(int(asked["page"]) - 1) * PAGE),
    "/nothing": lambda asked: b"{}",
}


def application(environ, start_response):
    """The floor as a WSGI application."""
    asked = {name: values[0] for name, values in parse_qs(environ["QUERY_STRING"]).items()}
    if environ["PATH_INFO"] == "/table":
        start_response("200 OK", [("Content-Type", "text/csv; charset=utf-8")])
        return table()
    body = ANSWERS[environ["PATH_INFO"]](asked)
    start_response("200 OK", [JSON, ("Content-Length", str(len(body)))])
    return [body]


def table() -> Iterator[bytes]:
    """All records as CSV, sent as the database says them."""
    out, into = os.pipe()

    def copy() -> None:
        with psycopg2.connect(os.environ["DATABASE_URL"]) as own, os.fdopen(into, "wb") as pipe:
            own.cursor().copy_expert(TABLE, pipe, BLOCK)
        own.close()

    threading.Thread(target=copy, daemon=True).start()
    with os.fdopen(out, "rb") as lines:
        while block := lines.read(BLOCK):
            yield block
