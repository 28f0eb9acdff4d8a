"""Tallies: whatever was tallied, and whatever has changed since, counts are those of reading."""

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction
from hypothesis import HealthCheck, given, settings

from public import counts
from public.choices import AnyOf
from public.editions import rebuild
from public.facets import by_value, facets_of
from public.fence import public_side
from public.filters import FILTERS
from public.models import Edition, PublicRecord, database_now
from public.tallies import (
    BLOCK,
    NUMBERED,
    PARTS,
    Tally,
    Untallied,
    begin_anew,
    bring_up_to_date,
)
from submissions.models import Practice
from tests.factories import PracticeFactory, published, published_again, take
from tests.public.test_facets import question
from tests.public.varied_practices import some_filters

AT_ONCE = timedelta(0)
ASKED_OFTEN = settings(
    max_examples=100,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def counted(query: str = "", *, by_reading: bool = False, **asked):
    """All that stands beside a list: as it is counted, or by reading every record."""
    filters = question(query, **asked).filters
    if by_reading:
        filters.kind = ""
    found = facets_of(filters)
    values = {facet.name: {one.value: one.count for one in facet.values} for facet in found.facets}
    return found.total, found.without, values


def total(query: str = "") -> int:
    count = question(query).count
    assert (count, count) == (counted(query)[0], counted(query, by_reading=True)[0])
    return count


@pytest.fixture(params=["nothing", "everything", "what was there before"])
def tallied(request, documents):
    """Sixty practices and what is not public: tallied, or not, or changed since."""
    with transaction.atomic():
        begin_anew()
        if request.param != "nothing":
            assert bring_up_to_date(quiet=AT_ONCE) > 60
        if request.param == "what was there before":
            codes = [document.code for document in documents]
            practices = Practice.objects.filter(code__in=codes).order_by("pk")
            first, second, third, fourth, *_ = practices.filter(status="published")
            take("withdraw", first, note="No longer true.")
            published_again(second, title="Another title")
            published_again(third, retract_earlier=True, level="regional")
            published_again(fourth, at=database_now() + timedelta(days=1), title="Later")
            PracticeFactory.create_batch(2, published=True)
        yield request.param
        transaction.set_rollback(True)


@ASKED_OFTEN
@given(chosen=some_filters)
@pytest.mark.django_db
def test_counts_are_those_of_reading_every_record(tallied, chosen):
    assert counted(**chosen) == counted(by_reading=True, **chosen)


COLUMNS = ("member_states", "objectives", "parties", "cycle", "level", "year")


@settings(ASKED_OFTEN, max_examples=15)
@given(chosen=some_filters)
@pytest.mark.django_db
def test_values_for_pictures_are_those_of_reading_every_record(tallied, chosen):
    asked = question(**chosen)
    found = list(asked.records)

    for column in COLUMNS:
        many = [getattr(record, column) for record in found]
        assert by_value(asked.filters, column) == Counter(
            one for value in many for one in (value if isinstance(value, list) else [value])
        )


@pytest.mark.django_db
def test_counts_of_everything_are_those_of_reading_every_record(tallied):
    records = PublicRecord.objects.visible()
    moment = question().moment
    by_objective = counts.by_objective(records)

    assert counts.of_kinds(counts.everywhere(moment)) == counts.by_kind(records)
    assert counts.everywhere(moment, "member_states") == counts.by_state(records)
    assert counts.everywhere(moment, "objectives") == Counter(
        {(kind, str(number)): count for (kind, number), count in by_objective.items()}
    )


@pytest.mark.django_db
def test_everything_is_tallied_but_what_time_alone_will_change(tallied):
    bring_up_to_date(quiet=AT_ONCE)
    left = Edition.objects.filter(pk__in=Untallied.objects.values("edition"))
    to_come = [edition.visible for edition in left]

    assert all(
        period.lower > database_now() or period.upper > database_now() for period in to_come
    )
    assert len(to_come) == {"what was there before": 5}.get(tallied, 3)
    assert counted() == counted(by_reading=True)


@pytest.mark.django_db
def test_what_is_withdrawn_leaves_no_bit_behind(documents):
    begin_anew()
    alone = PracticeFactory(objectives=[22], published=True)
    bring_up_to_date(quiet=AT_ONCE)
    assert Tally.objects.filter(kind="practice", part="objectives", value="22").count() == 1

    take("withdraw", alone)
    assert counted("objective=22") == counted("objective=22", by_reading=True)
    bring_up_to_date(quiet=AT_ONCE)

    assert not Tally.objects.filter(kind="practice", part="objectives", value="22").exists()


@pytest.mark.django_db
def test_an_embargo_ends_by_time_alone(documents):
    begin_anew()
    bring_up_to_date(quiet=AT_ONCE)
    before = total()

    published(PracticeFactory(), at=database_now() + timedelta(seconds=1))
    again = published(PracticeFactory(level="local"))
    bring_up_to_date(quiet=AT_ONCE)
    assert (total(), total("level=local")) == (before + 1, total("level=local"))
    local = total("level=local")
    published_again(again, at=database_now() + timedelta(seconds=1), level="national")
    bring_up_to_date(quiet=AT_ONCE)

    assert (total(), total("level=local")) == (before + 1, local)
    time.sleep(1.1)
    assert (total(), total("level=local")) == (before + 2, local - 1)
    bring_up_to_date(quiet=AT_ONCE)
    assert (total(), total("level=local")) == (before + 2, local - 1)


@pytest.mark.django_db
def test_what_has_just_begun_waits(documents):
    new = published(PracticeFactory())

    bring_up_to_date()

    assert Untallied.objects.filter(edition__in=Edition.objects.filter(code=new.code)).exists()
    assert total() == len(documents) + 1


@pytest.mark.django_db
def test_editions_of_two_blocks_are_added_up(documents):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER SEQUENCE public_edition_id_seq RESTART {5 * BLOCK - 2}")
    published(*(PracticeFactory(level="local") for _ in range(5)))
    begin_anew()

    bring_up_to_date(quiet=AT_ONCE, most=2)
    first = set(Tally.objects.filter(bits__isnull=False).values_list("block", flat=True))
    assert (4 in first, 5 in first) == (False, True)  # two have changed there, and three here
    assert counted("level=local") == counted("level=local", by_reading=True)

    bring_up_to_date(quiet=AT_ONCE)
    blocks = set(Tally.objects.filter(bits__isnull=False).values_list("block", flat=True))
    assert blocks == {*first, 4}
    assert counted("level=local") == counted("level=local", by_reading=True)
    assert not Untallied.objects.filter(edition__gte=4 * BLOCK).exists()


@pytest.mark.django_db
def test_rebuilt_columns_are_counted_as_they_are(documents):
    begin_anew()
    bring_up_to_date(quiet=AT_ONCE)
    edition = Edition.objects.filter(
        kind="practice", level="local", document__code__in=[one.code for one in documents]
    ).first()
    local = total("level=local")

    edition.document["level"] = "national"
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('reviewhub.rebuild', 'on', true)")
        edition.save(update_fields=["document"])
    rebuild(edition)

    assert total("level=local") == local - 1
    bring_up_to_date(quiet=AT_ONCE)
    assert total("level=local") == local - 1


@pytest.mark.django_db
def test_the_public_is_told_of_changed_records_that_are_public_only(documents):
    begin_anew()
    bring_up_to_date(quiet=AT_ONCE)
    gone, stays = PracticeFactory.create_batch(2, published=True)
    take("withdraw", gone)
    published(PracticeFactory(), at=database_now() + timedelta(days=1))

    with public_side(), connection.cursor() as cursor:
        cursor.execute("SELECT edition_id FROM public_untallied_record")
        told = [edition for (edition,) in cursor]

    assert told == [Edition.objects.get(code=stays.code).pk]


@pytest.mark.django_db
def test_the_public_reads_counts_and_no_tallies(documents):
    begin_anew()
    bring_up_to_date(quiet=AT_ONCE)
    for table in ("public_tally", "public_untallied"):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            public_side(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"SELECT count(*) FROM {table}")
    with public_side():
        assert question().count == len(documents)


@pytest.mark.django_db
def test_all_that_lists_count_by_is_tallied_and_its_changes_are_noticed():
    columns = {
        one.column
        for filters in FILTERS.values()
        for one in filters.base_filters.values()
        if isinstance(one, AnyOf)
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'public_edition_changed'")
        [(noticed,)] = cursor.fetchall()

    assert columns <= {*PARTS, NUMBERED}
    assert [part for part in (*PARTS, NUMBERED) if f"n.{part}" not in noticed] == []
