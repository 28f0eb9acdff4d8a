"""Signing in with a real browser: by keyboard alone, with an app and with a passkey."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client, override_settings
from playwright.sync_api import expect

from accounts.models import User
from tests.browser.test_public_pages import RULES
from tests.codes import code_now
from tests.factories import person

PASSWORD = "a long enough password"
WIDTHS = (320, 1280)
FOCUSED = """() => {
    const at = document.activeElement;
    return at.labels?.[0]?.innerText ?? at.innerText;
}"""


@pytest.fixture(autouse=True)
def _cheap_passwords():
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def administrator(transactional_db):
    """Invited, with a password, and without a second step."""
    group = person("Administrator").groups.get()
    user = User.objects.create_user("ana@mission.example", PASSWORD, name="Ana", is_staff=True)
    user.groups.add(group)
    return user


@pytest.fixture
def passkeys(page):
    """A telephone that says yes to every question about passkeys."""
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = browser.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda: browser.send("WebAuthn.getCredentials", made)["credentials"]


class Faults(dict):
    """What axe and a narrow screen find on each page that was looked at."""

    def look(self, page):
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            page.emulate_media(color_scheme=scheme)
            page.wait_for_timeout(250)  # the admin's links change their colour slowly
            # `preload` would write the admin's imported styles into the page, against its policy
            options = {"preload": False, "runOnly": rules}
            found = Axe().run(page, options=options).response["violations"]
            self.update(
                {f"{page.url} {scheme} {one['id']}": one["nodes"][0]["html"] for one in found}
            )
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self[f"{page.url} at {width}"] = "scrolls sideways"


def tab_to(page, words: str) -> None:
    """Press Tab until something with these words, or this label, has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            return
    raise AssertionError(f"the keyboard does not reach {words}")


def enter(page) -> None:
    with page.expect_navigation():
        page.keyboard.press("Enter")


def press(page, words: str) -> None:
    tab_to(page, words)
    enter(page)


def sign_in(page, password: str = PASSWORD) -> None:
    page.locator("#id_login:focus").wait_for()  # without a Tab
    page.keyboard.type("ana@mission.example")
    tab_to(page, "Password")
    page.keyboard.type(password)
    enter(page)


def heading(page) -> str:
    return page.locator("h1").inner_text()


def test_keyboard_alone_signs_in_and_sets_up_an_app(page, administrator):
    faults = Faults()
    page.goto("/admin/")
    faults.look(page)

    sign_in(page, "wrong")
    assert "do not belong together" in page.locator(".errorlist").inner_text()
    faults.look(page)
    page.goto("/admin/")
    sign_in(page)
    assert heading(page) == "My account"
    faults.look(page)

    press(page, "Set up an app on my telephone")
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    faults.look(page)
    secret = page.locator("code.key").inner_text()
    tab_to(page, "Code")
    page.keyboard.type(code_now(secret))
    enter(page)
    assert heading(page) == "Recovery codes"
    expect(page.locator(".codes li")).to_have_count(10)
    faults.look(page)
    press(page, "on to the office")
    assert page.url.endswith("/admin/")

    page.goto("/account/")
    faults.look(page)
    press(page, "Sign out here")
    sign_in(page)
    assert heading(page) == "The second step"
    faults.look(page)
    page.locator("#id_code:focus").wait_for()
    page.keyboard.type(code_now(secret, steps=1))
    enter(page)
    assert page.url.endswith("/admin/")
    assert faults == {}


def test_passkey_is_added_and_then_signs_in_alone(page, administrator, passkeys):
    faults = Faults()
    page.goto("/account/passkeys/add/")
    sign_in(page)
    page.goto("/account/passkeys/add/")
    faults.look(page)

    press(page, "Add a passkey")
    page.wait_for_url("**/recovery-codes/")
    assert len(passkeys()) == 1
    page.goto("/account/passkeys/")
    assert page.locator(".keys h2").all_inner_texts() == ["Passkey 1"]
    faults.look(page)
    page.goto("/account/")
    press(page, "Sign out here")
    faults.look(page)
    press(page, "Sign in with a passkey")
    page.wait_for_url("**/admin/")

    assert faults == {}


def test_passkey_is_the_second_step_after_a_password(page, administrator, passkeys):
    page.goto("/account/passkeys/add/")
    sign_in(page)
    page.goto("/account/passkeys/add/")
    press(page, "Add a passkey")
    page.wait_for_url("**/recovery-codes/")
    page.goto("/account/")
    press(page, "Sign out here")

    sign_in(page)
    press(page, "Use a passkey")
    page.wait_for_url("**/admin/")


def test_passkey_that_is_not_there_is_explained(page, administrator):
    page.goto("/account/sign-in/")
    page.evaluate("void (navigator.credentials.get = () => Promise.reject(new Error('none')))")

    tab_to(page, "Sign in with a passkey")
    page.keyboard.press("Enter")

    page.get_by_text("The passkey was not used.").wait_for()


@pytest.mark.parametrize("language", ["/fr", "/ru"])
def test_other_pages_have_no_faults(page, administrator, language):
    faults = Faults()
    for path in (
        "/account/sign-in/",
        "/account/password/forgotten/",
        "/account/password/forgotten/sent/",
        "/account/password/new/",
        "/account/password/new/1-x/",
        "/account/invitation/x/",
    ):
        page.goto(f"{language}{path}")
        faults.look(page)

    page.goto(f"{language}/account/sign-in/")
    page.locator("#id_login").fill("ana@mission.example")
    page.locator("#id_password").fill(PASSWORD)
    enter(page)
    for path in ("/account/password/", "/account/sign-out/", "/account/passkeys/"):
        page.goto(f"{language}{path}")
        faults.look(page)

    assert faults == {}


def test_screens_of_accounts_and_roles_have_no_faults(page, live_server):
    somebody = person("Administrator")
    visitor = Client()
    visitor.force_login(somebody)
    cookie = {"name": "sessionid", "value": visitor.cookies["sessionid"].value}
    page.context.add_cookies([cookie | {"url": live_server.url}])
    role = somebody.groups.get().pk
    faults = Faults()

    for path in (
        f"user/{somebody.pk}/change/",
        f"role/{role}/change/",
        f"user/{somebody.pk}/second-step/",
        "user/add/",
        "role/",
        "user/",
    ):
        page.goto(f"/admin/accounts/{path}")
        faults.look(page)
    page.wait_for_load_state("networkidle")

    assert faults == {}
