"""The two worlds, made once for all tests here, and the figures at the end."""

import pytest

from tests.twin.asking import Twins
from tests.twin.lives import live, secrets
from tests.twin.worlds import two_worlds

ASKED, TIMED = "asked of both worlds", "timed"


@pytest.fixture(scope="session")
def twins(django_db_setup, django_db_blocker, tmp_path_factory):
    with (
        django_db_blocker.unblock(),
        two_worlds(tmp_path_factory.mktemp("twins"), live) as (bare, full),
    ):
        yield Twins(bare, full)


@pytest.fixture
def site(twins, django_db_blocker):
    """The twins, with their databases within reach."""
    with django_db_blocker.unblock():
        yield twins


@pytest.fixture(scope="session")
def asker(twins, django_db_blocker):
    """Who knows what to ask: of the world without secrets, and the secrets of the other."""
    from tests.twin.questions import Asker

    with django_db_blocker.unblock(), twins.awake(), twins.bare.entered():
        return Asker(secrets())


def pytest_terminal_summary(terminalreporter):
    """The figures in plain lines, for docs/trust.md."""
    found: dict[str, list] = {ASKED: [], TIMED: []}
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, values in report.user_properties:
                if name in found:
                    found[name].append(values)
    say = terminalreporter.write_line
    for door, pairs, hidden, never, share, chance in found[TIMED]:
        say(
            f"twin: {door}: {pairs} pairs, median {hidden:.2f} ms unpublished, {never:.2f} ms"
            f" never made; the unpublished one slower in {share:.1%} (p = {chance:.2f})"
        )
    if asked := found[ASKED]:
        families = ", ".join(f"{name} {count}" for name, count, _octets, _failed in asked)
        _names, counts, octets, failures = zip(*asked, strict=True)
        say(
            f"twin: {sum(counts)} requests to each of two worlds ({families}),"
            f" {sum(octets) / 1e6:.0f} MB compared, {sum(failures)} answers differ (seed 6)"
        )
