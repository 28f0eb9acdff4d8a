"""The first line of a list: a sentence that a person would say, with the count.

A sentence is one of a few patterns for a phrase that counts records ("42 practices"), objectives
by their numbers, and places by their names. No word of one depends on another, so that a language
that bends its words can put names where they stand as they are ("Albania or Serbia: …").
"""

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from public.filters import RecordFilter

RECORDS = {
    "practice": ngettext_lazy("%(count)s practice", "%(count)s practices", "number"),
    "pledge": ngettext_lazy("%(count)s pledge", "%(count)s pledges", "number"),
    "report": ngettext_lazy("%(count)s report", "%(count)s reports", "number"),
    "recommendation": ngettext_lazy(
        "%(count)s recommendation", "%(count)s recommendations", "number"
    ),
    "roundtable": ngettext_lazy("%(count)s roundtable", "%(count)s roundtables", "number"),
    "stakeholder": ngettext_lazy("%(count)s stakeholder", "%(count)s stakeholders", "number"),
}

PLACES = ("member_state", "subregion", "region", "party")  # the first that is chosen is named

# (kind, what is named) → what it is to the records; they are "in" it unless said here
IN, BY, WITH = "in", "by", "with"
RELATIONS = {
    ("report", "member_state"): BY,
    ("practice", "party"): BY,
    ("pledge", "party"): BY,
    ("report", "party"): BY,
    ("roundtable", "member_state"): WITH,
    ("roundtable", "party"): WITH,
}

# (none, one or several objectives; what the places are, if any) → pattern
PATTERNS = {
    (0, ""): "%(records)s",
    (1, ""): gettext_lazy("%(records)s on objective %(objectives)s"),
    (2, ""): gettext_lazy("%(records)s on objectives %(objectives)s"),
    (0, IN): gettext_lazy("%(records)s in %(places)s"),
    (1, IN): gettext_lazy("%(records)s on objective %(objectives)s in %(places)s"),
    (2, IN): gettext_lazy("%(records)s on objectives %(objectives)s in %(places)s"),
    (0, BY): gettext_lazy("%(records)s by %(places)s"),
    (1, BY): gettext_lazy("%(records)s on objective %(objectives)s by %(places)s"),
    (2, BY): gettext_lazy("%(records)s on objectives %(objectives)s by %(places)s"),
    (0, WITH): gettext_lazy("%(records)s with %(places)s"),
    (1, WITH): gettext_lazy("%(records)s on objective %(objectives)s with %(places)s"),
    (2, WITH): gettext_lazy("%(records)s on objectives %(objectives)s with %(places)s"),
}
MOST_PLACES = 3


def sentence_of(kind: str, count: int, chosen: dict[str, list[str]], filters: RecordFilter) -> str:
    """The list in a sentence. Filters that it does not name stand beneath it."""
    objectives = chosen.get("objective", [])
    place = next((name for name in PLACES if name in chosen), "")
    places = list(filters.filters[place].labels(chosen[place]).values()) if place else []
    pattern = PATTERNS[min(len(objectives), 2), RELATIONS.get((kind, place), IN) if places else ""]
    sentence = str(pattern) % {
        "records": RECORDS[kind]
        % {"number": count, "count": number_format(count, 0, force_grouping=True)},
        "objectives": any_of(objectives),
        "places": any_of(places) if len(places) <= MOST_PLACES else _several(place, len(places)),
    }
    if "q" in chosen:
        words = {"list": sentence, "words": filters.search.text}
        sentence = _("%(list)s: “%(words)s”") % words
    return sentence


def any_of(names: list[str]) -> str:
    """ "7", "7 or 15", "2, 7 or 15"."""
    *first, last = names or [""]
    if not first:
        return last
    return _("%(first)s or %(last)s") % {"first": ", ".join(first), "last": last}


def _several(place: str, count: int) -> str:
    if place == "member_state":
        text = ngettext("any of %(count)d Member State", "any of %(count)d Member States", count)
    elif place == "party":
        text = ngettext("any of %(count)d party", "any of %(count)d parties", count)
    else:
        text = ngettext("any of %(count)d region", "any of %(count)d regions", count)
    return text % {"count": count}
