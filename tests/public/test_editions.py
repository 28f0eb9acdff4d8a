"""Editions: written once, each visible for a period, never changed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import InternalError, connection, transaction
from psycopg2.extras import DateTimeTZRange

from public.editions import rebuild
from public.file_findings import FileFindings
from public.models import Edition, EditionText, Merged, PublicRecord, Tombstone, database_now
from tests.broken_rules import added, name_of, promised, refusal
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoundtableFactory,
    published_again,
    take,
)

pytestmark = pytest.mark.django_db

NEVER = DateTimeTZRange(empty=True)
LONG_AGO = DateTimeTZRange(datetime(2001, 1, 1, tzinfo=UTC), datetime(2002, 1, 1, tzinfo=UTC))


def an_edition(**values) -> Edition:
    PracticeFactory(published=True, **values)
    return Edition.objects.get()


def copied(**values):
    """Insert a copy of an edition with other values."""

    def breaker():
        edition = an_edition()
        edition.pk = None
        for name, value in values.items():
            setattr(edition, name, value)
        return lambda: edition.save(force_insert=True)

    return breaker


def altered(**values):
    """Update an edition."""

    def breaker():
        an_edition()
        return lambda: Edition.objects.update(**values)

    return breaker


def a_second_tombstone():
    take("withdraw", PracticeFactory(published=True))
    stone = Tombstone.objects.get()
    stone.pk = None
    return lambda: stone.save(force_insert=True)


def a_second_way_out():
    Merged.objects.create(kind="practice", code="P-0001", target="P-0002")
    return lambda: Merged.objects.create(kind="practice", code="P-0001", target="P-0003")


BROKEN = {
    (Edition, "edition_once"): copied(visible=LONG_AGO),
    (Edition, "edition_one_visible_at_a_time"): copied(edition=2),
    (Edition, "edition_kind_known"): copied(kind="secret"),
    (Edition, "edition_never_changed"): altered(title="Another title"),
    (Tombstone, "tombstone_once"): a_second_tombstone,
    (Merged, "merged_once"): a_second_way_out,
    (FileFindings, "file_findings_sha256_well_formed"): added(
        FileFindings.objects.create, sha256="x"
    ),
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_public_record_refuses_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


# --- Never changed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "pledge"},
        {"code": "P-9999"},
        {"edition": 2},
        {"document": {}},
        {"title": ""},
        {"language": "fr"},
        {"objectives": [1]},
        {"member_states": ["SRB"]},
        {"covid19": True},
        {"first_published_at": "2020-01-01T00:00Z"},
        {"visible": DateTimeTZRange(None, None)},
        {"visible": DateTimeTZRange("2020-01-01T00:00Z", None)},
        {"visible": DateTimeTZRange("2120-01-01T00:00Z", None)},
    ],
    ids=str,
)
def test_edition_is_never_changed(values):
    assert refusal(altered(**values))[0] == "edition_never_changed"


@pytest.mark.parametrize("column", ["kind", "code", "edition", "first_published_at"])
def test_edition_keeps_its_identity_even_when_it_is_rebuilt(column):
    other = {"kind": "pledge", "code": "P-9", "edition": 2, "first_published_at": database_now}
    an_edition()

    def act():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL reviewhub.rebuild = 'on'")
        value = other[column]
        Edition.objects.update(**{column: value() if callable(value) else value})

    assert refusal(lambda: act)[0] == "edition_never_changed"


def test_edition_can_end_and_be_retracted_and_neither_is_taken_back():
    edition = an_edition()
    begin, now = edition.visible.lower, database_now()

    Edition.objects.update(visible=DateTimeTZRange(begin, now))
    Edition.objects.update(retracted_at=now)

    open_again = {"visible": DateTimeTZRange(begin, now + timedelta(days=1))}
    for values in (open_again, {"retracted_at": None}, {"retracted_at": database_now()}):
        refused = refusal(lambda values=values: lambda: Edition.objects.update(**values))
        assert refused[0] == "edition_never_changed"


@pytest.mark.parametrize("table", ["public_edition", "public_tombstone"])
@pytest.mark.parametrize("words", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_editions_and_tombstones_are_kept_for_ever(table, words):
    take("withdraw", PracticeFactory(published=True))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL reviewhub.empty_log = ''")  # as outside of tests
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(InternalError), transaction.atomic():
            cursor.execute(words.format(table))

    assert (Edition.objects.count(), Tombstone.objects.count()) == (1, 1)


def test_tombstone_is_never_changed():
    take("withdraw", PracticeFactory(published=True))

    with pytest.raises(InternalError), transaction.atomic():
        Tombstone.objects.update(code="P-9999")


# --- What an edition says -------------------------------------------------------------------


def test_edition_holds_the_document_and_the_columns_that_lists_filter_by():
    practice = PracticeFactory(
        published=True,
        objectives=[7, 3],
        member_states=["SRB", "ALB"],
        principles=["people_centred"],
        sdgs=[10],
        implementer_types=["member_state"],
        member_state="ALB",
        sources=["SR2020"],
        year_start=2021,
        covid19=True,
    )

    row = PublicRecord.objects.values().get()

    begin = practice.published_at
    row.pop("id")
    assert row == {
        "kind": "practice",
        "code": practice.code,
        "edition": 1,
        "document": practice.document().as_json(),
        "visible": DateTimeTZRange(begin, None),
        "retracted_at": None,
        "first_published_at": begin,
        "title": practice.title,
        "language": "en",
        "objectives": [3, 7],
        "primary_objectives": [7],
        "principles": ["people_centred"],
        "sdgs": [10],
        "member_states": ["ALB", "SRB"],
        "implementer_types": ["member_state"],
        "stakeholder_types": [],
        "parties": ["ALB"],
        "sources": ["SR2020"],
        "cycle": "RR2024",
        "level": "national",
        "type": "",
        "form": "",
        "stage": "",
        "year": 2021,
        "covid19": True,
    }


def test_first_publication_is_remembered_by_later_editions():
    practice = PracticeFactory(published=True)
    first = practice.published_at

    published_again(practice, title="Better title")

    assert PublicRecord.objects.visible().get().first_published_at == first


def test_embargo_that_was_called_off_is_not_the_first_publication():
    soon, later = (database_now() + timedelta(days=days) for days in (1, 3))
    practice = PracticeFactory(status="approved")
    take("publish", practice, at=soon)
    take("withdraw", practice)

    published_again(practice, at=later)

    assert Edition.objects.get(visible__isempty=False).first_published_at == later


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "Migrant workers are informed", "worker"),
        ("fr", "Les droits des travailleurs migrants sont protégés", "travailleur protege"),
        ("ru", "Приём мигрантов по правилам ILO", "прием мигрант ilo"),
    ],
)
def test_edition_is_searched_in_its_own_language_without_accents(language, text, words):
    practice = PracticeFactory(published=True, language=language, summary=text)

    query = SearchQuery(words, config=f"reviewhub_{language}")

    found = EditionText.objects.filter(vector=query).values_list("edition__code", flat=True)
    assert list(found) == [practice.code]


def test_title_and_code_are_searched_apart_and_titles_are_folded():
    practice = PracticeFactory(published=True, language="fr", title="Égalité à l'École")

    text = EditionText.objects.get()

    def found_by(words):
        query = SearchQuery(words, config="reviewhub_fr")
        return EditionText.objects.filter(title_vector=query).exists()

    assert text.folded_title == "egalite a l'ecole"
    assert found_by("egalite")
    assert found_by(practice.code)
    assert not found_by("newcomers")


# --- Rebuilding -----------------------------------------------------------------------------

WRONG = {
    "title": "Wrong",
    "language": "ru",
    "objectives": [99],
    "primary_objectives": [],
    "principles": ["wrong"],
    "sdgs": [99],
    "member_states": ["XXX"],
    "implementer_types": ["wrong"],
    "stakeholder_types": ["wrong"],
    "parties": ["wrong"],
    "sources": ["wrong"],
    "cycle": "wrong",
    "level": "wrong",
    "type": "wrong",
    "form": "wrong",
    "stage": "wrong",
    "year": 1999,
    "covid19": True,
}


@pytest.mark.parametrize(
    "factory", [PracticeFactory, PledgeFactory, RoundtableFactory, RecommendationFactory]
)
def test_rebuild_restores_columns_and_searched_text_from_the_document(factory):
    factory(published=True)
    right = Edition.objects.values().get()
    right_text = EditionText.objects.values().get()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL reviewhub.rebuild = 'on'")
        Edition.objects.update(**WRONG)
        cursor.execute("SET LOCAL reviewhub.rebuild = ''")
    EditionText.objects.update(folded_title="wrong", title_vector="wrong", vector="wrong")

    rebuild(Edition.objects.get())

    assert Edition.objects.values().get() == right
    assert EditionText.objects.values().get() == right_text


def test_rebuild_makes_a_searched_text_that_is_missing():
    edition = an_edition()
    EditionText.objects.all().delete()

    rebuild(edition)

    assert EditionText.objects.get().edition == edition


def test_rebuild_opens_no_door_for_what_comes_after():
    rebuild(an_edition())

    refused = refusal(lambda: lambda: Edition.objects.update(title="Another"))

    assert refused[0] == "edition_never_changed"


def test_rebuild_does_not_bring_back_what_was_withdrawn_meanwhile():
    practice = PracticeFactory(published=True)
    read_before = Edition.objects.get()
    take("withdraw", practice)

    rebuild(read_before)

    assert Edition.objects.get().retracted_at is not None
    assert not PublicRecord.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_rebuild_works_outside_a_transaction():
    edition = an_edition()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL reviewhub.rebuild = 'on'")
        Edition.objects.update(stage="wrong")

    rebuild(edition)

    assert Edition.objects.get().stage == ""
