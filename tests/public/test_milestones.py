"""Where the review stands on a day: what is over, what comes next."""

from datetime import date

import pytest

from objectives.models import ReviewCycle
from public.milestones import current_of, milestones_of, state_of

REVIEW, FORUM = ReviewCycle.Kind.REGIONAL_REVIEW, ReviewCycle.Kind.IMRF


def cycles() -> list[ReviewCycle]:
    return [
        ReviewCycle(
            pk=1,
            code="RR2024",
            kind=REVIEW,
            year=2024,
            name_en="Second review",
            inputs_open_on=date(2023, 10, 1),
            inputs_close_on=date(2024, 1, 15),
            starts_on=date(2024, 3, 11),
            ends_on=date(2024, 3, 12),
        ),
        ReviewCycle(pk=2, code="IMRF2026", kind=FORUM, year=2026, name_en="Second forum"),
        ReviewCycle(
            pk=3,
            code="RR2020",
            kind=REVIEW,
            year=2020,
            name_en="First review",
            starts_on=date(2020, 11, 12),
        ),
    ]


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (date(2019, 5, 1), "RR2020"),  # nothing has begun: the first to come
        (date(2020, 11, 12), "RR2020"),
        (date(2023, 9, 30), "RR2020"),
        (date(2023, 10, 1), "RR2024"),  # its call for inputs is open
        (date(2024, 3, 12), "RR2024"),
        (date(2025, 5, 1), "RR2024"),
    ],
)
def test_current_cycle_is_under_way_or_the_latest_that_began(today, code):
    assert current_of(cycles(), today).code == code


def test_no_cycles_have_no_milestones():
    assert current_of([], date(2024, 1, 1)) is None
    assert milestones_of([], date(2024, 1, 1)) == []


def told(today: date) -> list[tuple]:
    return [
        (one.name, one.starts_on or one.when, one.state, one.in_days)
        for one in milestones_of(cycles(), today)
    ]


def test_milestones_say_what_is_next_and_when():
    assert told(date(2024, 1, 10)) == [
        ("Call for inputs opens", date(2023, 10, 1), "past", ""),
        ("Call for inputs closes", date(2024, 1, 15), "next", "in 5 days"),
        ("Regional review", date(2024, 3, 11), "later", ""),
        ("Second forum", "2026", "later", ""),
    ]


def test_milestones_on_the_day_itself_and_after_all_days():
    during, after = told(date(2024, 3, 12)), told(date(2025, 1, 1))

    assert [one[2:] for one in during] == [
        ("past", ""),
        ("past", ""),
        ("next", "now"),
        ("later", ""),
    ]
    assert [one[2:] for one in after] == [("past", "")] * 3 + [("next", "")]
    assert [one[0] for one in told(date(2027, 1, 1))] == [
        "Call for inputs opens",
        "Call for inputs closes",
        "Regional review",
    ]


def test_every_cycle_is_past_current_or_to_come():
    today = date(2024, 1, 10)
    current = current_of(cycles(), today)

    assert {one.code: state_of(one, current, today) for one in cycles()} == {
        "RR2020": "past",
        "RR2024": "current",
        "IMRF2026": "next",
    }
