"""The rules of what parties hand in."""

import pytest
from django.db import connection

from public.editions import write_editions
from public.models import database_now
from public.workflow import Status
from submissions.models import (
    Citation,
    Excerpt,
    FocalPoint,
    Pledge,
    PledgeObjective,
    Practice,
    PracticeObjective,
    ProgressUpdate,
    ReportSection,
    Stakeholder,
    SubmissionFile,
    VoluntaryReport,
)
from tests.broken_rules import added, changed, name_of, of_publishable, promised, refusal, twice
from tests.factories import (
    CitationFactory,
    ExcerptFactory,
    FocalPointFactory,
    PledgeFactory,
    PledgeObjectiveFactory,
    PracticeFactory,
    PracticeObjectiveFactory,
    ProgressUpdateFactory,
    ReportSectionFactory,
    StakeholderFactory,
    SubmissionFileFactory,
    VoluntaryReportFactory,
    member_state,
    person,
)

pytestmark = pytest.mark.django_db


def published_without_objectives(factory):
    """By SQL, step by step, since no action would do it."""

    def breaker():
        record = factory(objectives=[], status=Status.IN_REVIEW)
        rows = factory.model.objects.filter(pk=record.pk)
        rows.update(status=Status.APPROVED, approved_by=person("Reviewer"))
        now = database_now()
        number = write_editions([record.document()], begin=now, now=now, retract_earlier=False)[0]
        return lambda: rows.update(
            status=Status.PUBLISHED,
            published_at=now,
            published_by=person("Publisher"),
            public_edition=number,
        )

    return breaker


def itself(factory, field: str, **also):
    """Point a row at itself."""

    def breaker():
        row = factory()
        return lambda: factory.model.objects.filter(pk=row.pk).update(**{field: row}, **also)

    return breaker


def a_report_that_cites_itself():
    report = VoluntaryReportFactory()
    return added(
        CitationFactory, citing_document=None, citing_report=report, practice=None, report=report
    )()


BROKEN = {
    # stakeholders and people
    **of_publishable(StakeholderFactory),
    (Stakeholder, "submissions_stakeholder_code_well_formed"): added(
        StakeholderFactory, code="ST-1"
    ),
    (FocalPoint, "submissions_focalpoint_has_one_party"): changed(
        FocalPointFactory, member_state=None
    ),
    (FocalPoint, "focalpoint_once"): twice(FocalPointFactory),
    # practices
    **of_publishable(PracticeFactory),
    (Practice, "submissions_practice_claims_a_primary_objective"): changed(
        PracticeFactory, primary_objectives_claimed=0
    ),
    (Practice, "submissions_practice_code_well_formed"): added(PracticeFactory, code="P-001"),
    (Practice, "practice_has_one_party_at_most"): changed(
        PracticeFactory, member_state=member_state, stakeholder=StakeholderFactory
    ),
    (Practice, "practice_level_known"): changed(PracticeFactory, level="galactic"),
    (Practice, "practice_ends_after_start"): changed(
        PracticeFactory, year_start=2021, year_end=2020
    ),
    (Practice, "practice_years_plausible"): changed(PracticeFactory, year_start=21),
    (Practice, "published_practice_has_objectives"): published_without_objectives(PracticeFactory),
    (PracticeObjective, "practiceobjective_once"): twice(PracticeObjectiveFactory, "practice"),
    # pledges
    **of_publishable(PledgeFactory),
    (Pledge, "submissions_pledge_claims_a_primary_objective"): changed(
        PledgeFactory, primary_objectives_claimed=0
    ),
    (Pledge, "submissions_pledge_has_one_party"): changed(
        PledgeFactory, stakeholder=StakeholderFactory
    ),
    (Pledge, "submissions_pledge_code_well_formed"): added(PledgeFactory, code="P-0001"),
    (Pledge, "pledge_choices_known"): changed(PledgeFactory, form="prayer"),
    (Pledge, "pledge_matching_names_its_pledge"): changed(PledgeFactory, type="matching"),
    (Pledge, "pledge_matches_another"): itself(PledgeFactory, "matches", type="matching"),
    (Pledge, "pledge_text_not_too_long"): changed(PledgeFactory, text="ж" * 3001),
    (Pledge, "pledge_text_not_too_short"): changed(
        PledgeFactory, {"status": Status.SUBMITTED}, text="ж" * 299
    ),
    (Pledge, "pledge_due_after_made"): changed(
        PledgeFactory, made_on="2024-03-11", due_on="2024-03-10"
    ),
    (Pledge, "pledge_stage_known"): changed(PledgeFactory, stage="forgotten"),
    (Pledge, "published_pledge_has_objectives"): published_without_objectives(PledgeFactory),
    (PledgeObjective, "pledgeobjective_once"): twice(PledgeObjectiveFactory, "pledge"),
    (ProgressUpdate, "progressupdate_stage_known"): changed(ProgressUpdateFactory, stage=""),
    (ProgressUpdate, "progressupdate_language_known"): changed(
        ProgressUpdateFactory, language="de"
    ),
    (ProgressUpdate, "progressupdate_evidence_is_http"): changed(
        ProgressUpdateFactory, evidence_url="file:///etc/passwd"
    ),
    # reports
    **of_publishable(VoluntaryReportFactory),
    (VoluntaryReport, "submissions_voluntaryreport_has_one_party"): changed(
        VoluntaryReportFactory, member_state=None
    ),
    (VoluntaryReport, "voluntaryreport_code_well_formed"): added(
        VoluntaryReportFactory, code="VR-24-ALB"
    ),
    (VoluntaryReport, "voluntaryreport_code_says_whose"): changed(
        VoluntaryReportFactory, member_state=lambda: member_state("SRB")
    ),
    (VoluntaryReport, "voluntaryreport_choices_known"): changed(
        VoluntaryReportFactory, evidence="hearsay"
    ),
    (VoluntaryReport, "voluntaryreport_stakeholder_report_has_one"): changed(
        VoluntaryReportFactory, type="stakeholder_report"
    ),
    (ReportSection, "reportsection_one_an_objective"): twice(ReportSectionFactory, "report"),
    # excerpts and citations
    **of_publishable(ExcerptFactory),
    (Excerpt, "submissions_excerpt_code_well_formed"): added(ExcerptFactory, code="EX-12"),
    (Excerpt, "excerpt_type_known"): changed(ExcerptFactory, type="gossip"),
    (Citation, "citation_made_by_one"): changed(
        CitationFactory, citing_report=VoluntaryReportFactory
    ),
    (Citation, "citation_of_one_record"): changed(CitationFactory, practice=None),
    (Citation, "citation_of_another"): a_report_that_cites_itself,
    # files
    (SubmissionFile, "submissions_submissionfile_choices_known"): changed(
        SubmissionFileFactory, {"practice": PracticeFactory}, kind="film"
    ),
    (SubmissionFile, "submissions_submissionfile_sha256_well_formed"): changed(
        SubmissionFileFactory, {"practice": PracticeFactory}, sha256="ABC"
    ),
    (SubmissionFile, "submissionfile_belongs_to_one"): changed(
        SubmissionFileFactory, {"practice": PracticeFactory}, pledge=PledgeFactory
    ),
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_submissions_refuse_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


# --- Where a rule ends ----------------------------------------------------------------------


@pytest.mark.parametrize("length", [300, 3000])
def test_pledge_text_may_have_300_to_3000_characters(length):
    pledge = PledgeFactory(text="ж" * length, status=Status.SUBMITTED)

    assert pledge.status == Status.SUBMITTED


def test_pledge_taken_from_a_document_may_be_short():
    pledge = PledgeFactory(text="We will help.", origin="document", published=True)

    assert pledge.status == Status.PUBLISHED


def test_matching_pledge_names_another():
    first = PledgeFactory()

    second = PledgeFactory(type="matching", matches=first)

    assert list(first.matched_by.all()) == [second]


def test_practice_that_claims_two_primary_objectives_has_two():
    practice = PracticeFactory(primary_objectives_claimed=2, objectives=[7, 15])
    practice.objective_links.update(primary=True)
    practice.refresh_from_db()

    assert practice.objective_errors() == {}
    assert practice.objective_numbers(primary=True) == [7, 15]


# --- Codes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("factory", "prefix"),
    [
        (PracticeFactory, "P"),
        (PledgeFactory, "PL"),
        (StakeholderFactory, "ST"),
        (ExcerptFactory, "EX"),
    ],
)
def test_code_is_given_and_comes_back_with_the_insert(factory, prefix, django_assert_num_queries):
    first = factory()
    second = factory.model(
        **{
            field.attname: getattr(first, field.attname)
            for field in factory.model._meta.concrete_fields
            if field.name not in ("id", "code")
        }
    )

    with django_assert_num_queries(1):
        second.save()

    number = int(first.code.removeprefix(f"{prefix}-"))
    assert first.code == f"{prefix}-{number:04}"
    assert second.code == f"{prefix}-{number + 1:04}"


def test_codes_are_given_to_rows_written_in_bulk():
    practice = PracticeFactory()
    number = int(practice.code[2:])
    more = [Practice(cycle=practice.cycle, title="More", level="local") for _ in range(3)]

    Practice.objects.bulk_create(more)

    assert [one.code for one in more] == [f"P-{number + n:04}" for n in (1, 2, 3)]


def test_code_of_a_deleted_record_is_not_given_again():
    practice = PracticeFactory(objectives=[])
    number = int(practice.code[2:])
    practice.delete()

    assert PracticeFactory().code == f"P-{number + 1:04}"


def test_code_that_somebody_chose_is_left_out():
    number = int(PracticeFactory().code[2:])
    PracticeFactory(code=f"P-{number + 1:04}")

    assert PracticeFactory().code == f"P-{number + 2:04}"


def test_codes_go_on_beyond_four_digits():
    with connection.cursor() as cursor:
        cursor.execute("SELECT setval('code_p', 9999)")
        try:
            codes = [PracticeFactory().code for _ in range(2)]
        finally:
            cursor.execute("SELECT setval('code_p', 1)")  # sequences know no rollback

    assert codes == ["P-10000", "P-10001"]
