"""A small public site with something of everything, as documents: practices for two pages of a
list, pledges with progress, reports with sections and files, a full roundtable, and so on.
"""

from datetime import UTC, datetime

from django.core.management import call_command
from django.db import transaction

from public.documents import (
    AgendaItem,
    Document,
    FigureDocument,
    File,
    GuidingQuestion,
    Party,
    PledgeDocument,
    PracticeDocument,
    Progress,
    RecommendationDocument,
    ReportDocument,
    Role,
    RoundtableDocument,
    Section,
    Source,
    StakeholderDocument,
    Statement,
)
from public.editions import retract_editions, write_editions

PUBLISHED = datetime(2024, 3, 11, 9, tzinfo=UTC)
WITHDRAWN = datetime(2024, 4, 11, 9, tzinfo=UTC)
ORIGIN = {
    "language": "en",
    "source": Source(documents=["SR2020"], locator="Annex, Objective 7"),
    "url": "https://www.example.org/a-very-long-address-without-any-blank-in-it/plan.pdf",
}
LONG = "The plan holds 97 measures, matched to the 23 objectives, each with a date. " * 6
A_FILE = File(
    name="a-rather-long-name-of-a-report-without-blanks-2024.pdf",
    title="Voluntary report of Albania to the regional review",
    kind="report",
    language="en",
    media_type="application/pdf",
    bytes=1_234_567,
    sha256="ab" * 32,
)

# One address of every kind of page, as the rows below fill them.
PAGES = [
    "/",
    "/objectives/",
    "/objectives/7/",
    "/objectives/8/",
    "/member-states/",
    "/member-states/ALB/",
    "/member-states/AND/",
    "/practices/",
    "/practices/?objective=7&member_state=GBR&q=plan",
    "/practices/?member_state=AND",
    "/practices/?level=nonsense",
    "/practices/P-0001/",
    "/practices/P-9999/",
    "/practices/P-0100/",
    "/pledges/",
    "/pledges/PL-0001/",
    "/reports/",
    "/reports/VR-2024-ALB/",
    "/recommendations/",
    "/recommendations/R2024-S1-01/",
    "/stakeholders/",
    "/stakeholders/ORG-0001/",
    "/roundtables/",
    "/roundtables/RR2024-S1/",
    "/reviews/",
    "/reviews/RR2024/",
    "/reviews/RR2024/submissions/",
    "/coverage/",
    "/compare/?state=ALB&state=GBR",
    "/compare/",
    "/search/?q=plan",
    "/search/?q=remitances",
    "/search/",
    "/pictures/states/?kind=practice",
    "/data/",
    "/my-list/?record=practice:P-0001&record=pledge:PL-0001",
    "/api/docs/",
    "/api/docs/guide/",
    "/api/docs/problems/",
    "/api/docs/list_practices/",
    "/api/docs/add_practice_draft/",
]
MISSING = {"/practices/?level=nonsense": 400, "/practices/P-9999/": 404, "/practices/P-0100/": 410}


def practice(number: int, **changed) -> PracticeDocument:
    values = {
        **ORIGIN,
        "code": f"P-{number:04}",
        "title": "National Plan for the implementation of the Global Compact for Migration",
        "summary": "The plan holds 97 measures, matched to the 23 objectives.",
        "party": None,
        "lead_implementer": "Government of Portugal",
        "implementer_types": ["member_state"],
        "member_states": ["GBR", "PRT"],
        "partner_countries": ["NGA"],
        "objectives": [1, 7, 15, 20],
        "primary_objectives": [7],
        "principles": ["human_rights"],
        "sdgs": [10],
        "level": "national",
        "year_start": 2019,
        "year_end": 2021,
        "cycle": "RR2020",
        "covid19": True,
        "files": [],
    }
    return PracticeDocument(**values | changed)


PLEDGE = PledgeDocument(
    **ORIGIN,
    code="PL-0001",
    title="Legal aid for every migrant child",
    text=LONG,
    party=Party(member_state="ALB"),
    pledged_by="Ministry of Justice",
    partners=[Party(stakeholder="ORG-0001")],
    implementer_type="member_state",
    member_states=["ALB"],
    objectives=[7, 15],
    primary_objectives=[7],
    principles=["human_rights"],
    sdgs=[10, 16],
    type="partnership",
    form="financial",
    matches="",
    cycle="RR2024",
    made_on="2022-05-17",
    due_on="2026-12-31",
    stage="in_progress",
    progress=[
        Progress(
            reported_on=day,
            stage=stage,
            text="The first lawyers are trained.",
            language="en",
            evidence_url="https://www.example.org/evidence",
        )
        for day, stage in (("2023-06-01", "planned"), ("2024-02-01", "in_progress"))
    ],
    files=[A_FILE],
)
REPORT = ReportDocument(
    **ORIGIN,
    code="VR-2024-ALB",
    title="Voluntary report of Albania",
    type="voluntary_report",
    party=Party(member_state="ALB"),
    party_name="",
    cycle="RR2024",
    submitted_on="2024-02-01",
    evidence="received",
    objectives=[7, 21],
    sections=[
        Section(objective=None, title="Preparation of the report", text=LONG),
        Section(objective=7, title="", text=LONG),
        Section(objective=21, title="", text=LONG),
    ],
    files=[A_FILE],
)
STAKEHOLDER = StakeholderDocument(
    **ORIGIN,
    code="ORG-0001",
    title="Migrants' Union",
    acronym="MU",
    stakeholder_type="civil_society",
    member_states=["ALB"],
    description="Speaks for migrants in three towns.",
)
ROUNDTABLE = RoundtableDocument(
    **ORIGIN,
    code="RR2024-S1",
    title="Drivers and vulnerabilities",
    title_fr="Facteurs et vulnérabilités",
    title_ru="Причины и уязвимость",
    type="roundtable",
    number=1,
    cycle="RR2024",
    part_of="",
    cluster="RT1",
    objectives=[7, 14, 15],
    starts_on="2024-03-11",
    ends_on="2024-03-11",
    start_time="10:00",
    end_time="11:30",
    time_zone="Europe/Zurich",
    place="Palais des Nations, Geneva",
    format="hybrid",
    languages=["en", "fr", "ru"],
    inferred=False,
    roles=[
        Role(
            role="moderator",
            person="Ana Hoxha",
            position="Director",
            organization="Ministry of the Interior",
            party=Party(member_state="ALB"),
        ),
        Role(
            role="introductory_speaker",
            person="Ben Weber",
            position="",
            organization="Migrants' Union",
            party=Party(stakeholder="ORG-0001"),
        ),
    ],
    agenda=[
        AgendaItem(title="Introductory remarks", minutes=10, role="introductory_speaker"),
        AgendaItem(title="Interactive discussion", minutes=80, role="moderator"),
    ],
    questions=[
        GuidingQuestion(number=1, text="What has worked, for whom?", objectives=[7]),
        GuidingQuestion(number=2, text="What stood in the way?", objectives=[14, 15]),
    ],
    statements=[
        Statement(
            party=Party(member_state="ALB"),
            speaker="Ana Hoxha",
            language="fr",
            text="Nous avons ouvert trois centres.",
            objectives=[15],
        )
    ],
    files=[A_FILE],
)
OPENING = RoundtableDocument(
    **{name: getattr(ROUNDTABLE, name) for name in ROUNDTABLE.__struct_fields__}
    | {
        "code": "RR2024-OPEN",
        "title": "Opening",
        "title_fr": "",
        "title_ru": "",
        "type": "opening",
        "number": None,
        "objectives": [],
        "cluster": "",
        "start_time": None,
        "end_time": None,
        "roles": [],
        "agenda": [],
        "questions": [],
        "statements": [],
        "files": [],
    }
)


def recommendation(code: str, **changed) -> RecommendationDocument:
    values = {
        **ORIGIN,
        "code": code,
        "title": "",
        "text": "Count who is missing, and tell families what has been found out about them.",
        "number": 1,
        "cycle": "RR2024",
        "roundtable": "RR2024-S1",
        "objectives": [8],
        "addressed_to": ["member_states"],
        "strength": "urged",
        "continues": "R2020-G-01",
        "follow_up": "Three States have opened registers.",
    }
    return RecommendationDocument(**values | changed)


FIGURE = FigureDocument(
    **ORIGIN,
    code="country_networks",
    title="Country networks",
    category="network",
    value="20",
    unit="networks",
    as_of=2024,
    counting_rule="Networks that have met at least once.",
    member_states=["ALB", "AZE"],
)


def make() -> None:
    """Reference data, and the documents above as published; one practice is withdrawn."""
    call_command("load_reference_data", verbosity=0)
    kinds: list[list[Document]] = [
        [practice(number) for number in range(1, 29)],
        [practice(29, title="Guichets uniques", language="fr", member_states=["ALB"])],
        [practice(100)],
        [STAKEHOLDER],
        [PLEDGE],
        [REPORT],
        [ROUNDTABLE, OPENING],
        [recommendation("R2020-G-01", cycle="RR2020", roundtable="", continues="")],
        [recommendation("R2024-S1-01")],
        [FIGURE],
    ]
    with transaction.atomic():
        for documents in kinds:
            write_editions(documents, begin=PUBLISHED, now=PUBLISHED, retract_earlier=False)
        retract_editions("practice", codes=["P-0100"], now=WITHDRAWN)
