"""The rules of what the office itself remembers."""

import pytest
from django.utils import timezone

from office.models import OpenRecord
from tests.broken_rules import name_of, promised, refusal, twice
from tests.factories import Factory, person

pytestmark = pytest.mark.django_db

OpenRecordFactory = Factory(
    OpenRecord,
    label="submissions.practice",
    row_id=1,
    user=lambda: person("Editor"),
    opened_at=timezone.now,
    seen_at=timezone.now,
)
BROKEN = {(OpenRecord, "openrecord_once_a_person"): twice(OpenRecordFactory)}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_office_refuses_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)
