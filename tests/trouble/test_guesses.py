"""Guessing passwords and addresses from outside, against two workers of the deployed site.

`make guesses` makes 10,000 guesses and measures times; `make test` makes a few.
"""

import os
import re
import statistics
import threading
from collections import Counter
from random import Random

import pytest

from tests.codes import code_now
from tests.trouble.stage import CSRF, PASSWORD, SESSION, Answer, Stage, Visitor

GUESSES = int(os.environ.get("GUESSES") or 60)
TIMED = int(os.environ.get("TIMED") or 0)  # pairs; without it times are not judged
SEED = int(os.environ.get("SEED") or 1)

SIGN_IN = "/account/sign-in/"
OFTEN = 8  # clients at once


def address(random: Random) -> str:
    return ".".join(str(random.randint(1, 254)) for _ in range(4))


def try_password(visitor: Visitor, email: str, password: str, forwarded: str) -> Answer:
    if CSRF not in visitor.cookies:
        visitor.get(SIGN_IN)
    cells = {
        "login": email,
        "password": password,
        "csrfmiddlewaretoken": visitor.cookies[CSRF],
    }
    return visitor.post(SIGN_IN, cells, X_Forwarded_For=forwarded)


def sign_in(visitor: Visitor, email: str, steps: int = 0) -> int:
    """With password and code, as its owner: what the office then answers."""
    try_password(visitor, email, PASSWORD, "203.0.113.77")
    cells = {"code": code_now(steps=steps), "csrfmiddlewaretoken": visitor.cookies[CSRF]}
    visitor.post("/account/sign-in/code/", cells, X_Forwarded_For="203.0.113.77")
    return visitor.get("/admin/").status


def guess(stage: Stage, email: str, how_many: int, forwarded) -> Counter:
    """So many wrong passwords, from several clients at once: how often each status came."""
    statuses: Counter = Counter()
    lock = threading.Lock()
    left = iter(range(how_many))

    def run(seed):
        own = Random(f"{SEED} {seed}")  # noqa: S311 - to be repeated
        visitor = Visitor(stage)
        while True:
            with lock:
                if next(left, None) is None:
                    return
            answer = try_password(visitor, email, f"wrong {own.random()}", forwarded(own))
            with lock:
                statuses[answer.status] += 1

    threads = [threading.Thread(target=run, args=(seed,)) for seed in range(OFTEN)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses


def test_ten_guesses_an_hour_whatever_the_headers_claim_and_the_owner_gets_in(stage, tell):
    owner, other = stage.people[:2]
    browser = Visitor(stage)
    first = sign_in(browser, owner)
    browser.cookies.pop(SESSION)

    # One guesser who writes headers of his own, before those of the proxy; then thousands of them.
    one = guess(stage, owner, GUESSES // 2, lambda own: f"{address(own)}, 198.51.100.9")
    many = guess(stage, other, GUESSES - GUESSES // 2, address)
    stranger = try_password(Visitor(stage), owner, PASSWORD, "198.51.100.10").status
    again = sign_in(browser, owner, steps=1)
    tell(
        f"guesses (seed {SEED}): {one.total() + many.total()}; looked at {one[200]} for one"
        f" account and {many[200]} for the other, refused with 429:"
        f" {one[429] + many[429]}; the owner got in: {again == 200}"
    )

    assert (first, again) == (200, 200)
    assert [dict(one), dict(many)] == [
        {200: 10, 429: GUESSES // 2 - 10},
        {200: 10, 429: GUESSES - GUESSES // 2 - 10},
    ]
    assert stranger == 429


def plain(answer: Answer, email: str) -> tuple:
    """An answer without what differs between any two: the mark of the form, and what was typed."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.text)
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("Date", "Expires", "X-Request-ID", "Set-Cookie", "Content-Length")
    }
    return answer.status, text.replace(email, "EMAIL"), sorted(headers.items())


def pairs(stage: Stage, ask, most: int) -> tuple[list[Answer], list[Answer], bool]:
    """Known and unknown addresses in turn: the answers, and whether each pair said the same."""
    known, unknown, same = [], [], True
    own = Random(f"{SEED} pairs")  # noqa: S311 - to be repeated
    for number in range(min(TIMED or 2, most)):
        there = stage.people[2 + number % 10]
        nobody = there.replace("olga", "oleg")
        found = {}
        for email in own.sample([there, nobody], 2):
            found[email] = ask(email, address(own))
        known.append(found[there])
        unknown.append(found[nobody])
        same &= plain(found[there], there) == plain(found[nobody], nobody)
    return known, unknown, same


def forgotten(stage: Stage, email: str, forwarded: str) -> Answer:
    visitor = Visitor(stage)
    visitor.get("/account/password/forgotten/")
    cells = {"email": email, "csrfmiddlewaretoken": visitor.cookies[CSRF]}
    return visitor.post("/account/password/forgotten/", cells, X_Forwarded_For=forwarded)


@pytest.mark.parametrize("door", ["sign-in", "forgotten password"])
def test_known_and_unknown_addresses_are_answered_alike(stage, door, tell):
    def ask(email, forwarded):
        if door == "sign-in":
            return try_password(Visitor(stage), email, "wrong", forwarded)
        return forgotten(stage, email, forwarded)

    # as many as are looked at: nine tries and three letters an hour for each of ten accounts
    known, unknown, same = pairs(stage, ask, 90 if door == "sign-in" else 30)

    assert same
    assert {answer.status for answer in known + unknown} == {200 if door == "sign-in" else 302}
    if TIMED:
        times = [[one.seconds * 1000 for one in side] for side in (known, unknown)]
        chance = by_chance(*times)
        tell(
            f"{door}: {len(known)} pairs, median {statistics.median(times[0]):.1f} ms for known,"
            f" {statistics.median(times[1]):.1f} ms for unknown addresses; as far apart by"
            f" chance: {chance:.0%}"
        )
        assert chance > 0.01


def by_chance(known: list[float], unknown: list[float]) -> float:
    """How often medians are as far apart when it is tossed which of a pair was the known one."""
    own = Random(SEED)  # noqa: S311 - to be repeated
    apart = abs(statistics.median(known) - statistics.median(unknown))
    met = 0
    for _ in range(2000):
        sides = [own.sample(pair, 2) for pair in zip(known, unknown, strict=True)]
        ours, theirs = zip(*sides, strict=True)
        met += abs(statistics.median(ours) - statistics.median(theirs)) >= apart
    return met / 2000


def test_links_that_were_never_sent_are_answered_alike(stage):
    user = stage.ask(f"SELECT id FROM accounts_user WHERE email = '{stage.people[3]}'")[0][0]
    visitor = Visitor(stage)
    answers = [
        plain(visitor.get(f"/account/invitation/{token}/"), token)
        for token in (f"{user}:1abcde:forged", "999999:1abcde:forged", "nonsense")
    ]

    assert answers == [answers[0]] * 3


def test_switched_off_account_is_out_at_once_in_both_workers(stage):
    owner = stage.people[11]
    browser = Visitor(stage)
    before = sign_in(browser, owner)
    stage.ask(f"UPDATE accounts_user SET is_active = false WHERE email = '{owner}' RETURNING id")

    after = {browser.get("/admin/").status for _ in range(12)}

    assert (before, after) == (200, {302})
