"""The pages of records: what each kind shows, how records lead to each other, what they cost."""

import json
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from objectives.records import signed
from public.merging import merge
from public.models import database_now
from public.publication import revise, withdraw
from public.workflow import Status
from tests.factories import (
    RECORD_FACTORIES,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RecommendationFactory,
    ReportSectionFactory,
    RoundtableFactory,
    StakeholderFactory,
    StatementFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    person,
    published,
    published_again,
)
from tests.public.files import headers_of

pytestmark = pytest.mark.django_db

WITH_PAGES = [
    factory for factory in RECORD_FACTORIES if factory.model.kind not in ("excerpt", "figure")
]
MINE = [factory for factory in WITH_PAGES if factory is not RoundtableFactory]
HOSTILE = '</script><script>alert("1")</script> & "quoted" <b>'


def address(record) -> str:
    return reverse(f"public:{record.kind}", args=[record.code])


def text(response) -> str:
    return response.content.decode()


def facts(page) -> dict[str, list[str]]:
    return {fact.term: [named.text for named in fact.values] for fact in page.context["facts"]}


def links(page) -> dict[str, str]:
    return {
        named.text: named.url
        for fact in page.context["facts"]
        for named in fact.values
        if named.url
    }


def finished(record, **options):
    """Published with the parts that were added to the draft."""
    record.refresh_from_db()
    return published(record, **options)


# --- What every kind has --------------------------------------------------------------------


@pytest.mark.parametrize("factory", MINE, ids=lambda one: one.model.kind)
def test_page_of_every_kind_is_well_formed(client, factory):
    record = factory(published=True)

    page = client.get(address(record))

    said = text(page)
    assert page.status_code == 200
    assert len(re.findall(r"<h1\b", said)) == 1
    assert re.findall(r'<link rel="canonical" href="([^"]+)"', said) == [
        f"http://testserver{address(record)}"
    ]
    ids = re.findall(r'\bid="([^"]+)"', said)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'aria-labelledby="([^"]+)"', said)) <= set(ids)
    assert "style=" not in said
    for form in ("txt", "bib", "ris", "json"):
        assert reverse(f"public:{record.kind}-as", args=[record.code, form]) in said


@pytest.mark.parametrize("factory", MINE, ids=lambda one: one.model.kind)
@pytest.mark.parametrize("language", ["fr", "ru"])
def test_page_of_every_kind_tells_other_sites_what_it_is(client, factory, language):
    record = factory(published=True)
    own = f"/{language}{address(record)}"

    page = client.get(own)

    said = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', text(page)))
    assert said["url"] == f"http://testserver{own}"
    assert (said["type"], said["locale"]) == (
        "article",
        {"fr": "fr_FR", "ru": "ru_RU"}[language],
    )
    assert said["title"]


@pytest.mark.parametrize(
    ("factory", "field"),
    [(PracticeFactory, "title"), (RecommendationFactory, "text"), (StakeholderFactory, "title")],
    ids=["practice", "recommendation", "stakeholder"],
)
def test_data_block_holds_whatever_was_typed_and_nothing_gets_out(client, factory, field):
    record = factory(published=True, **{field: HOSTILE})

    page = text(client.get(address(record)))

    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block)["name"] == HOSTILE
    assert "<script>" not in page
    assert "<b>" not in page


def test_data_block_says_what_a_catalogue_wants_to_know(client, settings):
    settings.SITE_NAME = "The review"
    practice = PracticeFactory(
        member_states=["ALB"],
        objectives=[7],
        sources=["SR2020"],
        lead_implementer="City of Tirana",
        published=True,
    )
    day = database_now().date().isoformat()
    url = f"http://testserver/practices/{practice.code}/"

    page = text(client.get(address(practice)))

    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    assert json.loads(block) == {
        "@context": "https://schema.org",
        "@type": "CreativeWork",
        "@id": url,
        "url": url,
        "identifier": practice.code,
        "name": "One-stop centres for newcomers",
        "abstract": "Newcomers find all services in one place.",
        "genre": "Practice",
        "inLanguage": "en",
        "version": "1",
        "datePublished": day,
        "dateModified": day,
        "author": [{"@type": "Organization", "name": "City of Tirana"}],
        "publisher": {"@type": "Organization", "name": "The review"},
        "about": [
            {
                "@type": "DefinedTerm",
                "termCode": "7",
                "name": "Objective 7",
                "inDefinedTermSet": "Global Compact for Safe, Orderly and Regular Migration",
            }
        ],
        "spatialCoverage": [{"@type": "Country", "identifier": "ALB", "name": "Albania"}],
        "citation": [{"@type": "CreativeWork", "name": "Summary report"}],
    }


@pytest.mark.parametrize("factory", WITH_PAGES, ids=lambda one: one.model.kind)
@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, "embargoed"])
def test_unpublished_record_answers_like_one_that_does_not_exist(client, factory, status):
    if status == "embargoed":
        hidden = published(factory(), at=database_now() + timedelta(days=1))
    else:
        hidden = factory(status=status)

    stranger = "9" * len(hidden.code)
    answer = client.get(address(hidden))
    unknown = client.get(address(hidden).replace(hidden.code, stranger))

    assert answer.status_code == unknown.status_code == 404
    at, there = f"/{hidden.code}/", f"/{stranger}/"  # the page names a code as an example, too
    assert text(answer).replace(at, there) == text(unknown)
    assert headers_of(answer) == headers_of(unknown)


# --- Withdrawn and merged -------------------------------------------------------------------


@pytest.mark.parametrize("factory", WITH_PAGES, ids=lambda one: one.model.kind)
@pytest.mark.parametrize("prefix", ["", "/fr", "/ru"])
def test_withdrawn_record_says_when_and_what_to_do(client, factory, prefix):
    told = {"title": "Canary"} if factory is PracticeFactory else {}
    record = factory(published=True, **told)
    withdraw(record, by=person("Publisher"), note="Asked for by the party.")

    page = client.get(f"{prefix}{address(record)}")

    assert page.status_code == 410
    assert page.context["withdrawn_on"].date() == database_now().date()
    assert "Canary" not in text(page)
    assert "Asked for" not in text(page)


def test_record_withdrawn_before_anybody_could_see_it_never_was(client):
    hidden = published(PracticeFactory(), at=database_now() + timedelta(days=1))
    withdraw(hidden, by=person("Publisher"), note="Too early.")

    assert client.get(address(hidden)).status_code == 404


def test_record_published_again_is_there_again_but_not_in_its_past(client):
    practice = PracticeFactory(published=True)
    then = database_now().isoformat()
    withdraw(practice, by=person("Publisher"), note="Wrong.")
    withdrawn = client.get(address(practice)).status_code
    revise(practice, by=person("Editor"))
    meanwhile = client.get(address(practice)).status_code
    published(practice)

    assert (withdrawn, meanwhile) == (410, 410)
    assert client.get(address(practice)).status_code == 200
    assert client.get(address(practice), {"at": then}).status_code == 404


def test_merged_record_leads_to_the_one_that_stays_while_that_is_public(client):
    chief = person("Reviewer")
    chief.groups.add(*person("Publisher").groups.all())
    old, stays = PracticeFactory(published=True), PracticeFactory()
    merge(old, into=stays, by=chief, note="The same centre.")
    before = client.get(address(old))
    stays.refresh_from_db()
    published(stays)

    answer = client.get(address(old))

    assert before.status_code == 410
    assert (answer.status_code, answer["Location"]) == (301, address(stays))


# --- Practice -------------------------------------------------------------------------------


def test_practice_shows_its_facts_as_links(client):
    union = StakeholderFactory(title="Migrants' Union", published=True)
    practice = PracticeFactory(
        stakeholder=union,
        lead_implementer="City of Tirana",
        implementer_types=["member_state"],
        member_states=["SRB", "ALB"],
        partner_countries=["USA"],
        principles=["people_centred"],
        sdgs=[10],
        year_start=2021,
        year_end=2023,
        covid19=True,
        published=True,
    )

    page = client.get(address(practice))

    assert facts(page) == {
        "Member States": ["Albania", "Serbia"],
        "Partners outside the region": ["USA"],
        "Submitted by": ["Migrants' Union"],
        "Led by": ["City of Tirana"],
        "Implemented by": ["member_state"],
        "Level": ["National"],
        "Years": ["2021–2023"],
        "Guiding principles": ["people_centred"],
        "Sustainable Development Goals": ["10. Goal 10"],
        "COVID-19": ["Part of the response to the pandemic"],
        "Brought to": ["Review of 2024"],
    }
    assert links(page) == {
        "Albania": "/member-states/ALB/",
        "Serbia": "/member-states/SRB/",
        "Migrants' Union": f"/stakeholders/{union.code}/",
        "Review of 2024": "/reviews/RR2024/",
    }


def test_links_keep_the_moment_that_the_page_shows(client):
    union = StakeholderFactory(title="Migrants' Union", published=True)
    practice = PracticeFactory(stakeholder=union, member_states=["ALB"], published=True)
    now = database_now().isoformat()
    published_again(union, title="Union of Migrants")

    page = client.get(address(practice), {"at": now})

    assert facts(page)["Submitted by"] == ["Migrants' Union"]
    assert [url.partition("?")[2][:3] for url in links(page).values()] == ["at="] * 3
    assert "at=" in page.context["citations"][1]["url"]


# --- Pledge ---------------------------------------------------------------------------------


def test_pledge_shows_what_has_become_of_it_newest_first(client):
    pledge = PledgeFactory(made_on=date(2024, 3, 11), stage="in_progress")
    ProgressUpdateFactory(pledge=pledge, evidence_url="https://example.org/2")
    ProgressUpdateFactory(
        pledge=pledge, reported_on=date(2025, 1, 9), stage="planned", language="fr", text="Oui."
    )
    finished(pledge)

    page = client.get(address(pledge))

    assert page.context["progress"] == [
        {
            "day": date(2025, 1, 9),
            "stage": "Planned",
            "text": "Oui.",
            "language": "fr",
            "evidence_url": "",
        },
        {
            "day": date(2024, 6, 1),
            "stage": "In progress",
            "text": "The first lawyers are trained.",
            "language": "en",
            "evidence_url": "https://example.org/2",
        },
    ]
    assert '<div class="prose" lang="fr"><p>Oui.</p></div>' in text(page)
    assert 'href="https://example.org/2" rel="external"' in text(page)


@pytest.mark.parametrize(
    ("days", "age", "words"),
    [
        (0, "under-1", "less than a year"),
        (364, "under-1", "less than a year"),
        (365, "under-2", "between one and two years"),
        (729, "under-2", "between one and two years"),
        (730, "over-2", "more than two years"),
    ],
)
@pytest.mark.parametrize("updated", [True, False])
def test_light_tells_how_old_the_newest_word_is(client, days, age, words, updated):
    since = database_now().date() - timedelta(days=days)
    pledge = PledgeFactory(made_on=since - timedelta(days=900) if updated else since)
    if updated:
        ProgressUpdateFactory(pledge=pledge, reported_on=since)
        ProgressUpdateFactory(pledge=pledge, reported_on=since - timedelta(days=800))
    finished(pledge)

    page = client.get(address(pledge))

    said = "Last update {} ago" if updated else "Made {} ago, no update since"
    assert page.context["light"] == {
        "age": age,
        "said": said.format(f"{days} days"),
        "words": words,
    }
    discs = re.findall(r'class="age-light"><svg.*?</svg>', text(page))
    assert [len(re.findall("<circle", disc)) + 10 * ("<path" in disc) for disc in discs] == [
        {"under-1": 2, "under-2": 11, "over-2": 1}[age]  # a full, a half, an empty disc
    ]


@pytest.mark.parametrize(
    "fields", [{}, {"made_on": date(2020, 1, 1), "stage": "fulfilled"}], ids=["undated", "closed"]
)
def test_pledge_has_no_light_where_it_would_say_nothing(client, fields):
    pledge = PledgeFactory(published=True, **fields)

    page = client.get(address(pledge))

    assert page.context["light"] is None
    assert "No progress has been reported yet." in text(page)


def test_pledge_names_its_parties_and_the_pledge_that_it_matches(client):
    union = StakeholderFactory(title="Migrants' Union", published=True)
    first = PledgeFactory(title="First pledge", published=True)
    pledge = PledgeFactory(
        title="Second pledge",
        pledged_by="Ministry of Justice",
        partner_states=["SRB"],
        partner_stakeholders=[union],
        type="matching",
        form="financial",
        matches=first,
        made_on=date(2024, 3, 11),
        due_on=date(2025, 1, 1),
        published=True,
    )

    page = client.get(address(pledge))

    assert facts(page) == {
        "Pledged by": ["Albania", "Ministry of Justice"],
        "Partners": ["Serbia", "Migrants' Union"],
        "Stage": ["Planned"],
        "Made on": ["11 March 2024"],
        "Due on": ["1 January 2025", "This day has passed."],
        "Type": ["Matching another pledge"],
        "Form": ["Financial"],
        "Matches the pledge": ["First pledge"],
        "Brought to": ["Review of 2024"],
    }
    assert links(page)["First pledge"] == address(first)
    assert facts(client.get(address(first)))["Matched by"] == ["Second pledge"]


# --- Report ---------------------------------------------------------------------------------


def a_report(sections: int = 2, **fields):
    report = VoluntaryReportFactory(**fields)
    for number in range(sections):
        ReportSectionFactory(report=report, objective=7 + number, title="", text="So.\n\nAnd so.")
    return report


def test_report_shows_its_sections_with_anchors_and_a_table_of_contents(client):
    report = a_report(
        2, party_name="Government of Albania", submitted_on=date(2024, 2, 1), language="fr"
    )
    ReportSectionFactory(report=report, objective=None, title="Ensemble", text="Tous.")
    finished(report)

    page = client.get(address(report))

    assert {(one["anchor"], one["title"]) for one in page.context["sections"]} == {
        ("objective-7", "Objective 7"),
        ("objective-8", "Objective 8"),
        ("general-1", "Ensemble"),
    }
    said = text(page)
    assert sorted(re.findall(r'href="#([-\w]+)"', said)) == [
        "foot",
        "general-1",
        "main",
        "objective-7",
        "objective-8",
    ]
    assert '<section class="part report-section" id="objective-7"' in said
    assert '<div class="prose" lang="fr"><p>So.</p>\n\n<p>And so.</p></div>' in said
    assert facts(page) == {
        "Submitted by": ["Albania", "Government of Albania"],
        "Submitted to": ["Review of 2024"],
        "Submitted on": ["1 February 2024"],
        "Type": ["Voluntary report"],
        "How it is known": ["Received by the secretariat"],
    }


def test_report_that_is_only_heard_of_says_how(client):
    report = VoluntaryReportFactory(evidence="file_named", published=True)

    said = text(client.get(address(report)))

    assert "knows of this report from other documents: a source names its file." in said
    assert "Neither the text of this report nor a file of it is held here." in said


def test_report_offers_its_files_with_what_readers_want_to_know(client):
    report = a_report(0)
    SubmissionFileFactory(
        report=report, title="Annexe", kind="annex", language="fr", size=2_400_000, pages=48
    )
    finished(report)

    page = client.get(address(report))

    assert page.context["files"] == [
        {
            "url": f"/files/{'0' * 64}/report.pdf",
            "title": "Annexe",
            "language": "fr",
            "language_name": "French",
            "kind": "Annex",
            "type": "PDF",
            "bytes": 2_400_000,
            "pages": 48,
        }
    ]
    assert "Annex · French · PDF, 2.3\xa0MB · 48 pages" in text(page)


# --- Recommendation -------------------------------------------------------------------------


def test_recommendation_leads_to_what_it_continues_and_what_continues_it(client):
    roundtable = RoundtableFactory(title_en="Services for all", published=True)
    oldest = RecommendationFactory(
        code="R2020-G-01", cycle="RR2020", text="Count all.", published=True
    )
    middle = RecommendationFactory(
        code="F2022-G-01", cycle="IMRF2022", text="Count again.", continues=oldest, published=True
    )
    newest = RecommendationFactory(
        number=3,
        text="Count for ever.",
        continues=middle,
        roundtable=roundtable,
        objectives=[7],
        strength="urged",
        addressed_to=["member_states", "network"],
        follow_up="It was done.",
        published=True,
    )

    page = client.get(address(newest))

    assert facts(page) == {
        "Asked by": ["Review of 2024"],
        "Roundtable": ["Services for all"],
        "Number": ["3"],
        "Strength": ["Urged"],
        "Addressed to": ["Member States", "The UN network on migration"],
        "Continues": ["Count again."],
    }
    assert facts(client.get(address(middle)))["Continues"] == ["Count all."]
    assert facts(client.get(address(middle)))["Continued by"] == ["Count for ever."]
    assert "It was done." in text(page)
    assert '<h1>Recommendation 3 <span class="of-cycle">Regional review 2024</span></h1>' in text(
        page
    )


# --- Stakeholder ----------------------------------------------------------------------------


def test_stakeholder_shows_what_is_its_own(client):
    union = StakeholderFactory(acronym="MU", description="Helps.", member_states=["SRB"])
    published(union)
    practices = [PracticeFactory(stakeholder=union, published=True) for _ in range(6)]
    PracticeFactory(stakeholder=union)
    pledge = PledgeFactory(member_state=None, stakeholder=union, published=True)
    roundtable = RoundtableFactory()
    with signed(by=person("Roundtable officer")):
        StatementFactory(
            roundtable=roundtable, member_state=None, stakeholder=union, text="We open doors."
        )
        StatementFactory(roundtable=roundtable, text="Another's words.", sort_order=2)
    finished(roundtable)

    page = client.get(address(union))

    assert facts(page) == {
        "Type": ["Civil_society"],
        "Also called": ["MU"],
        "Member State": ["Serbia"],
    }
    groups = page.context["groups"]
    assert [
        (group["kind"], group["count"], [line["code"] for line in group["records"]])
        for group in groups
    ] == [
        ("practice", 6, [one.code for one in reversed(practices)][:5]),
        ("pledge", 1, [pledge.code]),
        ("roundtable", 1, [roundtable.code]),
    ]
    assert [group["more_url"] for group in groups] == [
        f"/practices/?party={union.code}",
        "",
        "",
    ]
    assert [one["text"] for one in page.context["statements"]] == ["We open doors."]


def test_stakeholder_of_whom_nothing_is_public_says_so(client):
    union = StakeholderFactory(published=True)

    assert "Nothing else of this stakeholder has been published yet." in text(
        client.get(address(union))
    )


# --- Related --------------------------------------------------------------------------------


def related(page) -> list[tuple[str, str]]:
    return [(line["code"], line["why"]) for line in page.context["related"]]


def test_related_are_of_the_same_state_and_objective_then_of_a_similar_title(client):
    practice = PracticeFactory(
        title="Legal clinics for newcomers", objectives=[7, 15], member_states=["ALB"]
    )
    published(practice)
    both = PracticeFactory(
        title="A", objectives=[7, 15], member_states=["ALB", "SRB"], published=True
    )
    one = PracticeFactory(title="B", objectives=[15], member_states=["ALB"], published=True)
    pledge = PledgeFactory(title="C", member_states=["ALB"], published=True)
    alike = PracticeFactory(
        title="The newcomers' clinic", objectives=[1], member_states=["SRB"], published=True
    )
    PracticeFactory(title="Clinics", objectives=[7], member_states=["SRB"], published=True)
    PracticeFactory(title="Legal clinics for newcomers", objectives=[7], member_states=["ALB"])

    assert related(client.get(address(practice))) == [
        (both.code, "Same Member State, objectives 7, 15"),
        (one.code, "Same Member State, objective 15"),
        (pledge.code, "Same Member State, objective 7"),
        (alike.code, "Similar title"),
    ]


def test_related_are_at_most_five_and_of_several_kinds(client):
    first, *_others = PracticeFactory.create_batch(7, member_states=["ALB"], published=True)
    pledges = PledgeFactory.create_batch(3, title="X", member_states=["ALB"], published=True)

    kinds = [line["kind"] for line in client.get(address(first)).context["related"]]

    assert len(pledges) == 3
    assert (kinds.count("practice"), kinds.count("pledge")) == (3, 2)


def test_related_of_a_recommendation_are_those_on_its_objectives(client):
    first = RecommendationFactory(objectives=[7], published=True)
    second = RecommendationFactory(objectives=[7, 15], published=True)
    PracticeFactory(objectives=[7], member_states=["ALB"], published=True)

    assert related(client.get(address(first))) == [(second.code, "Objective 7")]


def test_related_are_those_that_were_public_then(client):
    first = PracticeFactory(member_states=["ALB"], published=True)
    then = database_now().isoformat()
    second = PracticeFactory(member_states=["ALB"], published=True)

    assert [code for code, _why in related(client.get(address(first)))] == [second.code]
    assert related(client.get(address(first), {"at": then})) == []


@pytest.mark.parametrize(
    "title", [HOSTILE, "!!! ???", "& | ! ( ) : * '", "\\ a'b \\' c:*", "of the"]
)
def test_any_title_can_be_looked_for(client, title):
    first = PracticeFactory(title=title, objectives=[1], published=True)
    PracticeFactory(title=title, objectives=[2], published=True)

    assert client.get(address(first)).status_code == 200


# --- What pages cost ------------------------------------------------------------------------


@pytest.mark.parametrize("many", [1, 4])
def test_practice_costs_the_same_beside_one_and_beside_many(
    client, many, django_assert_num_queries
):
    union = StakeholderFactory(published=True)
    fields = {"member_states": ["ALB", "SRB"][: max(1, many // 2)], "objectives": [7]}
    first = PracticeFactory(stakeholder=union, **fields, published=True)
    others = StakeholderFactory.create_batch(many, published=True)
    for other in others:
        PracticeFactory(title="X", stakeholder=other, **fields, published=True)

    with django_assert_num_queries(13):  # 4 of them are the fence
        assert len(client.get(address(first)).context["related"]) == min(many, 3)


@pytest.mark.parametrize("many", [1, 4])
def test_pledge_costs_the_same_with_one_update_and_with_four(
    client, many, django_assert_num_queries
):
    first = PledgeFactory(title="First", published=True)
    pledge = PledgeFactory(
        title="X",
        type="matching",
        matches=first,
        partner_stakeholders=StakeholderFactory.create_batch(many, published=True),
    )
    for number in range(many):
        ProgressUpdateFactory(pledge=pledge, reported_on=date(2024, 1, 1 + number))
    finished(pledge)
    for _ in range(many):
        PledgeFactory(title="Y", type="matching", matches=pledge, published=True)

    with django_assert_num_queries(15):  # 4 of them are the fence
        page = client.get(address(pledge))

    assert len(page.context["progress"]) == many
    assert len(facts(page)["Matched by"]) == many


@pytest.mark.parametrize("many", [1, 4])
def test_report_costs_the_same_with_one_section_and_with_four(
    client, many, django_assert_num_queries
):
    report = finished(a_report(many))

    with django_assert_num_queries(12):  # 4 of them are the fence
        assert len(client.get(address(report)).context["sections"]) == many


@pytest.mark.parametrize("many", [1, 4])
def test_recommendation_costs_the_same_with_one_that_continues_it_and_with_four(
    client, many, django_assert_num_queries
):
    first = RecommendationFactory(code="R2020-G-01", cycle="RR2020", published=True)
    asked = RecommendationFactory(
        code="F2022-G-01",
        cycle="IMRF2022",
        continues=first,
        objectives=list(range(1, many + 1)),
        published=True,
    )
    for _ in range(many):
        RecommendationFactory(continues=asked, published=True)

    with django_assert_num_queries(14):  # 4 of them are the fence
        page = client.get(address(asked))

    assert len(facts(page)["Continued by"]) == many


@pytest.mark.parametrize("many", [1, 4])
def test_stakeholder_costs_the_same_with_one_record_and_with_four(
    client, many, django_assert_num_queries
):
    union = StakeholderFactory(published=True)
    for other in StakeholderFactory.create_batch(many, title="Other", published=True):
        PledgeFactory(
            member_state=None, stakeholder=union, partner_stakeholders=[other], published=True
        )

    with django_assert_num_queries(16):  # 4 of them are the fence
        page = client.get(address(union))

    assert [group["count"] for group in page.context["groups"]] == [many]
