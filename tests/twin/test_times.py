"""What is not published and what never was answer alike: the same bytes, in times alike.

Only in `make twin`: a time is never asserted in the tests of every day. In the world with the
unpublished records each pair is asked one after the other, in an order thrown by dice, by a
process that does nothing else; the machine's noise hits both alike.
"""

import random
import time
from itertools import cycle
from statistics import NormalDist, median

import pytest

from public.api.records import RESOURCES
from public.models import FOLDERS
from tests.twin.asking import Question
from tests.twin.conftest import TIMED
from tests.twin.lives import CODES, NEVER, secrets
from tests.twin.test_twin import EVERY

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not EVERY, reason="make twin"),
]

PAIRS = 1_000
# Of pairs that cannot be told apart the one is slower in half. With so many pairs 5 % more or
# less would be seen nearly always, and 7 % happens by chance in less than one of 10,000 tries.
LARGEST = 0.07
SECRETS = secrets()
DOORS = {f"/{folder}/{{}}/": kind for kind, folder in FOLDERS.items()}
DOORS |= {f"/api/v1/{folder}/{{}}/": kind for kind, folder in RESOURCES.items()}


def rank_test(ones: list[int], others: list[int]) -> tuple[float, float]:
    """Mann-Whitney: how often one is slower than another, and the probability by chance."""
    ranked = sorted(
        (value, which) for which, values in enumerate((ones, others)) for value in values
    )
    ranks = sum(place for place, (_value, which) in enumerate(ranked, start=1) if which == 0)
    many, more = len(ones), len(others)
    share = (ranks - many * (many + 1) / 2) / (many * more)
    spread = ((many + more + 1) / (12 * many * more)) ** 0.5
    return share, 2 * NormalDist().cdf(-abs(share - 0.5) / spread)


@pytest.mark.parametrize("door", [*DOORS, "/files/{}/{}.png"])
def test_unpublished_and_never_made_take_the_same_time(site, door, record_property):
    if door.startswith("/files/"):
        hidden = [door.format(sha256, name.removesuffix(".png")) for sha256, name in SECRETS.files]
        never = [one[:20] + "0" * 20 + one[40:] for one in hidden]
    else:
        kind = DOORS[door]
        hidden = [door.format(code) for code in SECRETS.codes[kind]]
        never = [door.format(CODES[kind].format(NEVER + n)) for n in range(len(hidden))]
    dice = random.Random(door)  # noqa: S311  no secret
    times: tuple[list[int], list[int]] = ([], [])
    bodies = set()

    with site.awake():
        for number, pair in zip(range(PAIRS + 50), cycle(zip(hidden, never, strict=True))):
            for which in dice.sample((0, 1), 2):
                question = Question(pair[which])
                began = time.perf_counter_ns()
                answer = site.answer(site.full, question)
                if number >= 50:  # the first ones warm up
                    times[which].append(time.perf_counter_ns() - began)
                # the address stands in the links to the same page in other languages
                code = pair[which].strip("/").split("/")
                body = answer.body
                for part in code[-2:] if "files" in code else code[-1:]:
                    body = body.replace(part.encode(), b"...")
                bodies.add((answer.status, answer.headers, body))

    share, chance = rank_test(*times)
    medians = [median(values) / 1e6 for values in times]
    record_property(TIMED, (door, PAIRS, *medians, share, chance))
    assert len(bodies) == 1
    assert abs(share - 0.5) < LARGEST
