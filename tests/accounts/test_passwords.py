"""A forgotten password tells a stranger nothing, and a new one ends what went before."""

import re

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import Change, User
from tests.accounts.conftest import PASSWORD, is_in, sign_in, type_code
from tests.accounts.test_sign_in import shown
from tests.codes import code_now

pytestmark = pytest.mark.django_db(transaction=True)

NEW = "another long password"


def ask_for_a_link(email: str, browser: Client | None = None, **extra):
    return (browser or Client()).post(reverse("account_reset_password"), {"email": email}, **extra)


def open_link(browser: Client, letter):
    link = re.search(r"https?://testserver(\S+)", letter.body)[1]
    return browser.get(link, follow=True)


def choose(browser: Client, page, password: str = NEW):
    return browser.post(page.redirect_chain[-1][0], {"password1": password, "password2": password})


def test_answer_is_the_same_for_everybody_and_only_the_owner_has_a_letter(officer, mailbox):
    disabled = User.objects.create_user("d@mission.example", PASSWORD, name="D", is_active=False)
    invited = User.objects.create_user("i@mission.example", name="I", is_staff=True)
    addresses = ["OLGA@mission.example", "nobody@mission.example", disabled.email, invited.email]

    answers = [shown(ask_for_a_link(email)) for email in addresses]
    pages = {Client().get(to).content for _status, to, _body in answers}

    assert answers == [(302, "/account/password/forgotten/sent/", "")] * 4
    assert len(pages) == 1
    assert [(letter.to, letter.subject) for letter in mailbox()] == [
        ([officer.email], "reviewhub: Choose a new password")
    ]


def test_letter_goes_to_the_address_of_the_account(officer, mailbox):
    """And not to another one that only looks the same to PostgreSQL."""
    ask_for_a_link("olga@miſſion.example")

    assert [letter.to for letter in mailbox()] in ([], [[officer.email]])


def test_link_changes_the_password_once_and_signs_out_everywhere(officer, mailbox, client):
    client.force_login(officer)
    ask_for_a_link(officer.email)
    browser, late = Client(), Client()
    page = open_link(browser, mailbox()[0])
    late_page = open_link(late, mailbox()[0])

    done = choose(browser, page)
    choose(late, late_page, "a thief's password")

    assert done.url == "/account/password/new/"
    assert User.objects.get(pk=officer.pk).check_password(NEW)
    assert not is_in(client)
    assert "This link no longer works" in open_link(Client(), mailbox()[0]).content.decode()
    change = Change.objects.filter(table_name="accounts_user", step="reset_password").get()
    assert change.by == officer
    assert mailbox()[-1].subject == "reviewhub: Your password was changed"


def test_new_password_still_needs_the_second_step(officer, mailbox):
    ask_for_a_link(officer.email)
    browser = Client()
    choose(browser, open_link(browser, mailbox()[0]))

    sign_in(browser, officer.email, NEW)

    assert not is_in(browser)
    type_code(browser)
    assert is_in(browser)


def test_new_password_by_mail_lets_in_whoever_was_locked_out(officer, mailbox):
    for _ in range(10):
        sign_in(Client(), officer.email, "wrong")
    browser = Client()
    assert sign_in(browser, officer.email).status_code == 429

    ask_for_a_link(officer.email)
    choose(browser, open_link(browser, mailbox()[0]))
    sign_in(browser, officer.email, NEW)
    type_code(browser)

    assert is_in(browser)
    assert sign_in(Client(), officer.email, NEW).status_code == 429


def test_mailbox_is_not_flooded_and_nobody_is_told(officer, mailbox):
    answers = {shown(ask_for_a_link(officer.email)) for _ in range(5)}

    assert answers == {(302, "/account/password/forgotten/sent/", "")}
    assert len(mailbox()) == 3


def test_one_address_asks_for_twenty_letters_an_hour(officer):
    answers = [ask_for_a_link(f"{n}@mission.example").status_code for n in range(21)]

    assert answers == [302] * 20 + [429]


def test_site_without_mail_says_so(settings, client):
    settings.SENDS_MAIL = False

    page = client.get(reverse("account_reset_password")).content.decode()

    assert "This site sends no e-mails." in page
    assert "<form" not in page.split("<main")[1]


def test_mail_server_that_fails_is_nobodys_error(officer, settings, mailbox, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1  # nothing listens there

    answer = ask_for_a_link(officer.email)

    assert answer.status_code == 302
    mailbox()
    assert [record.getMessage() for record in caplog.records] == [
        "The mail “reviewhub: Choose a new password” could not be sent"
    ]


def test_changing_the_password_ends_the_other_sessions(client, officer, mailbox):
    other = Client()
    other.force_login(officer)
    client.force_login(officer)

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW},
    )

    assert is_in(client)
    assert not is_in(other)
    assert [letter.subject for letter in mailbox()] == ["reviewhub: Your password was changed"]


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("reviewhub2026", "reviewhub"),
        ("Migration-Compact-2026!", "migration"),
        ("MIGRATION1234567", "migration"),
        ("Nordland Forum!!", "nordland"),
        ("lighthouse-42", "lighthouse"),
        ("7519826304716620", None),  # no kind of character is asked for
        ("my sister reviews lighthouses", None),
        ("walking towards a global compact", None),
        (PASSWORD, None),
    ],
)
def test_words_near_to_us_make_no_password(settings, password, word):
    settings.SITE_NAME, settings.SITE_URL = "Nordland Forum", "https://lighthouse.example"
    said = []
    try:
        validate_password(password)
    except ValidationError as refusal:
        said = refusal.messages

    assert said == [
        f"Words about this site, such as “{word}”, are tried first. Choose other words, or add to"
        " it until 8 other letters or digits stand beside it."
    ] * (word is not None)


def test_password_of_such_a_word_is_refused_where_it_is_chosen(client, officer):
    client.force_login(officer)
    cells = {"oldpassword": PASSWORD, "password1": "secretariat7", "password2": "secretariat7"}

    page = client.post(reverse("account_change_password"), cells)

    assert "such as “secretariat”, are tried first" in page.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(PASSWORD)


def test_operator_resets_the_second_factor_of_the_last_administrator(client, officer, capsys):
    client.force_login(officer)

    call_command("reset_second_factor", "olga@mission.example", why="Lost everything at sea.")

    assert not is_in(client)
    assert sign_in(client, officer.email).url == "/admin/"  # with no second step
    assert not is_in(client)
    change = Change.objects.filter(table_name="mfa_authenticator", operation="delete").get()
    assert (change.by, change.why) == (None, "Lost everything at sea.")
    assert code_now() not in capsys.readouterr().out
