"""Ten tries an hour: exact across workers, and the owner of the account is not locked out."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import F
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts import tries
from accounts.models import Try
from accounts.tries import Limit, TooManyTries, client_address, count, take_back
from tests.accounts.conftest import PASSWORD, is_in, sign_in, type_code
from tests.codes import code_now, wrong_code

pytestmark = pytest.mark.django_db

EMAIL = "olga@mission.example"
TEN_A_KEY = Limit("test", "olga", 10)


def use_up(email: str = EMAIL, how_many: int = 10, **extra) -> list[int]:
    return [sign_in(Client(), email, "wrong", **extra).status_code for _ in range(how_many)]


def later(**time) -> None:
    """Time passes: everything that was tried was tried earlier."""
    Try.objects.update(at=F("at") - timedelta(**time))


# --- The limit ------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [EMAIL, "never@heard.example"])
def test_after_ten_wrong_passwords_no_password_is_tried(officer, email):
    assert use_up(email) == [200] * 10

    refused = sign_in(Client(), email, PASSWORD)

    assert refused.status_code == 429
    assert 3590 < int(refused["Retry-After"]) <= 3600
    assert "Try again in 60 minutes." in refused.content.decode()


def test_other_accounts_are_not_locked_with_it(client, officer):
    use_up("other@mission.example")

    sign_in(client, officer.email)
    type_code(client)

    assert is_in(client)


@pytest.mark.parametrize(
    "spelling", ["OLGA@mission.example", "Olga@MISSION.EXAMPLE", "olga@miſſion.example"]
)
def test_another_spelling_is_no_other_account(officer, spelling):
    use_up()

    assert sign_in(Client(), spelling).status_code == 429


def test_wrong_codes_count_as_wrong_passwords_do(client, officer):
    use_up(how_many=5)
    sign_in(client, officer.email)
    codes = [type_code(client, wrong_code()).status_code for _ in range(5)]

    refused = type_code(client)

    assert codes == [200] * 5
    assert (refused.status_code, "Retry-After" in refused.headers) == (429, True)
    assert sign_in(Client(), officer.email).status_code == 429


def test_passwords_typed_to_confirm_count_too(client, officer):
    client.force_login(officer)
    confirm = reverse("account_reauthenticate")

    answers = [client.post(confirm, {"password": "wrong"}).status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]


def test_good_tries_do_not_count(officer):
    answers = [sign_in(Client(), officer.email).status_code for _ in range(12)]

    assert answers == [302] * 12
    assert use_up(how_many=1) == [200]


def test_refused_tries_do_not_make_it_last_longer(officer):
    use_up()
    later(minutes=40)
    use_up(how_many=3)
    assert "Try again in 20 minutes." in sign_in(Client(), EMAIL).content.decode()

    later(minutes=21)

    assert sign_in(Client(), EMAIL).status_code == 302


def test_tries_older_than_an_hour_are_swept(officer):
    use_up()
    later(minutes=61)

    sign_in(Client(), EMAIL, "wrong")

    assert Try.objects.count() == 2  # under the account and under the address


def test_table_names_nobody(officer):
    use_up(how_many=1, REMOTE_ADDR="203.0.113.9")

    kept = " ".join(Try.objects.values_list("key", flat=True))

    assert [word in kept for word in ("olga", "mission", "203")] == [False] * 3


# --- The owner ------------------------------------------------------------------------------


def test_owner_gets_in_with_a_browser_used_before(client, officer):
    sign_in(client, officer.email)
    type_code(client)
    client.post(reverse("account_logout"))
    use_up()

    first = sign_in(client, officer.email)
    type_code(client, code_now(steps=1))

    assert first.status_code == 302
    assert is_in(client)


def test_known_browser_has_ten_tries_of_its_own(client, officer):
    sign_in(client, officer.email)
    type_code(client)
    client.post(reverse("account_logout"))

    answers = [sign_in(client, officer.email, "wrong").status_code for _ in range(11)]

    assert answers == [200] * 10 + [429]
    assert sign_in(Client(), officer.email).status_code == 302


def test_known_browser_is_known_for_its_own_accounts_only(client, officer):
    sign_in(client, officer.email)
    type_code(client)
    client.post(reverse("account_logout"))
    use_up("other@mission.example")

    assert sign_in(client, "other@mission.example").status_code == 429


def test_forged_cookie_makes_no_browser_known(client, officer):
    sign_in(client, officer.email)
    type_code(client)
    cookie = client.cookies["known_browser"]
    use_up()
    stranger = Client()
    stranger.cookies["known_browser"] = cookie.value[:-2] + "xx"

    assert sign_in(stranger, officer.email).status_code == 429
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")


# --- The address ----------------------------------------------------------------------------


def test_one_address_tries_many_accounts_only_so_often(officer, monkeypatch):
    monkeypatch.setattr(tries, "PER_ADDRESS", 3)
    answers = [
        sign_in(Client(), f"{n}@mission.example", REMOTE_ADDR="203.0.113.9").status_code
        for n in range(4)
    ]

    assert answers == [200] * 3 + [429]
    assert sign_in(Client(), "4@mission.example", REMOTE_ADDR="203.0.113.8").status_code == 200


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, None, "198.51.100.1"),
        (0, "203.0.113.9", "198.51.100.1"),  # anybody can write this
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.0.0.1, 203.0.113.9", "203.0.113.9"),
        (2, "10.0.0.1, 203.0.113.9, 192.0.2.7", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.1"),  # it did not come through both
        (1, "nonsense", "198.51.100.1"),
        (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    ],
)
def test_address_is_what_the_last_trusted_proxy_saw(settings, trusted, forwarded, address):
    settings.TRUSTED_PROXIES = trusted
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}

    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="198.51.100.1")

    assert client_address(request) == address


# --- Exact ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_still_ten():
    outcomes, start = [], threading.Barrier(25)

    def one():
        start.wait(timeout=30)
        try:
            count(TEN_A_KEY)
            outcomes.append("counted")
        except TooManyTries:
            outcomes.append("refused")
        finally:
            connection.close()

    workers = [threading.Thread(target=one) for _ in range(25)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=60)

    assert sorted(outcomes) == ["counted"] * 10 + ["refused"] * 15
    assert Try.objects.count() == 10


def test_try_that_one_limit_refuses_is_counted_under_none():
    small = Limit("test", "small", 1)
    count(small)

    with pytest.raises(TooManyTries):
        count(TEN_A_KEY, small)

    assert Try.objects.count() == 1


def test_what_is_taken_back_was_never_tried():
    take_back(count(TEN_A_KEY))

    assert not Try.objects.exists()
