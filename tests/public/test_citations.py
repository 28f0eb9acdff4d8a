"""Citations: what they say, and that readers of each form get it back as it was written."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from public.citations import TEX, Citation, bibtex, csl, plain, ris
from public.merging import merge
from public.models import database_now
from public.publication import withdraw
from public.workflow import Status
from tests.factories import (
    RECORD_FACTORIES,
    PledgeFactory,
    PracticeFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    person,
    published,
    published_again,
)

pytestmark = pytest.mark.django_db

HOSTILE = [
    r"50 % of { 3 } & more: $5 #1 a_b ~ ^ \ \end{document}",
    "}} unpaired { braces",
    "Первая практика – « l’été »",
    '</script><script>alert("1")</script>',
    "TY  - BOOK\nER  - \r\nTI  - Another\u2028one\x85\x0b\x00",
    '"quoted", \\"escaped\\"',
]


def a_citation(title: str = "One-stop centres", authors: tuple[str, ...] = ("Albania",)):
    return Citation(
        kind="practice",
        kind_name="Practice",
        code="P-0001",
        edition=2,
        title=title,
        authors=list(authors),
        publisher="Review & Co",
        published_on=date(2024, 3, 11),
        language="en",
        url="https://example.org/practices/P-0001/?at=2024-03-11T12%3A00%3A00Z",
    )


# --- Small readers --------------------------------------------------------------------------


def read_bibtex(entry: str) -> dict[str, str]:
    """The fields of an entry, read by counting braces as BibTeX does; texts without commands."""
    kind, key, rest = re.fullmatch(r"@(\w+)\{([^,\s]+),\n(.*)\n\}\n", entry, re.DOTALL).groups()
    fields = {"kind": kind, "key": key}
    while rest:
        name, rest = re.fullmatch(r"\s*(\w+) = \{(.*)", rest, re.DOTALL).groups()
        depth, end = 1, 0
        while depth:
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        fields[name], rest = rest[: end - 1], rest[end:].removeprefix(",")
    return fields


def text_of(tex: str) -> str:
    """What TeX would print."""
    commands = {command: chr(sign) for sign, command in TEX.items()}
    known = "|".join(re.escape(one) for one in sorted(commands, key=len, reverse=True))
    return re.sub(
        rf"{known}|[{{}}]", lambda match: commands.get(match[0], ""), tex.replace("\n", " ")
    )


def read_ris(text: str) -> list[tuple[str, str]]:
    lines = text.split("\r\n")
    assert lines.pop() == ""
    return [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line).groups() for line in lines]


# --- Forms ----------------------------------------------------------------------------------


def test_plain_citation_is_a_sentence():
    assert plain(a_citation()) == (
        "Albania. One-stop centres. Practice P-0001, edition 2. Review & Co, 2024-03-11."
        " https://example.org/practices/P-0001/?at=2024-03-11T12%3A00%3A00Z"
    )
    assert plain(a_citation("Who counts?", ())).startswith("Who counts? Practice P-0001,")
    assert plain(a_citation("So on…", ("A.", "B"))).startswith("A.; B. So on… Practice")


def test_bibtex_says_everything():
    assert read_bibtex(bibtex(a_citation(authors=("Albania", "Oxford and Co")))) == {
        "kind": "misc",
        "key": "P-0001",
        "author": "{Albania} and {Oxford and Co}",
        "title": "{One-stop centres}",
        "publisher": r"{Review \& Co}",
        "howpublished": r"{Review \& Co}",
        "note": "Practice P-0001, edition 2",
        "year": "2024",
        "date": "2024-03-11",
        "language": "english",
        "url": "https://example.org/practices/P-0001/?at=2024-03-11T12%3A00%3A00Z",
    }


def test_ris_says_everything():
    assert read_ris(ris(a_citation(authors=("Albania", "Serbia")))) == [
        ("TY", "ELEC"),
        ("ID", "P-0001"),
        ("AU", "Albania"),
        ("AU", "Serbia"),
        ("TI", "One-stop centres"),
        ("AN", "P-0001"),
        ("M3", "Practice"),
        ("ET", "2"),
        ("PB", "Review & Co"),
        ("PY", "2024"),
        ("DA", "2024/03/11"),
        ("LA", "en"),
        ("UR", "https://example.org/practices/P-0001/?at=2024-03-11T12%3A00%3A00Z"),
        ("ER", ""),
    ]


def test_csl_says_everything():
    assert json.loads(csl(a_citation())) == [
        {
            "id": "P-0001",
            "type": "webpage",
            "title": "One-stop centres",
            "author": [{"literal": "Albania"}],
            "publisher": "Review & Co",
            "genre": "Practice",
            "number": "P-0001",
            "edition": "2",
            "issued": {"date-parts": [[2024, 3, 11]]},
            "language": "en",
            "URL": "https://example.org/practices/P-0001/?at=2024-03-11T12%3A00%3A00Z",
        }
    ]
    assert "author" not in json.loads(csl(a_citation(authors=())))[0]


@pytest.mark.parametrize("title", HOSTILE)
def test_every_form_gives_a_strange_title_back(client, title):
    practice = PracticeFactory(title=title.replace("\x00", ""), published=True)
    one_line = " ".join(re.sub(r"[\x00-\x1f\x85\u2028]", " ", title).split())

    texts = {form: client.get(address(practice, form)).content.decode() for form in FORMS}

    assert text_of(read_bibtex(texts["bib"])["title"]) == one_line
    assert dict(read_ris(texts["ris"]))["TI"] == one_line
    assert [tag for tag, _value in read_ris(texts["ris"])].count("TY") == 1
    assert json.loads(texts["json"])[0]["title"] == one_line
    assert texts["txt"].startswith(one_line)
    assert texts["txt"].count("\n") == 1


# --- Addresses ------------------------------------------------------------------------------

FORMS = {
    "txt": "text/plain; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "json": "application/vnd.citationstyles.csl+json; charset=utf-8",
}
WITH_PAGES = [
    factory for factory in RECORD_FACTORIES if factory.model.kind not in ("excerpt", "figure")
]


def address(record, form: str) -> str:
    return reverse(f"public:{record.kind}-as", args=[record.code, form])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("factory", WITH_PAGES, ids=lambda one: one.model.kind)
def test_every_kind_can_be_cited_in_every_form(client, factory, form):
    record = factory(published=True)

    answer = client.get(address(record, form))

    assert (answer.status_code, answer["Content-Type"]) == (200, FORMS[form])
    assert answer["Content-Disposition"] == f'attachment; filename="{record.code}.{form}"'
    assert record.code in answer.content.decode()


@pytest.mark.parametrize("form", ["xml", "RIS", "bib.exe"])
def test_other_forms_are_not_found(client, form):
    practice = PracticeFactory(published=True)

    assert client.get(f"/practices/{practice.code}.{form}").status_code == 404


@pytest.mark.parametrize("factory", WITH_PAGES, ids=lambda one: one.model.kind)
def test_only_roundtables_have_calendars(client, factory):
    if factory is RoundtableFactory:
        return  # tests of roundtables look at theirs
    record = factory(published=True)

    assert client.get(address(record, "ics")).status_code == 404


def test_institutions_are_the_authors(client):
    union = StakeholderFactory(title="Migrants' Union", published=True)
    records = [
        PracticeFactory(stakeholder=union, lead_implementer="City of Tirana", published=True),
        PracticeFactory(lead_implementer="City of Tirana", published=True),
        PracticeFactory(published=True),
        PledgeFactory(partner_states=["SRB"], partner_stakeholders=[union], published=True),
        VoluntaryReportFactory(published=True),
        VoluntaryReportFactory(party_name="Government of Albania", published=True),
    ]

    said = [json.loads(client.get(address(one, "json")).content)[0] for one in records]

    assert [[author["literal"] for author in one.get("author", [])] for one in said] == [
        ["Migrants' Union"],
        ["City of Tirana"],
        [],
        ["Albania", "Serbia", "Migrants' Union"],
        ["Albania"],
        ["Government of Albania"],
    ]


def test_permanent_address_is_the_same_in_every_language(client):
    practice = PracticeFactory(published=True)

    said = {
        prefix: json.loads(client.get(f"{prefix}/practices/{practice.code}.json").content)[0][
            "URL"
        ]
        for prefix in ("", "/fr", "/ru")
    }

    assert set(said.values()) == {f"http://testserver/practices/{practice.code}/"}


def test_past_edition_is_cited_as_it_was_read(client):
    practice = PracticeFactory(title="First words", published=True)
    then = database_now()
    published_again(practice, title="Better words")

    now = json.loads(client.get(address(practice, "json")).content)[0]
    past = json.loads(client.get(address(practice, "json"), {"at": then.isoformat()}).content)[0]

    assert (now["title"], now["edition"]) == ("Better words", "2")
    assert (past["title"], past["edition"]) == ("First words", "1")
    assert client.get(past["URL"]).context["shown"]["title"] == "First words"


# --- What has no citation -------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, "embargoed"])
def test_unpublished_record_answers_like_one_that_does_not_exist(client, form, status):
    if status == "embargoed":
        hidden = published(PracticeFactory(), at=database_now() + timedelta(days=1))
    else:
        hidden = PracticeFactory(status=status)

    answer = client.get(address(hidden, form))
    unknown = client.get(address(hidden, form).replace(hidden.code, "P-9999"))

    assert answer.status_code == unknown.status_code == 404
    assert answer.content.decode().replace(hidden.code, "P-9999") == unknown.content.decode()


def test_withdrawn_record_says_so(client):
    practice = PracticeFactory(published=True)
    withdraw(practice, by=person("Publisher"), note="Asked for by the party.")

    assert client.get(address(practice, "ris")).status_code == 410


def test_old_code_leads_to_the_citation_of_the_record_that_stays(client):
    old, stays = PracticeFactory(published=True), PracticeFactory()
    merge(old, into=stays, by=chief(), note="The same centre.")
    stays.refresh_from_db()
    published(stays)

    answer = client.get(address(old, "ris"))

    assert (answer.status_code, answer["Location"]) == (301, address(stays, "ris"))


def chief():
    user = person("Reviewer")
    user.groups.add(*person("Publisher").groups.all())
    return user


@pytest.mark.parametrize("partners", [1, 4])
def test_citation_costs_the_same_for_one_party_and_for_many(
    client, partners, django_assert_num_queries
):
    others = StakeholderFactory.create_batch(partners, published=True)
    pledge = PledgeFactory(partner_stakeholders=others, published=True)

    with django_assert_num_queries(7):  # 4 of them are the fence
        client.get(address(pledge, "bib"))
