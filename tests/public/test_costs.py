"""What pages cost that no other module asks: the same for one record of each kind and for four.

Each record names stakeholders of its own: one that is public, and one that is not.
"""

import pytest
from django.core.management import call_command
from msgspec.structs import replace

from public.documents import Document, File, Party, Role, Statement
from public.editions import retract_editions, write_editions
from tests.browser.public_site import (
    A_FILE,
    PLEDGE,
    PUBLISHED,
    REPORT,
    ROUNDTABLE,
    STAKEHOLDER,
    WITHDRAWN,
    practice,
    recommendation,
)
from tests.factories import cycle, member_state, objective, source_document

pytestmark = pytest.mark.django_db

FENCE = 4  # queries, in tests
LISTED = "&".join(f"record={one}" for one in ("practice:P-0001", "practice:P-0004", "pledge:PL-1"))


def parties(number: int) -> list[Party]:
    return [Party(stakeholder=f"ORG-{number}"), Party(stakeholder=f"GONE-{number}")]


def records(number: int) -> list[Document]:
    """One of each kind, of Albania."""
    known, unknown = parties(number)
    file: File = replace(A_FILE, sha256=f"{number:064}")
    said: list[Statement] = [
        replace(ROUNDTABLE.statements[0], party=one) for one in (Party(member_state="ALB"), known)
    ]
    roles: list[Role] = [replace(ROUNDTABLE.roles[0], party=one) for one in (known, unknown)]
    return [
        replace(STAKEHOLDER, code=known.stakeholder),
        practice(number, party=known, member_states=["ALB", "SRB"], files=[file]),
        replace(PLEDGE, code=f"PL-{number}", partners=parties(number), files=[file]),
        replace(REPORT, code=f"VR-{number}", party=[known, unknown][number % 2], files=[file]),
        replace(ROUNDTABLE, code=f"RR2024-S{number}", statements=said, roles=roles, files=[file]),
        recommendation(f"R2024-S1-0{number}", continues="", roundtable="RR2024-S1"),
    ]


@pytest.fixture
def site(how_many, settings, tmp_path):
    """So many records of each kind; as many practices were withdrawn."""
    for code in ("RR2020", "RR2024"):
        cycle(code)
    objective(7), objective(15), member_state("ALB"), member_state("SRB"), source_document()
    kinds = zip(*(records(number) for number in range(1, how_many + 1)), strict=True)
    withdrawn = [practice(100 + number) for number in range(how_many)]
    for documents in [*kinds, withdrawn]:
        write_editions(documents, begin=PUBLISHED, now=PUBLISHED, retract_earlier=False)
    retract_editions("practice", codes=[one.code for one in withdrawn], now=WITHDRAWN)
    settings.DUMPS_ROOT = tmp_path / "dumps"
    call_command("build_dumps", verbosity=0)


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        # past days
        ("/?at=2024-03-12", 11),
        ("/objectives/7/?at=2024-03-12", 12),
        ("/member-states/ALB/?at=2024-03-12", 12),
        ("/practices/?at=2024-03-12", 13),
        ("/search/?q=plan&at=2024-03-12", 12),
        ("/data/?at=2024-03-12", 11),
        # pages that name who is not public
        ("/member-states/ALB/", 12),
        ("/objectives/7/", 12),
        ("/roundtables/", 10),
        ("/roundtables/RR2024-S1/", 10),
        ("/reports/VR-1/", 9),
        ("/reviews/RR2024/", 11),
        ("/reviews/RR2024/submissions/", 5),
        # records that are not there
        ("/practices/P-9999/", 3),
        ("/practices/P-0100/", 5),
        # comparing
        ("/compare/", 3),
        ("/compare/?state=ALB&cycle=RR2020&cycle=RR2024", 8),
        ("/compare/?state=ALB&state=SRB&as=csv", 8),
        # pictures
        ("/coverage/?kind=report&cycle=RR2024&sort=total", 6),
        ("/pictures/states/?embed", 3),
        ("/pictures/states.svg?objective=7", 4),
        ("/pictures/years.csv?q=plan", 8),
        ("/pictures/coverage.xlsx", 5),
        # searching
        ("/search/?q=P-0001", 14),
        ("/search/?q=objective+7", 12),
        ("/search/?q=plan&kind=practice", 12),
        ("/search/suggestions/?q=alb", 7),
        ("/search/suggestions/?q=plann", 9),
        # files
        (f"/my-list/?{LISTED}", 6),
        (f"/my-list.csv?{LISTED}", 10),
        (f"/my-list.ris?{LISTED}", 3),
        ("/practices.csv?objective=7&q=plan", 19),
        ("/roundtables.csv", 11),
        ("/practices.atom?q=plan", 12),
        ("/roundtables.ics", 5),
        ("/roundtables/RR2024-S1.ics", 4),
        ("/reviews.ics", 1),
        ("/reviews/RR2024.ics", 5),
        ("/data/codebook.csv", 14),
        ("/data/manifest.json", 2),
        ("/sitemaps/pages.xml", 3),
    ],
)
def test_page_costs_the_same_for_one_and_for_many(
    client, site, path, queries, django_assert_num_queries
):
    with django_assert_num_queries(FENCE + queries):
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer.streaming_content)


@pytest.mark.parametrize(("how_many", "more"), [(1, 1), (4, 0)])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/practices/P-0001/?at=2024-03-12", 12),
        ("/pledges/PL-1/", 12),
        ("/search/suggestions/?q=P-00", 6),
    ],
)
def test_page_that_finds_little_looks_further_once(
    client, site, path, queries, more, django_assert_num_queries
):
    with django_assert_num_queries(FENCE + queries + more):
        client.get(path)
