"""Loading the demonstration data: whole or not at all, once, and never over anybody's edit."""

import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.demo import demonstration_accounts
from accounts.models import Change, User
from objectives.actions import load_reference_data
from objectives.reference_files import FOLDER as REFERENCE
from objectives.reference_files import FilesRefused
from public.models import Edition, PublicRecord
from public.workflow import Status
from reviewhub.demo.loader import FOLDER, KINDS, RESOURCES, People, load_demo
from submissions.models import Practice
from tests.factories import person, published_again, take


def run(folder: Path = FOLDER) -> list[str]:
    """What `load_demo` says of this folder, line by line."""
    said = io.StringIO()
    with override_settings(DEBUG=True):
        call_command("load_demo", f"--data={folder}", stdout=said)
    return said.getvalue().splitlines()


# --- What is refused ------------------------------------------------------------------------


@pytest.fixture
def folder(db, tmp_path):
    """A copy of the files with a few practices and no examples; the reference data is there."""
    person("Reader")
    load_reference_data(REFERENCE, today=date(2026, 1, 1))
    copy = Path(shutil.copytree(FOLDER, tmp_path / "data"))
    shutil.rmtree(copy / "examples")
    for name, rows in {"practices.csv": 3, "figures.csv": 2, "recommendations.csv": 2}.items():
        lines = (copy / name).read_bytes().splitlines(keepends=True)
        (copy / name).write_bytes(b"".join(lines[: rows + 1]))
    return copy


def swap(path: Path, old: str, new: str) -> None:
    """Replace the first `old` in a file; it must be there."""
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new, 1), "utf-8", newline="")


@pytest.mark.parametrize(
    ("name", "old", "new", "problem"),
    [
        (
            "practices.csv",
            "AZE;BLR;KAZ;MDA",
            "AZE;BLX;KAZ;MDA",
            "practices.csv, row 2, column member_states: There is no Member State “BLX”.",
        ),
        (
            "figures.csv",
            "code,category,",
            "code,kind,",
            "figures.csv, row 1, column category: The column is missing.",
        ),
        (
            "roundtables.csv",
            "2020-11-09",
            "9 November",
            "roundtables.csv, row 2, column starts_on: “9 November” value has an invalid date"
            " format. It must be in YYYY-MM-DD format.",
        ),
        (
            "practices.csv",
            "P-0003",
            "P-0001",
            "practices.csv, row 4, column code: “P-0001” stands in row 2 already.",
        ),
        (
            "pledges.csv",
            ",1,1,1,",
            ",1,,1,",
            "PL-0001: This record claims 1 primary objective(s) and has 0: mark the primary"
            " objectives, or correct the claim.",
        ),
    ],
)
def test_broken_file_is_refused_whole_with_the_place(folder, name, old, new, problem):
    swap(folder / name, old, new)
    before = (Change.objects.count(), User.objects.count())

    with pytest.raises(CommandError) as refusal:
        run(folder)

    assert problem in str(refusal.value)
    assert (Change.objects.count(), User.objects.count()) == before
    assert [kind.objects.count() for kind in KINDS] == [0] * len(KINDS)
    assert not Edition.objects.exists()


def test_loading_is_whole_or_not_at_all_without_the_command_too(folder):
    (folder / "figures.csv").unlink()
    people = People(person("Editor"), person("Reviewer"), person("Publisher"))

    with pytest.raises(FilesRefused):
        load_demo(folder, people=people, say=print)

    assert [kind.objects.count() for kind in KINDS] == [0] * len(KINDS)


def test_missing_file_is_refused(folder):
    (folder / "roles.csv").unlink()

    with pytest.raises(CommandError, match=r"roles\.csv: The file is missing"):
        run(folder)

    assert not Practice.objects.exists()


def test_unknown_state_of_an_example_is_refused(folder):
    shutil.copytree(FOLDER / "examples", folder / "examples")
    swap(folder / "examples" / "states.csv", "withdrawn", "burnt")

    with pytest.raises(CommandError) as refusal:
        run(folder)

    assert "states.csv, row 11, column state: Write one of: draft, submitted, in_review" in str(
        refusal.value
    )
    assert not Practice.objects.exists()


def test_outside_development_it_is_loaded_only_when_meant(folder):
    with pytest.raises(CommandError, match="--outside-development"):
        call_command("load_demo", f"--data={folder}")
    assert not User.objects.filter(email__endswith="@demo.example").exists()

    call_command("load_demo", f"--data={folder}", "--outside-development", stdout=io.StringIO())

    assert PublicRecord.objects.of_kind("practice").count() == 3
    accounts = User.objects.filter(email__endswith="@demo.example")
    assert [user.has_usable_password() for user in accounts] == [False] * 6


# --- What happens to what is there ----------------------------------------------------------


def test_changed_file_becomes_the_next_edition_of_what_changed(folder):
    run(folder)
    swap(folder / "practices.csv", "P-0002,National Strategy", "P-0002,Migration Strategy")
    swap(folder / "roles.csv", "Global Campaigns", "Director of Campaigns")

    said = run(folder)

    assert said == [
        "publishing practices 1/1",
        "publishing roundtables 1/1",
        "practices.csv: 1 changed, 2 unchanged",
        "roles.csv: 1 changed, 3 unchanged",
        "2 records published.",
    ]
    second = Edition.objects.filter(edition=2).order_by("code")
    assert list(second.values_list("code", flat=True)) == ["P-0002", "RR2024-S1"]
    assert PublicRecord.objects.visible().get(code="P-0002").title.startswith("Migration Strategy")
    assert run(folder) == ["The demonstration data is there: nothing changed."]


def test_what_somebody_has_edited_stays(folder):
    run(folder)
    published_again(Practice.objects.get(code="P-0002"), title="As the office knows it")
    swap(folder / "practices.csv", "P-0001,", "P-0001,New: ")

    said = run(folder)

    assert said[-2:] == ["1 record published.", "Left as somebody edited them: P-0002."]
    assert PublicRecord.objects.visible().get(code="P-0002").title == "As the office knows it"


def test_what_somebody_has_withdrawn_stays_withdrawn(folder):
    run(folder)
    take("withdraw", Practice.objects.get(code="P-0002"))
    swap(folder / "practices.csv", "P-0002,", "P-0002,New: ")

    assert run(folder)[-1] == "Left as somebody edited them: P-0002."
    assert Practice.objects.get(code="P-0002").status == Status.WITHDRAWN


def test_examples_that_somebody_has_taken_on_stay(folder):
    shutil.copytree(FOLDER / "examples", folder / "examples")
    run(folder)
    example = take("approve", Practice.objects.get(code="P-9003"))

    assert run(folder) == ["The demonstration data is there: nothing changed."]
    example.refresh_from_db()
    assert example.status == Status.APPROVED


# --- Accounts -------------------------------------------------------------------------------


def test_demonstration_accounts_have_one_role_each(db, settings):
    settings.DEBUG = True
    person("Reader")

    accounts = demonstration_accounts()

    assert {
        role: (user.email, user.name, [group.name for group in user.groups.all()])
        for role, user in accounts.items()
    } == {
        role: (f"{name}@demo.example", f"Demonstration {role.lower()}", [role])
        for role, name in {
            "Reader": "reader",
            "Editor": "editor",
            "Reviewer": "reviewer",
            "Publisher": "publisher",
            "Roundtable officer": "roundtables",
            "Administrator": "administrator",
        }.items()
    }
    assert [user.check_password("demonstration") for user in accounts.values()][:1] == [True]
    assert {(user.is_staff, user.is_superuser) for user in accounts.values()} == {(True, False)}


def test_demonstration_accounts_stay_as_somebody_left_them(db, settings):
    settings.DEBUG = True
    person("Reader")
    editor = demonstration_accounts()["Editor"]
    editor.set_password("another one")
    editor.save()

    again = demonstration_accounts()["Editor"]

    assert (again.pk, again.check_password("another one")) == (editor.pk, True)


def test_demonstration_accounts_cannot_sign_in_outside_development(db, settings):
    settings.DEBUG = True
    person("Reader")
    demonstration_accounts()
    settings.DEBUG = False

    accounts = demonstration_accounts()

    assert [user.has_usable_password() for user in accounts.values()] == [False] * 6


def test_every_file_of_the_project_has_a_resource():
    names = {path.name for path in FOLDER.rglob("*.csv")}

    assert names - {"states.csv"} == set(RESOURCES)
