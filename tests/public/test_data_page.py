"""Open data: the page, the code book, and the file with everything."""

import csv
import io
import json
from datetime import timedelta
from hashlib import sha256
from zipfile import ZipFile

import pytest
from django.core.management import call_command
from django.urls import reverse

from public import dumps
from public.columns import COLUMNS
from public.models import database_now
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
    assert "This file is being made anew." in page.content.decode()


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
        (f"{dumps.folder_of(kind)}.csv", column.name)
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

    answer = client.get(reverse("public:data-file", args=[dump.file]))
    content = content_of(answer)
    assert answer["Content-Type"] == "application/zip"
    assert (len(content), sha256(content).hexdigest()) == (dump.bytes, dump.sha256)
    archive = ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    assert archive.namelist() == [
        *(f"{dumps.folder_of(kind)}.csv" for kind in COLUMNS),
        "codebook-en.csv",
        "codebook-fr.csv",
        "codebook-ru.csv",
        "README.txt",
    ]
    assert [len(table(archive, f"{dumps.folder_of(kind)}.csv")) for kind in COLUMNS] == [1] * 8
    [row] = table(archive, "practices.csv")
    assert row["address"] == f"https://review.example.org/practices/{practice.code}/"
    names = {row["name"] for row in table(archive, "codebook-fr.csv") if row["code"] == "fr"}
    assert names == {"français"}
    assert "practices.csv: 1 records" in archive.read("README.txt").decode()


def test_manifest_tells_what_the_file_is(client):
    PracticeFactory(published=True)
    dump = built()

    told = client.get("/data/manifest.json").json()

    assert told == {
        "file": dump.file,
        "made_at": dump.made_at,
        "counts": {kind: int(kind == "practice") for kind in COLUMNS},
        "bytes": dump.bytes,
        "sha256": dump.sha256,
    }
    assert offered(client) == dump


def test_dump_is_the_same_bytes_for_the_same_content_and_moment(settings, tmp_path):
    PracticeFactory.create_batch(3, published=True)
    moment = database_now()

    sums = []
    for folder in ("one", "two"):
        settings.DUMPS_ROOT = tmp_path / folder
        sums.append(dumps._written(moment).sha256)

    assert sums[0] == sums[1]


def test_dump_holds_nothing_that_is_not_public():
    canary = "ZEISIG"
    for status in Status:
        if status != Status.PUBLISHED:
            PracticeFactory(status=status, title=canary)
    published(PracticeFactory(title=canary), at=database_now() + timedelta(days=1))
    published_again(PracticeFactory(title=canary, published=True), title="x", retract_earlier=True)

    dump = built()

    archive = ZipFile(dump.path)
    assert dump.counts["practice"] == 1
    assert [name for name in archive.namelist() if canary in archive.read(name).decode()] == []


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
    assert client.get(reverse("public:data-file", args=[dump.file])).status_code == 404
    assert client.get("/data/manifest.json").status_code == 404
    assert built().file != dump.file
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
    assert said == ["Made", "Nothing has changed since", "Made"]
    assert len(list(settings.DUMPS_ROOT.glob("*.zip"))) == 1
    assert list(settings.DUMPS_ROOT.glob("arriving-*")) == []


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"file": "../../secret.zip"}', "\x00"])
def test_broken_manifest_offers_nothing(client, settings, manifest):
    built()
    settings.DUMPS_ROOT.joinpath(dumps.MANIFEST).write_text(manifest)

    assert offered(client) is None


@pytest.mark.parametrize("name", ["other.zip", "manifest.zip", "..%2Fmanifest.zip", "a.csv"])
def test_no_other_file_is_served(client, name):
    built()

    assert client.get(f"/data/{name}").status_code == 404
