"""The embargo matrix: no surface shows anybody what is not for them, and each shows what it may.

`make test` runs a slice: every surface meets everybody from outside and some of the staff in turn,
and they share the records and states. `make embargo` asks each surface several times as each
viewer, and `make embargo EMBARGO=all` everything as everybody.
"""

import os
import sys

import pytest

from reviewhub.surfaces import COMMANDS, LETTERS, LOGS, PAGES
from tests.embargo import world as worlds
from tests.embargo.matrix import VIEWERS, Matrix, never_shown, silent, versions

ASKED = os.environ.get("EMBARGO", "") or "1"
SHARE = None if ASKED == "all" else int(ASKED)


@pytest.mark.django_db
def test_nobody_reads_what_is_not_for_them_and_everybody_reads_what_is(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.DUMPS_ROOT = tmp_path / "dumps"
    settings.API_REQUESTS_PER_MINUTE = 0
    world = worlds.make()
    before = versions(world)

    outcome = Matrix(world, SHARE).run()

    say_figures(world, outcome)
    sys.stdout.writelines(f"{' | '.join(leak)}\n" for leak in sorted(outcome.leaks)[:40])
    assert sorted(outcome.leaks) == []
    assert sorted(outcome.errors) == []
    assert sorted(outcome.told_apart) == []
    assert never_shown(world, outcome) == []
    assert silent(world, outcome, in_office=SHARE != 1) == []
    assert versions(world) == before
    assert set(world.outdated.values()) == {404}


def say_figures(world, outcome) -> None:
    surfaces = sum(map(len, (PAGES, COMMANDS, LETTERS, LOGS)))
    sys.stdout.write(
        f"\nEmbargo matrix: {surfaces} surfaces x {len(worlds.STATES)} states x {len(VIEWERS)}"
        f" viewers, {outcome.requests:,} requests, {len(world.canaries):,} canaries searched,"
        f" {len(outcome.leaks)} leaks, {len(outcome.errors)} server errors.\n"
    )
