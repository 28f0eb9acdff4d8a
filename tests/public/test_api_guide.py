"""The recipes of docs/api.md, taken from the page and run against a real server.

Those for curl and Python are run as they stand, only with another host. R and Excel are not on the
machines that test: of their recipes each address is asked, and must answer with the fields that
the recipe goes on to use.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from django.db import transaction

from accounts.tokens import check_sum, new_secret
from public.editions import retract_editions
from public.models import database_now
from submissions.models import Practice
from tests.browser import public_site
from tests.factories import TokenFactory, cycle, member_state, objective

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "https://review.example.org"
GUIDE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
RECIPE = re.compile(r"^### (\d+)\. (\w+):.*?^```(\w+)\n(.*?)^```", re.M | re.S)
RECIPES = {
    int(number): (tool, code) for number, tool, _of, code in RECIPE.findall(GUIDE.read_text())
}
DRAFTS = re.findall(
    r"^```sh\n(.*?)^```", GUIDE.read_text().partition("## Writing")[2], re.M | re.S
)
ADDRESS = re.compile(rf'"{HOST}(/[^"]+)"')


@pytest.fixture(autouse=True)
def static_root(tmp_path_factory, settings):
    settings.STATIC_ROOT = str(tmp_path_factory.mktemp("static"))


@pytest.fixture
def site():
    public_site.make()


@pytest.fixture
def run(live_server, tmp_path):
    """Runs a recipe in an empty folder; gives what it printed."""

    def run(code: str, **variables) -> str:
        code = code.replace(HOST, live_server.url)
        shell = "curl" in code
        if shell and not shutil.which("curl"):
            pytest.skip("curl is not installed")
        command = ["bash", "-euo", "pipefail", "-c"] if shell else [sys.executable, "-c"]
        done = subprocess.run(
            [*command, code],
            cwd=tmp_path,
            env=os.environ | {"no_proxy": "*", "PYTHONWARNINGS": "error"} | variables,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    return run


def recipe(number: int) -> str:
    return RECIPES[number][1]


def test_there_are_ten_recipes():
    assert list(RECIPES) == list(range(1, 11))
    assert Counter(tool for tool, _code in RECIPES.values()) == {
        "curl": 3,
        "Python": 4,
        "R": 2,
        "Excel": 1,
    }


def test_curl_tells_titles(site, run):
    told = json.loads(run(recipe(1)))

    assert told["count"] == 29
    assert told["results"][-1] == {"code": "P-0029", "title": "Guichets uniques"}


def test_curl_tells_names_in_french(site, run):
    told = json.loads(run(recipe(2)))

    assert told["code"] == "P-0001"
    assert told["included"]["member_states"]["GBR"] == {
        "name": "Royaume-Uni de Grande-Bretagne et d'Irlande du Nord"
    }


def test_curl_fetches_anew_what_has_changed(site, run, tmp_path):
    first, second = run(recipe(3)), run(recipe(3))

    assert (first, second) == ("changed\n", "unchanged\n")
    assert json.loads((tmp_path / "reports.json").read_text())["count"] == 1


def test_python_writes_a_table(site, run, tmp_path):
    run(recipe(4))

    with open(tmp_path / "practices.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 29
    assert [row["member_states"] for row in rows if row["code"] == "P-0001"] == ["GBR;PRT"]


def test_python_keeps_a_copy(site, run, tmp_path):
    said = [run(recipe(5)) for _ in range(3)]
    with transaction.atomic():
        retract_editions("practice", codes=["P-0001"], now=database_now())
    said += [run(recipe(5))]

    copy = json.loads((tmp_path / "copy.json").read_text())
    assert said == ["29 records\n", "29 records\n", "unchanged\n", "28 records\n"]
    assert "P-0001" not in copy["records"]


def test_python_reads_with_a_cursor(site, run):
    assert run(recipe(6)) == "29 practices from P-0001 to P-0029\n"


def test_python_reads_line_by_line(site, run):
    assert run(recipe(7)) == "{'in_progress': 1}\n"


@pytest.mark.parametrize(
    ("number", "fields"),
    [
        (8, {"code", "title", "member_states", "year_start"}),
        (9, {"objectives", "number", "short_title_en"}),
        (10, {"code", "title", "member_states", "year_start", "permanent_url"}),
    ],
)
def test_addresses_of_recipes_for_r_and_excel_answer(site, client, number, fields):
    told = set()

    for address in ADDRESS.findall(recipe(number)):
        answer = client.get(address)
        assert answer.status_code == 200
        if "ndjson" in address:
            first = json.loads(answer.getvalue().splitlines()[0])
        else:
            assert "next" in answer.json()
            first = answer.json()["results"][0]
        told |= set(first)

    assert fields <= told


def test_drafts_are_written(run):
    for number in (7, 15):
        objective(number)
    member_state("ALB")
    cycle("RR2024")
    secret = new_secret()
    TokenFactory(check_sum=check_sum(secret))

    added = json.loads(run(DRAFTS[0], TOKEN=secret))
    again = json.loads(run(DRAFTS[0], TOKEN=secret))
    changed = json.loads(run(DRAFTS[1], TOKEN=secret, CODE=added["code"]))

    assert again == added
    assert changed["title"] == "Help desks for seasonal workers at the border"
    assert Practice.objects.get().title == changed["title"]


def test_every_recipe_is_run_by_a_test():
    source = Path(__file__).read_text()
    by_number = {int(one) for one in re.findall(r"recipe\((\d+)\)", source)}

    assert by_number | {8, 9, 10} == set(RECIPES)


def test_addresses_in_the_text_answer(site, client):
    """The first request, and every path that the guide names."""
    text = GUIDE.read_text()
    for path in {
        "/api/v1/practices/?objective=7&page_size=2",
        *re.findall(r"`(/api/[^`<{]+)`", text),
    }:
        if "v2" not in path:
            assert client.get(path).status_code == 200, path
