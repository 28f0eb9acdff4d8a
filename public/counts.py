"""How many records there are, by what: one grouped query each, for every page that counts.

Each function takes records as `PublicRecord.objects.visible(at)` gives them, narrowed or not, and
gives a `Counter`: what is not there counts 0. A record that names several objectives or States is
counted once under each, so that the counts of a page add up to more than its records.
"""

from collections import Counter
from typing import Any

from django.db import connection
from django.db.models import CharField, Count, IntegerField
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.documents import KINDS
from public.models import PublicRecord, PublicRecordQuerySet
from public.moments import Moment
from public.tallies import tallied_everywhere, untallied
from public.views.frame import each_of


def everywhere(moment: Moment, part: str = "") -> Counter[tuple[str, str]]:
    """All public records of a moment, by kind and each value of a list that they name.

    Values are texts, as addresses have them. Without `part`, by kind and "".
    """
    records = PublicRecord.objects.visible(moment.at).order_by()
    tallies: tuple[str, list[Any]] = ("", [])
    if not moment.asked:
        records = untallied(records)
        tallies = tallied_everywhere(KINDS, part)
    rows, params = records.values("kind", part or "pk").query.sql_with_params()
    value, each = ("value", f", unnest({part}) AS value") if part else ("''", "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, {value}::text, count(*) FROM ({rows}) AS records{each} GROUP BY 1, 2"  # noqa: S608
            f" {tallies[0]}",
            [*params, *tallies[1]],
        )
        found: Counter[tuple[str, str]] = Counter()
        for kind, one, count in cursor:
            found[kind, one] += count
    return +found


def by_kind(records: PublicRecordQuerySet) -> Counter[str]:
    """Records of each kind."""
    return Counter({kind: count for (kind,), count in _counted(records, "kind").items()})


def by_cycle(records: PublicRecordQuerySet) -> Counter[tuple[str, str]]:
    """Records by kind and review cycle, "" where they belong to none."""
    return _counted(records, "kind", "cycle")


def by_stage(records: PublicRecordQuerySet) -> Counter[tuple[str, str]]:
    """Records by kind and stage, "" for all that have none: only pledges do."""
    return _counted(records, "kind", "stage")


def by_objective(records: PublicRecordQuerySet) -> Counter[tuple[str, int]]:
    """Records by kind and objective that they touch."""
    each = records.annotate(each=each_of("objectives", IntegerField()))
    return _counted(each, "kind", "each")


def by_primary_objective(records: PublicRecordQuerySet) -> Counter[tuple[str, int]]:
    """Records by kind and objective that is a primary one of theirs."""
    each = records.annotate(each=each_of("primary_objectives", IntegerField()))
    return _counted(each, "kind", "each")


def by_state(records: PublicRecordQuerySet) -> Counter[tuple[str, str]]:
    """Records by kind and Member State that they name."""
    each = records.annotate(each=each_of("member_states", CharField()))
    return _counted(each, "kind", "each")


def of_kinds(counts: Counter[tuple[str, str]]) -> Counter[str]:
    """Records of each kind, from counts of which each record stands in one only."""
    totals: Counter[str] = Counter()
    for (kind, _rest), count in counts.items():
        totals[kind] += count
    return totals


def of_state(records: PublicRecordQuerySet, iso3: str) -> PublicRecordQuerySet:
    """The records that name this State: those that its page and `?member_state=` show."""
    return records.filter(member_states__contains=[iso3])


def _counted(records: PublicRecordQuerySet, *by: str) -> Counter[Any]:
    found = records.order_by().values_list(*by).annotate(Count("pk"))
    return Counter({tuple(key): count for *key, count in found})


def counted(kind: str, count: int) -> str:
    """A number of records of a kind in words: "1 practice", "38 practices"."""
    words = {
        "practice": ngettext("%(count)d practice", "%(count)d practices", count),
        "pledge": ngettext("%(count)d pledge", "%(count)d pledges", count),
        "report": ngettext("%(count)d report", "%(count)d reports", count),
        "recommendation": ngettext("%(count)d recommendation", "%(count)d recommendations", count),
        "roundtable": ngettext("%(count)d roundtable", "%(count)d roundtables", count),
        "stakeholder": ngettext("%(count)d stakeholder", "%(count)d stakeholders", count),
    }
    return words[kind] % {"count": count}


def key_figures(kinds: Counter[str], practising: int, moment: Moment) -> list[dict[str, Any]]:
    """The key figures of all reviews, each with its counting rule and the way to what it counts.

    `practising` is the number of States in which a practice is carried out.
    """
    figures = [
        (
            "practice-list",
            _("Practices"),
            kinds["practice"],
            _("Published practices of all reviews."),
        ),
        (
            "member-states",
            _("Member States"),
            practising,
            _("States in which at least one published practice is carried out."),
        ),
        (
            "report-list",
            _("Reports"),
            kinds["report"],
            _("Voluntary reports and statements known to the reviews."),
        ),
        (
            "recommendation-list",
            _("Recommendations"),
            kinds["recommendation"],
            _("What the reviews asked for, each counted once."),
        ),
        (
            "pledge-list",
            _("Pledges"),
            kinds["pledge"],
            _("Published pledges of all parties."),
        ),
    ]
    return [
        {
            "label": label,
            "value": value,
            "rule": rule,
            "url": moment.address(f"public:{name}"),
        }
        for name, label, value, rule in figures
    ]
