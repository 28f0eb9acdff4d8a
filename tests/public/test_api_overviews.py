"""What the API says of all kinds at once: the search, coverage, files."""

from datetime import timedelta

import pytest
from django.db import connection

from public.api.files import files_of
from public.models import PublicRecord, database_now
from public.workflow import Status
from tests.factories import (
    A_FILE,
    DocumentFactory,
    PledgeFactory,
    PracticeFactory,
    RoundtableFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    objective,
    published,
    published_again,
    take,
)

pytestmark = pytest.mark.django_db


def refusal(answer) -> list[dict]:
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == 400
    return answer.json()["errors"]


def hidden(canary: str, **values) -> None:
    """Practices that nobody may see: drafts and all that follows, one under embargo, old texts."""
    for status in Status:
        if status != Status.PUBLISHED:
            PracticeFactory(status=status, title=canary, **values)
    published(PracticeFactory(title=canary, **values), at=database_now() + timedelta(days=1))
    corrected = PracticeFactory(title=canary, published=True, **values)
    published_again(corrected, title="Other", summary="Other", retract_earlier=True)
    take("withdraw", corrected)


# --- Search -----------------------------------------------------------------------------------


def test_search_finds_records_of_all_kinds_best_first(client):
    practice = PracticeFactory(title="A bridge", summary="For newcomers.", published=True)
    pledge = PledgeFactory(text="We will build a bridge &amp; a road. " * 12, published=True)
    hidden("bridge")

    answer = client.get("/api/v1/search/?q=bridge").json()

    snippet = answer["results"][1].pop("snippet")
    assert answer == {
        "count": 2,
        "next": None,
        "previous": None,
        "kinds": {"practice": 1, "pledge": 1},
        "results": [
            {
                "kind": "practice",
                "code": practice.code,
                "title": "A bridge",
                "language": "en",
                "permanent_url": f"http://testserver/practices/{practice.code}/",
                "snippet": "",
            },
            {
                "kind": "pledge",
                "code": pledge.code,
                "title": "Legal aid for every migrant child",
                "language": "en",
                "permanent_url": f"http://testserver/pledges/{pledge.code}/",
            },
        ],
    }
    assert snippet.startswith("We will build a bridge &amp; a road. We will")
    assert "<mark>" not in snippet


def test_search_of_one_kind_still_counts_all(client):
    PracticeFactory(title="A bridge", published=True)
    pledge = PledgeFactory(title="A bridge", published=True)

    answer = client.get("/api/v1/search/?q=bridge&kind=pledge").json()

    assert [one["code"] for one in answer["results"]] == [pledge.code]
    assert (answer["count"], answer["kinds"]) == (1, {"practice": 1, "pledge": 1})


def test_search_says_what_it_corrected(client):
    PracticeFactory(title="Integration", published=True)

    corrected = client.get("/api/v1/search/?q=intergation").json()
    exact = client.get("/api/v1/search/?q=intergation&exact=1").json()

    assert corrected["search"] == {"typed": "intergation", "searched": "integration"}
    assert (corrected["count"], exact["count"], "search" in exact) == (1, 0, False)


def test_search_is_that_of_the_page(client):
    for title in ("A bridge", "Bridges and roads", "No road"):
        PracticeFactory(title=title, published=True)
        PledgeFactory(title=title, published=True)

    for words in ("bridge", "road -bridge", "bridge OR road", "P-0001", "Albania", "brigde"):
        api = client.get("/api/v1/search/", {"q": words}).json()["results"]
        page = client.get("/search/", {"q": words}).context["page"]
        assert [one["code"] for one in api] == [line["code"] for line in page], words


def test_search_for_signs_finds_nothing(client):
    PracticeFactory(published=True)

    answer = client.get("/api/v1/search/?q=...").json()

    assert (answer["count"], answer["kinds"], answer["results"]) == (0, {}, [])


@pytest.mark.parametrize(
    ("question", "parameter"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=%00", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=a&q=b", "q"),
        ("q=a&kind=excerpt", "kind"),
        ("q=a&exact=true", "exact"),
        ("q=a&page=0", "page"),
        ("q=a&objective=7", "objective"),
    ],
)
def test_search_refuses_by_name(client, question, parameter):
    [error] = refusal(client.get(f"/api/v1/search/?{question}"))

    assert error["parameter"] == parameter


# --- Coverage ---------------------------------------------------------------------------------


def test_coverage_counts_pairs(client):
    PracticeFactory(objectives=[7, 15], member_states=["ALB", "SRB"], published=True)
    PracticeFactory(objectives=[7], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[2], published=True)
    PledgeFactory(objectives=[2], published=True)
    hidden("x", objectives=[5], member_states=["TUR"])

    answer = client.get("/api/v1/coverage/").json()

    rule = answer.pop("rule")
    assert rule.startswith("A practice that names two objectives")
    assert answer == {
        "kind": "practice",
        "count": 3,
        "rows": [
            {"member_state": "ALB", "objective": 7, "count": 2},
            {"member_state": "ALB", "objective": 15, "count": 1},
            {"member_state": "SRB", "objective": 7, "count": 1},
            {"member_state": "SRB", "objective": 15, "count": 1},
        ],
        "totals": {
            "member_states": {"ALB": 2, "SRB": 1},
            "objectives": {"2": 1, "7": 2, "15": 1},
        },
    }


@pytest.mark.parametrize(
    "question", ["", "kind=pledge", "cycle=RR2020", "objective=7", "kind=report&subregion=EUROPE"]
)
def test_coverage_is_that_of_the_page(client, question):
    PracticeFactory(objectives=[7, 15], member_states=["ALB", "SRB"], published=True)
    PracticeFactory(objectives=[7], member_states=["ALB"], cycle="RR2020", published=True)
    PledgeFactory(objectives=[2], published=True)
    VoluntaryReportFactory(published=True)
    type(objective(15)).objects.filter(number=15).update(retired_on="2024-01-01")

    answer = client.get(f"/api/v1/coverage/?{question}").json()
    picture = client.get(f"/coverage/?{question}").context["picture"]

    lines = picture.drawing.values["lines"]
    assert {(row["member_state"], row["objective"]): row["count"] for row in answer["rows"]} == {
        (line["iso3"], cell["number"]): cell["count"]
        for line in lines
        for cell in line["cells"]
        if cell["count"]
    }
    assert answer["totals"]["member_states"] == {
        line["iso3"]: line["total"] for line in lines if line["total"]
    }
    assert answer["count"] == picture.rows[-1][-1]
    assert answer["rule"] == picture.rule


@pytest.mark.parametrize(
    ("question", "parameter"),
    [("kind=stakeholder", "kind"), ("cycle=RR9999", "cycle"), ("q=x", "q"), ("at=x", "at")],
)
def test_coverage_refuses_by_name(client, question, parameter):
    [error] = refusal(client.get(f"/api/v1/coverage/?{question}"))

    assert error["parameter"] == parameter


# --- Files ------------------------------------------------------------------------------------


def with_file(name: str, number: int, **values):
    """A published report with a file."""
    report = VoluntaryReportFactory()
    SubmissionFileFactory(
        report=report, **A_FILE | {"name": name, "sha256": f"{number:064}"} | values
    )
    report.refresh_from_db()  # the file has moved the version
    return published(report)


def test_files_are_told_with_their_records(client):
    report = with_file("b.pdf", 1, pages=12, kind="report")
    sitting = RoundtableFactory()
    note = A_FILE | {"name": "note.pdf", "kind": "background_note"}
    DocumentFactory(roundtable=sitting, **note)
    sitting.refresh_from_db()
    published(sitting)
    PracticeFactory(published=True)
    SubmissionFileFactory(report=VoluntaryReportFactory(), **A_FILE | {"name": "secret.pdf"})

    answer = client.get("/api/v1/files/").json()
    of_sittings = client.get("/api/v1/files/?record_kind=roundtable").json()
    of_a_kind = client.get("/api/v1/files/?kind=background_note").json()

    assert (answer["count"], answer["next"]) == (2, None)
    assert answer["results"][0] == {
        "record": {
            "kind": "report",
            "code": report.code,
            "permanent_url": f"http://testserver/reports/{report.code}/",
        },
        "name": "b.pdf",
        "title": "Report",
        "kind": "report",
        "language": "en",
        "media_type": "application/pdf",
        "bytes": 1,
        "sha256": f"{1:064}",
        "pages": 12,
        "url": f"http://testserver/files/{1:064}/b.pdf",
    }
    assert of_sittings["results"] == of_a_kind["results"] == answer["results"][1:]


def test_files_of_the_past_and_of_a_page(client):
    with_file("a.pdf", 1)
    then = database_now().isoformat().replace("+00:00", "Z")
    with_file("b.pdf", 2)

    past = client.get(f"/api/v1/files/?at={then}").json()
    second = client.get("/api/v1/files/?page_size=1&page=2").json()

    assert [one["name"] for one in past["results"]] == ["a.pdf"]
    assert [one["name"] for one in second["results"]] == ["b.pdf"]
    assert client.get("/api/v1/files/?page=3").status_code == 404


@pytest.mark.parametrize(
    ("question", "parameter"),
    [("kind=secret", "kind"), ("record_kind=figure", "record_kind"), ("q=x", "q")],
)
def test_files_refuse_by_name(client, question, parameter):
    [error] = refusal(client.get(f"/api/v1/files/?{question}"))

    assert error["parameter"] == parameter


def test_records_without_files_are_passed_over_by_an_index():
    PracticeFactory.create_batch(3, published=True)
    with_file("a.pdf", 1)
    with connection.cursor() as cursor:
        for way in ("seqscan", "bitmapscan", "sort"):  # so few rows are read fastest otherwise
            cursor.execute(f"SET LOCAL enable_{way} = off")

    plan = files_of(PublicRecord.objects.visible().of_kind("report"), "report").explain()

    assert "edition_with_files" in plan


# --- What they cost ---------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("search/?q=newcomers", 15),
        ("search/?q=newcommers", 27),
        ("coverage/?cycle=RR2024", 11),
        ("files/", 8),
        ("files/?kind=report", 8),
    ],
)
def test_they_cost_the_same_for_one_and_for_many(
    client, how_many, address, queries, django_assert_num_queries
):
    published(*PracticeFactory.create_batch(how_many, member_states=["ALB"]))
    for number in range(how_many):
        with_file(f"{number}.pdf", number)

    with django_assert_num_queries(queries):  # 4 of them are the fence, 2 the allowance
        assert client.get(f"/api/v1/{address}").status_code == 200


def test_the_root_names_them(client):
    root = client.get("/api/v1/").json()

    assert [root[name] for name in ("search", "coverage", "files")] == [
        "http://testserver/api/v1/search/",
        "http://testserver/api/v1/coverage/",
        "http://testserver/api/v1/files/",
    ]
