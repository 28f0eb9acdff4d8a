"""Lists as files: what stands in them, what never does, and that they say what the list says."""

from datetime import date, timedelta
from types import GeneratorType

import msgspec
import pytest
from django.urls import reverse

from public import downloads
from public.columns import COLUMNS, MIXED
from public.documents import KINDS
from public.models import FOLDERS, PublicRecord, database_now
from public.sheets import LONGEST_TEXT, unguard
from public.workflow import Status
from tests.factories import (
    RECORD_FACTORIES,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RecommendationFactory,
    ReportSectionFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    published,
    published_again,
    take,
)
from tests.public.files import codes_of, content_of, rows_of, workbook_of

pytestmark = pytest.mark.django_db

LISTED = {
    "practice": PracticeFactory,
    "pledge": PledgeFactory,
    "report": VoluntaryReportFactory,
    "recommendation": RecommendationFactory,
    "roundtable": RoundtableFactory,
    "stakeholder": StakeholderFactory,
}
HIDDEN = [status for status in Status if status != Status.PUBLISHED]


def address(kind: str = "practice", form: str = "csv") -> str:
    return reverse(f"public:{kind}-list-as", args=[form])


# --- CSV --------------------------------------------------------------------------------------


def test_csv_flattens_a_practice_with_codes_and_names(client):
    stakeholder = StakeholderFactory(published=True, title="Migrants' Union")
    practice = PracticeFactory(
        title="Centres",
        summary="First line.\nSecond; with “signs”, commas, and ümlauts.",
        stakeholder=stakeholder,
        objectives=[7, 15],
        member_states=["ALB", "SRB"],
        principles=["people_centred"],
        sdgs=[10],
        sources=["SR2020"],
        source_locator="Annex",
        year_start=2019,
        published=True,
    )
    record = PublicRecord.objects.of_kind("practice").get()

    [row] = rows_of(client.get(address()))

    moment = record.visible.lower.isoformat()
    assert row == {
        "code": practice.code,
        "title": "Centres",
        "summary": "First line.\nSecond; with “signs”, commas, and ümlauts.",
        "language": "en",
        "language_name": "English",
        "party": stakeholder.code,
        "party_name": "Migrants' Union",
        "lead_implementer": "",
        "implementer_types": "",
        "implementer_type_names": "",
        "member_states": "ALB;SRB",
        "member_state_names": "Albania;Serbia",
        "partner_countries": "",
        "partner_country_names": "",
        "objectives": "7;15",
        "objective_names": "Objective 7;Objective 15",
        "primary_objectives": "7",
        "primary_objective_names": "Objective 7",
        "principles": "people_centred",
        "principle_names": "people_centred",
        "sdgs": "10",
        "sdg_names": "Goal 10",
        "level": "national",
        "level_name": "National",
        "year_start": "2019",
        "year_end": "",
        "cycle": "RR2024",
        "cycle_name": "Review of 2024",
        "covid19": "false",
        "files": "",
        "sources": "SR2020",
        "source_names": "Summary report",
        "source_locator": "Annex",
        "url": "",
        "address": f"http://testserver/practices/{practice.code}/",
        "edition": "1",
        "published_at": moment,
        "first_published_at": moment,
    }


def test_csv_of_pledges_tells_their_progress(client):
    pledge = PledgeFactory()
    ProgressUpdateFactory(pledge=pledge, text="The first\nlawyers are trained.")
    pledge.refresh_from_db()
    published(pledge)

    [row] = rows_of(client.get(address("pledge")))

    assert (row["party"], row["party_name"], row["stage"]) == ("ALB", "Albania", "planned")
    assert (row["progress_on"], row["progress_stages"]) == ("2024-06-01", "in_progress")
    assert row["progress_texts"] == "The first lawyers are trained."


def test_csv_of_reports_holds_their_texts(client):
    report = VoluntaryReportFactory()
    for number, text in ((7, "One."), (15, "Two.")):
        ReportSectionFactory(
            report=report, objective=number, sort_order=number, title=f"On {number}", text=text
        )
    report.refresh_from_db()
    published(report)

    [row] = rows_of(client.get(address("report")))

    assert (row["section_objectives"], row["section_titles"]) == ("7;15", "On 7\nOn 15")
    assert row["section_texts"] == "One.\n\nTwo."


@pytest.mark.parametrize("kind", LISTED)
def test_csv_of_every_kind_has_its_columns_and_rows(client, kind):
    record = LISTED[kind](published=True)

    [row] = rows_of(client.get(address(kind)))

    assert list(row) == [column.name for column in COLUMNS[kind]]
    assert row["code"] == record.code
    assert row["address"] == f"http://testserver/{FOLDERS[kind]}/{record.code}/"


def test_columns_are_one_of_each_name_and_leave_nothing_of_a_document_out():
    named_otherwise = {
        "party": {"party"},
        "source": {"sources", "source_locator"},
        "progress": {"progress_on"},
        "sections": {"section_texts"},
        "party_name": {"party_as_written"},
        "roles": {"people"},
        "statements": {"statement_parties"},
    }
    in_another_column = {("recommendation", "title"), ("excerpt", "title")}  # made of the text
    missing = []

    for kind, columns in {**COLUMNS, "mixed": MIXED}.items():
        names = [column.name for column in columns]
        assert len(names) == len(set(names))
        for field in msgspec.structs.fields(KINDS[kind]) if kind in KINDS else ():
            if not named_otherwise.get(field.name, {field.name}) <= set(names):
                missing.append((kind, field.name))

    assert set(missing) == in_another_column


def test_csv_speaks_the_readers_language(client):
    PracticeFactory(published=True)

    [row] = rows_of(client.get(f"/fr{address()}"))

    assert (row["language_name"], row["level_name"]) == ("anglais", "National")
    assert row["address"].startswith("http://testserver/practices/")


def test_csv_is_named_and_streamed(client):
    PracticeFactory(published=True)

    answer = client.get(address())

    today = f"{database_now():%Y-%m-%d}"
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (
        answer["Content-Disposition"] == f'attachment; filename="reviewhub-practices-{today}.csv"'
    )
    assert answer.streaming
    assert isinstance(answer._iterator, GeneratorType | map)


def test_csv_runs_no_formula_and_loses_nothing(client):
    titles = ["=1+1", "+41 22", "-1", "@SUM(1)", "＝1", "'=1"]
    PracticeFactory.create_batch(1, published=True)
    for title in titles:
        PracticeFactory(title=title, summary="\t=cmd()", published=True)

    rows = rows_of(client.get(address()))

    assert sorted(unguard(row["title"]) for row in rows if row["title"][:1] == "'") == sorted(
        titles
    )
    assert {row["summary"] for row in rows} >= {"'\t=cmd()"}


@pytest.mark.parametrize("kind", LISTED)
@pytest.mark.parametrize("form", ["csv", "xlsx", "atom"])
def test_nothing_that_is_not_public_is_in_any_form(client, kind, form):
    """Each hidden record says the canary in its title or text."""
    canary = "ZEISIG"
    words = {"recommendation": "text", "roundtable": "title_en"}.get(kind, "title")
    for status in HIDDEN:
        LISTED[kind](status=status, **{words: canary})
    published(LISTED[kind](**{words: canary}), at=database_now() + timedelta(days=1))
    published_again(
        LISTED[kind](published=True, **{words: canary}),
        retract_earlier=True,
        **{words: "Public again"},
    )

    answer = client.get(address(kind, form))

    if form == "csv":
        [row] = rows_of(answer)
        assert canary not in str(row)
    elif form == "xlsx":
        sheet = workbook_of(answer).worksheets[0]
        assert sheet.max_row == 2
        assert canary not in str(list(sheet.values))
    else:
        assert canary not in answer.content.decode()
        assert answer.content.decode().count("<entry") == 1


def test_forms_show_the_past_as_it_was(client):
    practice = PracticeFactory(title="Before", published=True)
    before = database_now()
    published_again(practice, title="After")
    PracticeFactory(published=True)

    [row] = rows_of(client.get(address(), {"at": before.isoformat()}))

    assert (row["title"], row["edition"]) == ("Before", "1")
    take("withdraw", practice)
    assert rows_of(client.get(address(), {"at": before.isoformat()})) == []


@pytest.mark.parametrize(
    "query",
    [
        "objective=7&objective=15&member_state=ALB",
        "objective=2",
        "primary_objective=7",
        "q=lawyer",
        "level=local",
        "cycle=RR2024&language=en",
    ],
)
def test_csv_answers_the_same_question_as_the_page(client, query):
    PracticeFactory(objectives=[7], member_states=["ALB"], published=True)
    PracticeFactory(objectives=[15, 2], member_states=["ALB", "SRB"], published=True)
    PracticeFactory(objectives=[7], level="local", summary="A lawyer helps.", published=True)

    page = client.get(f"{reverse('public:practice-list')}?{query}")

    assert codes_of(client.get(f"{address()}?{query}")) == [
        line["code"] for line in page.context["page"].object_list
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx", "atom"])
@pytest.mark.parametrize("query", ["objective=99", "member_state=XXX", "at=2999-01-01", "at=x"])
def test_bad_values_are_refused_in_every_form(client, form, query):
    PracticeFactory(published=True)

    assert client.get(f"{address(form=form)}?{query}").status_code == 400


def test_calendar_holds_the_roundtables_of_the_list(client):
    shown = RoundtableFactory(starts_on=date(2024, 3, 11), cycle="RR2024", published=True)
    RoundtableFactory(starts_on=date(2020, 11, 12), cycle="RR2020", published=True)
    RoundtableFactory(starts_on=date(2024, 3, 11), cycle="RR2024")

    answer = client.get("/roundtables.ics?cycle=RR2024")

    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content.count(b"BEGIN:VEVENT") == 1
    assert shown.code.encode() in answer.content


def test_other_forms_are_not_found(client):
    assert client.get("/practices.ics").status_code == 404
    assert client.get("/figures.csv").status_code == 404


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(("form", "queries"), [("csv", 19), ("xlsx", 16), ("atom", 12)])
def test_forms_cost_the_same_for_one_and_for_many(
    client, how_many, form, queries, django_assert_num_queries
):
    stakeholder = StakeholderFactory(published=True)
    PracticeFactory.create_batch(
        how_many,
        stakeholder=stakeholder,
        member_states=["ALB"],
        sources=["SR2020"],
        published=True,
    )

    with django_assert_num_queries(queries):
        answer = client.get(address(form=form))
        if answer.streaming:
            content_of(answer)


# --- XLSX -------------------------------------------------------------------------------------


def test_xlsx_holds_the_rows_a_code_book_and_a_read_me(client, settings):
    settings.DATA_LICENCE = "CC BY 4.0"
    PracticeFactory(title="=1+1", summary="In Kosovo.", member_states=["ALB"], published=True)

    answer = client.get(f"{address(form='xlsx')}?objective=7")

    rows, book, about = workbook_of(answer).worksheets
    header, row = rows.values
    assert header == tuple(column.name for column in COLUMNS["practice"])
    assert row[1] == "'=1+1"
    explained = list(book.values)
    assert explained[0] == ("column", "meaning", "code", "name")
    assert [one[0] for one in explained[1:] if one[1]] == list(header)
    assert ("member_states", None, "ALB", "Albania") in explained
    said = dict(about.values)
    assert said["Address asked"] == "http://testserver/practices.xlsx?objective=7"
    assert said["Records"] == 1
    assert said["Licence"] == "CC BY 4.0"
    assert "resolution 1244" in said["Please note"]


def test_xlsx_and_csv_say_the_same(client):
    PledgeFactory(due_on=database_now().date(), published=True)

    [row] = rows_of(client.get(address("pledge")))
    header, cells = workbook_of(client.get(address("pledge", "xlsx"))).worksheets[0].values

    texts = [
        "" if one is None else (f"{one:%Y-%m-%d}" if hasattr(one, "year") else str(one))
        for one in cells
    ]
    assert dict(zip(header, texts, strict=True)) == row


def test_xlsx_that_cannot_hold_a_text_recommends_csv(client):
    report = VoluntaryReportFactory()
    ReportSectionFactory(report=report, objective=7, text="x" * (LONGEST_TEXT + 1))
    report.refresh_from_db()
    published(report)

    answer = client.get(f"{address('report', 'xlsx')}?cycle=RR2024")

    assert answer.status_code == 413
    assert 'href="/reports.csv?cycle=RR2024"' in answer.content.decode()


def test_xlsx_of_too_many_records_recommends_csv(client, monkeypatch):
    monkeypatch.setattr(downloads, "MOST_IN_XLSX", 1)
    PracticeFactory.create_batch(2, published=True)

    answer = client.get(address(form="xlsx"))

    assert answer.status_code == 413
    assert "An XLSX file is made of up to 1 records, and these are 2." in answer.content.decode()


def test_every_kind_of_record_has_columns():
    assert set(COLUMNS) == set(KINDS)
    assert len(RECORD_FACTORIES) == len(KINDS)
