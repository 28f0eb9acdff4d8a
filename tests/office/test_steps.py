"""The steps of the workflow as people take them: buttons on records, pages, actions of lists."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from objectives.records import signed
from office import step_words
from office.step_words import WHAT_HAPPENS, WHAT_NEXT
from public.models import Edition, PublicRecord, Tombstone, database_now
from public.workflow import LABELS, Status
from submissions.models import Pledge, Practice, Stakeholder
from tests.factories import (
    FigureFactory,
    PledgeFactory,
    PracticeFactory,
    RoundtableFactory,
    StakeholderFactory,
    brought_to,
    objective,
    person,
    published,
    second_factor,
    take,
)
from tests.office.test_admin import screen
from tests.public.test_documents import FULL
from tests.public.test_publication import ALLOWED, LEADS_TO, NAMES, ROLES, all_rounder, author

pytestmark = pytest.mark.django_db

NOTE = "Name the source."


@pytest.fixture
def office(client):
    """Signs somebody of this role in, or this very person."""

    def sign_in(who):
        client.force_login(person(who) if isinstance(who, str) else who)
        return client

    return sign_in


def one_for_all():
    """A colleague who may edit, review and publish."""
    one = all_rounder()
    one.is_staff = True
    one.save()
    return second_factor(one)


def address(record, step: str) -> str:
    return reverse("admin:steps", args=[type(record), step])


def opened(staff, step, *records):
    return staff.get(address(records[0], step), {"id": [record.pk for record in records]})


def confirmed(staff, step, *records, **typed):
    """Confirms the step with the records as they were read."""
    read = [f"{record.pk}:{record.version}" for record in records]
    cells = {"record": read, "note": NOTE} | ({"when": "now"} if step == "publish" else {})
    return staff.post(address(records[0], step), cells | typed)


def offered(page) -> list[str]:
    return [step["name"] for step in page.context["standing"]["steps"]]


def shown(page) -> str:
    """What a page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return re.sub(r"\s+", " ", text).replace("&#x27;", "'").replace("&quot;", '"')


def told(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def status_of(record) -> str:
    return type(record).objects.get(pk=record.pk).status


def in_days(days: int) -> datetime:
    return (database_now() + timedelta(days=days)).replace(second=0, microsecond=0)


# --- Who may take which step, and where -----------------------------------------------------


@pytest.mark.parametrize("status", ALLOWED)
def test_each_role_is_offered_its_steps_and_takes_no_other(office, status):
    practice = PracticeFactory(status=status, edited_by=author())
    allowed = ALLOWED[status]
    taken, on_record = {}, {}

    for role in ROLES:
        staff = office(role)
        on_record[role] = set(offered(staff.get(screen(practice))))
        for step in NAMES:
            page = opened(staff, step, practice)
            with transaction.atomic():
                answer = confirmed(staff, step, practice)
                led_to = status_of(practice)
                transaction.set_rollback(True)
            can = page.status_code == 200 and bool(page.context["fit"])
            assert (answer.status_code == 302) == can
            assert led_to == (LEADS_TO[step] if can else status)
            if can:
                taken.setdefault(step, set()).add(role)

    assert taken == allowed
    assert on_record == {
        role: {step for step, who in allowed.items() if role in who} for role in ROLES
    }


def test_roundtable_officer_sends_a_roundtable_to_review(office):
    roundtable = RoundtableFactory()

    answer = confirmed(office("Roundtable officer"), "submit", roundtable)

    assert (answer.status_code, status_of(roundtable)) == (302, "submitted")


@pytest.mark.parametrize("step", NAMES)
def test_nobody_without_the_right_opens_the_page_of_a_step(office, step):
    practice = PracticeFactory()

    assert opened(office("Reader"), step, practice).status_code == 403
    assert confirmed(office("Reader"), step, practice).status_code == 403


@pytest.mark.parametrize("step", [*NAMES, "no-such-step"])
def test_anonymous_is_sent_to_sign_in_as_from_any_unknown_address(client, step):
    practice = PracticeFactory()
    path = f"/admin/submissions.practice/steps/{step}/"

    answers = [client.get(path), client.post(path), client.get("/admin/no/such/page/")]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert {answer.url.split("?")[0] for answer in answers} == {reverse("admin:login")}
    assert status_of(practice) == "draft"


@pytest.mark.parametrize(
    "path",
    [
        "/admin/submissions.practice/steps/delete/?id=1",
        "/admin/submissions.practice/steps/publish_all/?id=1",
        "/admin/submissions.practice/steps/__init__/?id=1",
        "/admin/submissions.nothing/steps/publish/?id=1",
        "/admin/objectives.objective/steps/publish/?id=1",
        "/admin/submissions.focalpoint/steps/publish/?id=1",
        "/admin/submissions.practice/steps/publish/?id=one",
        "/admin/submissions.practice/steps/publish/?id=999999999",
        "/admin/submissions.practice/steps/publish/?id=99999999999999999999999",
        "/admin/submissions.practice/steps/publish/?id=-1",
    ],
)
def test_forged_addresses_are_not_found(office, path):
    PracticeFactory()

    assert office(one_for_all()).get(path).status_code == 404


@pytest.mark.parametrize("read", ["", "1", "one:1", "1:one", "1:1:1", "-1:1", "1:" + "9" * 30])
def test_forged_records_are_not_found(office, read):
    practice = PracticeFactory(status="approved")

    answer = office("Publisher").post(address(practice, "publish"), {"record": [read]})

    assert (answer.status_code, status_of(practice)) == (404, "approved")


def test_page_without_records_leads_back_to_the_list(office):
    practice = PracticeFactory()
    staff = office("Editor")

    for answer in (
        staff.get(address(practice, "submit"), follow=True),
        staff.post(address(practice, "submit"), {"note": "x"}, follow=True),
    ):
        assert answer.redirect_chain == [(screen(practice, "changelist"), 302)]
        assert told(answer) == ["Choose at least one record."]


@pytest.mark.parametrize("step", NAMES)
def test_opening_a_page_changes_nothing(office, step):
    practices = {status: PracticeFactory(status=status) for status in Status}
    before = list(Practice.objects.order_by("pk").values())
    everybody = one_for_all()

    for practice in practices.values():
        opened(office(everybody), step, practice)
    opened(office(everybody), step, *practices.values())

    assert list(Practice.objects.order_by("pk").values()) == before


def test_steps_are_protected_against_forged_requests():
    practice = PracticeFactory()
    staff = Client(enforce_csrf_checks=True)
    staff.force_login(person("Editor"))

    assert confirmed(staff, "submit", practice).status_code == 403
    assert status_of(practice) == "draft"


# --- What the record's screen says ----------------------------------------------------------


def test_record_says_where_it_stands_since_when_by_whom_and_why(office):
    practice = take("return_with_note", PracticeFactory(status="in_review"), note=NOTE)

    page = office("Editor").get(screen(practice))

    said = shown(page)
    assert "Returned since" in said
    assert "by Reviewer" in said
    assert f"Note: {NOTE}" in said
    assert "Next: its editor mends it and sends it to review again." in said
    assert [step["label"] for step in page.context["standing"]["steps"]] == ["Send to review"]


def test_buttons_lead_to_the_pages_of_the_steps(office):
    practice = PracticeFactory(status="approved")
    staff = office("Publisher")

    links = [step["url"] for step in staff.get(screen(practice)).context["standing"]["steps"]]

    assert links == [
        f"/admin/submissions.practice/steps/{step}/?id={practice.pk}"
        for step in ("return_with_note", "publish")
    ]
    assert [staff.get(link).status_code for link in links] == [200, 200]


def test_public_record_links_to_its_public_page_and_one_under_embargo_does_not(office):
    public = PracticeFactory(published=True)
    later = published(PracticeFactory(), at=in_days(2))
    without_page = FigureFactory(published=True)
    staff = office("Reader")

    pages = [staff.get(screen(record)) for record in (public, later, without_page)]

    links = [page.context["standing"]["row"].public_url for page in pages]
    assert links == [f"/practices/{public.code}/", "", ""]
    assert f'href="/practices/{public.code}/"' in pages[0].content.decode()
    assert "under embargo: public from" in shown(pages[1])
    assert all(
        reverse("admin:preview", args=["submissions.practice", one.pk]) in page.content.decode()
        for one, page in zip((public, later), pages, strict=False)
    )


@pytest.mark.parametrize(
    ("role", "status", "sentences"),
    [
        ("Reader", "published", []),
        ("Editor", "draft", []),
        (
            "Editor",
            "approved",
            ["Approved and signed: to have it changed, ask a reviewer to return it with a note."],
        ),
        ("Editor", "published", ["Signed: revise it first to edit."]),
        ("Editor", "withdrawn", ["Signed: revise it first to edit."]),
        ("Reviewer", "in_review", ["If you edit it yourself, a colleague has to approve it."]),
        (
            "Reviewer",
            "approved",
            ["Approved and signed: return it with a note if it has to change."],
        ),
        ("Publisher", "published", ["To change what it says, ask an editor to revise it."]),
    ],
)
def test_record_says_why_a_step_is_not_offered(office, role, status, sentences):
    practice = PracticeFactory(status=status, edited_by=author())

    page = office(role).get(screen(practice))

    assert page.context["standing"]["explanations"] == sentences


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("in_review", "You edited this last: a colleague approves it."),
        ("approved", "You edited this last: a colleague publishes it."),
    ],
)
def test_last_editor_is_told_that_a_colleague_signs(office, status, sentence):
    one = one_for_all()
    practice = PracticeFactory(status=status, edited_by=one)
    step = "approve" if status == "in_review" else "publish"
    staff = office(one)

    page = staff.get(screen(practice))
    answer = confirmed(staff, step, practice)

    assert page.context["standing"]["explanations"][0] == sentence
    assert step not in offered(page)
    assert "ask a colleague" in shown(answer)
    assert status_of(practice) == status


def test_one_person_office_says_so_and_goes_on(office, settings):
    settings.ONE_PERSON_OFFICE = True
    one = one_for_all()
    practice = PracticeFactory(status="in_review", edited_by=one)
    staff = office(one)

    page = staff.get(screen(practice))
    confirm = opened(staff, "approve", practice)
    confirmed(staff, "approve", practice)

    assert "approve" in offered(page)
    assert "This office is set to one person" in shown(page)
    assert "This office is set to one person" in shown(confirm)
    row = Practice.objects.get()
    assert (row.status, row.one_person) == ("approved", True)


# --- What the page shows --------------------------------------------------------------------


@pytest.mark.parametrize(("step", "status"), [("approve", "in_review"), ("publish", "approved")])
def test_signing_shows_the_whole_document_in_words(office, step, status):
    practice = PracticeFactory(status=status, member_states=["ALB"], sdgs=[10])

    page = opened(office("Publisher"), step, practice)

    (row,) = page.context["rows"]
    assert {line.label: line.values for line in row.lines} == {
        "Code": [practice.code],
        "Title": ["One-stop centres for newcomers"],
        "Language": ["English"],
        "Summary": ["Newcomers find all services in one place."],
        "Carried out in": ["Albania"],
        "Objectives": ["7. Objective 7"],
        "Primary objectives": ["7. Objective 7"],
        "SDGs": ["10. Goal 10"],
        "Level": ["national"],
        "Review cycle": ["Review of 2024"],
        "Related to COVID-19": ["No"],
    }
    said = shown(page)
    assert all(line.label in said and str(line.values[0]) in said for line in row.lines)


def test_next_edition_shows_what_it_changes(office):
    practice = PracticeFactory(published=True, title="First", objectives=[7])
    take("revise", practice)
    with signed(by=person("Editor")):
        Practice.objects.update(title="Second")
        practice.objective_links.create(objective=objective(15))
    practice.refresh_from_db()
    brought_to(Status.APPROVED, practice)

    page = opened(office("Publisher"), "publish", practice)

    (row,) = page.context["rows"]
    assert [(one.label, one.was.values, one.now.values) for one in row.differences] == [
        ("Title", ["First"], ["Second"]),
        ("Objectives", ["7. Objective 7"], ["7. Objective 7", "15. Objective 15"]),
    ]
    assert "What changes from edition 1" in shown(page)


def test_withdrawing_shows_what_vanishes(office):
    practice = PracticeFactory(published=True, title="First")
    take("revise", practice)
    Practice.objects.update(title="Second")
    practice.refresh_from_db()
    published(practice, at=in_days(2))

    page = opened(office("Publisher"), "withdraw", practice)

    (row,) = page.context["rows"]
    said = shown(page)
    assert [edition.title for edition in row.editions] == ["Second", "First"]
    assert "Edition 2: Second under embargo: public from" in said
    assert "Edition 1: First public from" in said
    assert f"/practices/{practice.code}/" in said
    assert "for every moment" in said


def test_revising_a_record_under_embargo_warns_that_the_edition_comes_all_the_same(office):
    practice = published(PracticeFactory(), at=in_days(2))
    public = PracticeFactory(published=True)
    one = one_for_all()

    editor = shown(opened(office("Editor"), "revise", practice))
    both = opened(office(one), "revise", practice).content.decode()
    without = shown(opened(office("Editor"), "revise", public))

    assert "Revising does not stop edition 1" in editor
    assert "ask a publisher to withdraw the record first" in editor
    assert f"/admin/submissions.practice/steps/withdraw/?id={practice.pk}" in both
    assert "Revising does not stop" not in without


def test_page_says_why_nothing_can_be_done(office):
    practice = PracticeFactory(status="in_review", objectives=[])

    page = opened(office("Reviewer"), "approve", practice)

    assert page.context["fit"] == []
    assert "This record claims 1 primary objective(s) and has 0" in shown(page)
    assert 'name="record"' not in page.content.decode()


# --- Taking a step --------------------------------------------------------------------------

DONE = {
    "submit": ("Editor", "draft", "Sent to review: {}."),
    "recall": ("Editor", "submitted", "Taken back: {}."),
    "start_review": ("Reviewer", "submitted", "Review started: {}."),
    "return_with_note": ("Reviewer", "in_review", "Returned with your note: {}."),
    "approve": ("Reviewer", "in_review", "Approved: {}."),
    "publish": ("Publisher", "approved", "Public now: {}."),
    "revise": ("Editor", "published", "A draft again, for the next edition: {}."),
    "withdraw": ("Publisher", "published", "Withdrawn from the public record: {}."),
}


@pytest.mark.parametrize("step", DONE)
def test_step_is_taken_with_its_note_and_says_so(office, step):
    role, status, message = DONE[step]
    practice = PracticeFactory(status=status)
    staff = office(role)

    answer = confirmed(staff, step, practice)

    row = Practice.objects.get()
    assert (row.status, row.status_note) == (LEADS_TO[step], NOTE)
    assert answer.url == screen(practice)
    assert told(staff.get(answer.url)) == [message.format(practice.code)]


@pytest.mark.parametrize(
    ("step", "status"), [("return_with_note", "in_review"), ("withdraw", "published")]
)
@pytest.mark.parametrize("note", ["", "  \n "])
def test_missing_note_is_asked_for_and_nothing_is_done(office, step, status, note):
    practice = PracticeFactory(status=status)

    answer = confirmed(office("Publisher"), step, practice, note=note)

    assert answer.status_code == 200
    assert answer.context["form"].errors == {"note": ["Say why in a note."]}
    assert status_of(practice) == status


def test_note_is_no_longer_than_somebody_reads(office):
    practice = PracticeFactory(status="in_review")

    answer = confirmed(office("Reviewer"), "return_with_note", practice, note="x" * 2001)

    assert answer.context["form"].has_error("note", "max_length")
    assert answer.context["form"]["note"].value() == "x" * 2001
    assert status_of(practice) == "in_review"


def test_record_is_published_at_once(office):
    practice = PracticeFactory(status="approved")

    confirmed(office("Publisher"), "publish", practice)

    assert list(PublicRecord.objects.visible().values_list("code", flat=True)) == [practice.code]


def test_embargo_is_stored_and_told_in_utc(office):
    practice = PracticeFactory(status="approved")
    moment = in_days(2)
    staff = office("Publisher")

    answer = confirmed(
        staff, "publish", practice, when="later", at=moment.strftime("%Y-%m-%dT%H:%M")
    )

    assert Practice.objects.get().published_at == moment
    assert Edition.objects.get().visible.lower == moment
    assert not PublicRecord.objects.exists()
    time = moment.astimezone(UTC).strftime("%H:%M UTC")
    (message,) = told(staff.get(answer.url))
    assert message.startswith("Under embargo until ")
    assert message.endswith(f"{time}: {practice.code}.")


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"when": "later"}, "at", "Say when: a date and a time in UTC."),
        (
            {"when": "later", "at": "2020-03-11T09:00"},
            "at",
            "The embargo time has passed: choose a later time, or publish now.",
        ),
        (
            {"when": "later", "at": "tomorrow"},
            "at",
            "Write a date and a time, for example 2027-03-11T09:00.",
        ),
        ({"when": "later", "at": "9999-99-99T00:00"}, "at", "Write a date and a time"),
        ({"when": ""}, "when", "Choose now or a later time."),
        ({"when": "never"}, "when", "Select a valid choice."),
        ({"when": "now", "at": "2090-01-01T00:00"}, "__all__", "You wrote a time but chose"),
    ],
)
def test_time_that_is_no_time_is_refused_and_what_was_typed_stays(office, typed, field, message):
    practice = PracticeFactory(status="approved")

    answer = confirmed(office("Publisher"), "publish", practice, **typed)

    form = answer.context["form"]
    assert answer.status_code == 200
    assert list(form.errors) == [field]
    assert form.errors[field][0].startswith(message)
    assert form["note"].value() == NOTE
    assert form["at"].value() == typed.get("at")
    assert (status_of(practice), Edition.objects.count()) == ("approved", 0)


def again_approved(**values):
    """A practice whose next edition is approved."""
    practice = PracticeFactory(published=True, **values)
    take("revise", practice)
    return brought_to(Status.APPROVED, practice)


def test_earlier_editions_are_retracted_on_request_only(office):
    kept, retracted = again_approved(), again_approved()
    staff = office("Publisher")

    confirmed(staff, "publish", kept)
    confirmed(staff, "publish", retracted, retract_earlier="on")

    left = Edition.objects.filter(retracted_at=None).order_by("code", "edition")
    assert list(left.values_list("code", "edition")) == [
        (kept.code, 1),
        (kept.code, 2),
        (retracted.code, 2),
    ]


def test_retracting_is_offered_for_next_editions_only_and_not_with_an_embargo(office):
    first, second = PracticeFactory(status="approved"), again_approved()
    staff = office("Publisher")

    fields = [
        "retract_earlier" in opened(staff, "publish", one).context["form"].fields
        for one in (first, second)
    ]
    answer = confirmed(
        staff, "publish", second, when="later", at="2090-01-01T00:00", retract_earlier="on"
    )

    assert fields == [False, True]
    assert list(answer.context["form"].errors) == ["retract_earlier"]
    assert status_of(second) == "approved"


def test_withdrawn_record_is_gone(office):
    practice = PracticeFactory(published=True)

    confirmed(office("Publisher"), "withdraw", practice)

    assert not PublicRecord.objects.exists()
    assert Tombstone.objects.get().code == practice.code


def test_document_that_names_what_is_public_later_can_wait_for_it(office):
    moment = in_days(2)
    first = published(PledgeFactory(), at=moment)
    second = PledgeFactory(type="matching", matches=first, status="approved")
    staff = office("Publisher")

    page = opened(staff, "publish", second)
    now = confirmed(staff, "publish", second)
    confirmed(staff, "publish", second, when="later", at="2090-01-01T00:00")

    assert f"{second.code} names what is not public then: {first.code}" in shown(page)
    assert f"{second.code} names what is not public then" in shown(now)
    assert Pledge.objects.get(pk=second.pk).status == "published"


# --- Somebody was faster --------------------------------------------------------------------


def test_record_that_moved_on_is_left_alone_and_the_page_says_who_changed_what(office):
    practice = PracticeFactory(status="in_review")
    with signed(by=person("Editor"), why="A typo."):
        Practice.objects.update(title="A colleague's")

    answer = confirmed(office("Reviewer"), "approve", practice)

    assert (answer.status_code, status_of(practice)) == (409, "in_review")
    said = shown(answer)
    assert "Nothing was done: somebody was faster" in said
    assert f"{practice.code} was changed by Editor" in said
    assert ": Title – “A typo.”" in said
    assert "A colleague's" in said
    assert answer.context["form"]["note"].value() == NOTE


def test_after_looking_again_the_step_is_taken_with_what_was_typed(office):
    practice = PracticeFactory(status="approved")
    staff = office("Publisher")
    Practice.objects.update(staff_notes="Somebody was here.")
    at = "2090-01-01T09:00"

    first = confirmed(staff, "publish", practice, when="later", at=at)
    form, (row,) = first.context["form"], first.context["fit"]
    typed = {name: form[name].value() for name in ("when", "at", "note")}
    second = staff.post(first.context["action"], typed | {"record": row.read})

    assert (first.status_code, second.status_code) == (409, 302)
    practice.refresh_from_db()
    assert (practice.published_at.year, practice.status_note) == (2090, NOTE)


def test_link_that_a_colleague_added_is_told_too(office):
    practice = PracticeFactory(status="in_review")
    with signed(by=practice.edited_by):
        practice.objective_links.create(objective=objective(15))

    answer = confirmed(office("Reviewer"), "approve", practice)

    assert answer.status_code == 409
    assert f"{practice.code} was changed by Editor: its parts or links" in shown(answer)


def test_step_that_a_colleague_took_first_is_told_and_the_note_is_not_lost(office):
    practice = PracticeFactory(status="in_review")
    stale = Practice.objects.get()
    take("return_with_note", practice, note="Mine first.")

    answer = confirmed(office("Reviewer"), "return_with_note", stale)

    said = shown(answer)
    assert answer.status_code == 409
    assert "Return with note – “Mine first.”" in said
    assert f"{practice.code} is returned: this step cannot be taken now." in said
    assert f"What you wrote: {NOTE}" in said
    assert Practice.objects.get().status_note == "Mine first."


def test_record_that_was_deleted_is_told(office):
    practice, other = PracticeFactory.create_batch(2)
    Practice.objects.filter(pk=practice.pk).delete()

    answer = confirmed(office("Editor"), "submit", practice, other)

    assert answer.status_code == 409
    assert "A record that you chose has been deleted." in shown(answer)
    assert status_of(other) == "draft"


# --- Many records ---------------------------------------------------------------------------


def chosen(staff, step, *records, **more):
    """Chooses an action of the list."""
    cells = {"action": step, "_selected_action": [record.pk for record in records]}
    return staff.post(screen(records[0], "changelist"), cells | more)


@pytest.mark.parametrize("step", DONE)
def test_action_of_the_list_opens_the_page_and_does_nothing_yet(office, step):
    role, status, _message = DONE[step]
    practices = PracticeFactory.create_batch(2, status=status)

    page = chosen(office(role), step, *practices)

    assert [row.record for row in page.context["fit"]] == practices
    assert page.context["action"] == address(practices[0], step)
    assert [status_of(practice) for practice in practices] == [status] * 2


@pytest.mark.parametrize("step", DONE)
def test_step_is_taken_with_many(office, step):
    role, status, message = DONE[step]
    practices = PracticeFactory.create_batch(3, status=status)
    staff = office(role)

    answer = confirmed(staff, step, *practices)

    assert [status_of(practice) for practice in practices] == [LEADS_TO[step]] * 3
    assert set(Practice.objects.values_list("status_note", flat=True)) == {NOTE}
    assert answer.url == screen(practices[0], "changelist")
    codes = ", ".join(practice.code for practice in practices)
    assert told(staff.get(answer.url)) == [message.format(codes)]


def test_each_record_has_its_own_verdict(office):
    fit = PracticeFactory(status="in_review")
    draft = PracticeFactory()
    empty = PracticeFactory(status="in_review", objectives=[])
    own = PracticeFactory(status="in_review", edited_by=person("Reviewer"))
    staff = office("Reviewer")

    page = opened(staff, "approve", fit, draft, empty, own)

    assert {row.record.code: row.reasons for row in page.context["rows"]} == {
        fit.code: [],
        draft.code: [f"{draft.code} is draft: this step cannot be taken now."],
        empty.code: [
            "This record claims 1 primary objective(s) and has 0: mark the primary objectives, or"
            " correct the claim."
        ],
        own.code: [
            "Whoever last edited a record can neither approve nor publish it: ask a colleague."
        ],
    }
    assert "The step can be taken with 1 of 4 records." in shown(page)
    assert re.findall(r'name="record" value="(\S+)"', page.content.decode()) == [
        f"{fit.pk}:{fit.version}"
    ]


@pytest.mark.parametrize("wrong", ["draft", "empty", "own", "stale"])
def test_confirmed_set_is_taken_on_whole_or_not_at_all(office, wrong):
    fit = PracticeFactory(status="in_review")
    other = {
        "draft": lambda: PracticeFactory(),
        "empty": lambda: PracticeFactory(status="in_review", objectives=[]),
        "own": lambda: PracticeFactory(status="in_review", edited_by=person("Reviewer")),
        "stale": lambda: PracticeFactory(status="in_review"),
    }[wrong]()
    if wrong == "stale":
        Practice.objects.filter(pk=other.pk).update(title="Meanwhile")

    answer = confirmed(office("Reviewer"), "approve", fit, other)

    assert answer.status_code == (409 if wrong == "stale" else 200)
    assert other.code in shown(answer)
    assert [status_of(fit), status_of(other)] == ["in_review", other.status]
    assert answer.context["form"]["note"].value() == NOTE


def test_refusal_of_the_database_names_the_record(office):
    good, short = PledgeFactory(), PledgeFactory(text="We will help.")

    answer = confirmed(office("Editor"), "submit", good, short)

    assert list(answer.context["form"].non_field_errors()) == [
        f"{short.code}: The text of a pledge that a party hands in has at least 300 characters."
    ]
    assert [status_of(good), status_of(short)] == ["draft", "draft"]


def test_records_that_name_each_other_are_published_together(office):
    first = PledgeFactory(status="approved")
    second = PledgeFactory(type="matching", matches=first, status="approved")
    third = PledgeFactory(type="matching", matches=PledgeFactory(), status="approved")
    staff = office("Publisher")

    page = opened(staff, "publish", second, first, third)
    confirmed(staff, "publish", second, first)

    assert [row.record for row in page.context["fit"]] == [second, first]
    assert [status_of(one) for one in (first, second)] == ["published"] * 2


def test_filters_of_the_list_come_back(office):
    practices = PracticeFactory.create_batch(2)
    staff = office("Editor")
    path = screen(practices[0], "changelist") + "?status__exact=draft&q=one"

    page = staff.post(path, {"action": "submit", "_selected_action": [p.pk for p in practices]})
    answer = staff.post(
        page.context["action"], {"record": [row.read for row in page.context["fit"]]}
    )

    assert page.context["back"] == answer.url == path


def test_filters_lead_nowhere_but_to_the_list(office):
    practices = PracticeFactory.create_batch(2)
    forged = f"{address(practices[0], 'submit')}?_changelist_filters=%0d%0aX:y//evil.example"

    answer = office("Editor").post(
        forged, {"record": [f"{one.pk}:{one.version}" for one in practices]}
    )

    assert answer.url.startswith(screen(practices[0], "changelist") + "?")
    assert "X" not in answer.headers


def test_more_records_than_anybody_reads_are_refused(office, monkeypatch):
    monkeypatch.setattr("office.steps.MOST", 2)
    practices = PracticeFactory.create_batch(3)
    staff = office("Editor")
    words = ["Choose 2 records at most: nobody reads more before they confirm."]

    for attempt in (
        lambda: opened(staff, "submit", *practices),
        lambda: confirmed(staff, "submit", *practices),
        lambda: chosen(staff, "submit", practices[0], select_across="1"),
    ):
        answer = attempt()
        assert answer.status_code == 302
        assert told(staff.get(answer.url)) == words
    assert [status_of(practice) for practice in practices] == ["draft"] * 3


PAGE_QUERIES = {"submit": 8, "approve": 9, "publish": 10, "withdraw": 9}


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize("step", PAGE_QUERIES)
def test_page_costs_the_same_for_one_and_for_many(
    office, step, how_many, django_assert_num_queries
):
    role, status, _message = DONE[step]
    stakeholders = StakeholderFactory.create_batch(how_many, status=status)
    staff = office(role)

    with django_assert_num_queries(PAGE_QUERIES[step]):
        opened(staff, step, *stakeholders)


DOCUMENT_QUERIES = {
    "stakeholder": 11,
    "practice": 24,
    "pledge": 26,
    "report": 16,
    "excerpt": 15,
    "roundtable": 22,
    "recommendation": 14,
    "figure": 10,
}


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize("kind", DOCUMENT_QUERIES)
def test_whole_documents_cost_the_same_for_one_and_for_many(
    office, kind, how_many, django_assert_num_queries
):
    records = [FULL[kind]()[0] for _ in range(how_many)]
    staff = office("Reviewer")

    with django_assert_num_queries(DOCUMENT_QUERIES[kind]):
        opened(staff, "approve", *records)


TAKING_QUERIES = {
    "submit": 20,
    "recall": 20,
    "return_with_note": 20,
    "publish": 27,
    "revise": 20,
    "withdraw": 26,
}


@pytest.mark.parametrize("how_many", [2, 5])
@pytest.mark.parametrize("step", TAKING_QUERIES)
def test_step_costs_the_same_for_few_and_for_many(
    office, step, how_many, django_assert_num_queries
):
    role, status, _message = DONE[step]
    stakeholders = StakeholderFactory.create_batch(how_many, status=status)
    staff = office(role)

    with django_assert_num_queries(TAKING_QUERIES[step]):
        confirmed(staff, step, *stakeholders)

    assert set(Stakeholder.objects.values_list("status", flat=True)) == {LEADS_TO[step]}


def test_every_step_has_its_words():
    assert set(LABELS) == set(WHAT_HAPPENS) == set(step_words.DONE) - {"embargo"} == set(NAMES)
    assert set(WHAT_NEXT) == set(Status)
    assert set(DONE) == set(NAMES)
