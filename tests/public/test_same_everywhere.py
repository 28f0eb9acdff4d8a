"""Page, API, CSV, NDJSON, XLSX and dumps say the same of every record, kind by kind."""

import csv
import gzip
import io
import json
import sqlite3
from contextlib import closing
from zipfile import ZipFile

import pytest

from public import dumps, tables
from public.api.records import RESOURCES
from public.columns import COLUMNS
from public.documents import ExcerptDocument
from public.editions import write_editions
from public.filters import FILTERS
from public.models import FOLDERS, PublicRecord
from public.names import Names
from public.sheets import csv_cells, unguard
from public.tables import Reader, csv_rows
from public.tables import rows_of as rows_of_table
from tests.browser import public_site
from tests.public.files import rows_of, workbook_of

pytestmark = pytest.mark.django_db

EXCERPT = ExcerptDocument(
    **public_site.ORIGIN,
    code="EX-0001",
    title="",
    text="-1 is a number, and no formula.",
    type="achievement",
    report="VR-2024-ALB",
    roundtable="",
    objectives=[7],
    member_states=["ALB"],
    cycle="RR2024",
)


@pytest.fixture
def site(settings, tmp_path):
    """Something of every kind, with the dumps made."""
    settings.DUMPS_ROOT = tmp_path / "dumps"
    settings.SITE_URL = "http://testserver"
    public_site.make()
    moment = public_site.PUBLISHED
    hard = public_site.practice(30, title="=1+1", summary="'a'\n“б”, \t\"ü\"", year_end=None)
    for one in (EXCERPT, hard):
        write_editions([one], begin=moment, now=moment, retract_earlier=False)
    return dumps.build()[0]


def of_the_api(client, kind: str) -> list[dict]:
    return client.get(f"/api/v1/{RESOURCES[kind]}/?ordering=code&page_size=500").json()["results"]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("kind", COLUMNS)
def test_documents_are_the_same_everywhere(client, site, kind):
    documents = of_the_api(client, kind)

    lines = client.get(f"/api/v1/{RESOURCES[kind]}/?ordering=code&format=ndjson").getvalue()
    alone = [client.get(f"/api/v1/{RESOURCES[kind]}/{one['code']}/").json() for one in documents]
    dumped = gzip.decompress(site.files[1].path.read_bytes()).splitlines()

    assert len(documents) == site.counts[kind] > 0
    assert [json.loads(line) for line in lines.splitlines()] == documents
    assert alone == documents
    assert [one for one in map(json.loads, dumped) if one["kind"] == kind] == documents


@pytest.mark.parametrize("kind", COLUMNS)
def test_tables_are_the_same_everywhere(client, site, kind):
    folder = RESOURCES[kind]
    table = rows_of(client.get(f"/api/v1/{folder}/?ordering=code&format=csv"))

    with ZipFile(site.files[0].path) as archive:
        in_zip = rows(archive.read(f"{folder}.csv").decode("utf-8-sig"))
    with closing(sqlite3.connect(site.files[2].path)) as database:
        database.row_factory = sqlite3.Row
        in_sqlite = [
            {name: "" if row[name] is None else str(row[name]) for name in row.keys()}  # noqa: SIM118
            for row in database.execute(f"SELECT * FROM {folder} ORDER BY code")
        ]
    sheet = workbook_of(client.get(f"/api/v1/{folder}/?ordering=code&format=xlsx"))[folder]
    header, *cells = sheet.values

    assert table == in_zip
    assert [{name: unguard(text) for name, text in row.items()} for row in table] == in_sqlite
    assert list(header) == [column.name for column in COLUMNS[kind]]
    assert [row[0] for row in cells] == [row["code"] for row in table]


@pytest.mark.parametrize("kind", COLUMNS)
@pytest.mark.parametrize("remembered", [1, tables.REMEMBERED])
def test_lines_of_csv_are_the_rows(site, monkeypatch, kind, remembered):
    """Cells that are written once for many records are those of each."""
    monkeypatch.setattr(tables, "REMEMBERED", remembered)
    records = PublicRecord.objects.of_kind(kind).order_by("code")
    lines, rows = (
        list(of(records, COLUMNS[kind], Reader(Names(), "https://site.example")))
        for of in (csv_rows, rows_of_table)
    )

    assert lines == [csv_cells(row) for row in rows] != []


@pytest.mark.parametrize("kind", COLUMNS)
def test_tables_say_what_documents_say(client, site, kind):
    """A column of the name of a field has its value; permanent addresses are the same."""
    documents = of_the_api(client, kind)
    table = rows_of(client.get(f"/api/v1/{RESOURCES[kind]}/?ordering=code&format=csv"))
    plain = {"language", "title", "text", "summary", "url", "edition", "cycle", "level", "stage"}
    lists = {"objectives", "primary_objectives", "member_states", "principles", "sdgs"}
    said = [
        {name: str(one[name]) for name in plain if name in row}
        | {name: ";".join(map(str, one[name])) for name in lists if name in row}
        for one, row in zip(documents, table, strict=True)
    ]

    assert [
        {name: unguard(row[name]) for name in values}
        for row, values in zip(table, said, strict=True)
    ] == said
    if kind in FOLDERS:
        assert [row["address"] for row in table] == [one["permanent_url"] for one in documents]


QUESTIONS = [
    (kind, question)
    for question in ("", "objective=7", "member_state=ALB", "q=plan")
    for kind in FOLDERS
    if question.partition("=")[0] in {"", *FILTERS[kind].base_filters}
]


@pytest.mark.parametrize(("kind", "question"), QUESTIONS)
def test_pages_list_what_the_api_lists(client, site, kind, question):
    sort = "relevance" if question.startswith("q=") else "newest"
    folder = FOLDERS[kind]

    page = client.get(f"/{folder}/?page_size=100&{question}").context["page"]
    api = client.get(f"/api/v1/{folder}/?page_size=100&sort={sort}&{question}").json()
    file = rows_of(client.get(f"/{folder}.csv?{question}"))

    listed = [line["code"] for line in page]
    assert [one["code"] for one in api["results"]] == [row["code"] for row in file] == listed
    assert question or sorted(listed) == [one["code"] for one in of_the_api(client, kind)]


@pytest.mark.parametrize("kind", FOLDERS)
def test_pages_of_records_show_what_the_api_says(client, site, kind):
    for one in of_the_api(client, kind):
        page = client.get(f"/{FOLDERS[kind]}/{one['code']}/")
        shown = page.context["shown"]

        assert (shown["code"], shown["edition"], shown["permanent_url"]) == (
            one["code"],
            one["edition"],
            one["permanent_url"],
        )
        assert shown["published_at"].isoformat().replace("+00:00", "Z") == one["published_at"]
