"""Programs of others: a client made by a public generator, and pandas, read practices."""

import importlib
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

from tests.browser import public_site

pytestmark = pytest.mark.django_db(transaction=True)

DESCRIPTION = Path(__file__).resolve().parents[2] / "docs" / "openapi.yaml"


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    """The folder of the client that openapi-python-client makes of our description."""
    folder = tmp_path_factory.mktemp("generated")
    (folder / "config.yml").write_text("post_hooks: []\n")  # it is run, not looked at
    made = subprocess.run(
        [
            *(Path(sys.executable).with_name("openapi-python-client"), "generate"),
            *("--path", DESCRIPTION, "--output-path", folder / "review_client"),
            *("--meta", "none", "--config", folder / "config.yml"),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert "WARNING" not in made.stdout  # nothing of the description was passed over
    return folder


@pytest.fixture
def site(settings, tmp_path):
    settings.STATIC_ROOT = str(tmp_path)
    public_site.make()


def test_generated_client_reads_practices_on_an_objective(
    generated, site, live_server, monkeypatch
):
    monkeypatch.syspath_prepend(generated)
    client = importlib.import_module("review_client").Client(base_url=live_server.url)
    records = {
        name: importlib.import_module(f"review_client.api.records.{name}")
        for name in ("list_practices", "get_practice")
    }

    with client:
        found = records["list_practices"].sync(client=client, objective=[7], page_size=500)
        first = records["get_practice"].sync(found.results[0].code, client=client)
        refused = records["get_practice"].sync("P-9999", client=client)

    assert found.count == len(found.results) > 0
    assert all(7 in practice.objectives for practice in found.results)
    assert first.to_dict() == found.results[0].to_dict()
    assert refused.status == 404


def test_pandas_reads_practices_on_an_objective(site, live_server):
    address = f"{live_server.url}/practices.csv?objective=7"

    table = pandas.read_csv(address, parse_dates=["published_at"])
    with_hashtags = pandas.read_csv(
        f"{live_server.url}/api/v1/practices/?objective=7&format=csv&hxl=1", skiprows=[1]
    )

    assert len(table) > 0
    assert table["code"].tolist() == with_hashtags["code"].tolist()
    assert all("7" in numbers.split(";") for numbers in table["objectives"].astype(str))
    assert table["published_at"].notna().all()
