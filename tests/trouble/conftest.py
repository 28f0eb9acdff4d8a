"""One stage for all tests of this folder: it takes a dozen seconds to build."""

import tempfile
from pathlib import Path

import pytest

from tests.trouble.stage import Stage


@pytest.fixture(scope="session")
def stage():
    with tempfile.TemporaryDirectory(prefix="reviewhub-trouble-") as folder:
        stage = Stage(Path(folder))
        yield stage
        stage.close()
