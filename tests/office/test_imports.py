"""Importing records, shown with practices: what is written, refused and left alone."""

from datetime import date, datetime, time

import pytest
from django.core.exceptions import PermissionDenied
from tablib import Dataset

from accounts.models import Change
from objectives.models import Country, MemberStateName
from objectives.records import signed
from objectives.reference_files import FilesRefused
from office.imports import import_file
from public.models import PublicRecord
from public.workflow import Status
from sessions.models import Recommendation, Roundtable
from sessions.resources import RecommendationResource, RoundtableResource
from submissions.models import Practice, PracticeObjective
from submissions.resources import PracticeResource
from tests.factories import (
    StakeholderFactory,
    brought_to,
    cycle,
    implementer_type,
    member_state,
    objective,
    principle,
    published,
    sdg,
    source_document,
)
from tests.sheets import PRACTICE, ROUNDTABLE, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference_data(db):
    for number in (7, 15):
        objective(number)
    cycle("RR2024")


def country(code):
    Country.objects.create(code=code, name_en=code)


def practices(*fields):
    return list(Practice.objects.order_by("code", *fields).values_list(*fields))


def log():
    """What has been logged so far: table, operation, what it became."""
    return list(Change.objects.order_by("id").values_list("table_name", "operation", "now"))


# --- What is written ------------------------------------------------------------------------


def test_import_fills_a_record_with_all_that_its_row_says(sheets, editor):
    for make, code in [
        (member_state, "ALB"),
        (member_state, "SRB"),
        (principle, "people_centred"),
        (sdg, 10),
        (country, "GHA"),
        (country, "NGA"),
        (implementer_type, "member_state"),
        (source_document, "SR2020"),
    ]:
        make(code)
    StakeholderFactory(code="ST-0001")
    row = PRACTICE | {
        "stakeholder": "ST-0001",
        "objectives": "7; 15",
        "primary_objectives": "15",
        "principles": "people_centred",
        "sdgs": "10",
        "member_states": "SRB;ALB",
        "partner_countries": "GHA;NGA",
        "lead_implementer": "Ministry of Work",
        "implementer_types": "member_state",
        "year_start": "2020",
        "year_end": "2023",
        "covid19": "TRUE",
        "url": "https://example.org/centres",
        "sources": "SR2020",
        "source_locator": "Annex, Objective 7",
        "staff_notes": "Start year by context.",
    }

    outcome = sheets.load(PracticeResource, row)

    assert (outcome.added, outcome.changed, outcome.unchanged, outcome.edited) == (
        ["P-0001"],
        {},
        [],
        {"P-0001"},
    )
    practice = Practice.objects.for_document().get()
    document = practice.document().as_json()
    assert document | {"source": dict(document["source"])} == {
        "kind": "practice",
        "code": "P-0001",
        "title": "One-stop centres",
        "language": "en",
        "source": {"documents": ["SR2020"], "locator": "Annex, Objective 7"},
        "url": "https://example.org/centres",
        "summary": "All services in one place.",
        "party": {"member_state": "", "stakeholder": "ST-0001"},
        "lead_implementer": "Ministry of Work",
        "implementer_types": ["member_state"],
        "member_states": ["ALB", "SRB"],
        "partner_countries": ["GHA", "NGA"],
        "objectives": [7, 15],
        "primary_objectives": [15],
        "principles": ["people_centred"],
        "sdgs": [10],
        "level": "national",
        "year_start": 2020,
        "year_end": 2023,
        "cycle": "RR2024",
        "covid19": True,
        "files": [],
    }
    assert (practice.status, practice.edited_by, practice.staff_notes) == (
        Status.DRAFT,
        editor,
        "Start year by context.",
    )


@pytest.mark.django_db(transaction=True)
def test_links_are_an_edit_of_a_record_unless_the_import_has_just_added_it(sheets):
    principle("people_centred")
    principle("gender_responsive")

    versions = []
    for named in ("people_centred", "people_centred;gender_responsive", ""):
        sheets.load(PracticeResource, PRACTICE | {"principles": named})
        versions.append(Practice.objects.get().version)

    assert versions == [1, 2, 3]


@pytest.mark.django_db(transaction=True)
def test_links_to_what_an_import_has_added_and_changed_since_are_an_edit(editor):
    """Only of what nobody can have seen: not of what was written again, or by anybody else."""
    with signed(by=editor, step="import"):
        practice = Practice.objects.create(title="New", level="national", cycle=cycle("RR2024"))
        practice.sdgs.add(sdg(10))
        unseen = Practice.objects.get().version
        practice.save()
        practice.principles.add(principle("gender_responsive"))
        seen = Practice.objects.get().version
    with signed(by=editor):
        practice.principles.add(principle("people_centred"))

    assert (unseen, seen, Practice.objects.get().version) == (1, 3, 4)


def test_import_signs_its_writes_with_who_and_which_file(sheets, editor):
    before = Change.objects.count()

    sheets.load(PracticeResource, PRACTICE)

    new = Change.objects.order_by("id")[before:]
    assert [(one.table_name, one.by, one.step, one.why) for one in new] == [
        ("submissions_practice", editor, "import", "rows.csv"),
        ("submissions_practiceobjective", editor, "import", "rows.csv"),
    ]


@pytest.mark.parametrize("said", ["ALB", "alb", "AL", "008", "Albania", "ALBANIA", "Shqipëria"])
def test_import_knows_a_state_by_each_of_its_names(sheets, said):
    MemberStateName.objects.create(
        member_state=member_state("ALB"), name="Shqipëria", kind="spelling"
    )

    sheets.load(PracticeResource, PRACTICE | {"member_states": said})

    assert practices("member_states__iso3") == [("ALB",)]


def test_import_of_the_same_file_again_writes_nothing(sheets):
    member_state("ALB")
    row = PRACTICE | {"objectives": "7;15", "member_states": "ALB"}
    sheets.load(PracticeResource, row)
    before = (log(), practices("version", "edited_by"))

    outcome = sheets.load(PracticeResource, row)

    assert (outcome.unchanged, outcome.is_nothing) == (["P-0001"], True)
    assert (log(), practices("version", "edited_by")) == before


def test_import_does_not_mind_blanks_around_a_text_and_how_its_lines_end(sheets):
    sheets.load(PracticeResource, PRACTICE | {"summary": "One line.\nAnother."})
    Practice.objects.update(summary="One line.\r\nAnother. ")

    outcome = sheets.load(PracticeResource, PRACTICE | {"summary": "One line.\r\nAnother."})

    assert outcome.unchanged == ["P-0001"]


def test_import_writes_only_the_cells_that_changed(sheets, reviewer):
    sheets.load(PracticeResource, PRACTICE, PRACTICE | {"code": "P-0002"})
    reviewer.groups.set(sheets.by.groups.all())
    before, versions = len(log()), practices("version")

    outcome = sheets.load(
        PracticeResource,
        PRACTICE,
        PRACTICE | {"code": "P-0002", "year_start": "2021", "level": "local"},
        by=reviewer,
    )

    assert outcome.unchanged == ["P-0001"]
    assert outcome.changed == {
        "P-0002": {"level": ("national", "local"), "year_start": ("", "2021")}
    }
    assert log()[before:] == [
        (
            "submissions_practice",
            "update",
            {"level": "local", "year_start": 2021, "edited_by_id": reviewer.pk},
        )
    ]
    assert practices("version") == [versions[0], (versions[1][0] + 1,)]


def test_import_leaves_links_alone_that_stay(sheets):
    for code in ("ALB", "SRB", "TUR"):
        member_state(code)
    row = PRACTICE | {"objectives": "7;15", "member_states": "ALB;SRB"}
    sheets.load(PracticeResource, row)
    before = len(log())

    outcome = sheets.load(
        PracticeResource, row | {"primary_objectives": "15", "member_states": "SRB;TUR"}
    )

    assert outcome.changed == {
        "P-0001": {"primary_objectives": ("7", "15"), "member_states": ("ALB;SRB", "SRB;TUR")}
    }
    assert [(table, operation) for table, operation, _now in log()[before:]] == [
        ("submissions_practiceobjective", "update"),
        ("submissions_practiceobjective", "update"),
        ("submissions_practice_member_states", "insert"),
        ("submissions_practice_member_states", "delete"),
    ]
    assert practices("member_states__iso3") == [("SRB",), ("TUR",)]
    links = PracticeObjective.objects.order_by("objective")
    assert list(links.values_list("objective__number", "primary")) == [(7, False), (15, True)]


def test_import_takes_a_sheet_with_numbers_and_dates(editor):
    rows = [
        PRACTICE | {"year_start": 2020.0, "covid19": True, "primary_objectives_claimed": 1},
        dict.fromkeys(PRACTICE),
    ]
    sheet = Dataset(headers=list(PracticeResource.columns()))
    for row in rows:
        sheet.append([row.get(name) for name in sheet.headers])

    outcome = import_file(PracticeResource, sheet, by=editor, name="practices.xlsx")

    assert (outcome.file, outcome.added) == ("practices.xlsx", ["P-0001"])
    assert practices("year_start", "covid19") == [(2020, True)]


def test_import_takes_a_sheet_with_dates_and_times(editor):
    row = ROUNDTABLE | {
        "starts_on": datetime(2024, 3, 11),
        "ends_on": date(2024, 3, 11),
        "start_time": time(10),
        "end_time": time(11, 15),
    }
    sheet = Dataset(headers=list(RoundtableResource.columns()))
    sheet.append([row.get(name) for name in sheet.headers])

    import_file(RoundtableResource, sheet, by=editor)

    assert list(
        Roundtable.objects.values_list("starts_on", "ends_on", "start_time", "end_time")
    ) == [(date(2024, 3, 11), date(2024, 3, 11), time(10), time(11, 15))]


def test_import_says_what_would_happen_without_doing_it(sheets):
    before = log()

    outcome = sheets.load(PracticeResource, PRACTICE, dry_run=True)

    assert (outcome.added, practices("code"), log()) == (["P-0001"], [], before)


@pytest.mark.parametrize("how_many", [1, 4])
def test_import_costs_the_same_for_one_and_for_many(sheets, how_many, django_assert_num_queries):
    rows = [PRACTICE | {"code": f"P-000{number}"} for number in range(1, how_many + 1)]

    with django_assert_num_queries(17):
        sheets.load(PracticeResource, *rows)
    with django_assert_num_queries(17):
        sheets.load(PracticeResource, *rows)


@pytest.mark.parametrize("how_many", [1, 4])
def test_export_costs_the_same_for_one_and_for_many(sheets, how_many, django_assert_num_queries):
    sheets.load(
        PracticeResource,
        *(PRACTICE | {"code": f"P-000{number}"} for number in range(1, how_many + 1)),
    )

    with django_assert_num_queries(9):
        PracticeResource().export()


def test_export_can_be_imported_again(sheets, tmp_path):
    for make, code in [(member_state, "ALB"), (country, "GHA"), (country, "NGA")]:
        make(code)
    sheets.load(
        PracticeResource,
        PRACTICE | {"objectives": "7;15", "member_states": "ALB", "partner_countries": "NGA;GHA"},
        PRACTICE | {"code": "P-0002", "year_start": "2020", "covid19": "true"},
    )
    path = write(
        tmp_path / "export.csv", list(PracticeResource.columns()), PracticeResource().export().dict
    )

    outcome = import_file(PracticeResource, path, by=sheets.by)

    assert outcome.unchanged == ["P-0001", "P-0002"]


# --- What is refused ------------------------------------------------------------------------

NO_LEVEL = "“galactic” is not one of: local, national, bilateral, subregional, regional, global."


@pytest.mark.parametrize(
    ("column", "said", "reason"),
    [
        ("code", "", "This cell finds the record: it must not be empty."),
        ("title", "", "This cell must not be empty."),
        ("title", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
        ("cycle", "RR1999", "There is no review cycle “RR1999”."),
        ("cycle", "", "This cell must not be empty."),
        ("member_states", "Atlantis", "There is no Member State “Atlantis”."),
        ("objectives", "7;99", "There is no objective “99”."),
        ("objectives", "", "This cell must not be empty."),
        ("partner_countries", "ALB", "There is no country outside the region “ALB”."),
        ("primary_objectives", "15", "15: not in the column objectives."),
        ("primary_objectives_claimed", "0", "Ensure this value is greater than or equal to 1."),
        ("level", "galactic", NO_LEVEL),
        ("covid19", "perhaps", "Write true or false."),
        ("covid19", "", "This cell must not be empty."),
        ("year_start", "long ago", "“long ago” value must be an integer."),
        ("year_start", "02020", "Write it as “2020”."),
        ("url", "javascript:alert(1)", "Enter a valid URL."),
        ("url", "ftp://example.org", "Enter a valid URL."),
    ],
)  # fmt: skip
def test_import_refuses_a_bad_cell_with_its_place(sheets, column, said, reason):
    problems = sheets.problems(PracticeResource, PRACTICE | {column: said})

    assert problems[:1] == [(2, column, reason)]
    assert practices("code") == []


def test_import_refuses_an_ambiguous_name(sheets):
    for code in ("ALB", "SRB"):
        state = member_state(code)
        state.official_name_en = "Republic"
        state.save()

    assert sheets.problems(PracticeResource, PRACTICE | {"member_states": "Republic"}) == [
        (2, "member_states", "“Republic” may be any of ALB, SRB.")
    ]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        (
            {"year_start": "2021", "year_end": "2020"},
            ("year_start, year_end", "A practice cannot end before it starts."),
        ),
        (
            {"member_state": "ALB", "stakeholder": "ST-0001"},
            (
                "member_state, stakeholder",
                "Name one party: either a Member State or a stakeholder.",
            ),
        ),
        (
            {"code": "7"},
            (
                "code",
                "A code is the letters of its kind, a hyphen and at least four digits, for example"
                " P-0001. Leave it empty to get the next one.",
            ),
        ),
    ],
)
def test_import_explains_a_rule_of_the_database(sheets, values, problem):
    member_state("ALB")
    StakeholderFactory(code="ST-0001")

    problems = sheets.problems(PracticeResource, PRACTICE | {"code": "P-0002"}, PRACTICE | values)

    assert problems == [(3, *problem)]
    assert practices("code") == []


def test_import_explains_a_rule_over_several_tables(sheets):
    row = ROUNDTABLE | {"starts_on": "2020-01-01", "ends_on": "2020-01-01"}

    assert sheets.problems(RoundtableResource, row) == [
        (
            2,
            "",
            "A roundtable sits between the first day of its cycle, or of its preparation,"
            " and the last.",
        )
    ]


def test_import_explains_a_rule_that_a_change_breaks(sheets):
    sheets.load(PracticeResource, PRACTICE | {"year_start": "2020"})

    assert sheets.problems(PracticeResource, PRACTICE | {"year_start": "20200"}) == [
        (2, "year_start, year_end", "Write years with four digits, for example 2020.")
    ]
    assert practices("year_start") == [(2020,)]


def test_import_refuses_the_whole_file_for_one_row(sheets):
    sheets.load(PracticeResource, PRACTICE)

    problems = sheets.problems(
        PracticeResource,
        PRACTICE | {"title": "A new title"},
        PRACTICE | {"code": "P-0002"},
        PRACTICE | {"code": "P-0003", "level": ""},
        PRACTICE | {"code": "P-0004", "sources": "XX2020"},
    )

    assert problems == [
        (4, "level", "This cell must not be empty."),
        (5, "sources", "There is no source document “XX2020”."),
    ]
    assert practices("code", "title") == [("P-0001", "One-stop centres")]


def test_import_refuses_the_same_key_twice(sheets):
    assert sheets.problems(PracticeResource, PRACTICE, PRACTICE | {"title": "Another"}) == [
        (3, "code", "“P-0001” stands in row 2 already.")
    ]


def test_import_refuses_unknown_columns_by_name(tmp_path, editor):
    columns = [name for name in PracticeResource.columns() if name != "level"]
    path = write(tmp_path / "p.csv", [*columns, "Levell", "Reviewer's remarks"], [PRACTICE])

    with pytest.raises(FilesRefused) as refusal:
        import_file(PracticeResource, path, by=editor)

    assert str(refusal.value) == (
        "Nothing was loaded: 3 problems.\n"
        "  p.csv, row 1, column level: The column is missing.\n"
        "  p.csv, row 1, column Levell: There is no such column. Perhaps you mean “level”.\n"
        "  p.csv, row 1, column Reviewer's remarks: There is no such column. Known here: "
        + ", ".join(PracticeResource.columns())
        + "."
    )


def test_import_refuses_a_file_without_the_columns_that_new_records_need(tmp_path, editor):
    path = write(tmp_path / "p.csv", ["code", "title", "summary"], [PRACTICE])

    with pytest.raises(FilesRefused) as refusal:
        import_file(PracticeResource, path, by=editor)

    reason = "The column is missing. Row 2 adds a record, which needs it."
    assert [(one.row, one.column, one.reason) for one in refusal.value.problems] == [
        (1, "cycle", reason),
        (1, "objectives", reason),
        (1, "level", reason),
    ]


def test_import_leaves_what_a_file_without_its_column_does_not_say(sheets, tmp_path, editor):
    sheets.load(PracticeResource, PRACTICE | {"year_start": "2020", "objectives": "7;15"})
    path = write(tmp_path / "p.csv", ["title", "code"], [PRACTICE | {"title": "New"}])

    outcome = import_file(PracticeResource, path, by=editor)

    assert outcome.changed == {"P-0001": {"title": ("One-stop centres", "New")}}
    assert practices("title", "year_start", "objectives__number") == [
        ("New", 2020, 7),
        ("New", 2020, 15),
    ]


def test_import_gives_new_records_the_defaults_of_missing_columns(tmp_path, editor):
    columns = ["code", "title", "summary", "cycle", "objectives", "level"]
    path = write(tmp_path / "p.csv", columns, [PRACTICE])

    import_file(PracticeResource, path, by=editor)

    assert practices("language", "covid19", "primary_objectives_claimed", "url") == [
        ("en", False, 1, "")
    ]


def test_import_refuses_a_file_without_the_column_that_finds_the_records(tmp_path, editor):
    path = write(tmp_path / "p.csv", ["title"], [PRACTICE])

    with pytest.raises(FilesRefused) as refusal:
        import_file(PracticeResource, path, by=editor)

    assert [(one.row, one.column, one.reason) for one in refusal.value.problems] == [
        (1, "code", "The column is missing.")
    ]


def test_import_needs_its_own_right(sheets, reader):
    with pytest.raises(PermissionDenied):
        sheets.load(PracticeResource, PRACTICE, by=reader)

    assert practices("code") == []


def test_import_does_not_begin_to_use_what_was_retired(sheets):
    state = member_state("ALB")
    sheets.load(PracticeResource, PRACTICE | {"member_states": "ALB"})
    state.retired_on = date(2024, 1, 1)
    state.save()

    outcome = sheets.load(
        PracticeResource, PRACTICE | {"member_states": "ALB", "title": "A new title"}
    )
    problems = sheets.problems(
        PracticeResource, PRACTICE | {"code": "P-0002", "member_states": "ALB"}
    )

    assert outcome.changed == {"P-0001": {"title": ("One-stop centres", "A new title")}}
    assert problems == [(2, "member_states", "“ALB” was retired on 2024-01-01.")]


def test_the_library_importer_is_closed():
    with pytest.raises(NotImplementedError):
        PracticeResource().import_data(Dataset())


# --- Records that somebody has signed -------------------------------------------------------


@pytest.fixture
def public_practice(sheets):
    sheets.load(PracticeResource, PRACTICE)
    return published(Practice.objects.get())


def test_import_refuses_to_change_a_signed_record(sheets, public_practice):
    problems = sheets.problems(PracticeResource, PRACTICE | {"title": "New", "level": "local"})

    assert problems == [
        (
            2,
            "",
            "P-0001 is published, so somebody has signed it, and this row would change it"
            " (title, level). Take it back to draft first.",
        )
    ]


def test_import_passes_over_a_signed_record_that_stays(sheets, public_practice):
    assert sheets.load(PracticeResource, PRACTICE).unchanged == ["P-0001"]


def test_import_takes_a_signed_record_back_when_asked(sheets, public_practice):
    outcome = sheets.load(PracticeResource, PRACTICE | {"title": "New"}, take_back=True)

    assert outcome.changed == {"P-0001": {"title": ("One-stop centres", "New")}}
    assert practices("title", "status", "public_edition") == [("New", Status.DRAFT, 1)]
    assert list(PublicRecord.objects.values_list("title", "edition")) == [("One-stop centres", 1)]


def test_import_never_takes_an_approved_record_back(sheets):
    sheets.load(PracticeResource, PRACTICE)
    brought_to(Status.APPROVED, Practice.objects.get())

    problems = sheets.problems(PracticeResource, PRACTICE | {"title": "New"}, take_back=True)

    assert [column for _row, column, _reason in problems] == [""]
    assert practices("title", "status") == [("One-stop centres", Status.APPROVED)]


def test_import_writes_staff_notes_on_a_signed_record(sheets, public_practice, reviewer):
    reviewer.groups.set(sheets.by.groups.all())

    sheets.load(PracticeResource, PRACTICE | {"staff_notes": "Check the year."}, by=reviewer)

    assert practices("staff_notes", "status", "edited_by__name") == [
        ("Check the year.", Status.PUBLISHED, "Editor")
    ]


def test_import_leaves_what_it_is_told_to_leave(sheets):
    sheets.load(PracticeResource, PRACTICE, PRACTICE | {"code": "P-0002"})

    outcome = sheets.load(
        PracticeResource,
        PRACTICE | {"title": "New"},
        PRACTICE | {"code": "P-0002", "title": "New"},
        leave={"P-0002"},
    )

    assert (list(outcome.changed), outcome.left) == (["P-0001"], ["P-0002"])
    assert practices("title") == [("New",), ("One-stop centres",)]


# --- Records that refer to each other -------------------------------------------------------


def test_import_finds_records_of_the_same_file_in_any_order(sheets):
    sheets.load(
        RoundtableResource,
        ROUNDTABLE | {"code": "RR2024-S1-A", "part_of": "RR2024-S1"},
        ROUNDTABLE,
        ROUNDTABLE | {"code": "RR2024-S1-A-1", "part_of": "RR2024-S1-A"},
    )

    roundtables = Roundtable.objects.order_by("code").values_list("code", "part_of__code")
    assert list(roundtables) == [
        ("RR2024-S1", None),
        ("RR2024-S1-A", "RR2024-S1"),
        ("RR2024-S1-A-1", "RR2024-S1-A"),
    ]


def test_import_refuses_records_that_refer_to_each_other_in_a_circle(sheets):
    problems = sheets.problems(
        RoundtableResource,
        ROUNDTABLE | {"part_of": "RR2024-S2"},
        ROUNDTABLE | {"code": "RR2024-S2", "part_of": "RR2024-S1"},
        ROUNDTABLE | {"code": "RR2024-S3"},
    )

    reason = "These rows refer to each other in a circle."
    assert problems == [(2, "part_of", reason), (3, "part_of", reason)]
    assert list(Roundtable.objects.all()) == []


def test_import_refuses_a_number_that_is_taken(sheets):
    row = {"cycle": "RR2024", "number": "1", "text": "Count.", "language": "en"}
    sheets.load(RecommendationResource, row | {"code": "R2024-G-01"})

    assert sheets.problems(RecommendationResource, row | {"code": "R2024-G-02"}) == [
        (
            2,
            "cycle, roundtable, number",
            "Another recommendation of this roundtable has this number.",
        )
    ]
    assert list(Recommendation.objects.values_list("code")) == [("R2024-G-01",)]
