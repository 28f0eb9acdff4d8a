"""The office's screens of accounts and roles."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Change, Role, Token, User
from accounts.rights import VERBS
from tests.accounts.conftest import MINUTE, PASSWORD, is_in, moved
from tests.factories import cycle, person, region, second_factor

pytestmark = pytest.mark.django_db

ACCOUNTS = "/admin/accounts/user/"


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


def typed(user: User, **changed) -> dict:
    """What a browser would send of an account as it stands; None takes a cell away."""
    values = {
        "email": user.email,
        "name": user.name,
        "is_staff": "on" if user.is_staff else None,
        "is_active": "on" if user.is_active else None,
        "groups": [group.pk for group in user.groups.all()],
    } | changed
    return {name: value for name, value in values.items() if value is not None}


def address(user: User, page: str = "change") -> str:
    return f"{ACCOUNTS}{user.pk}/{page}/"


# --- Accounts -------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
def test_list_costs_the_same_for_one_and_for_many(office, how_many, django_assert_num_queries):
    for n in range(how_many):
        user = User.objects.create_user(
            f"{n}@mission.example", PASSWORD, name="N", cycle=cycle(), region=region()
        )
        user.groups.set(Group.objects.all())
        second_factor(user)

    with django_assert_num_queries(10):
        office.get(ACCOUNTS)


def test_list_shows_roles_scope_and_second_step(office, officer):
    officer.cycle = cycle("RR2024")
    officer.save()

    page = office.get(ACCOUNTS, {"q": "olga"})
    screen, row = page.context["cl"].model_admin, page.context["cl"].result_list[0]

    shown = [
        screen.roles(row),
        screen.scope(row),
        screen.invitation(row),
        screen.second_factor(row),
    ]
    assert shown == ["Editor", str(cycle("RR2024")), "accepted", True]


def test_password_is_nowhere_and_cannot_be_searched_by(office, officer):
    form = office.get(address(officer)).content.decode()

    assert officer.password not in form
    assert office.get(ACCOUNTS, {"password__startswith": "md5"}).status_code == 400
    assert office.get(address(officer, "password")).status_code in (302, 404)


def test_administrator_changes_role_and_scope(office, officer):
    publisher = Group.objects.get(name="Publisher")

    office.post(
        address(officer), typed(officer, groups=[publisher.pk], region=region().pk, cycle="")
    )

    officer.refresh_from_db()
    assert ([*officer.groups.all()], officer.region) == ([publisher], region())


def test_administrator_switches_an_account_off(office, officer):
    browser = Client()
    browser.force_login(officer)

    office.post(address(officer), typed(officer, is_active=None))

    assert not is_in(browser)


@pytest.mark.parametrize("taken", ["is_active", "is_staff"])
def test_nobody_locks_themselves_out(office, administrator, taken):
    page = office.post(address(administrator), typed(administrator, **{taken: None}))

    assert page.context["adminform"].form.non_field_errors() == [
        "You would lock yourself out. Ask another administrator to do it."
    ]
    assert is_in(office)


def test_administrator_becomes_no_superuser_and_touches_none(office, administrator):
    root = User.objects.create_superuser("root@mission.example", PASSWORD, name="Root")

    office.post(address(administrator), typed(administrator, is_superuser="on"))
    answers = [
        office.post(address(root), typed(root, email="mine@mission.example")).status_code,
        office.post(address(root, "invite")).status_code,
        office.post(address(root, "second-step"), {"why": "x"}).status_code,
    ]

    administrator.refresh_from_db()
    root.refresh_from_db()
    assert answers == [403, 403, 403]
    assert (administrator.is_superuser, root.email) == (False, "root@mission.example")


def test_accounts_are_not_deleted(office, officer):
    assert office.post(address(officer, "delete"), {"post": "yes"}).status_code == 403


def test_lost_second_step_is_reset_with_a_reason(office, officer, administrator):
    browser = Client()
    browser.force_login(officer)
    why = "Called back on the number of her mission."

    empty = office.post(address(officer, "second-step"), {"why": " "})
    office.post(address(officer, "second-step"), {"why": why})

    assert empty.context["form"].errors == {"why": ["This field is required."]}
    assert not Authenticator.objects.filter(user=officer).exists()
    assert not is_in(browser)
    change = Change.objects.filter(table_name="mfa_authenticator", operation="delete").get()
    assert (change.by, change.step, change.why) == (
        administrator,
        "take_second_factor_away",
        why,
    )


def test_opening_the_page_resets_nothing(office, officer):
    assert office.get(address(officer, "second-step")).status_code == 200
    assert Authenticator.objects.filter(user=officer).exists()


def test_secrets_have_no_screen():
    assert [
        model._meta.label
        for model in admin.site._registry
        if model._meta.app_label in ("mfa", "account", "auth")
    ] == []


# --- Roles ----------------------------------------------------------------------------------


def rights(role: str) -> set[str]:
    return {right.codename for right in Role.objects.get(name=role).permissions.all()}


def boxes(page) -> dict[str, str]:
    """Label → value of the check boxes that are ticked."""
    ticked = re.findall(
        r'value="(\d+)" aria-label="([^"]+)" checked', page.content.decode().replace("\n", " ")
    )
    return {label: value for value, label in ticked}


def test_role_shows_its_rights_in_the_offices_words(office):
    role = Role.objects.get(name="Reviewer")

    page = office.get(reverse("admin:accounts_role_change", args=[role.pk]))
    ticked = boxes(page)

    assert "Submissions, Practices: Review" in ticked
    assert "Submissions, Practices: Publish" not in ticked
    assert len(ticked) == role.permissions.count()


def test_saving_a_role_as_it_is_changes_nothing(office):
    before = {name: rights(name) for name in Role.objects.values_list("name", flat=True)}
    hidden = Permission.objects.get(codename="add_logentry")
    Role.objects.get(name="Editor").permissions.add(hidden)
    logged = Change.objects.count()

    for role in Role.objects.all():
        url = reverse("admin:accounts_role_change", args=[role.pk])
        ticked = boxes(office.get(url))
        office.post(url, {"name": role.name, "permissions": [*ticked.values()]})

    assert {name: rights(name) for name in before} == before | {
        "Editor": before["Editor"] | {"add_logentry"}
    }
    assert Change.objects.count() == logged


def test_right_is_given_and_taken_and_logged(office, administrator):
    role = Role.objects.get(name="Editor")
    url = reverse("admin:accounts_role_change", args=[role.pk])
    ticked = boxes(office.get(url))
    review = Permission.objects.get(codename="review_practice")
    del ticked["Submissions, Pledges: Import"]

    office.post(url, {"name": "Editor", "permissions": [*ticked.values(), review.pk]})

    assert {"review_practice", "import_pledge"} & rights("Editor") == {"review_practice"}
    log = Change.objects.filter(table_name="auth_group_permissions", by=administrator)
    assert sorted(log.values_list("operation", flat=True)) == ["delete", "insert"]


def test_every_right_of_the_roles_is_in_the_table(office):
    root = second_factor(User.objects.create_superuser("root@mission.example", name="Root"))
    office.force_login(root)
    everything = {
        right for name in Role.objects.values_list("name", flat=True) for right in rights(name)
    }

    page = office.get(reverse("admin:accounts_role_add"))
    offered = set(re.findall(r'name="permissions" value="(\d+)"', page.content.decode()))

    shown = Permission.objects.filter(pk__in=offered).values_list("codename", flat=True)
    assert everything - set(shown) == set()
    assert {codename.split("_")[0] for codename in everything} <= set(VERBS)


def test_only_administrators_see_roles(client):
    client.force_login(person("Publisher"))

    assert client.get(reverse("admin:accounts_role_changelist")).status_code == 403


# --- Asked again ----------------------------------------------------------------------------

CONFIRM = "/account/confirm/password/"


@pytest.fixture
def later(client, administrator):
    """The office of an administrator with a password, who signed in eleven minutes ago."""
    administrator.set_password(PASSWORD)
    administrator.save()
    client.force_login(administrator)
    return moved(client, began=11 * MINUTE)


def confirmed(browser: Client, asked):
    """Follow to the page that asks, and answer as its form does."""
    page = browser.get(asked.url)
    assert asked.url.startswith(f"{CONFIRM}?next=")
    assert "Nothing that you typed is lost." in page.content.decode()
    cells = {"password": PASSWORD, "next": page.context["redirect_field_value"]}
    return browser.post(CONFIRM, cells)


def test_new_address_and_rights_wait_for_the_administrators_password(later, officer):
    publisher = Group.objects.get(name="Publisher")
    changed = {"email": "o@mission.example", "name": "Olga P.", "groups": [publisher.pk]}

    asked = later.post(
        f"{address(officer)}?_changelist_filters=q%3Dolga", typed(officer, **changed)
    )
    officer.refresh_from_db()
    before = (officer.email, officer.name, *officer.groups.all())
    done = confirmed(later, asked)
    officer.refresh_from_db()

    assert before == ("Olga@mission.example", "Olga", Group.objects.get(name="Editor"))
    assert (done.status_code, done.url) == (302, f"{ACCOUNTS}?q=olga")
    assert (officer.email, officer.name, *officer.groups.all()) == (
        "o@mission.example",
        "Olga P.",
        publisher,
    )
    again = later.post(address(officer), typed(officer, groups=[]))
    assert again.url == ACCOUNTS  # for ten minutes nobody is asked once more


def test_wrong_password_changes_nothing(later, officer):
    later.post(address(officer), typed(officer, groups=[]))
    later.post(CONFIRM, {"password": "wrong", "next": address(officer)})

    assert officer.groups.count() == 1


def test_name_is_corrected_and_a_form_that_is_wrong_is_shown_at_once(later, officer):
    renamed = later.post(address(officer), typed(officer, name="Olga P."))
    wrong = later.post(address(officer), typed(officer, email="none"))

    officer.refresh_from_db()
    assert (renamed.url, officer.name) == (ACCOUNTS, "Olga P.")
    assert list(wrong.context["adminform"].form.errors) == ["email"]


def test_form_that_turns_out_wrong_after_the_answer_knows_its_address(later, officer):
    asked = later.post(address(officer), typed(officer, email="taken@mission.example"))
    User.objects.create_user("taken@mission.example", name="T")

    page = confirmed(later, asked)

    assert page.status_code == 200
    assert f'action="{address(officer)}"' in page.content.decode()
    assert 'value="taken@mission.example"' in page.content.decode()


def test_second_step_is_reset_and_links_are_sent_after_confirming_only(later, officer):
    asked = later.post(address(officer, "second-step"), {"why": "Called back."})
    kept = Authenticator.objects.filter(user=officer).count()
    done = confirmed(later, asked)
    moved(later, began=11 * MINUTE)

    assert (kept, Authenticator.objects.filter(user=officer).count()) == (1, 0)
    assert done.url == address(officer)
    change = Change.objects.filter(table_name="mfa_authenticator", operation="delete").get()
    assert change.why == "Called back."


def test_link_to_a_new_password_account_role_and_token_wait_too(later, officer):
    role = Role.objects.get(name="Editor")
    new = {"email": "new@mission.example", "name": "N", "is_staff": "on"}
    token = {
        "name": "Ministry",
        "owner": officer.pk,
        "kinds": ["submissions.practice"],
        "may_create": "on",
        "expires_at_0": (timezone.now() + timedelta(days=9)).date(),
        "expires_at": (timezone.now() + timedelta(days=9)).date(),
    }

    asked = [
        later.post(address(officer, "invite")),
        later.post(f"{ACCOUNTS}add/", new),
        later.post(reverse("admin:accounts_role_change", args=[role.pk]), {"name": "Editor"}),
        later.post(reverse("admin:accounts_token_add"), token),
    ]

    assert [one.headers.get("Location", "").split("?")[0] for one in asked] == [CONFIRM] * 4
    assert not User.objects.filter(email="new@mission.example").exists()
    assert rights("Editor") != set()
    confirmed(later, asked[3])
    assert [one.name for one in Token.objects.all()] == ["Ministry"]
    assert not User.objects.filter(email="new@mission.example").exists()  # it was put aside


def test_what_was_put_aside_is_not_done_when_something_else_is_confirmed(later, officer):
    later.post(address(officer), typed(officer, groups=[]))

    later.post(CONFIRM, {"password": PASSWORD, "next": "/account/"})

    assert officer.groups.count() == 1
