"""One stage for all tests of this folder: it takes a dozen seconds to build."""

import sys
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


@pytest.fixture
def tell(capfd):
    """Prints a line of figures, which pytest does not swallow."""

    def print_line(text: str) -> None:
        with capfd.disabled():
            sys.stdout.write(f"\n{text}\n")

    return print_line
