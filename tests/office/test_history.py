"""What happened to a record, in words; and an old version that comes back as a new one."""

import ast
import re
from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from accounts.models import Change
from objectives.models import Doubt, MemberStateName
from objectives.records import signed
from office import history
from office.differences import difference, pieces
from office.log import Log, parts_of
from office.restoring import restore
from public.publication import Conflict, publish
from public.workflow import LABELS, Status
from submissions.models import PledgeObjective, Practice, ProgressUpdate, Stakeholder
from tests.browser_forms import sent_by
from tests.factories import (
    RECORD_FACTORIES,
    AgendaItemFactory,
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    SubmissionFileFactory,
    cycle,
    member_state,
    objective,
    person,
    principle,
    published,
    region,
    stakeholder_type,
    take,
)
from tests.test_architecture import modules

pytestmark = pytest.mark.django_db


def steps_written() -> set[str]:
    """The names of steps under which anything in the rooms signs what it writes."""
    names = set(LABELS)
    for file, tree in modules().items():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "signed":
                continue
            for step in (one.value for one in call.keywords if one.arg == "step"):
                if file == "public/publication.py":
                    continue  # it takes the steps of the workflow: `LABELS`
                room = import_module(file.removesuffix(".py").replace("/", "."))
                named = isinstance(step, ast.Name)
                names.add(getattr(room, step.id) if named else ast.literal_eval(step))
    return names


def test_every_step_that_is_logged_is_said_in_a_sentence():
    assert {"publish", "bulk_edit", "import", "sign_in"} <= steps_written()
    assert steps_written() == set(history.SENTENCES)


def history_of(record) -> str:
    return reverse("admin:history", args=[record._meta.label_lower, record.pk])


def way_back(record, point: int) -> str:
    return reverse("admin:bring-back", args=[record._meta.label_lower, record.pk, point])


def words(html) -> str:
    return " ".join(re.sub("<[^>]+>", " ", str(html)).split())


def marked(html) -> str:
    """HTML with what is said to listeners left out, and the marks left in."""
    return re.sub(r'<span class="visually-hidden">[^<]*</span>', "", str(html))


def told(answer) -> list:
    """The page's events, the newest first: (sentence, {label: text})."""
    return [
        (entry.sentence, {line.label: marked(line.text) for line in entry.lines})
        for entry in answer.context["entries"]
    ]


def edited(record, *, by="Editor", why="", **values):
    with signed(by=person(by), request=f"request of {timezone.now()}", why=why):
        type(record).objects.filter(pk=record.pk).update(**values)
    record.refresh_from_db()
    return record


def point_of(record, number: int = -1) -> int:
    """The moment after one of its events, counted from the first."""
    return Log(record).events[::-1][number].point


@pytest.fixture
def staff(client):
    client.force_login(person("Editor"))
    return client


# --- Differences --------------------------------------------------------------------------------


def test_difference_is_word_by_word():
    text = difference("We trained ten lawyers.", "We trained twelve good lawyers.")

    assert marked(text) == "We trained <del>ten</del><ins>twelve good</ins> lawyers."
    assert words(text) == "We trained [taken out: ten ] [put in: twelve good ] lawyers."


def test_difference_keeps_every_word_of_both():
    was, became = "a b c d e f g", "a x c d y g h"

    cut = pieces(was, became)

    assert "".join(text for how, text in cut if how != "new") == was
    assert "".join(text for how, text in cut if how != "gone") == became


def test_long_stretches_that_stay_are_cut_short():
    same = " ".join(f"word{number}" for number in range(200))

    text = words(difference(f"{same} old", f"{same} new"))

    assert text.startswith("…")
    assert len(text.split()) < 30
    assert len(words(difference(f"{same} old", f"{same} new", whole=True)).split()) > 200


def test_texts_that_have_little_in_common_are_shown_whole():
    text = difference("one two three", "quite another sentence")

    assert marked(text) == "<del>one two three</del><ins>quite another sentence</ins>"


def test_difference_of_very_long_texts_is_quick():
    was = " ".join(f"{n * 7919 % 1000}" for n in range(60_000))
    became = " ".join(f"{n * 104729 % 1000}" for n in range(60_000))
    begun = timezone.now()

    difference(was, became)

    assert timezone.now() - begun < timedelta(seconds=3)


def test_difference_hides_what_is_written_as_html():
    assert "<b>" not in difference("<b>one</b> two", "<b>one</b> three")


# --- The page -----------------------------------------------------------------------------------


def test_history_says_who_what_and_why_the_newest_first(staff):
    practice = PracticeFactory(title="Old centres for newcomers", level="national")
    edited(practice, title="New centres for newcomers", why="The ministry wrote.")
    edited(practice, by="Reviewer", level="global", covid19=True, cycle=cycle("RR2020"))

    answer = staff.get(history_of(practice))

    newest, second, first = told(answer)
    assert newest == (
        "Changed by Reviewer",
        {
            "Review cycle": "<del>RR2024</del> <ins>RR2020</ins>",
            "Level": "<del>national</del> <ins>global</ins>",
            "Related to COVID-19": "<del>no</del> <ins>yes</ins>",
        },
    )
    assert second == (
        "Changed by Editor",
        {"Title": "<del>Old</del><ins>New</ins> centres for newcomers"},
    )
    assert first[0] == "Added by Editor"
    assert first[1]["Objectives"] == "7. Objective 7 (primary)"
    page = answer.content.decode()
    assert "The ministry wrote." in page
    assert f'<time datetime="{Change.objects.first().at.isoformat()}"'[:40] in page
    assert str(practice.cycle_id) not in newest[1]["Review cycle"].split()


def test_steps_read_like_sentences(staff):
    practice = PracticeFactory()
    published(practice)
    take("revise", practice)
    published(practice)
    take("withdraw", practice, note="The ministry asked for it.")

    answer = staff.get(history_of(practice))

    assert [(sentence, lines) for sentence, lines in told(answer)[:-1]] == [
        ("Withdrawn from the public by Publisher", {}),
        ("Published by Publisher as edition 2", {}),
        ("Approved by Reviewer", {}),
        ("Review begun by Reviewer", {}),
        ("Sent to review by Editor", {}),
        ("Taken back to draft, for the next edition, by Editor", {}),
        ("Published by Publisher as edition 1", {}),
        ("Approved by Reviewer", {}),
        ("Review begun by Reviewer", {}),
        ("Sent to review by Editor", {}),
    ]
    assert "The ministry asked for it." in answer.content.decode()


def test_embargo_is_said(staff):
    practice = PracticeFactory(status="approved")
    publish(practice, by=person("Publisher"), at=timezone.now() + timedelta(days=3))

    sentence, _lines = told(staff.get(history_of(practice)))[0]

    assert re.fullmatch(r"Published by Publisher as edition 1, public from .+ UTC", sentence)


def test_links_and_parts_are_in_the_history_of_their_record(staff):
    pledge = PledgeFactory()
    with signed(by=person("Editor"), request="1"):
        pledge.member_states.add(member_state("ALB"))
        pledge.member_states.add(member_state("SRB"))
        pledge.objective_links.create(objective=objective(15))
    with signed(by=person("Editor"), request="2"):
        update = ProgressUpdateFactory(pledge=pledge, text="One lawyer is trained.")
        pledge.member_states.remove(member_state("SRB"))
    with signed(by=person("Editor"), request="3"):
        ProgressUpdate.objects.update(text="Ten lawyers are trained.", stage="fulfilled")
        PledgeObjective.objects.filter(objective=objective(15)).update(primary=True)
    with signed(by=person("Editor"), request="4"):
        update.delete()
        ProgressUpdateFactory(pledge=PledgeFactory(), text="Of another pledge")

    fourth, third, second, first, _made = told(staff.get(history_of(pledge)))

    assert first[1] == {
        "Objectives": "<ins>15. Objective 15 (secondary)</ins>",
        "Carried out in": "<ins>Albania</ins>, <ins>Serbia</ins>",
    }
    assert second[1] == {
        "Progress update: Reported on": "<ins>June 1, 2024</ins>",
        "Progress update: Stage": "<ins>in progress</ins>",
        "Progress update: Language": "<ins>English</ins>",
        "Progress update: Text": "<ins>One lawyer is trained.</ins>",
        "Carried out in": "<del>Serbia</del>",
    }
    assert third[1] == {
        "Progress update “2024-06-01: in progress”: Stage": (
            "<del>in progress</del> <ins>fulfilled</ins>"
        ),
        "Progress update “2024-06-01: in progress”: Text": (
            "<del>One lawyer is</del><ins>Ten lawyers are</ins> trained."
        ),
        "Objectives": (
            "<del>15. Objective 15 (secondary)</del> <ins>15. Objective 15 (primary)</ins>"
        ),
    }
    assert fourth[1]["Progress update: Text"] == "<del>Ten lawyers are trained.</del>"


def test_links_of_parts_are_in_the_history_too(staff):
    question = GuidingQuestionFactory(text="What has worked?")
    with signed(by=person("Editor"), request="1"):
        question.objectives.add(objective(7))

    newest = told(staff.get(history_of(question.roundtable)))[0]

    assert newest[1] == {"1. What has worked?: Objectives": "<ins>7. Objective 7</ins>"}


def test_contact_data_are_said_to_have_changed_only(staff):
    stakeholder = StakeholderFactory(contact_email="old@union.example")
    edited(stakeholder, contact_email="new@union.example")

    answer = staff.get(history_of(stakeholder))

    assert told(answer)[0] == ("Changed by Editor", {"E-mail of the contact": "changed"})
    assert "union.example" not in answer.content.decode()


def test_reference_data_have_their_history(staff):
    state = edited(member_state("TUR"), name_fr="Türkiye")
    name = MemberStateName.objects.create(member_state=state, name="Turkey", kind="former")

    with_names, renamed, _made = told(staff.get(history_of(state)))
    own = told(staff.get(history_of(name)))

    assert renamed == ("Changed by Editor", {"Name in French": "(empty) <ins>Türkiye</ins>"})
    assert with_names[1]["Other name of a Member State: Name"] == "<ins>Turkey</ins>"
    assert own[0][0] == "Added by a command"


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
def test_every_kind_has_its_history(staff, factory):
    record = factory(published=True)

    answer = staff.get(history_of(record))

    assert answer.status_code == 200
    assert [sentence for sentence, _lines in told(answer)][::-1] == [
        "Added by Editor",
        f"Sent to review by {answer.context['entries'][-2].name}",
        "Review begun by Reviewer",
        "Approved by Reviewer",
        "Published by Publisher as edition 1",
    ]


def test_what_is_named_and_gone_is_said_so(staff):
    stakeholder = StakeholderFactory()
    practice = edited(PracticeFactory(), stakeholder=stakeholder)
    edited(practice, stakeholder=None)
    stakeholder.delete()

    newest, second, _made = told(staff.get(history_of(practice)))

    gone = "stakeholder that no longer exists"
    assert newest[1] == {"Submitted by the stakeholder": f"<del>{gone}</del> (empty)"}
    assert second[1] == {"Submitted by the stakeholder": f"(empty) <ins>{gone}</ins>"}


def test_retired_names_are_said_to_be_retired(staff):
    kind = stakeholder_type("trade_union")
    stakeholder = edited(StakeholderFactory(), stakeholder_type=kind)
    edited(kind, retired_on="2026-01-31")

    newest = told(staff.get(history_of(stakeholder)))[0]

    assert "<ins>trade_union (retired on Jan. 31, 2026)</ins>" in newest[1]["Stakeholder type"]


def test_line_ends_of_browsers_are_no_difference(staff):
    practice = edited(PracticeFactory(summary="One.\nTwo."), summary="One.\r\nTwo.")

    assert told(staff.get(history_of(practice)))[0] == ("Changed by Editor", {})


def test_history_is_paged(staff):
    practice = PracticeFactory()
    for number in range(21):
        edited(practice, title=f"Title {number}")

    first = staff.get(history_of(practice))
    second = staff.get(history_of(practice), {"page": 2})

    assert [len(told(first)), len(told(second))] == [20, 2]
    assert told(second)[-1][0] == "Added by Editor"
    assert 'rel="next"' in first.content.decode()
    assert 'rel="prev"' in second.content.decode()


@pytest.mark.parametrize("how_many", [1, 4])
def test_history_costs_the_same_for_one_and_for_many(staff, how_many, django_assert_num_queries):
    pledge = PledgeFactory()
    for number in range(how_many):
        edited(pledge, title=f"Title {number}", cycle=cycle("RR2020" if number % 2 else "RR2024"))
        with signed(by=person("Editor"), request=f"{number}"):
            ProgressUpdateFactory(pledge=pledge, text=f"Text {number}")
            ProgressUpdate.objects.update(stage="fulfilled")

    with django_assert_num_queries(15):
        staff.get(history_of(pledge))


def test_version_of_an_event_is_the_version_that_the_record_had():
    practice = PracticeFactory()
    versions = [practice.version]
    for write in (
        lambda: edited(practice, title="New"),
        lambda: practice.principles.add(principle()),
        lambda: edited(practice, title="Newer"),
    ):
        with signed(by=person("Editor"), request=f"{len(versions)}"):
            write()
        practice.refresh_from_db()
        versions.append(practice.version)

    assert [event.number for event in Log(practice).events][::-1] == versions


def test_stock_address_of_a_history_leads_to_ours(staff):
    practice = PracticeFactory()

    answer = staff.get(reverse("admin:submissions_practice_history", args=[practice.pk]))

    assert (answer.status_code, answer.url) == (302, history_of(practice))
    assert staff.get("/admin/nothing/here/1/history/").status_code == 404


def test_history_of_what_does_not_exist_or_may_not_be_seen(staff, client):
    practice = PracticeFactory()
    nobody = person("Reader")
    nobody.groups.set([Group.objects.create(name="Nobody")])

    assert staff.get(reverse("admin:history", args=["submissions.practice", 0])).status_code == 404
    client.force_login(nobody)
    assert client.get(history_of(practice)).status_code == 403


def test_parts_are_found_from_the_models():
    assert {part.table for part in parts_of(type(RoundtableFactory()))} == {
        "roundtables_roundtable_objectives",
        "roundtables_roundtable_sources",
        "roundtables_role",
        "roundtables_agendaitem",
        "roundtables_guidingquestion",
        "roundtables_guidingquestion_objectives",
        "roundtables_statement",
        "roundtables_statement_objectives",
        "roundtables_document",
    }


# --- Bringing back ------------------------------------------------------------------------------


def test_old_version_comes_back_as_a_new_one(staff):
    practice = PracticeFactory(title="First", summary="Old", level="national")
    point = point_of(practice)
    edited(practice, title="Second", summary="New", level="global")

    page = staff.get(way_back(practice, point))
    answer = staff.post(way_back(practice, point), sent_by(page, "version"))

    row = Practice.objects.get()
    assert [(line.label, line.now, line.then) for line in page.context["lines"]] == [
        ("Title", "Second", "First"),
        ("Level", "global", "national"),
        ("Summary", "New", "Old"),
    ]
    assert (answer.status_code, row.version) == (302, practice.version + 1)
    assert (row.title, row.summary, row.level) == ("First", "Old", "national")
    newest = Change.objects.filter(table_name="submissions_practice").first()
    assert (newest.step, newest.by, newest.why) == (
        "restore",
        person("Editor"),
        f"restored version {Log(row).events[-1].number}",
    )
    assert told(staff.get(history_of(practice)))[0][0] == "Earlier version brought back by Editor"


def test_every_version_of_a_record_can_be_brought_back():
    practice = PracticeFactory(title="0", member_states=["ALB"], objectives=[7, 15])
    states = []

    def state():
        row = Practice.objects.get()
        return (
            row.title,
            sorted(row.member_states.values_list("iso3", flat=True)),
            sorted(row.objective_links.values_list("objective__number", "primary")),
        )

    for write in (
        lambda: edited(practice, title="1"),
        lambda: practice.member_states.set([member_state("SRB"), member_state("CHE")]),
        lambda: practice.objective_links.filter(objective=objective(7)).delete(),
        lambda: practice.objective_links.update(primary=True),
        lambda: practice.objective_links.create(objective=objective(20)),
    ):
        states.append((Log(practice).events[0].point, state()))
        with signed(by=person("Editor"), request=f"{len(states)}"):
            write()

    for point, expected in states[::-1] + states[1:3]:
        practice.refresh_from_db()
        restore(practice, to=point, by=person("Editor"), version=practice.version)
        assert state() == expected


def test_parts_come_back_as_they_were(staff):
    pledge = PledgeFactory()
    first = ProgressUpdateFactory(pledge=pledge, text="First")
    second = ProgressUpdateFactory(pledge=pledge, text="Second", reported_on="2025-01-01")
    point = point_of(pledge)
    with signed(by=person("Editor"), request="1"):
        first.delete()
        ProgressUpdate.objects.filter(pk=second.pk).update(text="Changed")
        ProgressUpdateFactory(pledge=pledge, text="Third", reported_on="2025-06-01")

    page = staff.get(way_back(pledge, point))
    staff.post(way_back(pledge, point), sent_by(page, "version"))

    assert [(line.label, line.now, line.then) for line in page.context["lines"]] == [
        ("Progress update", "2025-06-01: in progress", ""),
        ("Progress update “2025-01-01: in progress”: Text", "Changed", "Second"),
        ("Progress update", "", "2024-06-01: in progress"),
    ]
    assert list(pledge.progress_updates.values_list("text", flat=True)) == ["First", "Second"]


def test_links_of_parts_come_back_with_them():
    question = GuidingQuestionFactory()
    roundtable = question.roundtable
    question.objectives.add(objective(7))
    point = point_of(roundtable)
    with signed(by=person("Roundtable officer"), request="1"):
        question.delete()
    roundtable.refresh_from_db()

    restore(roundtable, to=point, by=person("Roundtable officer"), version=roundtable.version)

    back = roundtable.questions.get()
    assert (back.text, [one.number for one in back.objectives.all()]) == ("What has worked?", [7])


def test_contact_data_do_not_come_back_and_the_page_says_so(staff):
    role = RoleFactory(email="ana@ministry.example")
    roundtable = role.roundtable
    point = point_of(roundtable)
    with signed(by=person("Editor"), request="1"):
        role.delete()
    staff.force_login(person("Roundtable officer"))

    page = staff.get(way_back(roundtable, point))
    staff.post(way_back(roundtable, point), sent_by(page, "version"))

    assert page.context["stays"] == [
        "moderator: Ana Hoxha comes back without e-mail, telephone, gender:"
        " the log does not hold them."
    ]
    assert roundtable.roles.values_list("person", "email").get() == ("Ana Hoxha", "")


def test_changed_contact_data_stay_as_they_are_now():
    stakeholder = StakeholderFactory(title="Old", contact_email="old@union.example")
    point = point_of(stakeholder)
    edited(stakeholder, title="New", contact_email="new@union.example")

    restore(stakeholder, to=point, by=person("Editor"), version=stakeholder.version)

    row = Stakeholder.objects.get()
    assert (row.title, row.contact_email) == ("Old", "new@union.example")


def test_files_stay_and_the_page_says_so(staff):
    practice = PracticeFactory(title="Old")
    point = point_of(practice)
    edited(practice, title="New")
    SubmissionFileFactory(practice=practice)

    page = staff.get(way_back(practice, point))
    staff.post(way_back(practice, point), sent_by(page, "version"))

    assert page.context["stays"] == ["Files stay as they are."]
    assert (Practice.objects.get().title, practice.files.count()) == ("Old", 1)


def test_what_named_a_deleted_row_stays_and_the_page_says_so(staff):
    stakeholder = StakeholderFactory()
    practice = edited(PracticeFactory(title="Old"), stakeholder=stakeholder)
    point = point_of(practice)
    edited(practice, stakeholder=None, title="New")
    stakeholder.delete()

    page = staff.get(way_back(practice, point))
    staff.post(way_back(practice, point), sent_by(page, "version"))

    assert page.context["stays"] == [
        "submitted by the stakeholder stays as it is:"
        " it named a stakeholder that no longer exists."
    ]
    row = Practice.objects.get()
    assert (row.title, row.stakeholder) == ("Old", None)


def test_retired_target_comes_back_and_is_said_to_be_retired(staff):
    old = stakeholder_type("trade_union")
    stakeholder = StakeholderFactory(stakeholder_type=old)
    point = point_of(stakeholder)
    edited(stakeholder, stakeholder_type=stakeholder_type("media"))
    edited(old, retired_on="2026-01-31")

    page = staff.get(way_back(stakeholder, point))
    staff.post(way_back(stakeholder, point), sent_by(page, "version"))

    assert [line.then for line in page.context["lines"]] == [
        "trade_union (retired on Jan. 31, 2026)"
    ]
    assert Stakeholder.objects.get().stakeholder_type == old


def test_restore_after_a_colleagues_edit_is_refused_and_told(staff):
    practice = PracticeFactory(title="First")
    point = point_of(practice)
    edited(practice, title="Second")
    form = sent_by(staff.get(way_back(practice, point)), "version")
    edited(practice, title="Third", by="Reviewer")

    answer = staff.post(way_back(practice, point), form)

    assert (answer.status_code, Practice.objects.get().title) == (409, "Third")
    assert answer.context["problems"] == [
        "Somebody else has changed this record since you looked.",
        "Nothing was written. Look at the differences again, then confirm.",
    ]
    assert [(line.now, line.then) for line in answer.context["lines"]] == [("Third", "First")]
    assert staff.post(way_back(practice, point), sent_by(answer, "version")).status_code == 302


@pytest.mark.parametrize("version", ["", "0", "999999", "abc", "1" * 50])
def test_restore_with_a_forged_version_writes_nothing(staff, version):
    practice = PracticeFactory(title="First")
    point = point_of(practice)
    edited(practice, title="Second")

    answer = staff.post(way_back(practice, point), {"version": version})

    assert (answer.status_code, Practice.objects.get().title) == (409, "Second")


@pytest.mark.parametrize("status", [Status.APPROVED, Status.PUBLISHED, Status.WITHDRAWN])
def test_signed_record_is_revised_first(staff, status):
    practice = PracticeFactory(title="First")
    point = point_of(practice)
    edited(practice, title="Second")
    for step in {
        Status.APPROVED: ["submit", "start_review", "approve"],
        Status.PUBLISHED: ["submit", "start_review", "approve", "publish"],
        Status.WITHDRAWN: ["submit", "start_review", "approve", "publish", "withdraw"],
    }[status]:
        take(step, practice)

    page = staff.get(way_back(practice, point))
    answer = staff.post(way_back(practice, point), {"version": practice.version})

    assert "Revise it first" in page.content.decode()
    assert "<form method" not in page.content.decode().split("content-main")[1]
    assert "Revise it first" in answer.context["problems"][0]
    assert Practice.objects.get().title == "Second"


def test_restore_needs_the_right_and_the_scope(staff, editor):
    practice = PracticeFactory(title="First")
    point = point_of(practice)
    edited(practice, title="Second")

    with pytest.raises(ValidationError, match="right to change"):
        restore(practice, to=point, by=person("Reader"), version=practice.version)
    editor.cycle = cycle("RR2020")
    editor.save()
    with pytest.raises(ValidationError, match="cycle or region"):
        restore(practice, to=point, by=editor, version=practice.version)
    staff.force_login(person("Reader"))
    assert staff.get(way_back(practice, point)).status_code == 403
    assert Practice.objects.get().title == "Second"


def test_restore_does_not_take_a_record_out_of_a_persons_scope(editor):
    practice = PracticeFactory(cycle=cycle("RR2020"))
    point = point_of(practice)
    edited(practice, cycle=cycle("RR2024"))
    editor.cycle = cycle("RR2024")
    editor.save()

    with pytest.raises(PermissionDenied):
        restore(practice, to=point, by=editor, version=practice.version)

    assert Practice.objects.get().cycle == cycle("RR2024")


def test_rows_that_came_meanwhile_make_room_for_those_that_were():
    roundtable = RoundtableFactory()
    gone = AgendaItemFactory(roundtable=roundtable, sort_order=1, title="First")
    point = point_of(roundtable)
    with signed(by=person("Editor"), request="1"):
        gone.delete()
    with signed(by=person("Editor"), request="2"):
        item = AgendaItemFactory(roundtable=roundtable, sort_order=2, title="Swap me")
    second = point_of(roundtable)
    with signed(by=person("Editor"), request="3"):
        AgendaItemFactory(roundtable=roundtable, sort_order=3, title="Swap me too")
        type(item).objects.filter(pk=item.pk).update(sort_order=4)
    roundtable.refresh_from_db()

    restore(roundtable, to=second, by=person("Roundtable officer"), version=roundtable.version)
    roundtable.refresh_from_db()
    restore(roundtable, to=point, by=person("Roundtable officer"), version=roundtable.version)

    assert list(roundtable.agenda.values_list("title", flat=True)) == ["First"]


def test_order_of_rows_that_were_swapped_comes_back():
    roundtable = RoundtableFactory()
    one = AgendaItemFactory(roundtable=roundtable, sort_order=1, title="One")
    two = AgendaItemFactory(roundtable=roundtable, sort_order=2, title="Two")
    first, second = (
        GuidingQuestionFactory(roundtable=roundtable, number=number, text=f"{number}?")
        for number in (1, 2)
    )
    first.objectives.add(objective(7))
    point = point_of(roundtable)
    with signed(by=person("Editor"), request="1"):
        for item, place in ((one, 9), (two, 1), (one, 2)):
            type(item).objects.filter(pk=item.pk).update(sort_order=place)
        for question, number in ((first, 9), (second, 1), (first, 2)):
            type(question).objects.filter(pk=question.pk).update(number=number)
    roundtable.refresh_from_db()

    restore(roundtable, to=point, by=person("Roundtable officer"), version=roundtable.version)

    assert list(roundtable.agenda.values_list("title", flat=True)) == ["One", "Two"]
    assert list(roundtable.questions.values_list("number", "text", "objectives__number")) == [
        (1, "1?", 7),
        (2, "2?", None),
    ]


def test_nothing_to_bring_back_is_said(staff):
    practice = PracticeFactory()

    page = staff.get(way_back(practice, point_of(practice)))

    assert "there is nothing to bring back" in page.content.decode()
    with pytest.raises(ValidationError, match="nothing to bring back"):
        restore(practice, to=point_of(practice), by=person("Editor"), version=practice.version)


def test_version_that_never_was_is_not_found(staff):
    practice, other = PracticeFactory.create_batch(2)

    assert staff.get(way_back(practice, point_of(other))).status_code == 404


def test_restore_of_what_was_deleted_meanwhile_is_a_conflict():
    practice = PracticeFactory()
    point = point_of(practice)
    Practice.objects.all().delete()

    with pytest.raises(Conflict):
        restore(practice, to=point, by=person("Editor"), version=practice.version)


def test_reference_data_are_brought_back_too(staff):
    staff.force_login(person("Administrator"))
    state = member_state("TUR")
    state.regions.add(region("EUROPE"))
    point = point_of(state)
    edited(state, name_en="Turkey", by="Administrator")
    with signed(by=person("Administrator"), request="1"):
        state.regions.clear()

    page = staff.get(way_back(state, point))
    answer = staff.post(way_back(state, point), sent_by(page, "version"))

    state.refresh_from_db()
    assert answer.status_code == 302
    assert (state.name_en, [one.code for one in state.regions.all()]) == ("Türkiye", ["EUROPE"])


def test_doubts_are_brought_back_too(staff):
    staff.force_login(person("Administrator"))
    doubt = Doubt.objects.create(table="objectives", code="7", text="First")
    point = point_of(doubt)
    edited(doubt, text="Second", by="Administrator")

    page = staff.get(way_back(doubt, point))
    staff.post(way_back(doubt, point), sent_by(page, "version"))

    doubt.refresh_from_db()
    assert doubt.text == "First"


def test_accounts_have_a_history_without_a_way_back(staff, administrator):
    staff.force_login(administrator)
    reader = person("Reader")
    with signed(by=administrator, request="1"):
        reader.name = "Renamed"
        reader.set_password("demonstration")
        reader.save()

    answer = staff.get(history_of(reader))

    assert told(answer)[0][1]["Password"] == "changed"
    assert answer.context["may_restore"] is False
    assert staff.get(way_back(reader, point_of(reader))).status_code == 403
