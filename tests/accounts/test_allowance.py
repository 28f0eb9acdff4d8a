"""How many requests an address may make of the API."""

import threading

import pytest
from django.db import connection, connections
from django.test import override_settings

from accounts.allowance import spend
from accounts.models import RequestCount

pytestmark = pytest.mark.django_db


@override_settings(API_REQUESTS_PER_MINUTE=2)
def test_an_address_has_its_requests_and_no_more(client):
    answers = [client.get("/api/v1/") for _ in range(3)]
    neighbour = client.get("/api/v1/", REMOTE_ADDR="192.0.2.7")

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert [one["RateLimit-Remaining"] for one in answers] == ["1", "0", "0"]
    assert {one["RateLimit-Limit"] for one in answers} == {"2"}
    assert answers[-1]["Content-Type"] == "application/problem+json"
    assert answers[-1].json()["status"] == 429
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert neighbour.status_code == 200


@override_settings(API_REQUESTS_PER_MINUTE=0)
def test_without_a_limit_nothing_is_counted(client):
    assert "RateLimit-Limit" not in client.get("/api/v1/")
    assert RequestCount.objects.count() == 0


@override_settings(API_REQUESTS_PER_MINUTE=1)
def test_pages_are_not_limited(client):
    assert {client.get("/health/live").status_code for _ in range(3)} == {200}


def test_no_address_is_kept_and_old_counts_are_forgotten():
    spend("192.0.2.1")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_requestcount SET minute = minute - interval '6 minutes'")

    spend("192.0.2.2")

    [count] = RequestCount.objects.all()
    assert "192.0.2.2" not in count.address


@pytest.mark.django_db(transaction=True)
def test_requests_at_once_are_all_counted():
    def ask():
        spend("192.0.2.1")
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    # one row, or two if the minute has turned meanwhile
    assert sum(count.requests for count in RequestCount.objects.all()) == 20
