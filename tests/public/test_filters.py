"""What lists can be asked: every filter of every kind, and what is refused."""

import json

import pytest
from django.http import QueryDict
from django.urls import reverse

from public.filters import FILTERS
from public.models import FOLDERS, PublicRecord
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    cluster,
    implementer_type,
    member_state,
    objective,
    principle,
    published,
    region,
    sdg,
    source_document,
    stakeholder_type,
)

pytestmark = pytest.mark.django_db


def found(kind: str, query: str) -> list[str]:
    filters = FILTERS[kind](QueryDict(query), PublicRecord.objects.visible().of_kind(kind))
    assert filters.is_valid(), filters.errors
    return sorted(filters.qs.values_list("code", flat=True))


@pytest.fixture
def world(db):
    """Two clusters and two sub-regions; Serbia and Türkiye are in a group of States."""
    other = cluster("RT1")
    for number, title in ((2, "Drivers"), (5, "Pathways")):
        type(objective(7)).objects.create(
            number=number, cluster=other, title_en=title, short_title_en=title
        )
    asia = region("western_asia")
    group = region(
        "group",
    )
    type(group).objects.filter(pk=group.pk).update(kind="group")
    for iso3 in ("SRB", "TUR"):
        member_state(iso3).regions.add(group)
    type(member_state("TUR")).objects.filter(iso3="TUR").update(subregion=asia)


PRACTICES_ARE_FOUND = {
    "": ["P-0001", "P-0002"],
    "objective=7": ["P-0001"],
    "objective=15": ["P-0001"],
    "objective=7&objective=2": ["P-0001", "P-0002"],
    "objective=7&objective=2&member_state=TUR": ["P-0002"],
    "primary_objective=15": [],
    "primary_objective=7": ["P-0001"],
    "cluster=RT4": ["P-0001"],
    "cluster=RT1": ["P-0002"],
    "cluster=RT1&cluster=RT4": ["P-0001", "P-0002"],
    "principle=people_centred": ["P-0001"],
    "sdg=10": ["P-0001"],
    "member_state=ALB": ["P-0001"],
    "subregion=EUROPE": ["P-0001"],
    "subregion=western_asia": ["P-0002"],
    "region=group": ["P-0001", "P-0002"],
    "party=ALB": ["P-0001"],
    "cycle=RR2024": ["P-0001"],
    "cycle=RR2020": ["P-0002"],
    "level=national": ["P-0001"],
    "level=local": ["P-0002"],
    "implementer_type=member_state": ["P-0001"],
    "language=fr": ["P-0002"],
    "source=SR2020": ["P-0001"],
    "year=2019": ["P-0001"],
    "year=2019&year=2021": ["P-0001", "P-0002"],
    "covid19=true": ["P-0002"],
    "covid19=false": ["P-0001"],
    "covid19=true&covid19=false": ["P-0001", "P-0002"],
    "q=newcomers": ["P-0001"],
    "q=+&level=&objective=&objective=7": ["P-0001"],
}


def test_practices_are_found(world):
    principle(), sdg(), implementer_type(), source_document()
    PracticeFactory(
        code="P-0001",
        objectives=[7, 15],
        principles=["people_centred"],
        sdgs=[10],
        member_states=["ALB", "SRB"],
        member_state="ALB",
        implementer_types=["member_state"],
        sources=["SR2020"],
        year_start=2019,
        published=True,
    )
    PracticeFactory(
        code="P-0002",
        title="Villes",
        summary="Des villes.",
        language="fr",
        objectives=[2],
        member_states=["TUR"],
        cycle="RR2020",
        level="local",
        year_start=2021,
        covid19=True,
        published=True,
    )

    assert {
        query: found("practice", query) for query in PRACTICES_ARE_FOUND
    } == PRACTICES_ARE_FOUND


PLEDGES_ARE_FOUND = {
    "objective=7": ["PL-0001"],
    "primary_objective=2": ["PL-0002"],
    "cluster=RT4": ["PL-0001"],
    "principle=people_centred": ["PL-0001"],
    "sdg=10": ["PL-0001"],
    "member_state=TUR": ["PL-0002"],
    "subregion=western_asia": ["PL-0002"],
    "region=group": ["PL-0002"],
    "party=ALB": ["PL-0001"],
    "cycle=RR2020": ["PL-0002"],
    "implementer_type=member_state": ["PL-0001"],
    "stage=in_progress": ["PL-0001"],
    "type=common": ["PL-0001"],
    "form=financial": ["PL-0001"],
    "form=policy": ["PL-0002"],
    "language=fr": ["PL-0002"],
    "source=SR2020": ["PL-0001"],
    "year=2022": ["PL-0001"],
    "q=lawyer": ["PL-0001", "PL-0002"],
}


def test_pledges_are_found(world):
    PledgeFactory(
        code="PL-0001",
        member_states=["ALB"],
        objectives=[7],
        principles=["people_centred"],
        sdgs=[10],
        implementer_type="member_state",
        stage="in_progress",
        type="common",
        form="financial",
        sources=["SR2020"],
        made_on="2022-05-17",
        published=True,
    )
    PledgeFactory(
        code="PL-0002",
        objectives=[2],
        member_states=["TUR"],
        member_state="TUR",
        cycle="RR2020",
        language="fr",
        type="individual",
        form="policy",
        stage="planned",
        published=True,
    )

    assert {query: found("pledge", query) for query in PLEDGES_ARE_FOUND} == PLEDGES_ARE_FOUND


REPORTS_ARE_FOUND = {
    "objective=7": ["VR-2024-ALB-1"],
    "cluster=RT4": ["VR-2024-ALB-1"],
    "member_state=ALB": ["VR-2024-ALB-1"],
    "subregion=EUROPE": ["VR-2024-ALB-1"],
    "region=group": [],
    "party=ALB": ["VR-2024-ALB-1"],
    "party=ST-0001": ["VR-2020-ST-0001"],
    "cycle=RR2020": ["VR-2020-ST-0001"],
    "type=voluntary_report": ["VR-2024-ALB-1"],
    "type=stakeholder_report": ["VR-2020-ST-0001"],
    "year=2024": ["VR-2024-ALB-1"],
    "language=fr": ["VR-2020-ST-0001"],
    "source=SR2020": ["VR-2024-ALB-1"],
    "q=Albania": ["VR-2024-ALB-1"],
}


def test_reports_are_found(world):
    union = StakeholderFactory(code="ST-0001", published=True)
    first = VoluntaryReportFactory(sources=["SR2020"], submitted_on="2024-01-31")
    first.sections.create(objective=objective(7), text="We opened centres.")
    first.refresh_from_db()
    published(first)
    VoluntaryReportFactory(
        code="VR-2020-ST-0001",
        title="Rapport",
        language="fr",
        type="stakeholder_report",
        member_state=None,
        stakeholder=union,
        cycle="RR2020",
        published=True,
    )

    assert {query: found("report", query) for query in REPORTS_ARE_FOUND} == REPORTS_ARE_FOUND


RECOMMENDATIONS_ARE_FOUND = {
    "objective=7": ["R2024-G-01"],
    "cluster=RT1": ["R2024-G-02"],
    "cycle=RR2020": ["R2024-G-02"],
    "type=urged": ["R2024-G-01"],
    "language=en": ["R2024-G-01", "R2024-G-02"],
    "source=SR2020": ["R2024-G-01"],
    "q=missing": ["R2024-G-01"],
}


def test_recommendations_are_found(world):
    RecommendationFactory(
        objectives=[objective(7)], strength="urged", sources=["SR2020"], published=True
    )
    RecommendationFactory(
        objectives=[objective(2)],
        strength="encouraged",
        cycle="RR2020",
        text="Act.",
        published=True,
    )

    assert {
        query: found("recommendation", query) for query in RECOMMENDATIONS_ARE_FOUND
    } == RECOMMENDATIONS_ARE_FOUND


ROUNDTABLES_ARE_FOUND = {
    "objective=7": ["RR2024-S1"],
    "cluster=RT4": ["RR2024-S1"],
    "member_state=ALB": ["RR2024-S1"],
    "subregion=EUROPE": ["RR2024-S1"],
    "region=group": [],
    "party=ALB": ["RR2024-S1"],
    "cycle=RR2024": ["RR2024-S1", "RR2024-S2"],
    "type=hearing": ["RR2024-S2"],
    "year=2024": ["RR2024-S1"],
    "language=en": ["RR2024-S1", "RR2024-S2"],
    "source=SR2020": ["RR2024-S1"],
    "q=drivers": ["RR2024-S1"],
}


def test_roundtables_are_found(world):
    first = RoundtableFactory(
        objectives=[objective(7)], starts_on="2024-03-11", sources=["SR2020"], type="roundtable"
    )
    RoleFactory(roundtable=first)
    first.refresh_from_db()
    published(first)
    RoundtableFactory(title_en="Civil society", type="hearing", published=True)

    assert {
        query: found("roundtable", query) for query in ROUNDTABLES_ARE_FOUND
    } == ROUNDTABLES_ARE_FOUND


STAKEHOLDERS_ARE_FOUND = {
    "stakeholder_type=civil_society": ["ST-0001"],
    "member_state=ALB": ["ST-0001"],
    "subregion=EUROPE": ["ST-0001"],
    "region=group": ["ST-0002"],
    "language=fr": ["ST-0002"],
    "source=SR2020": ["ST-0001"],
    "q=union": ["ST-0001"],
}


def test_stakeholders_are_found(world):
    StakeholderFactory(code="ST-0001", member_states=["ALB"], sources=["SR2020"], published=True)
    StakeholderFactory(
        code="ST-0002",
        title="Villes",
        language="fr",
        stakeholder_type=stakeholder_type("local_authority"),
        member_states=["TUR"],
        published=True,
    )

    assert {
        query: found("stakeholder", query) for query in STAKEHOLDERS_ARE_FOUND
    } == STAKEHOLDERS_ARE_FOUND


@pytest.mark.parametrize(("kind", "folder"), FOLDERS.items())
def test_every_filter_of_a_kind_refuses_what_it_does_not_know(client, kind, folder):
    silent = []

    for name in set(FILTERS[kind].base_filters) - {"q"}:
        for value in ("no such value", "\x00", "-1", "x" * 500):
            page = client.get(f"/{folder}/", {name: value})
            if page.status_code != 400 or name not in page.content.decode():
                silent.append((name, value))

    assert silent == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        (
            "member_state=XXX",
            "member_state: “XXX” is not known here. Use ALB, SRB.",
        ),
        ("level=cosmic", "level: “cosmic” is not known here. Use local, national, "),
        ("year=20x", "year: “20x” is not known here. Use a year from 1900 to 2100."),
        (
            "party=S-9999",
            "party: “S-9999” is not known here. Use the code of a Member State, such as ALB,"
            " or of a stakeholder.",
        ),
        ("sort=colour", "sort: “colour” is not known here. Use newest, oldest, title."),
        ("sort=relevance", "sort: “relevance” is not known here. Use newest, oldest, title."),
        ("page_size=7", "page_size: “7” is not known here. Use 25, 50, 100."),
        ("page=x", "page: “x” is not the number of a page. Use 1 or more."),
        ("page=0", "page: “0” is not the number of a page. Use 1 or more."),
        ("q=" + "a" * 201, "q: Ensure this value has at most 200 characters (it has 201)."),
        ("q=%00", "q: Null characters are not allowed."),
        ("at=tomorrow", "“at” is a day such as 2024-03-11"),
    ],
)
def test_page_of_a_list_says_what_is_wrong_and_what_is_allowed(client, query, reason):
    member_state("SRB")
    PracticeFactory(member_states=["ALB"], published=True)

    page = client.get(f"/practices/?{query}")

    assert page.status_code == 400
    assert reason in page.content.decode()


def test_page_of_a_list_ignores_what_no_list_knows(client):
    PracticeFactory(published=True)

    page = client.get("/practices/?utm_source=mail&objective=7&colour=red")

    assert page.status_code == 200
    assert page.context["question"].query == "objective=7"


def test_stakeholders_that_are_not_public_are_no_parties(client):
    StakeholderFactory(code="ST-0001", published=True)
    StakeholderFactory(code="ST-0002")

    answers = [
        client.get(reverse("public:report-list"), {"party": code}).status_code
        for code in ("ST-0001", "ST-0002")
    ]

    assert answers == [200, 400]


def test_retired_objectives_can_still_be_asked_for(client):
    PracticeFactory(code="P-0001", published=True)
    type(objective(7)).objects.filter(number=7).update(retired_on="2024-01-01")

    assert found("practice", "objective=7") == ["P-0001"]
    assert json.loads(client.get("/api/v1/practices/?objective=7").content)["count"] == 1
