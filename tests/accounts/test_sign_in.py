"""Into the office: a password, then the second step; and what everybody else is told."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from accounts.demo import PASSWORD as DEMO_PASSWORD
from accounts.demo import demonstration_accounts
from accounts.models import Change, User
from objectives.records import NOT_LOGGED
from tests.accounts.conftest import MINUTE, PASSWORD, is_in, moved, sign_in, type_code
from tests.codes import SECRET, code_now, wrong_code
from tests.factories import person

pytestmark = pytest.mark.django_db

WRONG = "This e-mail address and this password do not belong together."
WRONG_CODE = "This code is wrong or was used before. Wait for the next one."


# --- The two steps --------------------------------------------------------------------------


def test_password_and_code_open_the_office(client, officer):
    first = sign_in(client, "olga@MISSION.example")
    second = type_code(client)

    assert (first.status_code, first.url) == (302, "/account/sign-in/code/")
    assert (second.status_code, second.url) == (302, "/admin/")
    assert is_in(client)


def test_password_alone_opens_nothing(client, officer):
    sign_in(client, officer.email)

    assert not is_in(client)
    assert client.get(reverse("mfa_index")).url.startswith("/account/sign-in/")


def test_wrong_code_opens_nothing_and_can_be_corrected(client, officer):
    sign_in(client, officer.email)

    refused = type_code(client, wrong_code())

    assert refused.context["form"].errors == {"code": [WRONG_CODE]}
    assert not is_in(client)
    type_code(client)
    assert is_in(client)


def test_code_of_the_last_half_minute_still_opens_and_older_ones_do_not(client, officer):
    sign_in(client, officer.email)

    type_code(client, code_now(steps=-3))
    assert not is_in(client)
    type_code(client, code_now(steps=-1))
    assert is_in(client)


def test_code_opens_once(officer, client):
    code, thief = code_now(), Client()
    sign_in(client, officer.email)
    type_code(client, code)
    sign_in(thief, officer.email)

    answer = type_code(thief, f"{code[:3]} {code[3:]}")

    assert answer.context["form"].errors == {"code": [WRONG_CODE]}
    assert not is_in(thief)


def test_recovery_code_opens_once_and_the_log_says_so(officer, client):
    code, other = RecoveryCodes.activate(officer).get_unused_codes()[:2]
    thief = Client()
    sign_in(client, officer.email)
    type_code(client, code)
    sign_in(thief, officer.email)
    type_code(thief, code)

    used = Change.objects.filter(table_name="mfa_authenticator", operation="update").get()

    assert is_in(client)
    assert not is_in(thief)
    assert (used.by, used.step, used.now) == (officer, "sign_in", {"data": NOT_LOGGED})
    type_code(thief, other)
    assert is_in(thief)


def test_secrets_are_not_in_the_database(officer, client):
    RecoveryCodes.activate(officer)
    kept = [one.data for one in Authenticator.objects.filter(user=officer).order_by("type")]

    assert SECRET not in str(kept)
    assert [set(one) for one in kept] == [{"seed", "used_mask"}, {"secret"}]
    assert RecoveryCodes.activate(officer).instance.data["seed"].startswith("gAAAA")  # Fernet


def test_with_another_key_of_the_site_no_code_is_right(officer, client, settings):
    sign_in(client, officer.email)
    right = code_now()
    settings.SECRET_KEY = "another" * 10

    sign_in(client, officer.email)
    type_code(client, right)

    assert not is_in(client)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]


def test_sign_in_leads_to_where_somebody_wanted_to_go(client, officer):
    practice = reverse("admin:submissions_practice_changelist")
    asked = client.get(practice, follow=True)

    wanted = asked.context["redirect_field_value"]

    client.post(
        reverse("account_login"), {"login": officer.email, "password": PASSWORD, "next": wanted}
    )

    assert asked.redirect_chain[-1][0] == f"/account/sign-in/?next={practice.replace('/', '%2F')}"
    assert type_code(client).url == practice


def test_sign_in_leads_nowhere_else(client, officer):
    client.post(
        reverse("account_login") + "?next=https://elsewhere.example/",
        {"login": officer.email, "password": PASSWORD, "next": "https://elsewhere.example/"},
    )

    assert type_code(client).url == "/admin/"


def test_signing_out_of_the_office_signs_out(client, officer):
    client.force_login(officer)

    answer = client.post(reverse("admin:logout"))

    assert (answer.status_code, answer.url) == (302, "/account/sign-in/")
    assert not is_in(client)


def test_change_of_password_in_the_office_leads_to_the_account(client, officer):
    client.force_login(officer)

    assert client.get(reverse("admin:password_change")).url == "/account/password/"


@pytest.mark.parametrize("name", ["account_signup", "account_email", "mfa_signup_webauthn"])
def test_nobody_signs_up_and_nobody_adds_an_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(("prefix", "language"), [("", "en"), ("/fr", "fr"), ("/ru", "ru")])
def test_pages_are_in_the_readers_language_and_in_no_cache(client, prefix, language):
    page = client.get(f"{prefix}/account/sign-in/")

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()
    assert page["Cache-Control"].startswith("max-age=0, no-cache, no-store")


# --- What strangers learn -------------------------------------------------------------------


def shown(answer) -> tuple:
    """All that somebody who is not signed in can tell from an answer."""
    body = answer.content.decode()
    token = answer.context and str(answer.context.get("csrf_token", ""))
    return answer.status_code, answer.headers.get("Location"), body.replace(token or "-", "")


@pytest.mark.parametrize(
    "who",
    [
        pytest.param({"email": "nobody@mission.example"}, id="unknown"),
        pytest.param({"password": "wrong"}, id="wrong password"),
        pytest.param({"is_active": False}, id="disabled"),
        pytest.param({"invited": True}, id="invited"),
    ],
)
def test_failure_is_one_answer(officer, who):
    if "is_active" in who:
        User.objects.filter(pk=officer.pk).update(is_active=False)
    if "invited" in who:
        officer.set_unusable_password()
        officer.save()
    tried = sign_in(Client(), who.get("email", officer.email), who.get("password", PASSWORD))
    never = sign_in(Client(), "never@heard.example", "of")

    assert tried.context["form"].errors == {"__all__": [WRONG]}
    same = [
        (status, to, body.replace(email, "EMAIL"))
        for (status, to, body), email in [
            (shown(tried), who.get("email", officer.email)),
            (shown(never), "never@heard.example"),
        ]
    ]
    assert same[0] == same[1]


def test_disabled_account_with_its_right_password_and_code_stays_out(client, officer):
    sign_in(client, officer.email)
    User.objects.filter(pk=officer.pk).update(is_active=False)

    type_code(client)

    assert not is_in(client)


# --- Staff without a second factor ----------------------------------------------------------


def test_staff_without_a_second_factor_are_led_to_set_one_up(client, newcomer):
    answer = sign_in(client, newcomer.email)
    page = client.get(answer.url, follow=True)

    assert answer.url == "/admin/"
    assert page.redirect_chain[-1][0].startswith("/account/?next=")
    assert "One step is missing" in page.content.decode()


def addresses_of_the_office() -> set[str]:
    """Every address under /admin/, with something in the place of what varies."""
    filled = {"model": "submissions.practice", "app_label": "submissions", "step": "publish"}
    office = next(
        one for one in get_resolver().url_patterns if getattr(one, "namespace", "") == "admin"
    )

    def named(patterns):
        for one in patterns:
            if isinstance(one, URLPattern):
                yield one
            else:
                yield from named(one.url_patterns)

    return {
        reverse(
            f"admin:{one.name}",
            kwargs={name: filled.get(name, 1) for name in one.pattern.regex.groupindex} or None,
        )
        for one in named(office.url_patterns)
        if one.name and one.name not in ("login", "logout")
    } | {"/admin/no/such/page/"}


def test_staff_without_a_second_factor_reach_no_page_of_the_office(client, newcomer):
    newcomer.is_superuser = True
    newcomer.save()
    sign_in(client, newcomer.email)
    pages = addresses_of_the_office()

    answers = {
        (page, method): getattr(client, method)(page)
        for page in pages
        for method in ("get", "post")
    }
    elsewhere = {
        asked: (answer.status_code, answer.headers.get("Location", ""))
        for asked, answer in answers.items()
        if answer.status_code != 302 or not answer["Location"].startswith("/admin/login/?next=")
    }

    assert len(pages) > 150
    assert elsewhere == {}
    assert client.get("/admin/login/?next=/admin/").url == "/account/?next=%2Fadmin%2F"


def test_people_who_are_not_staff_have_an_account_and_no_office(client, db):
    User.objects.create_user("party@mission.example", PASSWORD, name="Focal point")

    answer = sign_in(client, "party@mission.example")

    assert answer.url == "/account/"
    assert client.get("/account/").status_code == 200
    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_app_is_set_up_and_then_asked_for(client, newcomer, mailbox):
    sign_in(client, newcomer.email)
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret

    wrong = client.post(reverse("mfa_activate_totp"), {"code": wrong_code(secret)})
    done = client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}, follow=True)

    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert wrong.context["form"].errors == {"code": [WRONG_CODE]}
    assert wrong.context["form"].secret == secret
    assert done.redirect_chain == [("/account/recovery-codes/", 302)]
    assert len(done.context["unused_codes"]) == 10
    assert is_in(client)
    assert [(one.to, one.subject) for one in mailbox()] == [
        (["new@mission.example"], "reviewhub: A second step was set up")
    ]
    log = Change.objects.filter(table_name="mfa_authenticator").order_by("id")
    assert [(one.operation, one.by, one.step, one.now["data"]) for one in log] == [
        ("insert", newcomer, "", NOT_LOGGED),
        ("insert", newcomer, "", NOT_LOGGED),
        ("update", newcomer, "show_recovery_codes", NOT_LOGGED),
    ]
    again = Client()
    assert sign_in(again, newcomer.email).url == "/account/sign-in/code/"
    type_code(again, done.context["unused_codes"][0])
    assert is_in(again)


@pytest.mark.django_db(transaction=True)
def test_sessions_begun_with_a_password_alone_end_with_the_first_second_factor(newcomer):
    thief, owner = Client(), Client()
    sign_in(thief, newcomer.email)
    sign_in(owner, newcomer.email)
    secret = owner.get(reverse("mfa_activate_totp")).context["form"].secret

    owner.post(reverse("mfa_activate_totp"), {"code": code_now(secret)})

    assert is_in(owner)
    assert thief.get("/account/").status_code == 302


def test_second_factor_is_changed_by_its_owner_only_after_asking_again(client, officer):
    client.force_login(officer)
    moved(client, began=11 * MINUTE)  # and this session knows of no password since

    asked = client.post(reverse("mfa_deactivate_totp"))

    assert asked.url == "/account/confirm/password/?next=%2Faccount%2Fapp%2Fremove%2F"
    client.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert Authenticator.objects.filter(user=officer).exists()
    client.post(asked.url, {"password": PASSWORD})
    assert not Authenticator.objects.filter(user=officer).exists()
    assert not is_in(client)
    removed = Change.objects.filter(table_name="mfa_authenticator", operation="delete").get()
    assert removed.by == officer


def test_account_lists_what_signs_somebody_in(client, officer):
    RecoveryCodes.activate(officer)
    client.force_login(officer)

    page = client.get("/account/").content.decode()

    assert [words in page for words in ("Set up on", "10 codes are left.", "Editor")] == [True] * 3


# --- Demonstration accounts -----------------------------------------------------------------


def test_demonstration_accounts_need_no_second_factor_in_development(client, settings):
    settings.DEBUG = True
    person("Editor")
    demonstration_accounts()

    sign_in(client, "editor@demo.example", DEMO_PASSWORD)

    assert is_in(client)


def test_demonstration_accounts_need_a_second_factor_in_production(client, settings):
    settings.DEBUG = True
    person("Editor")
    demonstration_accounts()
    settings.DEBUG = False

    sign_in(client, "editor@demo.example", DEMO_PASSWORD)

    assert client.get("/account/").status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize(
    "email", ["new@mission.example", "x@notdemo.example", "x@demo.example.eu"]
)
def test_everybody_else_needs_a_second_factor_in_development_too(client, settings, email):
    settings.DEBUG = True
    User.objects.create_user(email, PASSWORD, name="Somebody", is_staff=True)

    sign_in(client, email)

    assert not is_in(client)


def test_second_factor_is_known_without_another_query(client, officer, django_assert_num_queries):
    client.force_login(officer)

    with django_assert_num_queries(2):  # the session, and the account with what it has
        client.get(reverse("admin:jsi18n"))
