"""People who work on one cycle or one region: they read everything and write only there."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import User
from public import publication
from public.publication import has_right, steps_from
from public.refusals import refusals
from public.workflow import STEPS
from submissions.models import Practice
from tests.browser_forms import sent_by
from tests.factories import (
    RECORD_FACTORIES,
    PracticeFactory,
    RoundtableFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    person,
    region,
    second_factor,
)
from tests.office.test_admin import screen
from tests.office.test_steps import (
    confirmed,
    offered,
    opened,
    shown,
    status_of,
)
from tests.public.test_publication import ALLOWED, LEADS_TO, author
from tests.sent import sent

pytestmark = pytest.mark.django_db

LIMITS = {"cycle": {"cycle": "RR2020"}, "region": {"region": "ASIA"}}


@pytest.fixture
def office(client):
    """Signs somebody of this role in who works on one cycle, or one region, only."""

    def sign_in(role: str, **limits: str):
        who = limited(person(role), **limits)
        client.force_login(who)
        return client

    return sign_in


@pytest.fixture
def root(client):
    """Signs a superuser in who works on one cycle, or one region, only."""

    def sign_in(**limits: str):
        one = User.objects.create_superuser("root@example.org", name="Root")
        client.force_login(limited(second_factor(one), **limits))
        return client

    return sign_in


def limited(who, **limits: str):
    who.cycle = cycle(limits["cycle"]) if "cycle" in limits else None
    who.region = region(limits["region"]) if "region" in limits else None
    who.save()
    return who


def in_albania(**values):
    """A practice of 2024 in Albania, which is in Europe, edited by somebody else."""
    return PracticeFactory(member_states=["ALB"], edited_by=author(), **values)


# --- Steps ----------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        (role, step, status)
        for status, steps in ALLOWED.items()
        for step, roles in steps.items()
        for role in sorted(roles)
    ],
)
def test_nobody_takes_a_step_outside_their_scope(office, role, step, status, limit):
    practice = in_albania(status=status)
    staff = office(role, **LIMITS[limit])

    record = staff.get(screen(practice))
    page = opened(staff, step, practice)
    answer = confirmed(staff, step, practice)

    assert offered(record) == []
    assert "Your account is limited to" in shown(record)
    words = f"{practice.code} is outside the review cycle or region that your account is limited"
    assert (page.status_code, page.context["fit"]) == (200, [])
    assert words in shown(page)
    assert (answer.status_code, status_of(practice)) == (403, status)
    assert words in shown(answer)


@pytest.mark.parametrize(
    "limits",
    [{"cycle": "RR2024"}, {"region": "EUROPE"}, {"cycle": "RR2024", "region": "EUROPE"}],
    ids=str,
)
@pytest.mark.parametrize(
    ("role", "step", "status"),
    [
        ("Editor", "submit", "draft"),
        ("Reviewer", "approve", "in_review"),
        ("Publisher", "publish", "approved"),
    ],
)
def test_steps_inside_the_scope_are_taken(office, role, step, status, limits):
    practice = in_albania(status=status)

    answer = confirmed(office(role, **limits), step, practice)

    assert (answer.status_code, status_of(practice)) == (302, LEADS_TO[step])


def test_cycle_and_region_both_limit(office):
    practice = in_albania()
    other_cycle = in_albania(cycle="RR2020")
    other_region = PracticeFactory(edited_by=author())
    staff = office("Editor", cycle="RR2024", region="EUROPE")

    page = opened(staff, "submit", practice, other_cycle, other_region)

    assert [row.record for row in page.context["fit"]] == [practice]


def test_many_are_refused_whole_when_one_is_outside(office):
    inside, outside = in_albania(), in_albania(cycle="RR2020")

    answer = confirmed(office("Editor", cycle="RR2024"), "submit", inside, outside)

    assert [status_of(inside), status_of(outside)] == ["draft"] * 2
    assert outside.code in shown(answer)


def test_commands_ask_for_the_scope_too():
    practice = in_albania(status="approved")
    publisher = limited(person("Publisher"), cycle="RR2020")
    (publish,) = (step for step in STEPS if step.name == "publish")

    with pytest.raises(PermissionDenied):
        publication.publish(practice, by=publisher)

    assert steps_from(practice, by=publisher) == []
    assert not has_right(publish, practice, publisher)
    assert has_right(publish, Practice, publisher)
    assert status_of(practice) == "approved"


@pytest.mark.parametrize("how_many", [1, 4])
def test_scope_of_many_is_asked_once(how_many, django_assert_num_queries):
    for _ in range(how_many):
        in_albania()
    editor = limited(person("Editor"), cycle="RR2024")
    editor.get_all_permissions()
    practices = list(Practice.objects.for_document())

    with django_assert_num_queries(1):
        assert refusals("submit", practices, by=editor) == {}


# --- Reading --------------------------------------------------------------------------------


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
def test_everything_is_read_whatever_the_scope(office, factory):
    record = factory(published=True)
    staff = office("Editor", cycle="RR2020", region="ASIA")

    pages = [staff.get(screen(record, view)) for view in ("changelist", "change")]
    pages.append(staff.get(reverse("admin:preview", args=[type(record), record.pk])))

    assert [page.status_code for page in pages] == [200, 200, 200]
    assert record in pages[0].context["cl"].queryset


# --- Editing --------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("role", ["Editor", "Reviewer"])
def test_record_outside_the_scope_is_not_edited(office, role, limit):
    practice = in_albania(title="As it was")
    staff = office(role, **LIMITS[limit])

    page = staff.get(screen(practice))
    answer = staff.post(screen(practice), {"title": "Mine", "read_version": 1})

    assert not page.context["has_change_permission"]
    assert (answer.status_code, Practice.objects.get().title) == (403, "As it was")


@pytest.mark.parametrize("limit", LIMITS)
def test_record_outside_the_scope_is_not_deleted(root, limit):
    practice = in_albania()
    client = root(**LIMITS[limit])

    answer = client.post(screen(practice, "delete"), {"post": "yes"})

    assert (answer.status_code, Practice.objects.count()) == (403, 1)


def test_record_inside_the_scope_is_edited_and_deleted(root):
    practice = in_albania()
    client = root(cycle="RR2024", region="EUROPE")
    cells = sent(client.get(screen(practice)))

    edited = client.post(screen(practice), cells | {"title": "Mine"})
    assert (edited.status_code, Practice.objects.get().title) == (302, "Mine")

    page = client.get(screen(practice, "delete"))
    deleted = client.post(screen(practice, "delete"), sent_by(page, "version"))
    assert (deleted.status_code, Practice.objects.count()) == (302, 0)


@pytest.mark.parametrize(
    ("limits", "changed", "field", "message"),
    [
        (
            {"cycle": "RR2024"},
            lambda: {"cycle": cycle("RR2020").pk},
            "cycle",
            "Your account is limited to RR2024: choose that cycle.",
        ),
        (
            {"region": "EUROPE"},
            lambda: {"member_states": []},
            "member_state",
            "Your account is limited to the States of EUROPE: the record must belong to one of"
            " them.",
        ),
    ],
    ids=["cycle", "region"],
)
def test_record_does_not_leave_the_scope_and_nothing_typed_is_lost(
    office, limits, changed, field, message
):
    practice = in_albania(title="As it was")
    staff = office("Editor", **limits)
    cells = sent(staff.get(screen(practice)))

    answer = staff.post(screen(practice), cells | {"title": "Mine"} | changed())

    form = answer.context["adminform"].form
    assert answer.status_code == 200
    assert form.errors == {field: [message]}
    assert form["title"].value() == "Mine"
    assert Practice.objects.get().title == "As it was"


def new_practice(staff, **values):
    """What a browser would send of a new practice."""
    cells = {"title": "Night buses", "level": "local", "summary": "They run all night."}
    return sent(staff.get(reverse("admin:submissions_practice_add"))) | cells | values


@pytest.mark.parametrize(
    ("limits", "states", "refused"),
    [
        ({"cycle": "RR2024"}, [], []),
        ({"cycle": "RR2020"}, [], ["cycle"]),
        ({"region": "EUROPE"}, ["ALB"], []),
        ({"region": "EUROPE"}, [], ["member_state"]),
        ({"region": "ASIA"}, ["ALB"], ["member_state"]),
        ({"cycle": "RR2020", "region": "ASIA"}, ["ALB"], ["cycle", "member_state"]),
    ],
    ids=str,
)
def test_new_record_belongs_to_the_scope(office, limits, states, refused):
    staff = office("Editor", **limits)
    cells = new_practice(staff, cycle=cycle("RR2024").pk)

    answer = staff.post(
        reverse("admin:submissions_practice_add"),
        cells | {"member_states": [member_state(iso3).pk for iso3 in states]},
    )

    errors = answer.context["adminform"].form.errors if answer.context else {}
    assert list(errors) == refused
    assert Practice.objects.exists() == (not refused)


def test_new_record_begins_in_the_cycle_of_whoever_works_on_one_only(office):
    staff = office("Editor", cycle="RR2020")

    page = staff.get(reverse("admin:submissions_practice_add"))

    assert page.context["adminform"].form["cycle"].value() == cycle("RR2020").pk


def test_region_counts_by_the_party_of_a_report_too(office):
    report = VoluntaryReportFactory(member_state="ALB")
    stakeholder = StakeholderFactory(member_states=["ALB"])
    of_stakeholder = VoluntaryReportFactory(
        code=f"VR-2024-{stakeholder.code}",
        member_state=None,
        stakeholder=stakeholder,
        type="stakeholder_report",
    )
    staff = office("Editor", region="EUROPE")

    for record in (report, of_stakeholder):
        answer = staff.post(screen(record), sent(staff.get(screen(record))) | {"title": "New"})
        assert answer.status_code == 302


def test_region_of_a_roundtable_is_that_of_its_cycle(office):
    europe = region()
    mine = RoundtableFactory()
    mine.cycle.region = europe
    mine.cycle.save()
    other = RoundtableFactory(code="RR2020-S1", cycle="RR2020")
    staff = office("Roundtable officer", region="EUROPE")

    page = opened(staff, "submit", mine, other)

    assert [row.record for row in page.context["fit"]] == [mine]


def test_kind_without_a_cycle_is_open_to_everybody_of_one(office):
    stakeholder = StakeholderFactory()

    answer = confirmed(office("Editor", cycle="RR2020"), "submit", stakeholder)

    assert (answer.status_code, status_of(stakeholder)) == (302, "submitted")
