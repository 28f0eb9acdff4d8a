"""Each answer tells the id of its request, and each log line the same one."""

import logging
import re

import pytest
from django.test import override_settings

from reviewhub.request_id import HEADER, RequestIdFilter

FROM_THE_PROXY = "b7c1e0d2f94a4c55"


@pytest.mark.parametrize(
    ("proxies", "told", "taken"),
    [
        (1, FROM_THE_PROXY, True),
        (0, FROM_THE_PROXY, False),
        (1, "short", False),
        (1, "a" * 65, False),
        (1, "0123456789abcdef\n", False),
        (1, "0123456789 abcdef", False),
        (1, "٠١٢٣٤٥٦٧٨٩٠١٢٣٤٥", False),
    ],
)
def test_id_is_the_trusted_proxys_if_well_formed(client, proxies, told, taken):
    with override_settings(TRUSTED_PROXIES=proxies):
        answer = client.get("/health/live", headers={HEADER: told})

    assert (answer[HEADER] == told) == taken
    assert re.fullmatch("[0-9a-f]{16}|[0-9a-f]{32}", answer[HEADER])


def test_each_request_has_an_id_of_its_own_and_its_log_lines_the_same(client):
    answers = [client.get("/health/live")[HEADER] for _ in range(2)]
    line = logging.makeLogRecord({"msg": "said while it is answered"})

    RequestIdFilter().filter(line)

    assert len(set(answers)) == 2
    assert line.request_id == answers[-1]


def test_refusals_and_redirects_have_an_id(client):
    with override_settings(SECURE_SSL_REDIRECT=True):
        moved = client.get("/health/live")
    refused = client.get("/health/live", headers={"Host": "elsewhere.example.org"})

    assert (moved.status_code, refused.status_code) == (301, 400)
    assert [bool(answer.get(HEADER)) for answer in (moved, refused)] == [True, True]
