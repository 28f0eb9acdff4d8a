"""The rules of figures, chapters and signed-off snapshots."""

import pytest

from synthesis.models import Chapter, Figure, Snapshot
from tests.broken_rules import added, changed, name_of, of_publishable, promised, refusal, twice
from tests.factories import ChapterFactory, FigureFactory, SnapshotFactory

pytestmark = pytest.mark.django_db

BROKEN = {
    **of_publishable(FigureFactory),
    (Figure, "figure_code_well_formed"): added(FigureFactory, code="Networks-2024"),
    (Figure, "figure_category_known"): changed(FigureFactory, category="weather"),
    (Figure, "figure_year_plausible"): changed(FigureFactory, as_of=24),
    (Chapter, "chapter_number_once"): twice(ChapterFactory),
    (Chapter, "chapter_language_known"): changed(ChapterFactory, language="de"),
    (Snapshot, "snapshot_choices_known"): added(SnapshotFactory, type="poem"),
    (Snapshot, "snapshot_sha256_well_formed"): added(SnapshotFactory, sha256="0" * 63),
    (Snapshot, "snapshot_never_changed"): changed(SnapshotFactory, content={"total": 1}),
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_synthesis_refuses_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


def test_signed_off_snapshot_is_not_deleted():
    snapshot = SnapshotFactory()

    assert refusal(lambda: snapshot.delete)[0] == "snapshot_never_changed"
