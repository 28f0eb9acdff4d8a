"""Public documents: the same after a journey through JSON, complete, nobody's contact data."""

from datetime import date, time

import msgspec
import pytest
from django.db import connection

from accounts.models import User
from objectives.records import signed
from public.documents import (
    KINDS,
    AgendaItem,
    ExcerptDocument,
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
from public.models import Edition, PublicRecord
from tests.factories import (
    RECORD_FACTORIES,
    AgendaItemFactory,
    DocumentFactory,
    ExcerptFactory,
    FigureFactory,
    FocalPointFactory,
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RecommendationFactory,
    ReportSectionFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    StatementFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    published,
)

pytestmark = pytest.mark.django_db

TEXT = "We will give every migrant child a lawyer. " * 8
SOURCE = Source(documents=["SR2020"], locator="p. 9")
PDF = File(
    name="report.pdf",
    title="Report",
    kind="other",
    language="en",
    media_type="application/pdf",
    bytes=1,
    sha256="0" * 64,
)
COMMON = {"url": "https://example.org/1", "sources": ["SR2020"], "source_locator": "p. 9"}


# Records in which everything is filled in, each with the document that it should become.


def a_full_stakeholder():
    record = StakeholderFactory(
        acronym="MU", description="Helps.", member_states=["SRB", "ALB"], **COMMON
    )
    return record, StakeholderDocument(
        code=record.code,
        title="Migrants' Union",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        acronym="MU",
        stakeholder_type="civil_society",
        member_states=["ALB", "SRB"],
        description="Helps.",
    )


def a_full_practice():
    stakeholder = StakeholderFactory()
    record = PracticeFactory(
        stakeholder=stakeholder,
        lead_implementer="City of Tirana",
        implementer_types=["member_state"],
        member_states=["SRB", "ALB"],
        partner_countries=["USA", "CAN"],
        objectives=[7, 3],
        principles=["people_centred"],
        sdgs=[10],
        year_start=2021,
        year_end=2023,
        covid19=True,
        **COMMON,
    )
    SubmissionFileFactory(practice=record)
    return record, PracticeDocument(
        code=record.code,
        title="One-stop centres for newcomers",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        summary="Newcomers find all services in one place.",
        party=Party(stakeholder=stakeholder.code),
        lead_implementer="City of Tirana",
        implementer_types=["member_state"],
        member_states=["ALB", "SRB"],
        partner_countries=["CAN", "USA"],
        objectives=[3, 7],
        primary_objectives=[7],
        principles=["people_centred"],
        sdgs=[10],
        level="national",
        year_start=2021,
        year_end=2023,
        cycle="RR2024",
        covid19=True,
        files=[PDF],
    )


def a_full_pledge():
    partner, first = StakeholderFactory(), PledgeFactory()
    record = PledgeFactory(
        pledged_by="Ministry of Justice",
        partner_states=["SRB"],
        partner_stakeholders=[partner],
        implementer_type="member_state",
        member_states=["ALB"],
        principles=["people_centred"],
        sdgs=[10],
        type="matching",
        form="financial",
        matches=first,
        made_on=date(2024, 3, 11),
        due_on=date(2026, 12, 31),
        **COMMON,
    )
    ProgressUpdateFactory(pledge=record, evidence_url="https://example.org/2")
    SubmissionFileFactory(pledge=record)
    return record, PledgeDocument(
        code=record.code,
        title="Legal aid for every migrant child",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        text=TEXT,
        party=Party(member_state="ALB"),
        pledged_by="Ministry of Justice",
        partners=[Party(member_state="SRB"), Party(stakeholder=partner.code)],
        implementer_type="member_state",
        member_states=["ALB"],
        objectives=[7],
        primary_objectives=[7],
        principles=["people_centred"],
        sdgs=[10],
        type="matching",
        form="financial",
        matches=first.code,
        cycle="RR2024",
        made_on="2024-03-11",
        due_on="2026-12-31",
        stage="planned",
        progress=[
            Progress(
                reported_on="2024-06-01",
                stage="in_progress",
                text="The first lawyers are trained.",
                language="en",
                evidence_url="https://example.org/2",
            )
        ],
        files=[PDF],
    )


def a_full_report():
    record = VoluntaryReportFactory(
        party_name="Republic of Albania", submitted_on=date(2024, 2, 1), **COMMON
    )
    ReportSectionFactory(report=record, objective=None, title="Method", text="We asked.")
    ReportSectionFactory(report=record, objective=7, title="Objective 7", sort_order=1)
    SubmissionFileFactory(report=record)
    return record, ReportDocument(
        code=record.code,
        title="Voluntary report of Albania",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        type="voluntary_report",
        party=Party(member_state="ALB"),
        party_name="Republic of Albania",
        cycle="RR2024",
        submitted_on="2024-02-01",
        evidence="received",
        objectives=[7],
        sections=[
            Section(objective=None, title="Method", text="We asked."),
            Section(objective=7, title="Objective 7", text="We opened centres."),
        ],
        files=[PDF],
    )


def a_full_excerpt():
    report = VoluntaryReportFactory()
    record = ExcerptFactory(report=report, objectives=[15, 7], member_states=["ALB"], **COMMON)
    return record, ExcerptDocument(
        code=record.code,
        title="",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        text="Albania opened three centres.",
        type="achievement",
        report=report.code,
        roundtable="",
        objectives=[7, 15],
        member_states=["ALB"],
        cycle="RR2024",
    )


def a_full_roundtable():
    whole = RoundtableFactory()
    record = RoundtableFactory(
        part_of=whole,
        number=2,
        title_fr="Causes",
        title_ru="Причины",
        cluster="RT4",
        objectives=[7, 3],
        starts_on=date(2024, 3, 11),
        ends_on=date(2024, 3, 11),
        start_time=time(10),
        end_time=time(12, 30),
        time_zone="Europe/Zurich",
        place="Geneva",
        format="hybrid",
        languages=["en", "ru"],
        inferred=True,
        **COMMON,
    )
    RoleFactory(roundtable=record, position="Mayor", organization="Tirana")
    AgendaItemFactory(roundtable=record, role="moderator")
    GuidingQuestionFactory(roundtable=record, objectives=[7])
    StatementFactory(roundtable=record, speaker="Ana Hoxha", objectives=[7])
    DocumentFactory(roundtable=record)
    return record, RoundtableDocument(
        code=record.code,
        title="Drivers and vulnerabilities",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        title_fr="Causes",
        title_ru="Причины",
        type="roundtable",
        number=2,
        cycle="RR2024",
        part_of=whole.code,
        cluster="RT4",
        objectives=[3, 7],
        starts_on="2024-03-11",
        ends_on="2024-03-11",
        start_time="10:00",
        end_time="12:30",
        time_zone="Europe/Zurich",
        place="Geneva",
        format="hybrid",
        languages=["en", "ru"],
        inferred=True,
        roles=[
            Role(
                role="moderator",
                person="Ana Hoxha",
                position="Mayor",
                organization="Tirana",
                party=Party(member_state="ALB"),
            )
        ],
        agenda=[AgendaItem(title="Opening", minutes=10, role="moderator")],
        questions=[GuidingQuestion(number=1, text="What has worked?", objectives=[7])],
        statements=[
            Statement(
                party=Party(member_state="ALB"),
                speaker="Ana Hoxha",
                language="en",
                text="We opened centres.",
                objectives=[7],
            )
        ],
        files=[PDF],
    )


def a_full_recommendation():
    roundtable, earlier = RoundtableFactory(), RecommendationFactory(cycle="RR2020")
    record = RecommendationFactory(
        roundtable=roundtable,
        number=4,
        objectives=[7],
        addressed_to=["member_states"],
        strength="urged",
        continues=earlier,
        follow_up="Counted in two States.",
        **COMMON,
    )
    return record, RecommendationDocument(
        code=record.code,
        title="",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        text="Count who is missing.",
        number=4,
        cycle="RR2024",
        roundtable=roundtable.code,
        objectives=[7],
        addressed_to=["member_states"],
        strength="urged",
        continues=earlier.code,
        follow_up="Counted in two States.",
    )


def a_full_figure():
    record = FigureFactory(
        unit="networks", counting_rule="Established by 2024.", member_states=["ALB"], **COMMON
    )
    return record, FigureDocument(
        code=record.code,
        title="Country networks",
        language="en",
        source=SOURCE,
        url="https://example.org/1",
        category="network",
        value="20",
        unit="networks",
        as_of=2024,
        counting_rule="Established by 2024.",
        member_states=["ALB"],
    )


FULL = {
    "stakeholder": a_full_stakeholder,
    "practice": a_full_practice,
    "pledge": a_full_pledge,
    "report": a_full_report,
    "excerpt": a_full_excerpt,
    "roundtable": a_full_roundtable,
    "recommendation": a_full_recommendation,
    "figure": a_full_figure,
}


def test_every_kind_is_tried():
    assert set(FULL) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_document_says_everything_that_the_record_holds(kind):
    record, expected = FULL[kind]()

    assert type(record).objects.for_document().get(pk=record.pk).document() == expected


@pytest.mark.parametrize("kind", KINDS)
def test_document_comes_back_from_json_as_it_was(kind):
    document = FULL[kind]()[1]

    data = document.as_json()

    assert data["kind"] == kind
    assert KINDS[kind].from_json(data) == document
    assert msgspec.json.decode(msgspec.json.encode(document)) == data


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda factory: factory.model.kind)
def test_published_document_comes_back_from_the_public_record(factory):
    record = factory(published=True)

    edition = PublicRecord.objects.get()

    assert edition.content == record.document()
    assert type(edition.content) is KINDS[record.kind]


@pytest.mark.parametrize("kind", KINDS)
def test_document_of_another_shape_is_refused(kind):
    data = FULL[kind]()[1].as_json()
    without = {name: value for name, value in data.items() if name != "title"}

    for wrong in ({**data, "secret": 1}, without, {**data, "kind": "x"}, {**data, "title": None}):
        with pytest.raises(msgspec.ValidationError):
            KINDS[kind].from_json(wrong)


@pytest.mark.parametrize("kind", KINDS)
def test_documents_cannot_be_changed(kind):
    document = FULL[kind]()[1]

    with pytest.raises(AttributeError):
        document.title = "Another"


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(
    ("kind", "queries"),
    [
        ("stakeholder", 3),
        ("practice", 8),
        ("pledge", 10),
        ("report", 5),
        ("excerpt", 4),
        ("roundtable", 10),
        ("recommendation", 3),
        ("figure", 3),
    ],
)
def test_documents_cost_the_same_for_one_record_and_for_four(
    kind, queries, how_many, django_assert_num_queries
):
    rows = [FULL[kind]()[0] for _ in range(how_many)]
    model = type(rows[0])

    with django_assert_num_queries(queries):
        for row in model.objects.for_document().filter(pk__in=[row.pk for row in rows]):
            row.document()


# --- What no document holds -----------------------------------------------------------------

# People's contact data, notes of staff, and who did what in the office: a canary in each.
SECRET = {
    "stakeholder": {"contact_email": "canary-1@example.org", "contact_phone": "canary-2"},
    "roundtable": {},
}


def test_contact_data_and_staff_notes_are_never_public():
    author = User.objects.create_user("canary-3@example.org", name="canary-4")
    FocalPointFactory(user=author)
    for factory in RECORD_FACTORIES:
        secret = SECRET.get(factory.model.kind, {})
        record = factory(
            edited_by=author,
            staff_notes="canary-5",
            **secret,
        )
        if factory is RoundtableFactory:
            with signed(by=author):
                RoleFactory(
                    roundtable=record,
                    email="canary-6@example.org",
                    phone="canary-7",
                    gender="canary-8",
                )
                GuidingQuestionFactory(roundtable=record, staff_notes="canary-9")
            record.refresh_from_db()
        published(record)
        type(record).objects.update(staff_notes="canary-10")

    with connection.cursor() as cursor:
        tables = {}
        for table in ("public_record", "public_text", "public_tombstone", "public_edition"):
            cursor.execute(f"SELECT count(*), string_agg({table}::text, ' ') FROM {table}")
            tables[table] = cursor.fetchone()

    assert tables["public_record"][0] == tables["public_text"][0] == len(KINDS)
    assert "Ana Hoxha" in tables["public_record"][1]  # names and positions are public
    for _count, text in tables.values():
        assert "canary" not in (text or "")
    assert "canary" not in str([edition.document for edition in Edition.objects.all()])


def test_every_field_of_an_office_table_is_in_a_document_or_kept_back_by_name():
    """A new field is a decision: it goes into the document, or its name stands here."""
    kept_back = {
        "contact_email",
        "contact_phone",
        "created_at",
        "id",
        "primary_objectives_claimed",
        "origin",
        "staff_notes",
        "version",
        # the workflow
        "approved_by",
        "edited_by",
        "merged_into",
        "one_person",
        "public_edition",
        "published_at",
        "published_by",
        "status",
        "status_note",
    }
    said_otherwise = {
        "as a party": {"member_state", "stakeholder"},
        "as partners": {"partner_states", "partner_stakeholders"},
        "as the source": {"sources", "source_locator"},
        "as the title": {"title_en"},
    }
    unsaid = {}
    for factory in RECORD_FACTORIES:
        model = factory.model
        names = {field.name for field in (*model._meta.fields, *model._meta.many_to_many)}
        said = set(KINDS[model.kind].__struct_fields__).union(*said_otherwise.values())
        unsaid[model.kind] = names - said - kept_back

    assert {kind: names for kind, names in unsaid.items() if names} == {}
