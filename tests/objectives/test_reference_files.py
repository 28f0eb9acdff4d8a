"""Files with something wrong in them are refused whole, with file, row, column and reason."""

import pytest
from django.core.management import CommandError
from django.db import connection

from accounts.models import Change
from objectives.models import MemberState, Region
from objectives.reference_files import FILES, Problem, Row, read_rows


def refusal(files, *options):
    """What the command says when it refuses the files: the count, then each problem."""
    with pytest.raises(CommandError) as refused:
        files.load(*options)
    assert refused.value.returncode == 1
    return [line.strip() for line in str(refused.value).splitlines()]


CODE_FORM = "A code has letters, digits, - and _ only, for example civil_society."
TOO_LONG = "Ensure this value has at most 120 characters (it has 121)."

# What is written over what in which file, and what is said about it.
BROKEN = {
    "unknown code": (
        "objectives",
        ("7,RT4,", "7,RT9,"),
        "objectives.csv, row 8, column cluster: “RT9” is not in clusters.csv.",
    ),
    "unknown code in a list": (
        "member_states",
        ("western_europe,UNECE;EU", "western_europe,UNECE;EEA"),
        "member_states.csv, row 5, column regions: “EEA” is not in regions.csv.",
    ),
    "missing column": (
        "clusters",
        (",name_ru,", ","),
        "clusters.csv, row 1, column name_ru: The column is missing.",
    ),
    "unknown column": (
        "sdgs",
        ("name_ru,notes", "name_ru,notes,colour"),
        "sdgs.csv, row 1, column colour: There is no such column. Known here: number, name_en, "
        "name_fr, name_ru, notes.",
    ),
    "column twice": (
        "sdgs",
        ("name_ru,notes", "name_ru,notes,notes"),
        "sdgs.csv, row 1, column notes: The column stands twice.",
    ),
    "no such day": (
        "review_cycles",
        ("2024-03-11", "2024-02-30"),
        "review_cycles.csv, row 4, column starts_on: “2024-02-30” value has the correct format "
        "(YYYY-MM-DD) but it is an invalid date.",
    ),
    "day written otherwise": (
        "review_cycles",
        ("2024-03-11", "2024-3-11"),
        "review_cycles.csv, row 4, column starts_on: Write it as “2024-03-11”.",
    ),
    "not a day": (
        "member_state_names",
        ("2022-06-01", "1 June 2022"),
        "member_state_names.csv, row 57, column used_until: “1 June 2022” value has an invalid "
        "date format. It must be in YYYY-MM-DD format.",
    ),
    "key twice": (
        "member_states",
        ("\r\nAND,AD,", "\r\nALB,AD,"),
        "member_states.csv, row 3, column iso3: “ALB” stands in row 2 already.",
    ),
    "name twice, in other letters": (
        "member_state_names",
        (",Holland,", ",the netherlands,"),
        "member_state_names.csv, row 47, column name: “The Netherlands” stands in row 44 already.",
    ),
    "number twice": (
        "objectives",
        ("\r\n8,", "\r\n7,"),
        "objectives.csv, row 9, column number: “7” stands in row 8 already.",
    ),
    "number written otherwise": (
        "objectives",
        ("\r\n7,", "\r\n07,"),
        "objectives.csv, row 8, column number: Write it as “7”.",
    ),
    "unique cell twice": (
        "implementer_types",
        (",media,", ",academia,"),
        "implementer_types.csv, row 17, column stakeholder_type: “academia” stands in row 16 "
        "already.",
    ),
    "blank mandatory cell": (
        "guiding_principles",
        (",Human rights,", ",  ,"),
        "guiding_principles.csv, row 7, column name_en: This cell must not be empty.",
    ),
    "too few cells": (
        "clusters",
        ("RT2,2,", "RT2,"),
        "clusters.csv, row 3: The row has 5 cells instead of 6.",
    ),
    "too long": (
        "sdgs",
        ("Vie terrestre", "V" * 121),
        f"sdgs.csv, row 16, column name_fr: {TOO_LONG}",
    ),
    "not one of the choices": (
        "review_cycles",
        (",virtual,", ",telepathic,"),
        "review_cycles.csv, row 2, column format: Value 'telepathic' is not a valid choice.",
    ),
    "not a language": (
        "review_cycles",
        ("en;fr;ru", "en;fr;xx"),
        "review_cycles.csv, row 2, column languages: Item 3 in the array did not validate: Value "
        "'xx' is not a valid choice.",
    ),
    "not a number": (
        "review_cycles",
        (",133,", ",many,"),
        "review_cycles.csv, row 2, column attendance_min: “many” value must be an integer.",
    ),
    "neither true nor false": (
        "stakeholder_types",
        (",false,", ",no,"),
        "stakeholder_types.csv, row 8, column in_gcm_paragraph_44: Write true or false.",
    ),
    "not a web address": (
        "review_cycles",
        ("https://migrationnetwork", "javascript:migrationnetwork"),
        "review_cycles.csv, row 2, column url: Enter a valid URL.",
    ),
    "control character": (
        "clusters",
        ("Services, incl", "Services,\x00incl"),
        "clusters.csv, row 2, column name_en: The cell holds a control character.",
    ),
    "not CSV": (
        "clusters",
        ('"Services, inclusion and contributions"', '"Services" inclusion'),
        "clusters.csv, row 2: This is not CSV: ',' expected after '\"'.",
    ),
    # What only the database knows:
    "code not well formed": (
        "stakeholder_types",
        ("\r\nmedia,", "\r\nmass media,"),
        f"stakeholder_types.csv, row 14, column code: {CODE_FORM}",
    ),
    "end before start": (
        "review_cycles",
        ("2022-05-17", "2022-05-27"),
        "review_cycles.csv, row 3, column ends_on, starts_on: The last day cannot be before the "
        "first day.",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize(("table", "swap", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_broken_file_is_refused_whole(files, table, swap, said):
    if table == "stakeholder_types" and "mass media" in swap[1]:
        files.swap("implementer_types", ",media,", ",mass media,")
    files.swap(table, *swap)

    lines = refusal(files)

    assert lines == ["Nothing was loaded: 1 problem.", said]
    assert [file.model.objects.count() for file in FILES] == [0] * len(FILES)


@pytest.mark.django_db
def test_broken_file_leaves_what_was_loaded_before(loaded):
    loaded.swap("regions", "Central Asia", "Central Asia and beyond")
    loaded.swap("review_cycles", "2022-05-17", "2022-05-27")
    before = Change.objects.count()

    refusal(loaded)

    assert Region.objects.get(code="central_asia").name_en == "Central Asia"
    assert Change.objects.count() == before


@pytest.mark.django_db
def test_problems_of_all_files_are_listed_at_once(files):
    files.swap("clusters", "RT1,1", "RT1,first")
    files.swap("objectives", "1,RT4,Collect and", "1,RT9,Collect and")
    files.swap("objectives", "Data and evidence", "")
    files.swap("member_states", "\r\nAND,AD,020", "\r\nAND,AL,020")
    files.swap("member_states", "southern_europe,UNECE,", "southern_europe,ECE,")

    lines = refusal(files)

    assert lines == [
        "Nothing was loaded: 5 problems.",
        "clusters.csv, row 2, column sort_order: “first” value must be an integer.",
        "objectives.csv, row 2, column cluster: “RT9” is not in clusters.csv.",
        "objectives.csv, row 2, column short_title_en: This cell must not be empty.",
        "member_states.csv, row 2, column regions: “ECE” is not in regions.csv.",
        "member_states.csv, row 3, column iso2: “AL” stands in row 2 already.",
    ]


@pytest.mark.django_db
def test_rows_that_the_database_refuses_are_listed_at_once(files):
    files.swap("regions", "central_asia,subregion,143", "central_asia,subregion,14")
    files.swap("member_states", "ALB,AL,008", "ALB,al,08")
    files.swap("member_states", "UZB,UZ,860", "UZB,UZ,86")  # waits for its sub-region
    files.swap("review_cycles", "133,159", "159,133")

    lines = refusal(files)

    assert lines == [
        "Nothing was loaded: 3 problems.",
        "regions.csv, row 3, column m49: An M49 code has three digits.",
        "member_states.csv, row 2, column iso2: Two capital letters, e.g. AL.",
        "review_cycles.csv, row 2, column attendance_max, attendance_min: The highest attendance "
        "cannot be below the lowest.",
    ]


@pytest.mark.django_db
def test_clash_with_a_retired_record_is_refused_with_its_row(loaded):
    loaded.drop("member_states", "UZB,")
    loaded.load()
    loaded.swap("member_states", "\r\nUKR,UA,", "\r\nUKR,UZ,")

    lines = refusal(loaded)

    assert lines == [
        "Nothing was loaded: 1 problem.",
        "member_states.csv, row 54, column iso2: There is already a record with iso2 “UZ”.",
    ]
    assert MemberState.objects.get(iso3="UKR").iso2 == "UA"


@pytest.mark.django_db
def test_code_that_changes_its_case_is_refused_as_permanent(loaded):
    loaded.swap("stakeholder_types", "\r\nmedia,", "\r\nMedia,")
    loaded.swap("implementer_types", ",media,", ",Media,")

    lines = refusal(loaded)

    assert lines == [
        "Nothing was loaded: 1 problem.",
        "stakeholder_types.csv, row 14, column code: A code is permanent: it can be retired, not "
        "changed.",
    ]


@pytest.mark.django_db
def test_no_more_than_fifty_problems_are_written_out(files):
    files.write("regions")

    lines = refusal(files)

    assert lines[0] == "Nothing was loaded: 141 problems."
    assert (len(lines), lines[-1]) == (52, "… and 91 more.")


@pytest.mark.django_db
def test_missing_file_is_refused(files):
    (files.folder / "sdgs.csv").unlink()

    lines = refusal(files)

    assert lines == [
        "Nothing was loaded: 1 problem.",
        "sdgs.csv: The file is missing, or may not be read.",
    ]


@pytest.mark.django_db
def test_file_that_is_not_utf_8_is_refused_with_its_row(files):
    path = files.folder / "clusters.csv"
    path.write_bytes(
        path.read_text("utf-8").splitlines(True)[0].encode() + "RT1,1,Été".encode("latin-1")
    )

    lines = refusal(files)

    assert lines == [
        "Nothing was loaded: 1 problem.",
        "clusters.csv, row 2: This is not UTF-8. Save the file as “CSV UTF-8”.",
    ]


@pytest.mark.django_db
def test_broken_files_are_refused_without_asking_the_database(files, django_assert_num_queries):
    files.swap("clusters", "RT1,1", "RT1,first")

    with django_assert_num_queries(0):
        refusal(files)

    assert connection.in_atomic_block


# --- Reading one file -----------------------------------------------------------------------


@pytest.fixture
def written(tmp_path):
    def write(text: bytes):
        path = tmp_path / "things.csv"
        path.write_bytes(text)
        return path

    return write


def test_rows_are_read_as_spreadsheets_write_them(written):
    path = written(
        b'\xef\xbb\xbfname,code\r\n" quoted, so ",A\r\n\r\n plain ,B\r\n"two\nlines",C\nd,D\n'
    )
    problems: list[Problem] = []

    rows = read_rows(path, ["code", "name"], problems)

    assert problems == []
    assert rows == [
        Row(2, {"name": "quoted, so", "code": "A"}),
        Row(4, {"name": "plain", "code": "B"}),
        Row(5, {"name": "two\nlines", "code": "C"}),
        Row(7, {"name": "d", "code": "D"}),
    ]


def test_rows_that_must_differ_are_compared_column_by_column_or_in_groups(written):
    path = written(b"code,number,name\r\nA,1,x\r\nA,2,\r\na,1,\r\nB,1,X\r\n")
    problems: list[Problem] = []

    read_rows(path, ["code", "number", "name"], problems, unique=[("code", "number"), ("name",)])

    assert problems == [
        Problem("things.csv", 4, "number", "“a, 1” stands in row 2 already."),
        Problem("things.csv", 5, "name", "“X” stands in row 2 already."),
    ]


def test_empty_file_has_no_columns(written):
    problems: list[Problem] = []

    assert read_rows(written(b""), ["code"], problems) == []
    assert problems == [Problem("things.csv", 1, "code", "The column is missing.")]


def test_reference_files_are_written_in_the_form_their_dictionary_promises(files):
    for file in FILES:
        data = (files.folder / file.name).read_bytes()
        lines = data.decode("utf-8").split("\r\n")

        assert not data.startswith(b"\xef\xbb\xbf")
        assert lines[-1] == ""
        assert [line for line in lines if "\n" in line or "\r" in line] == []


def test_dictionary_names_every_file_and_column(files):
    dictionary = (files.folder / "README.md").read_text("utf-8")

    missing = [
        f"{file.name} {name}"
        for file in FILES
        for name in [file.name, *(column.name for column in file.columns)]
        if f"`{name}`" not in dictionary
    ]

    assert missing == []
