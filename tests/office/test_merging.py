"""Two records of one thing become one: what moves, what is refused, and what outsiders learn."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Change
from objectives.records import signed
from public.merging import merge, offers
from public.models import Merged, PublicRecord, Redirect, Tombstone
from public.publication import Conflict, revise, steps_from
from public.workflow import Status
from submissions.models import Practice
from tests.factories import (
    RECORD_FACTORIES,
    CitationFactory,
    FocalPointFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RecommendationFactory,
    RoundtableFactory,
    StakeholderFactory,
    SubmissionFileFactory,
    brought_to,
    cycle,
    person,
    published,
    take,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(db):
    """Edits and publishes: the rights of two roles."""
    user = person("Reviewer")
    user.groups.add(*person("Publisher").groups.all())
    return user


def joined(record, into, by, **options):
    options.setdefault("note", "The same centre, entered twice.")
    merge(record, into=into, by=by, **options)


def fresh(record):
    record.refresh_from_db()
    return record


def address(record, into=None) -> str:
    way = reverse("admin:merge", args=[type(record), record.pk])
    return f"{way}?into={into.pk}" if into else way


# --- What happens ---------------------------------------------------------------------------


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
@pytest.mark.parametrize("status", Status.values)
def test_record_of_any_kind_and_status_is_closed_and_leads_to_the_one_that_stays(
    chief, factory, status
):
    chief.is_superuser = True  # an editor has no rights on figures' publication
    record, into = factory(status=status), factory()

    joined(record, into, chief)

    assert (record.status, record.merged_into, record.public_edition) == ("withdrawn", into, None)
    assert steps_from(record, by=chief) == []
    assert PublicRecord.objects.count() == 0


def test_merged_record_is_never_edited_again_by_anybody(editor):
    record, into = PracticeFactory(), PracticeFactory()
    joined(record, into, editor)

    with pytest.raises(ValidationError, match="takes no more steps"):
        revise(record, by=editor)


def test_files_and_what_names_it_go_to_the_one_that_stays(editor):
    record, into = PracticeFactory(), PracticeFactory()
    file, citation = SubmissionFileFactory(practice=record), CitationFactory(practice=record)
    brought_to(Status.APPROVED, fresh(record))

    joined(record, into, editor)

    assert (fresh(file).practice, fresh(citation).practice) == (into, into)
    assert Practice.objects.get(pk=record.pk).summary == record.summary


def test_links_of_others_follow_and_are_not_doubled(editor):
    record, into = StakeholderFactory(), StakeholderFactory()
    of_one = PledgeFactory(partner_stakeholders=[record])
    of_both = PledgeFactory(partner_stakeholders=[record, into])
    by_it = PledgeFactory(member_state=None, stakeholder=record)

    joined(fresh(record), fresh(into), editor)

    assert list(of_one.partner_stakeholders.all()) == [into]
    assert list(of_both.partner_stakeholders.all()) == [into]
    assert fresh(by_it).stakeholder == into


def test_links_of_withdrawn_records_stay_as_they_were(editor):
    record, into = StakeholderFactory(published=True), StakeholderFactory()
    closed = PledgeFactory(member_state=None, stakeholder=record, status="withdrawn")
    take("withdraw", record)

    joined(fresh(record), into, editor)

    assert fresh(closed).stakeholder == record


def test_records_merged_before_lead_to_the_last_one(editor):
    first, second, third = PracticeFactory.create_batch(3)
    joined(first, second, editor)

    joined(second, third, editor)

    assert (fresh(first).merged_into, fresh(second).merged_into) == (third, third)


def test_objectives_states_and_sources_are_taken_over_only_if_chosen(editor):
    record = PracticeFactory(
        objectives=[7, 15], member_states=["ALB", "SRB"], sources=["SR2020"], title="Mine"
    )
    into = PracticeFactory(objectives=[7], member_states=["ALB"])
    offered = {str(one.row): one.name for one in offers(record, into)}

    joined(record, into, editor, add=[offered["15. Objective 15"], offered["Serbia"]])

    assert sorted(offered) == ["15. Objective 15", "Serbia", "Summary report"]
    into = Practice.objects.for_document().get(pk=into.pk)
    assert into.objective_numbers() == [7, 15]
    assert into.objective_numbers(primary=True) == [7]
    assert [state.iso3 for state in into.member_states.all()] == ["ALB", "SRB"]
    assert list(into.sources.all()) == []
    assert into.title == "One-stop centres for newcomers"


def test_parts_are_moved_only_if_chosen(editor):
    record, into, other = PledgeFactory.create_batch(3)
    update = ProgressUpdateFactory(pledge=record)
    stays = ProgressUpdateFactory(pledge=other)

    joined(fresh(record), into, editor, move=["progressupdate"])
    joined(fresh(other), fresh(into), editor)

    assert (fresh(update).pledge, fresh(stays).pledge) == (into, other)


def test_merging_is_in_the_history_of_both(editor):
    record, into = PracticeFactory(), PracticeFactory()

    joined(record, into, editor)

    changes = Change.objects.filter(step="merge", table_name="submissions_practice").order_by("id")
    assert [(one.code, one.by, one.why) for one in changes] == [
        (record.code, editor, "The same centre, entered twice."),
        (into.code, editor, "The same centre, entered twice."),
    ]
    assert into.staff_notes == (
        f"{record.code} was merged into this record: The same centre, entered twice."
    )


# --- What is refused ------------------------------------------------------------------------


def test_merging_needs_the_right_to_change(reader):
    with pytest.raises(PermissionDenied):
        joined(PracticeFactory(), PracticeFactory(), reader)


def test_what_is_public_is_merged_by_somebody_who_may_publish(editor, chief):
    record, into = PracticeFactory(published=True), PracticeFactory()

    with pytest.raises(ValidationError, match="Ask somebody who may publish"):
        joined(record, into, editor)
    joined(record, into, chief)

    assert Tombstone.objects.values_list("code", flat=True).get() == record.code


def test_what_was_withdrawn_is_merged_by_an_editor(editor):
    record, into = PracticeFactory(status="withdrawn"), PracticeFactory()

    joined(record, into, editor)

    assert record.merged_into == into


@pytest.mark.parametrize("status", ["approved", "published", "withdrawn"])
def test_signed_record_takes_nothing_in(chief, status):
    record, into = PracticeFactory(), PracticeFactory(status=status)

    with pytest.raises(ValidationError, match="revise it first"):
        joined(record, into, chief)

    assert fresh(record).merged_into is None


def test_refusals_name_the_records_that_are_in_the_way(editor):
    record, into = StakeholderFactory(published=True), StakeholderFactory()
    pledge = PledgeFactory(member_state=None, stakeholder=record, published=True)
    take("withdraw", record)

    with pytest.raises(ValidationError) as refusal:
        joined(fresh(record), into, editor)

    assert refusal.value.messages == [
        f"{pledge.code}: signed, and naming {record.code}. Revise them first."
    ]


def test_rule_of_the_database_is_refused_in_words_and_nothing_is_written(editor):
    record = PledgeFactory()
    into = PledgeFactory(type="matching", matches=record)

    with pytest.raises(ValidationError, match="cannot match itself"):
        joined(record, into, editor)

    assert fresh(record).status == "draft"


def test_focal_points_are_moved_by_those_who_may_change_them(editor):
    record, into = StakeholderFactory(), StakeholderFactory()
    FocalPointFactory(member_state=None, stakeholder=record)

    with pytest.raises(ValidationError, match="Focal points name ST-"):
        joined(record, into, editor)


def test_scope_is_kept(editor):
    editor.cycle = cycle("RR2020")
    mine, foreign = PracticeFactory(cycle="RR2020"), PracticeFactory(cycle="RR2024")

    for record, into in ((mine, foreign), (foreign, mine)):
        with pytest.raises(ValidationError) as refusal:
            joined(record, into, editor)
        assert refusal.value.messages == [
            f"{foreign.code} is not among the records that you work on."
        ]


def test_scope_is_kept_for_records_that_name_it(roundtable_officer):
    roundtable_officer.cycle = cycle("RR2020")
    record = RoundtableFactory(cycle="RR2024")
    into = RoundtableFactory(cycle="RR2024")
    RecommendationFactory(roundtable=record)

    with pytest.raises(ValidationError) as refusal:
        joined(fresh(record), into, roundtable_officer)

    assert len(refusal.value.messages) == 3


@pytest.mark.parametrize("note", ["", "   "])
def test_merging_needs_a_reason(editor, note):
    with pytest.raises(ValidationError, match="Say why"):
        joined(PracticeFactory(), PracticeFactory(), editor, note=note)


def test_merging_with_itself_or_into_a_merged_one_is_refused(editor):
    record, into, last = PracticeFactory.create_batch(3)

    with pytest.raises(ValidationError, match="not merged into itself"):
        joined(record, record, editor)
    joined(record, into, editor)
    with pytest.raises(ValidationError, match="was merged into"):
        joined(last, record, editor)
    with pytest.raises(ValidationError, match="was merged into"):
        joined(record, last, editor)


@pytest.mark.parametrize("moved", [0, 1])
def test_whoever_has_read_an_older_version_is_told(editor, moved):
    pair = PracticeFactory.create_batch(2)
    with signed(by=person("Reviewer")):
        Practice.objects.filter(pk=pair[moved].pk).update(summary="A colleague's.")

    with pytest.raises(Conflict, match=pair[moved].code):
        joined(*pair, editor)


def test_what_nobody_offered_is_refused(editor):
    with pytest.raises(ValidationError, match="objectives:0"):
        joined(PracticeFactory(), PracticeFactory(), editor, add=["objectives:0"])


# --- What outsiders learn -------------------------------------------------------------------


def answers(client, code: str) -> list:
    page = client.get(f"/practices/{code}/")
    api = client.get(f"/api/v1/practices/{code}/")
    return [(one.status_code, one.get("Location", ""), one.content) for one in (page, api)]


def test_old_code_leads_to_the_one_that_stays_once_that_is_public(client, chief):
    record, into = PracticeFactory(published=True), PracticeFactory(published=True)
    take("revise", into)
    joined(record, into, chief)

    found = answers(client, record.code)

    assert [one[:2] for one in found] == [
        (301, f"/practices/{into.code}/"),
        (308, f"/api/v1/practices/{into.code}/"),
    ]
    today = f"?at={timezone.now():%Y-%m-%d}"
    assert client.get(f"/practices/{record.code}/{today}")["Location"] == (
        f"/practices/{into.code}/{today}"
    )
    assert client.get(f"/practices/{record.code}/?at=2020-01-01").status_code == 404


def test_old_code_leads_nowhere_while_the_one_that_stays_is_not_public(client, chief):
    record, into = PracticeFactory(published=True), PracticeFactory()
    joined(record, into, chief)

    assert [one[0] for one in answers(client, record.code)] == [410, 410]  # it was withdrawn
    assert list(Redirect.objects.all()) == []
    published(into)
    assert [one[0] for one in answers(client, record.code)] == [301, 308]
    take("withdraw", into)
    assert [one[0] for one in answers(client, record.code)] == [410, 410]


def test_code_that_never_was_public_stays_unknown(client, editor):
    record, into = PracticeFactory(), PracticeFactory()
    joined(record, into, editor)
    published(fresh(into))

    assert [one[0] for one in answers(client, record.code)] == [404, 404]
    assert list(Merged.objects.all()) == []


def test_embargo_that_never_began_is_no_publication(client, chief):
    record, into = PracticeFactory(), PracticeFactory()
    published(record, at=timezone.now() + timezone.timedelta(days=2))

    joined(record, into, chief)
    published(fresh(into))

    assert [one[0] for one in answers(client, record.code)] == [404, 404]


def test_old_codes_lead_on_when_their_target_is_merged(client, chief):
    first, second, third = (PracticeFactory(published=True) for _ in range(3))
    take("revise", second)
    joined(first, second, chief)
    take("revise", third)
    joined(second, third, chief)

    assert [answers(client, one.code)[0][1] for one in (first, second)] == [
        f"/practices/{third.code}/"
    ] * 2


# --- The page -------------------------------------------------------------------------------


def test_picker_offers_similar_records_and_finds_by_code_and_words(client, editor):
    record, alike, other = (
        PracticeFactory(title=title)
        for title in ("One-stop centres", "One-stop centres for all", "Cheaper remittances")
    )
    gone = PracticeFactory(title="One-stop centre")
    joined(gone, other, editor)
    fresh(other)
    client.force_login(editor)

    assert [one.code for one in client.get(address(record)).context["similar"]] == [alike.code]
    for words in (other.code, "remittances"):
        found = client.get(address(record), {"q": words}).context["found"]
        assert [one["pk"] for one in found] == [other.pk]
    assert client.get(address(record), {"q": gone.code}).context["found"] == []


def test_page_shows_both_and_merges_when_confirmed(client, editor):
    record = PracticeFactory(title="Centres", objectives=[7, 15])
    into = PracticeFactory()
    SubmissionFileFactory(practice=record)
    client.force_login(editor)

    page = client.get(address(record, into))
    answer = client.post(
        address(record, into),
        {
            **{one.name: one.value() for one in page.context["form"].hidden_fields()},
            "note": "The same.",
            "add": [name for name, _ in page.context["form"].fields["add"].choices],
        },
        follow=True,
    )

    lines = {str(line.label): line.differs for line in page.context["lines"]}
    assert (lines["title"], lines["summary"]) == (True, False)
    assert any("Files that move" in line for line in page.context["consequences"])
    assert answer.redirect_chain == [(f"/admin/submissions/practice/{into.pk}/change/", 302)]
    assert fresh(record).merged_into == into
    assert [link.objective.number for link in into.objective_links.all()] == [7, 15]


def test_nothing_typed_is_lost_when_a_colleague_was_faster(client, editor):
    record, into = PracticeFactory(), PracticeFactory()
    client.force_login(editor)
    sent = {"version": record.version, "into_version": into.version, "note": "The same."}
    Practice.objects.filter(pk=into.pk).update(summary="A colleague's.")

    answer = client.post(address(record, into), sent)

    assert answer.status_code == 409
    assert answer.context["form"]["note"].value() == "The same."
    assert fresh(record).merged_into is None
    again = sent | {
        name: answer.context["form"][name].value() for name in ("version", "into_version")
    }
    assert client.post(address(record, into), again).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"note": ""},
        {"note": "x", "version": "", "into_version": "many"},
        {"note": "x", "version": 1, "into_version": 1, "add": ["objectives:99"]},
        {"note": "x", "version": 1, "into_version": 1, "add": ["\0"]},
        {"note": "x\0", "version": 1, "into_version": 1},
    ],
)
def test_bad_input_is_refused_with_words(client, editor, sent):
    record, into = PracticeFactory(objectives=[7, 15]), PracticeFactory()
    client.force_login(editor)

    answer = client.post(address(record, into), sent)

    assert answer.status_code in (200, 409)
    assert answer.context["form"].errors != {}
    assert fresh(record).merged_into is None


@pytest.mark.parametrize("into", ["x", "-1", "999999", "9" * 30, "１"])
def test_target_that_is_no_record_is_not_found(client, editor, into):
    client.force_login(editor)

    assert client.get(f"{address(PracticeFactory())}?into={into}").status_code == 404


@pytest.mark.parametrize(
    ("role", "status"),
    [("Reader", 403), ("Publisher", 403), ("Editor", 200), ("Reviewer", 200)],
)
def test_page_opens_for_those_who_may_change(client, role, status):
    record, into = PracticeFactory(), PracticeFactory()
    client.force_login(person(role))

    assert client.get(address(record)).status_code == status
    assert client.get(address(record, into)).status_code == status


def test_refusals_are_said_before_anybody_confirms(client, editor):
    client.force_login(editor)
    record, into = PracticeFactory(), PracticeFactory(published=True)

    page = client.get(address(record, into))

    assert page.context["possible"] is False
    assert page.context["reasons"] == [
        f"{into.code} is signed, so nothing can be added to it: revise it first, then merge"
        f" {record.code} into it."
    ]


@pytest.mark.parametrize("how_many", [1, 4])
def test_confirm_page_costs_the_same_for_one_and_for_many(
    client, editor, how_many, django_assert_num_queries
):
    record, into = PracticeFactory(objectives=range(1, how_many + 1)), PracticeFactory()
    for _ in range(how_many):
        SubmissionFileFactory(practice=record)
        CitationFactory(practice=record)
    client.force_login(editor)

    with django_assert_num_queries(33):
        client.get(address(record, into))


def test_lists_and_pickers_leave_merged_records_out(client, editor):
    record, into = PracticeFactory(), PracticeFactory()
    joined(record, into, editor)
    client.force_login(editor)
    listed = reverse("admin:submissions_practice_changelist")
    picker = {"app_label": "submissions", "model_name": "pledge", "field_name": "matches"}
    pledge, other = PledgeFactory(), PledgeFactory()
    joined(pledge, other, editor)

    def shown(**question):
        return [one.pk for one in client.get(listed, question).context["cl"].result_list]

    assert (shown(), shown(merged="yes")) == ([into.pk], [record.pk])
    offered = client.get(reverse("admin:autocomplete"), picker).json()["results"]
    assert [one["id"] for one in offered] == [str(other.pk)]


def test_screens_of_both_name_each_other(client, editor):
    record, into = PracticeFactory(), PracticeFactory()
    joined(record, into, editor)
    client.force_login(editor)

    pages = [
        client.get(reverse("admin:submissions_practice_change", args=[one.pk]))
        for one in (record, into)
    ]

    assert pages[0].context["merged"]["into"]["pk"] == into.pk
    assert [one["pk"] for one in pages[1].context["merged"]["records"]] == [record.pk]
