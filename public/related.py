"""What is like a record: the same objectives in the same States, then similar words in the title.

Two questions to the database, whatever is found. Each record found says why it is there.
"""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchConfig, SearchQueryField
from django.db.models import (
    BooleanField,
    Case,
    F,
    FloatField,
    Func,
    IntegerField,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.editions import SEARCH_CONFIG
from public.lines import texts_of
from public.models import FOLDERS, PublicRecord, PublicRecordQuerySet
from public.moments import Moment

MOST = 5
MOST_OF_A_KIND = 3  # so that a practice leads to pledges and reports too
WORDS_OF_A_TITLE = 14  # each pair of them is asked for
OF_NO_STATE = ("recommendation", "roundtable")  # what all States share, so there are few


class Shared(Func):
    """How many values two lists have in common."""

    template = "(SELECT count(*) FROM unnest(%(expressions)s))"
    arg_joiner = ") one WHERE one = ANY("
    output_field = IntegerField()


class TwoWords(Func):
    """The search for texts that share at least two words with this one, whatever their forms."""

    template = r"""(
        SELECT string_agg(a || ' & ' || b, ' | ')::tsquery
        FROM (SELECT tsvector_to_array(to_tsvector(%(expressions)s)) AS words) said,
            unnest(words) a, unnest(words) b
        WHERE a < b AND a ~ '^\w+$' AND b ~ '^\w+$'
    )"""
    output_field = SearchQueryField()


class Matches(Func):
    """A text holds what a search asks for."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field = BooleanField()


def related_to(record: PublicRecord, moment: Moment) -> list[tuple[PublicRecord, str]]:
    """At most five records that are visible at the moment, the nearest first, each with why."""
    others = PublicRecord.objects.visible(moment.at).exclude(kind=record.kind, code=record.code)
    alike = list(_of_same_aims(record, others)[:MOST])
    found = [(other, ", ".join(_in_common(record, other))) for other in alike]
    if len(found) < MOST:
        similar = _of_similar_title(record, others).exclude(pk__in=[one.pk for one in alike])
        found += [
            (other, ", ".join([_("similar title"), *_in_common(record, other)]))
            for other in similar[: MOST - len(found)]
        ]
    return found


def _of_same_aims(record: PublicRecord, others: PublicRecordQuerySet) -> PublicRecordQuerySet:
    """Those on its objectives in its States; what it names none of is not asked for."""
    alike = others
    if record.objectives:
        kinds = tuple(FOLDERS) if record.member_states else OF_NO_STATE
        alike = alike.filter(kind__in=kinds, objectives__overlap=record.objectives)
    else:
        alike = alike.filter(kind=record.kind)
    if record.member_states:
        alike = alike.filter(member_states__overlap=record.member_states)
    elif not record.objectives:
        return others.none()
    numbers = Value(record.objectives, output_field=ArrayField(IntegerField()))
    order = [
        F("shared").desc(),
        F("same_kind").desc(),
        F("first_published_at").desc(),
        F("kind").asc(),
        F("code").asc(),
    ]
    return (
        alike.annotate(
            shared=Shared(F("objectives"), numbers),
            same_kind=Case(When(kind=record.kind, then=1), default=0),
        )
        .annotate(place=Window(RowNumber(), partition_by=F("kind"), order_by=order))
        .filter(place__lte=MOST_OF_A_KIND)
        .order_by(*order)
    )


def _of_similar_title(record: PublicRecord, others: PublicRecordQuerySet) -> PublicRecordQuerySet:
    """Those with at least two words of its title in theirs; organizations among themselves."""
    kinds = set(FOLDERS) - {"stakeholder"}
    title = Truncator(texts_of(record.content)[0]).words(WORDS_OF_A_TITLE, truncate="")
    words = TwoWords(SearchConfig(SEARCH_CONFIG[record.language]), Value(title))
    vector = F("text__title_vector")
    rank = Func(vector, words, function="ts_rank", output_field=FloatField())
    return (
        others.filter(kind__in=["stakeholder"] if record.kind == "stakeholder" else kinds)
        .filter(Matches(vector, words))
        .annotate(rank=rank)
        .order_by("-rank", "kind", "code")
    )


def _in_common(record: PublicRecord, other: PublicRecord) -> Iterable[str]:
    """What two records share, in words: "same Member State", "objectives 7, 15"."""
    states = len(set(record.member_states) & set(other.member_states))
    numbers = sorted(set(record.objectives) & set(other.objectives))
    if states:
        yield ngettext("same Member State", "same Member States", states)
    if numbers:
        said = ", ".join(map(str, numbers))
        yield ngettext("objective %(numbers)s", "objectives %(numbers)s", len(numbers)) % {
            "numbers": said
        }
