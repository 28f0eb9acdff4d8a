"""`manage.py prepare`: brings a development database up to date, and says where everything is."""

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import resolve, reverse

from accounts.models import Change, User
from objectives.models import MemberState
from objectives.reference_files import FOLDER
from public import dumps
from public.models import Edition, PublicRecord, database_now
from reviewhub.management.commands.prepare import migrations_are_waiting, triggers_are_installed
from tests.factories import person

pytestmark = pytest.mark.django_db

ADDRESSES_AND_ACCOUNTS = """
  Site    http://127.0.0.1:8123/
  Admin   http://127.0.0.1:8123/admin/
  API     http://127.0.0.1:8123/api/v1/

  Demonstration accounts, all with the password “demonstration”:
    reader@demo.example           Reader
    editor@demo.example           Editor
    reviewer@demo.example         Reviewer
    publisher@demo.example        Publisher
    roundtables@demo.example      Roundtable officer
    administrator@demo.example    Administrator
  They need no second factor, in development only.
"""


@pytest.fixture
def development(settings, monkeypatch, tmp_path):
    settings.DEBUG = True
    settings.PGTRIGGER_INSTALL_ON_MIGRATE = True  # as the site has it
    settings.DUMPS_ROOT = tmp_path / "dumps"
    monkeypatch.setenv("PORT", "8123")
    person("Reader")  # and the roles, if an earlier test emptied their table


def prepare() -> str:
    said = io.StringIO()
    call_command("prepare", stdout=said)
    return said.getvalue()


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def bump_version() -> str:
    """The name of a trigger of the practices, in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = 'submissions_practice'::regclass"
            " AND starts_with(tgname, 'pgtrigger_bump_version_')"
        )
        return cursor.fetchone()[0]


def test_prepare_makes_what_is_missing_and_then_nothing_more(development):
    sql(f"DROP TRIGGER {bump_version()} ON submissions_practice")

    first = prepare()

    assert first.startswith("Making the tables and their rules ...\nReference data loaded: ")
    assert first.endswith(f"427 records published.\n{ADDRESSES_AND_ACCOUNTS}\n")
    assert PublicRecord.objects.of_kind("practice").count() == 292
    before = (Change.objects.count(), Edition.objects.count(), User.objects.count())

    second = prepare()

    nothing = "The demonstration data is there: nothing changed.\n"
    assert dumps.current(database_now()).counts["practice"] == 292
    assert second == f"{nothing}{ADDRESSES_AND_ACCOUNTS}\n"
    assert (Change.objects.count(), Edition.objects.count(), User.objects.count()) == before


def test_prepare_loads_no_demonstration_data_into_another_region(development, settings, tmp_path):
    settings.REFERENCE_DATA_DIR = Path(shutil.copytree(FOLDER, tmp_path / "region"))

    said = prepare()

    assert "\nAnother region's reference data: no demonstration data.\n" in said
    assert MemberState.objects.count() == 56
    assert not Edition.objects.exists()


def test_prepare_names_the_addresses_that_answer():
    assert reverse("admin:index") == "/admin/"
    assert resolve("/").view_name == "public:home"
    assert resolve("/api/v1/").view_name == "public-api:root"


def test_prepare_is_refused_outside_development():
    with pytest.raises(CommandError, match="This is for development"):
        call_command("prepare")


def test_tables_and_triggers_of_the_test_database_are_up_to_date():
    assert (migrations_are_waiting(), triggers_are_installed()) == (False, True)


def test_a_migration_that_was_not_run_is_noticed():
    sql("DELETE FROM django_migrations WHERE app = 'synthesis'")

    assert migrations_are_waiting()


@pytest.mark.parametrize(
    "damage",
    [
        "DROP TRIGGER {name} ON submissions_practice",
        "ALTER TABLE submissions_practice DISABLE TRIGGER {name}",
        "COMMENT ON TRIGGER {name} ON submissions_practice IS 'of an earlier version'",
        "CREATE TRIGGER pgtrigger_of_an_earlier_version AFTER INSERT ON submissions_practice"
        " FOR EACH ROW EXECUTE FUNCTION {name}()",
    ],
)
def test_triggers_that_are_not_as_the_models_declare_are_noticed(damage):
    sql(damage.format(name=bump_version()))

    assert not triggers_are_installed()
