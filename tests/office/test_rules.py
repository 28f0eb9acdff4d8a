"""The rules of what the office keeps for its own work."""

import pytest
from django.utils import timezone

from accounts.models import Token
from office.models import ApiReceipt, Import, ImportRow, OpenRecord
from tests.broken_rules import added, changed, name_of, promised, refusal, twice
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
ImportFactory = Factory(
    Import,
    by=lambda: person("Editor"),
    kind="submissions.practice",
    part="practice",
    name="rows.csv",
    content=b"code",
    size=4,
    sha256="0" * 64,
    language="en",
)
ImportRowFactory = Factory(ImportRow, upload=ImportFactory, number=2, result="new", code="P-0001")
TokenFactory = Factory(
    Token,
    name="Ministry",
    owner=lambda: person("Editor"),
    kinds=["submissions.practice"],
    expires_at=timezone.now,
    check_sum="0" * 64,
)
ApiReceiptFactory = Factory(
    ApiReceipt, token=TokenFactory, key="one", kind="practice", body="0" * 64, code="P-0001"
)
NOW = "2024-03-11T00:00Z"
DONE = {"state": "imported", "previewed_at": NOW, "confirmed_at": NOW, "finished_at": NOW}


def a_key_used_twice():
    first = ApiReceiptFactory()
    return lambda: ApiReceiptFactory(token=first.token)


BROKEN = {
    (ApiReceipt, "apireceipt_once"): a_key_used_twice,
    (OpenRecord, "openrecord_once_a_person"): twice(OpenRecordFactory),
    (Import, "import_choices_known"): changed(ImportFactory, state="dreamt"),
    (Import, "import_was_previewed_and_confirmed"): changed(ImportFactory, state="imported"),
    (Import, "import_sha256_well_formed"): added(ImportFactory, sha256="x"),
    (Import, "import_never_changes_its_file"): changed(ImportFactory, content=b"other"),
    (Import, "import_happens_once"): changed(ImportFactory, DONE, state="previewed"),
    (ImportRow, "importrow_once"): twice(ImportRowFactory, "upload", "number"),
    (ImportRow, "importrow_result_known"): changed(ImportRowFactory, result="perhaps"),
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_rule_refuses_what_breaks_it(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


@pytest.mark.parametrize(
    "values",
    [
        {"by_id": lambda: person("Reader").pk},
        {"sha256": "1" * 64},
        {"kind": "submissions.pledge"},
        {"part": "citation"},
    ],
)
def test_upload_stays_what_it_was_and_whose_it_was(values):
    assert refusal(changed(ImportFactory, **values)) == promised(
        Import, "import_never_changes_its_file"
    )


def test_upload_may_lose_its_file_when_it_is_old():
    upload = ImportFactory()

    Import.objects.filter(pk=upload.pk).update(content=b"")

    assert bytes(Import.objects.get().content) == b""
