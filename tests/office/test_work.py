"""The start page: what waits for whom, counted as the lists behind it count."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from objectives.models import Objective, ReviewCycle
from objectives.records import signed
from public.publication import revise, start_review
from public.workflow import Status
from tests.factories import (
    RECORD_FACTORIES,
    ExcerptFactory,
    FigureFactory,
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RecommendationFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    brought_to,
    cluster,
    cycle,
    member_state,
    objective,
    person,
    region,
    take,
)

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


@pytest.fixture
def office(client):
    """Signs somebody of this role in, who works on all cycles."""

    def sign_in(role: str):
        client.force_login(person(role))
        client.post(reverse("admin:cycle"), {"cycle": "all"})
        return client

    return sign_in


def queues(page, group: str = "waiting") -> dict[str, list[str]]:
    """The codes of each queue that the page shows."""
    return {
        entry.name: sorted(line.code for line in entry.lines)
        for entry in page.context["groups"][group]
    }


def in_another_review(factory=PracticeFactory, **values):
    """In review with a colleague of the one reviewer."""
    record = brought_to(Status.SUBMITTED, factory(**values))
    start_review(record, by=person("Publisher"))
    return record


# --- What waits -----------------------------------------------------------------------------


def test_each_role_sees_what_waits_for_it(office):
    draft = PracticeFactory()
    PracticeFactory(edited_by=person("Administrator"))
    returned = PracticeFactory(status=Status.RETURNED)
    submitted = PracticeFactory(status=Status.SUBMITTED)
    in_review = PracticeFactory(status=Status.IN_REVIEW)
    with_publisher = in_another_review()
    approved = PracticeFactory(status=Status.APPROVED)
    later = timezone.now() + timedelta(days=1)
    embargoed = brought_to(Status.PUBLISHED, PracticeFactory(), at=later)
    changed = PracticeFactory(published=True)
    revise(changed, by=person("Editor"))
    PracticeFactory(published=True)

    waiting = {
        role: queues(office(role).get(INDEX))
        for role in ("Reader", "Editor", "Reviewer", "Publisher")
    }

    everybody = {"embargo": [embargoed.code], "changed": [changed.code]}
    to_review = {"to-review": [submitted.code]}
    assert waiting == {
        "Reader": everybody,
        "Editor": {
            "returned": [returned.code],
            "to-finish": sorted([draft.code, changed.code]),
        }
        | everybody,
        "Reviewer": {
            **to_review,
            "in-my-review": [in_review.code],
            "to-approve": [with_publisher.code],
        }
        | everybody,
        "Publisher": {
            **to_review,
            "in-my-review": [with_publisher.code],
            "to-approve": [in_review.code],
            "to-publish": [approved.code],
        }
        | everybody,
    }


def test_nobody_is_asked_to_sign_what_they_edited(office, settings):
    record = PracticeFactory(status=Status.SUBMITTED)
    with signed(by=person("Reviewer")):
        type(record).objects.filter(pk=record.pk).update(title="As the reviewer wrote it")

    alone = queues(office("Reviewer").get(INDEX))
    settings.ONE_PERSON_OFFICE = True
    page = office("Reviewer").get(INDEX)

    assert alone == {}
    assert queues(page) == {"to-review": [record.code]}
    assert "This office is set to one person" in page.content.decode()


def test_line_tells_since_when_who_and_what_to_mend(office):
    record = PracticeFactory(title="Night buses", status=Status.SUBMITTED)
    take("return_with_note", record, note="Say who pays.")

    (entry,) = office("Editor").get(INDEX).context["groups"]["waiting"]

    (line,) = entry.lines
    assert (line.code, line.title, line.note, line.who) == (
        record.code,
        "Night buses",
        "Say who pays.",
        "Reviewer",
    )
    assert timezone.now() - line.at < timedelta(minutes=1)


def test_scope_limits_what_waits(office):
    mine = PracticeFactory(cycle="RR2020")
    PracticeFactory(cycle="RR2024")
    staff = office("Editor")
    User.objects.filter(pk=person("Editor").pk).update(cycle=cycle("RR2020"))

    page = staff.get(INDEX)

    assert queues(page) == {"to-finish": [mine.code]}
    assert page.context["cycle_is_fixed"]


def test_idle_person_is_told_what_to_do_next(office):
    page = office("Editor").get(INDEX)

    assert page.context["groups"]["waiting"] == []
    assert "Nothing waits for you." in page.content.decode()
    assert "You could add a record" in page.content.decode()


# --- What is overdue or missing -------------------------------------------------------------


def test_pledge_is_overdue_until_somebody_hears_of_it(office):
    past, ahead = date(2024, 1, 1), timezone.localdate() + timedelta(days=1)
    overdue = PledgeFactory(due_on=past)
    PledgeFactory(due_on=past, stage="fulfilled")
    PledgeFactory(due_on=ahead)
    PledgeFactory()
    heard = PledgeFactory(due_on=past)
    ProgressUpdateFactory(pledge=heard, reported_on=past)
    told_before = PledgeFactory(due_on=past)
    ProgressUpdateFactory(pledge=told_before, reported_on=date(2023, 12, 31))

    found = queues(office("Reader").get(INDEX), "overdue")

    assert found == {"due": sorted([overdue.code, told_before.code])}


def test_recommendation_is_overdue_a_year_after_its_cycle(office):
    silent = RecommendationFactory()
    RecommendationFactory(follow_up="Done.")
    recent = cycle("RR2020")
    ReviewCycle.objects.filter(pk=recent.pk).update(
        starts_on=None, ends_on=timezone.localdate() - timedelta(days=364)
    )
    RecommendationFactory(code="R2020-G-01", cycle="RR2020")

    assert queues(office("Reader").get(INDEX), "overdue") == {"silence": [silent.code]}


@pytest.mark.parametrize("is_closed", [False, True])
def test_states_without_a_report_are_told_of_each_cycle(office, is_closed):
    VoluntaryReportFactory(member_state="ALB", cycle="RR2024")
    VoluntaryReportFactory(code="VR-2020-CHE", member_state="CHE", cycle="RR2020")
    member_state("KGZ").regions.add(region("UNECE"))
    member_state("ALB").regions.add(region("UNECE"))
    outside = member_state("SRB")
    now = cycle("RR2024")
    yesterday = timezone.localdate() - timedelta(days=1)
    now.region, now.inputs_close_on = region("UNECE"), yesterday if is_closed else None
    now.save()
    staff = office("Reader")
    of_all = queues(staff.get(INDEX), "missing")
    staff.post(reverse("admin:cycle"), {"cycle": "RR2024"})

    page = staff.get(INDEX)

    assert of_all["report"] == sorted(["KGZ", outside.iso3])
    late, early = queues(page, "overdue").get("report"), queues(page, "missing").get("report")
    assert (late, early) == ((["KGZ"], None) if is_closed else (None, ["KGZ"]))


def test_records_that_miss_something_are_told(office):
    no_objective = PracticeFactory(objectives=[], url="https://example.org")
    no_source = PracticeFactory()
    PracticeFactory(sources=["SR2020"])
    PracticeFactory(member_state="ALB")  # a party handed it in
    pledge = PledgeFactory(origin="document")
    PledgeFactory()
    excerpt = ExcerptFactory(objectives=[])
    hearsay = VoluntaryReportFactory(evidence="text")
    empty = VoluntaryReportFactory()
    figure = FigureFactory()

    page = office("Reader").get(INDEX)
    found = {
        entry.name: {line.code for line in entry.lines}
        for entry in page.context["groups"]["missing"]
    }
    without_source = {no_source.code, pledge.code, excerpt.code, figure.code}  # three are shown
    totals = {entry.name: entry.total for entry in page.context["groups"]["missing"]}
    assert found.pop("without-source") < without_source
    assert totals["without-source"] == len(without_source)
    assert found == {
        "without-objective": {no_objective.code, excerpt.code},
        "not-received": {hearsay.code},
        "empty": {empty.code},
    }


def test_roundtables_that_miss_something_are_told(office):
    Objective.objects.all().delete()
    objective(7)  # of cluster RT4
    complete = {
        "cluster": cluster("RT4"),
        "starts_on": date(2024, 3, 11),
        "title_fr": "Vulnérabilités",
        "title_ru": "Уязвимость",
    }
    good = RoundtableFactory(**complete)
    RoleFactory(roundtable=good)
    GuidingQuestionFactory(roundtable=good, objectives=[7])
    RoundtableFactory(**complete | {"type": "opening", "cluster": None})
    bare = RoundtableFactory(**complete | {"starts_on": None, "title_ru": "", "title_fr": ""})
    GuidingQuestionFactory(roundtable=bare)

    found = queues(office("Reader").get(INDEX), "missing")

    codes = [bare.code]
    assert found == {
        "report": ["ALB"],  # whose roles the roundtables have
        "without-moderator": codes,
        "unasked": codes,
        "without-day": codes,
        "untranslated": codes,
    }


# --- Counts and lists -----------------------------------------------------------------------


@pytest.mark.parametrize("role", ["Reader", "Editor", "Reviewer", "Publisher", "Administrator"])
@pytest.mark.parametrize("chosen", ["all", "RR2024"])
def test_every_count_leads_to_the_list_with_just_these(office, role, chosen):
    for factory in RECORD_FACTORIES:
        for status in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.IN_REVIEW):
            factory(status=status)
    PracticeFactory(status=Status.APPROVED)
    PracticeFactory(cycle="RR2020", objectives=[])
    PledgeFactory(due_on=date(2024, 1, 1))
    member_state("CHE")
    later = timezone.now() + timedelta(days=1)
    brought_to(Status.PUBLISHED, StakeholderFactory(), at=later)
    staff = office(role)
    staff.post(reverse("admin:cycle"), {"cycle": chosen})

    groups = staff.get(INDEX).context["groups"]
    entries = [entry for group in groups.values() for entry in group]
    shares = {share.url: share.total for entry in entries for share in entry.shares}
    lists = {url: staff.get(url) for url in shares}

    assert len(shares) > 5
    assert {url: page.status_code for url, page in lists.items()} == dict.fromkeys(shares, 200)
    assert {url: page.context["cl"].result_count for url, page in lists.items()} == shares


@pytest.mark.parametrize("value", ["nothing", "to-review", "to-finish:RR2024", "\0"])
def test_filter_that_is_not_offered_is_refused(office, value):
    answer = office("Editor").get(
        reverse("admin:submissions_practice_changelist"), {"waiting": value}
    )

    assert (answer.status_code, answer.url.endswith("?e=1")) == (302, True)


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize(("role", "queries"), [("Editor", 7), ("Reviewer", 7), ("Reader", 7)])
def test_start_page_costs_the_same_for_one_and_for_many(
    office, role, queries, how_many, django_assert_num_queries
):
    for factory in RECORD_FACTORIES:
        factory.create_batch(how_many)
        factory.create_batch(how_many, status=Status.SUBMITTED)
    staff = office(role)

    with django_assert_num_queries(queries):
        staff.get(INDEX)


# --- The cycle ------------------------------------------------------------------------------


def test_cycle_begins_with_the_newest_that_is_not_over(client):
    cycle("RR2020")
    newest = cycle("RR2024")
    client.force_login(person("Reader"))

    at_first = client.get(INDEX).context["cycle"]
    ReviewCycle.objects.filter(code="RR2020").update(ends_on=None)

    assert at_first == newest
    assert client.get(INDEX).context["cycle"] == cycle("RR2020")


def test_chosen_cycle_is_kept_and_filters_what_waits(client):
    mine = PracticeFactory(cycle="RR2020")
    PracticeFactory(cycle="RR2024")
    stakeholder = StakeholderFactory()
    client.force_login(person("Editor"))

    answer = client.post(reverse("admin:cycle"), {"cycle": "RR2020", "next": "/admin/?a=b"})

    assert answer.url == "/admin/?a=b"
    assert queues(client.get(INDEX)) == {"to-finish": sorted([mine.code, stakeholder.code])}


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example", "", "javascript:1"])
@pytest.mark.parametrize("chosen", ["nothing", "", "RR2020"])
def test_switch_leads_nowhere_else_and_keeps_only_cycles(client, there, chosen):
    now = cycle("RR2024")
    client.force_login(person("Reader"))

    answer = client.post(reverse("admin:cycle"), {"cycle": chosen, "next": there})

    assert answer.url == INDEX
    assert client.get(INDEX).context["cycle"] == now


def test_person_of_one_cycle_cannot_switch(client):
    cycle("RR2024")
    User.objects.filter(pk=person("Editor").pk).update(cycle=cycle("RR2020"))
    client.force_login(person("Editor"))

    client.post(reverse("admin:cycle"), {"cycle": "RR2024"})

    assert client.get(INDEX).context["cycle"] == cycle("RR2020")


def test_new_record_begins_with_the_chosen_cycle(client):
    cycle("RR2024")
    client.force_login(person("Editor"))
    client.post(reverse("admin:cycle"), {"cycle": cycle("RR2020").code})
    add = reverse("admin:submissions_practice_add")

    form = client.get(add).context["adminform"].form
    asked = client.get(add, {"cycle": cycle("RR2024").pk}).context["adminform"].form

    assert form["cycle"].value() == cycle("RR2020").pk
    assert str(asked["cycle"].value()) == str(cycle("RR2024").pk)


# --- The lists ------------------------------------------------------------------------------


def test_lists_stand_by_the_work_they_belong_to(office):
    shelves = office("Reader").get(INDEX).context["shelves"]

    shown = {str(name): [one["object_name"] for one in lists] for name, lists in shelves}
    reference = shown.pop("Reference data")
    assert shown == {
        "What parties hand in": [
            "VoluntaryReport",
            "Practice",
            "Pledge",
            "Stakeholder",
            "Excerpt",
        ],
        "Meetings": ["ReviewCycle", "Roundtable", "Recommendation"],
        "The report": ["Figure", "Chapter"],
        "People and log": ["Edition"],
    }
    assert "MemberState" in reference


def test_person_adds_what_they_may_add(office):
    added = {
        role: [str(one["kind"]) for one in office(role).get(INDEX).context["addable"]]
        for role in ("Reader", "Roundtable officer")
    }

    assert added == {"Reader": [], "Roundtable officer": ["roundtable", "recommendation"]}
