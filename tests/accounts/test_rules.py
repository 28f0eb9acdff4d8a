"""The rules of accounts, and what the groups may do."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group

from accounts.models import RequestCount, User
from accounts.roles import ROLES
from tests.broken_rules import name_of, promised, refusal
from tests.factories import person

pytestmark = pytest.mark.django_db


def the_same_address_in_capitals():
    User.objects.create_user("ana@example.org", name="Ana")
    return lambda: User.objects.bulk_create([User(email="ANA@example.org", name="Ana")])


def a_second_count_of_a_minute():
    count = {"address": "a", "minute": datetime(2024, 3, 11, tzinfo=UTC), "requests": 1}
    RequestCount.objects.create(**count)
    return lambda: RequestCount.objects.create(**count)


BROKEN = {
    (User, "user_email_whatever_its_case"): the_same_address_in_capitals,
    (RequestCount, "requestcount_once"): a_second_count_of_a_minute,
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_accounts_refuse_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


def test_account_is_found_whatever_the_case_of_its_address():
    user = User.objects.create_user("Ana@Example.org", name="Ana")

    assert User.objects.get_by_natural_key("ana@EXAMPLE.ORG") == user


def test_account_without_a_password_cannot_sign_in():
    user = User.objects.create_user("ana@example.org", name="Ana")

    assert not user.has_usable_password()


@pytest.mark.parametrize("role", ROLES)
def test_group_has_the_rights_of_its_role(role):
    group = Group.objects.get(name=role)

    assert {
        f"{right.content_type.app_label}.{right.codename}"
        for right in group.permissions.select_related("content_type")
    } == ROLES[role]


def test_nobody_but_the_publisher_may_publish_and_the_publisher_may_not_edit():
    may_publish = {role for role in ROLES if person(role).has_perm("submissions.publish_practice")}

    assert may_publish == {"Publisher"}
    assert not person("Publisher").has_perm("submissions.change_practice")


@pytest.mark.parametrize("verb", ["delete_", "change_"])
def test_no_role_may_touch_editions_tombstones_or_the_log(verb):
    kept = ("public.", "accounts.")
    touching = {
        right
        for rights in ROLES.values()
        for right in rights
        if right.startswith(kept) and verb in right
    }

    assert touching <= {"accounts.change_user", "accounts.change_token"}


def test_people_who_have_left_have_no_rights(editor):
    editor.is_active = False

    assert not editor.has_perm("submissions.change_practice")
