"""Which editions have a value, one bit each: what lists and their facets are counted from.

Counting records by thirteen facets reads every record that matches. A tally holds the same for a
block of editions as one string of bits for each value, so that counting is "and" and adding up
(docs/adr/0015-tallies.md). Three things keep it exact:

* A tally knows only what is public until somebody writes: an edition that is under embargo, or
  whose end is set, is not in it.
* Whoever changes an edition says so in `Untallied`, by a trigger, in the same transaction. What
  stands there is left out of the tallies and read from its row, as if there were none.
* `bring_up_to_date` moves what is settled from there into the tallies, and changes no count.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models, transaction
from django.db.models import Func

from public.keys import IsOneOf

BLOCK = 30_000  # editions of a block, by their keys: two strings of bits fill a page of the disk
QUIET = timedelta(seconds=10)  # since an edition began: no question that is open is so old
MANY = 1_000  # changed editions that are read one by one until the tallies are brought up to date
AT_ONCE = 2  # blocks that whoever publishes brings up to date at most: about a second each

# What is tallied by a bit for each edition; of parties, which may be thousands, there are numbers.
PARTS = (
    "objectives",
    "primary_objectives",
    "principles",
    "sdgs",
    "member_states",
    "implementer_types",
    "stakeholder_types",
    "sources",
    "cycle",
    "level",
    "type",
    "form",
    "stage",
    "year",
    "covid19",
    "language",
)
NUMBERED = "parties"
SETTLED = ""  # the part, and the value, of the bits that say which editions are public


class Bits(models.Field):
    """A string of bits, as the database writes it: "0100…"."""

    def db_type(self, connection):
        return "bit varying"


class Tally(models.Model):
    """Which editions of a block have this value; of a part with many values, how many have it."""

    pk = models.CompositePrimaryKey("kind", "part", "block", "value")
    kind = models.CharField(max_length=20)
    block = models.IntegerField()
    part = models.CharField(max_length=20)
    value = models.CharField(max_length=60)
    bits = Bits(null=True)
    count = models.IntegerField(default=0)

    class Meta:
        default_permissions = []

    def __str__(self):
        return f"{self.kind} {self.part} {self.value} {self.block}"


class Untallied(models.Model):
    """An edition that has changed since it was tallied: as many rows as there were changes.

    Nobody can see it before `begins`, nor has it been tallied: until then no reader looks at it.
    """

    edition = models.ForeignKey(
        "public.Edition", on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    begins = models.DateTimeField()

    class Meta:
        default_permissions = []
        indexes = [models.Index(fields=["begins"], name="untallied_begins")]

    def __str__(self):
        return str(self.edition_id)


class PublicUntallied(models.Model):
    """Those of them that the public may read."""

    edition = models.OneToOneField(
        "public.PublicRecord", on_delete=models.DO_NOTHING, primary_key=True, related_name="+"
    )

    class Meta:
        managed = False  # a view: migration 0014
        db_table = "public_untallied_record"

    def __str__(self):
        return str(self.pk)


# What nobody's clock will change: begun long enough ago that no question is older, without an end
# that is still to come. One statement, so that what is read and what changed are of one moment.
READ = f"""
    SELECT e.kind, e.id, changed.rows,
        e.retracted_at IS NULL AND upper_inf(e.visible) AND NOT isempty(e.visible),
        e.{NUMBERED}, {", ".join(f"e.{part}" for part in PARTS)}
    FROM (
        SELECT edition_id, array_agg(id) AS rows FROM public_untallied
        WHERE edition_id >= %(first)s AND edition_id < %(first)s + {BLOCK}
        GROUP BY edition_id HAVING min(begins) <= statement_timestamp()
    ) AS changed JOIN public_edition e ON e.id = changed.edition_id
    WHERE e.retracted_at IS NOT NULL OR isempty(e.visible)
        OR lower(e.visible) <= statement_timestamp() - make_interval(secs => %(quiet)s)
        AND (upper_inf(e.visible) OR upper(e.visible) <= statement_timestamp())
"""  # noqa: S608  # names of our own columns
WRITE = """
    INSERT INTO public_tally (kind, part, block, value, bits, count)
    SELECT %s, part, block, value, bits::bit varying, count FROM jsonb_to_recordset(%s::jsonb)
        AS tally (part text, block int, value text, bits text, count int)
    ON CONFLICT (kind, part, block, value) DO UPDATE
    SET bits = EXCLUDED.bits, count = EXCLUDED.count
"""


def bring_up_to_date(*, quiet: timedelta = QUIET, most: int | None = None) -> int:
    """Tally what has changed and is settled, in so many blocks at most: where most has changed.

    Returns how many editions were read for it.
    """
    rows = _changed().values_list("edition_id", flat=True)
    blocks = Counter(edition // BLOCK for edition in rows.iterator())
    return sum(_tally(block, quiet) for block, _changes in blocks.most_common(most))


def bring_up_to_date_after_change() -> None:
    """Called by what changes editions: the same after its transaction, once it is worth it."""
    transaction.on_commit(_bring_up_to_date_if_many, robust=True)


def _bring_up_to_date_if_many() -> None:
    if _changed().count() >= MANY:
        bring_up_to_date(most=AT_ONCE)


def _changed() -> models.QuerySet:
    """What is read, until it is tallied."""
    return Untallied.objects.filter(begins__lte=Func(function="statement_timestamp"))


def begin_anew() -> None:
    """Forget every tally: all editions are read until they are tallied again."""
    with transaction.atomic(), connection.cursor() as cursor:
        _alone(cursor)
        cursor.execute("DELETE FROM public_tally")
        cursor.execute("DELETE FROM public_untallied")
        cursor.execute(
            "INSERT INTO public_untallied (edition_id, begins)"
            " SELECT id, coalesce(lower(visible), '-infinity') FROM public_edition"
        )


def tallied(kind: str, passes: Iterable[dict[str, Any]]) -> tuple[str, list[Any]]:
    """SQL that counts what is tallied, in rows of pass, part, value and number.

    A pass has a `name`; `filters`, each a part and the values of which a record has any; `parts`
    whose values are counted; and `groups`, each a name, a value, a part and the values that belong
    to it. A row without part has the number of all records of its pass.
    """
    asked = list(passes)
    which = "tallied" if any(one["parts"] for one in asked) else "tallied_totals"
    sql = f"SELECT pass, part, value, NULL::bigint, n FROM public_{which}(%s, %s)"  # noqa: S608
    return sql, [kind, json.dumps(asked)]


def tallied_everywhere(kinds: Iterable[str], part: str) -> tuple[str, list[Any]]:
    """SQL to add to another: what is tallied of kinds by a part, or of whole kinds without one."""
    which = "tallied" if part else "tallied_totals"
    asked = [{"name": "", "filters": [], "parts": [part] if part else [], "groups": []}]
    sql = f"""
        UNION ALL SELECT kind, coalesce(value, ''), n
        FROM unnest(%s::text[]) AS kind, public_{which}(kind, %s)
        WHERE coalesce(part, '') = %s
    """  # noqa: S608  # names of our own
    return sql, [list(kinds), json.dumps(asked), part]


def untallied(records: models.QuerySet) -> models.QuerySet:
    """Those of these public records that are not in the tallies."""
    return records.filter(IsOneOf("pk", ArraySubquery(PublicUntallied.objects.values("pk"))))


def _alone(cursor) -> None:
    """One at a time: who waited sees what the other has done."""
    cursor.execute("LOCK TABLE public_tally IN SHARE ROW EXCLUSIVE MODE")


def _tally(block: int, quiet: timedelta) -> int:
    """Tally what has changed in this block and is settled."""
    with transaction.atomic(), connection.cursor() as cursor:
        _alone(cursor)
        cursor.execute(READ, {"first": block * BLOCK, "quiet": quiet.total_seconds()})
        kinds = defaultdict(list)
        for kind, *row in cursor:
            kinds[kind].append(row)
        for kind, rows in kinds.items():
            _write(cursor, kind, block, rows)
        found = [row for rows in kinds.values() for row in rows]
        done = [changed for _edition, rows, *_columns in found for changed in rows]
        cursor.execute("DELETE FROM public_untallied WHERE id = ANY(%s)", [done])
        return len(found)


def _write(cursor, kind: str, block: int, rows: list[list[Any]]) -> None:
    """Take these editions out of the tallies, and put those that are public in again."""
    tallies = Tally.objects.filter(kind=kind)
    texts = tallies.filter(block=block, bits__isnull=False).values_list("part", "value", "bits")
    before = {(part, value): int(some or "0", 2) for part, value, some in texts}
    counted = dict(tallies.filter(part=NUMBERED).values_list("value", "count"))

    settled = before.get((SETTLED, SETTLED), 0)
    places: dict[tuple[str, str], list[int]] = defaultdict(list)
    counts = Counter(counted)
    for edition, _changed, public, numbered, *columns in rows:
        place = edition % BLOCK
        for value in numbered:
            counts[value] += public - (settled >> (BLOCK - 1 - place) & 1)
        if public:
            places[SETTLED, SETTLED].append(place)
            for part, values in zip(PARTS, columns, strict=True):
                for value in values if isinstance(values, list) else [values]:
                    if value not in ("", None):
                        places[part, text_of(value)].append(place)

    touched = _bits(edition % BLOCK for edition, *_rest in rows)
    bits = {key: some & ~touched for key, some in before.items()}
    for key, some in places.items():
        bits[key] = bits.get(key, 0) | _bits(some)
    changed = [
        {
            "part": part,
            "block": block,
            "value": value,
            "bits": f"x{some:0{BLOCK // 4}x}",
            "count": 0,
        }
        for (part, value), some in bits.items()
        if some and some != before.get((part, value))
    ] + [
        {"part": NUMBERED, "block": 0, "value": value, "bits": None, "count": count}
        for value, count in counts.items()
        if count and count != counted.get(value)
    ]
    cursor.execute(WRITE, [kind, json.dumps(changed)])
    for part, value in [key for key, some in bits.items() if not some]:
        tallies.filter(part=part, block=block, value=value).delete()
    gone = [value for value, count in counts.items() if not count]
    tallies.filter(part=NUMBERED, value__in=gone).delete()


def text_of(value: Any) -> str:
    """A value of a column as the database writes it in a text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bits(places: Iterable[int]) -> int:
    """A number of `BLOCK` bits, the first place leftmost, as the database counts them."""
    some = bytearray(-(-BLOCK // 8))
    for place in places:
        some[place >> 3] |= 0x80 >> (place & 7)
    return int.from_bytes(some) >> (len(some) * 8 - BLOCK)
