"""Open data: the page, the code book, and the file with everything."""

import csv
import gzip
import io
import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.urls import reverse

from public import dumps
from public.columns import COLUMNS
from public.dump_files import folder_of
from public.models import database_now
from public.vocabularies import VOCABULARIES
from public.workflow import Status
from tests.factories import (
    ExcerptFactory,
    FigureFactory,
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    published,
    published_again,
    take,
)
from tests.public.files import content_of, rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DUMPS_ROOT = tmp_path / "dumps"


def built() -> dumps.Dump:
    dump, _is_new = dumps.build()
    return dump


def offered(client) -> dumps.Dump | None:
    return client.get("/data/").context["dump"]


def taken(client, dump: dumps.Dump, ending: str) -> bytes:
    """A file of the dump, as somebody takes it."""
    [one] = [one for one in dump.files if one.ending == ending]
    answer = client.get(reverse("public:data-file", args=[one.file]))
    content = content_of(answer)
    assert answer["Content-Type"] == one.media_type
    assert (len(content), sha256(content).hexdigest()) == (one.bytes, one.sha256)
    return content


def table(archive: ZipFile, name: str) -> list[dict[str, str]]:
    text = archive.read(name).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


# --- The page ---------------------------------------------------------------------------------


def test_page_offers_every_list_in_every_form_with_its_count(client):
    PracticeFactory.create_batch(2, published=True)
    PracticeFactory(status=Status.APPROVED)
    FigureFactory(published=True)

    page = client.get("/data/")

    lists = page.context["lists"]
    assert {one["kind"]: one["count"] for one in lists} == {
        "practice": 2,
        "pledge": 0,
        "report": 0,
        "recommendation": 0,
        "roundtable": 0,
        "stakeholder": 0,
    }
    assert [url for _form, url in lists[0]["forms"]] == [
        "/practices.csv",
        "/practices.xlsx",
        "/practices.atom",
    ]
    assert "/roundtables.ics" in [url for _form, url in lists[4]["forms"]]
    assert "These files are being made anew." in page.content.decode()


def test_page_of_the_past_offers_the_files_of_the_past(client):
    PracticeFactory(published=True)

    page = client.get("/data/?at=2024-03-11")

    assert page.context["lists"][0]["count"] == 0
    assert page.context["lists"][0]["forms"][0][1] == "/practices.csv?at=2024-03-11"
    assert "Everything in one file" not in page.content.decode()


def test_page_tells_the_licence_that_was_chosen(client, settings):
    assert "Ask the secretariat" in client.get("/data/").content.decode()
    settings.DATA_LICENCE = "CC BY 4.0"
    settings.DATA_LICENCE_URL = "https://licences.example/by"

    page = client.get("/data/").content.decode()

    assert '<a href="https://licences.example/by" rel="license external">CC BY 4.0</a>' in page
    assert "Ask the secretariat" not in page


def test_page_tells_search_engines_of_the_data(client, settings):
    settings.SITE_NAME = "</script><b>"
    PracticeFactory(published=True)

    page = client.get("/data/").content.decode()

    block = page.split('<script type="application/ld+json">')[1].split("</script>")[0]
    told = json.loads(block)
    assert (told["@type"], told["url"]) == ("Dataset", "http://testserver/data/")
    assert told["creator"]["name"] == "</script><b>"
    assert told["distribution"][0] == {
        "@type": "DataDownload",
        "encodingFormat": "text/csv",
        "contentUrl": "http://testserver/practices.csv",
    }


@pytest.mark.parametrize("how_many", [1, 4])
def test_page_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    PracticeFactory.create_batch(how_many, published=True)
    built()

    with django_assert_num_queries(17):
        client.get("/data/")


def test_code_book_explains_every_column_and_names_every_code(client):
    PracticeFactory(member_states=["ALB"], published=True)

    rows = rows_of(client.get(reverse("public:codebook")))

    explained = [(row["file"], row["column"]) for row in rows if row["meaning"]]
    assert explained == [
        (f"{folder_of(kind)}.csv", column.name)
        for kind, columns in COLUMNS.items()
        for column in columns
    ]
    assert {
        "file": "practices.csv",
        "column": "member_states",
        "meaning": "",
        "code": "ALB",
        "name": "Albania",
    } in rows


# --- The file with everything -----------------------------------------------------------------


def test_dump_holds_every_kind_the_code_books_and_a_readme(client, settings):
    settings.SITE_URL = "https://review.example.org"
    practice = PracticeFactory(published=True)
    for factory in (
        StakeholderFactory,
        PledgeFactory,
        VoluntaryReportFactory,
        RecommendationFactory,
        RoundtableFactory,
        ExcerptFactory,
        FigureFactory,
    ):
        factory(published=True)

    dump = built()

    content = taken(client, dump, "zip")
    archive = ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert archive.namelist() == [
        *(f"{folder_of(kind)}.csv" for kind in COLUMNS),
        "codebook-en.csv",
        "codebook-fr.csv",
        "codebook-ru.csv",
        "README.txt",
    ]
    assert [len(table(archive, f"{folder_of(kind)}.csv")) for kind in COLUMNS] == [1] * 8
    [row] = table(archive, "practices.csv")
    assert row["address"] == f"https://review.example.org/practices/{practice.code}/"
    names = {row["name"] for row in table(archive, "codebook-fr.csv") if row["code"] == "fr"}
    assert names == {"français"}
    assert "practices.csv: 1 records" in archive.read("README.txt").decode()


def test_dump_in_one_ndjson_is_what_the_api_gives(client, settings):
    settings.SITE_URL = "http://testserver"
    PracticeFactory.create_batch(2, published=True)
    FigureFactory(published=True)

    lines = gzip.decompress(taken(client, built(), "ndjson.gz")).splitlines()

    of_the_api = [
        *client.get("/api/v1/practices/?ordering=code").json()["results"],
        *client.get("/api/v1/figures/").json()["results"],
    ]
    assert [json.loads(line) for line in lines] == of_the_api


def test_dump_in_sqlite_has_tables_and_codes(client, tmp_path):
    practice = PracticeFactory(
        title="=1+1", member_states=["ALB"], covid19=True, year_start=2019, published=True
    )
    file = tmp_path / "taken.sqlite"
    file.write_bytes(taken(client, built(), "sqlite"))

    with closing(sqlite3.connect(file)) as database:
        tables = {
            name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE sql != ''")
        }
        row = database.execute(
            "SELECT p.code, title, covid19, year_start, year_end, made.name_en FROM practices p"
            " JOIN codes_member_states made ON made.code = member_states"
        ).fetchall()
        header = [one[1] for one in database.execute("PRAGMA table_info(pledges)")]
        meaning = database.execute(
            "SELECT meaning, codes FROM columns WHERE table_name = 'practices'"
            " AND column_name = 'member_states'"
        ).fetchall()
        about = dict(database.execute("SELECT name, value FROM about"))
        french = database.execute("SELECT name_fr FROM codes_languages WHERE code = 'en'")
        [(in_french,)] = french.fetchall()

    assert row == [(practice.code, "=1+1", "true", 2019, None, "Albania")]
    assert header == [column.name for column in COLUMNS["pledge"]]
    assert {f"codes_{name}" for name in VOCABULARIES} < tables
    assert meaning[0][1] == "codes_member_states"
    assert in_french == "anglais"
    assert list(about) == ["site", "address", "as_of", "terms"]


def test_manifest_tells_what_the_file_is(client):
    PracticeFactory(published=True)
    dump = built()

    told = client.get("/data/manifest.json").json()

    assert told == {
        "made_at": dump.made_at,
        "counts": {kind: int(kind == "practice") for kind in COLUMNS},
        "files": [
            {"file": one.file, "bytes": one.bytes, "sha256": one.sha256} for one in dump.files
        ],
    }
    assert [one.ending for one in dump.files] == ["zip", "ndjson.gz", "sqlite"]
    assert offered(client) == dump


def test_dump_is_the_same_bytes_for_the_same_content_and_moment(settings, tmp_path):
    PracticeFactory.create_batch(3, published=True)
    moment = database_now()

    sums = []
    for folder in ("one", "two"):
        settings.DUMPS_ROOT = tmp_path / folder
        sums.append([one.sha256 for one in dumps._written(moment).files])

    assert sums[0] == sums[1]


def test_dump_holds_nothing_that_is_not_public():
    canary = "ZEISIG"
    for status in Status:
        if status != Status.PUBLISHED:
            PracticeFactory(status=status, title=canary)
    published(PracticeFactory(title=canary), at=database_now() + timedelta(days=1))
    published_again(PracticeFactory(title=canary, published=True), title="x", retract_earlier=True)

    dump = built()

    archive, documents, database = (one.path for one in dump.files)
    with ZipFile(archive) as opened:
        texts = [opened.read(name).decode() for name in opened.namelist()]
    texts.append(gzip.decompress(documents.read_bytes()).decode())
    texts.append(database.read_bytes().decode(errors="replace"))
    assert dump.counts["practice"] == 1
    assert [canary in text for text in texts] == [False] * 14


def publish_another(_practice):
    PracticeFactory(published=True)


def withdraw(practice):
    take("withdraw", practice)


def correct(practice):
    published_again(practice, title="Corrected", retract_earlier=True)


@pytest.mark.parametrize("what_happens", [publish_another, withdraw, correct])
def test_dump_that_is_no_longer_true_is_given_to_nobody(client, what_happens):
    practice = PracticeFactory(published=True)
    dump = built()
    assert offered(client) == dump

    what_happens(practice)

    assert offered(client) is None
    for one in dump.files:
        address = reverse("public:data-file", args=[one.file])
        assert client.get(address).status_code == 404
    assert client.get("/data/manifest.json").status_code == 404
    assert not {one.file for one in built().files} & {one.file for one in dump.files}
    assert offered(client) is not None


def test_dump_knows_nothing_of_what_is_under_embargo():
    PracticeFactory(published=True)
    dump = built()

    published(PracticeFactory(), at=database_now() + timedelta(days=2))

    assert dumps.current(database_now()) == dump
    assert dump.counts["practice"] == 1


def test_dump_is_made_anew_only_when_it_must_be(settings, capsys):
    PracticeFactory(published=True)

    call_command("build_dumps")
    call_command("build_dumps")
    settings.DUMPS_ROOT.joinpath(dumps.MANIFEST).unlink()
    call_command("build_dumps")

    said = [line.split(" /")[0] for line in capsys.readouterr().out.splitlines()]
    assert said == ["Made"] * 3 + ["Nothing has changed since"] * 3 + ["Made"] * 3
    endings = {path.name.partition(".")[2] for path in settings.DUMPS_ROOT.iterdir()}
    assert endings == {"zip", "ndjson.gz", "sqlite", "json"}
    assert len(list(settings.DUMPS_ROOT.iterdir())) == 4


BROKEN = ["", "{}", "[]", '{"files": [{"file": "../../secret.zip"}]}', '{"files": []}', "\x00"]


@pytest.mark.parametrize("manifest", BROKEN)
def test_broken_manifest_offers_nothing(client, settings, manifest):
    built()
    settings.DUMPS_ROOT.joinpath(dumps.MANIFEST).write_text(manifest)

    assert offered(client) is None


@pytest.mark.parametrize(
    "name", ["other.zip", "other.sqlite", "manifest.json.zip", "..%2Fmanifest.zip", "a.csv"]
)
def test_no_other_file_is_served(client, name):
    built()

    assert client.get(f"/data/{name}").status_code == 404
