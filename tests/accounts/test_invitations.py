"""Invited by link: once, for a week, and then with a second step."""

import re
import time

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts import invitations
from accounts.models import Change, User
from tests.accounts.conftest import PASSWORD, is_in, sign_in
from tests.factories import cycle, person

pytestmark = pytest.mark.django_db

ADD = "/admin/accounts/user/add/"


@pytest.fixture
def office(client, administrator):
    client.force_login(administrator)
    return client


def invite(office, **values):
    group = person("Editor").groups.get()
    typed = {"email": "ana@mission.example", "name": "Ana Hoxha", "is_staff": "on"}
    return office.post(ADD, typed | {"groups": [group.pk]} | values, follow=True)


def link_in(text: str) -> str:
    return re.search(r"http://testserver(/account/invitation/\S+?/)(?=\s|$|<)", text)[1]


def accept(browser: Client, link: str, password: str = PASSWORD):
    return browser.post(link, {"new_password1": password, "new_password2": password})


def ana() -> User:
    return User.objects.get(email="ana@mission.example")


def said(page) -> list[str]:
    return [str(message) for message in page.context["messages"]]


# --- The way of an invited person -----------------------------------------------------------


def test_invited_person_chooses_a_password_and_then_the_second_step(office, administrator):
    invite(office, cycle=cycle("RR2024").pk)
    letter = mail.outbox[0]
    browser = Client()

    page = browser.get(link_in(letter.body))
    answer = accept(browser, link_in(letter.body))
    landed = browser.get(answer.url, follow=True)

    assert (letter.to, letter.subject) == (["ana@mission.example"], "reviewhub: Your account")
    assert "Demonstration" not in letter.body
    assert "Dear Ana Hoxha, Administrator has made an account for you" in letter.body
    assert "ana@mission.example" in page.content.decode()
    assert "One step is missing" in landed.content.decode()
    assert not is_in(browser)
    assert browser.get(reverse("mfa_activate_totp")).status_code == 200  # asked for nothing more
    assert sign_in(Client(), "ana@mission.example").status_code == 302
    assert (ana().cycle, ana().is_staff, [one.name for one in ana().groups.all()]) == (
        cycle("RR2024"),
        True,
        ["Editor"],
    )
    changes = Change.objects.filter(table_name="accounts_user", row_id=ana().pk).order_by("id")
    assert [(one.by, one.step) for one in changes] == [
        (administrator, ""),
        (administrator, ""),
        (ana(), "accept_invitation"),
    ]


def test_weak_password_is_refused_in_words(office):
    invite(office)

    page = accept(Client(), link_in(mail.outbox[0].body), "ana")

    assert page.status_code == 200
    assert "too short" in page.content.decode()
    assert not ana().has_usable_password()


def test_link_works_once(office):
    invite(office)
    link = link_in(mail.outbox[0].body)
    accept(Client(), link)

    again = accept(Client(), link, "a thief's password")

    assert again.status_code == 410
    assert Client().get(link).status_code == 410
    assert ana().check_password(PASSWORD)


def test_link_works_for_a_week(office, monkeypatch):
    invite(office)
    link, now = link_in(mail.outbox[0].body), time.time()

    def opened_after(days):
        monkeypatch.setattr(time, "time", lambda: now + days * 24 * 60 * 60)
        return Client().get(link).status_code

    assert [opened_after(days) for days in (0, 6.9, 7.1)] == [200, 200, 410]


@pytest.mark.parametrize(
    "change",
    [{"email": "other@mission.example"}, {"is_active": False}, {"password": "!nothing"}],
)
def test_link_is_void_when_the_account_changes(office, change):
    invite(office)
    User.objects.filter(pk=ana().pk).update(**change)

    assert Client().get(link_in(mail.outbox[0].body)).status_code == 410


@pytest.mark.parametrize("token", ["x", "x:y:z", "WzEsIngiXQ:1abc:def"])
def test_invented_link_is_void(client, db, token):
    assert client.get(f"/account/invitation/{token}/").status_code == 410


def test_link_opens_the_invited_account_also_where_somebody_else_is_signed_in(office):
    invite(office)

    accept(office, link_in(mail.outbox[0].body))

    assert office.get("/account/").context["user"] == ana()


# --- What the administrator sees ------------------------------------------------------------


def test_new_account_asks_for_no_password(office):
    form = office.get(ADD).context["adminform"].form

    assert [name for name in form.fields if "password" in name] == []
    assert said(invite(office))[0] == (
        "A link to choose a password is on its way to ana@mission.example."
    )


def test_second_invitation_voids_the_first(office):
    invite(office)

    page = office.post(f"/admin/accounts/user/{ana().pk}/invite/", follow=True)

    assert said(page) == ["A link to choose a password is on its way to ana@mission.example."]
    old, new = (Client().get(link_in(letter.body)).status_code for letter in mail.outbox)
    assert (old, new) == (410, 200)


@pytest.mark.parametrize("how", ["no server", "a server that refuses"])
def test_link_is_shown_where_no_mail_can_be_sent(office, settings, how):
    if how == "no server":
        settings.SENDS_MAIL = False
    else:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_PORT = 1

    page = invite(office)

    assert "Pass this link on to Ana Hoxha, and to nobody else." in said(page)[0]
    assert Client().get(link_in(said(page)[0])).status_code == 200


def test_administrator_helps_whoever_has_forgotten_the_password(office, officer):
    office.post(f"/admin/accounts/user/{officer.pk}/invite/")
    letter = mail.outbox[0]
    browser = Client()

    answer = accept(browser, link_in(letter.body), "another long password")

    assert letter.subject == "reviewhub: Choose a new password"
    assert answer.url == "/account/sign-in/code/"  # the link is no second step
    assert not is_in(browser)


def test_list_says_how_far_each_invitation_is(office, officer, newcomer, monkeypatch):
    invite(office)
    never = User.objects.create_user("never@mission.example", name="N")
    gone = User.objects.create_user("gone@mission.example", PASSWORD, name="G", is_active=False)
    states = {one.name: str(invitations.state(one)) for one in (ana(), officer, never, gone)}
    monkeypatch.setattr(invitations, "LASTS", invitations.LASTS * 0)

    assert states == {
        "Ana Hoxha": "invited",
        "Olga": "accepted",
        "N": "not invited",
        "G": "switched off",
    }
    assert invitations.state(ana()) == "expired"


@pytest.mark.parametrize("role", ["Reader", "Editor", "Publisher"])
def test_nobody_but_administrators_invites(client, role):
    client.force_login(person(role))

    assert invite(client).status_code == 403
    assert client.post(f"/admin/accounts/user/{person(role).pk}/invite/").status_code == 403
    assert mail.outbox == []
