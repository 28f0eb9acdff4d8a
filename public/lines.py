"""A record as a line of a list, of search results, of what is related: one shape for every kind.

A line is a dict: `kind` and `kind_name`, `code`, `url`, `title` and `summary` with their
`language`, `states`, `objectives` (with `primary`), `party` (a name or ""), `facts` (short texts
in the reader's language, the most telling first) and `cycle_name`.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from public.documents import (
    Document,
    PledgeDocument,
    PracticeDocument,
    RecommendationDocument,
    ReportDocument,
    RoundtableDocument,
    StakeholderDocument,
)
from public.models import PublicRecord
from public.names import Names
from public.templatetags.review import day, days
from public.words import KIND_NAMES, Level, PledgeForm, ReportType, RoundtableType, Stage, Strength

TITLE_WORDS = 30  # of a recommendation, which has no title of its own


def lines_of(records: Iterable[PublicRecord], names: Names) -> list[dict[str, Any]]:
    """Records as lines. Stakeholders that they name are looked up once for all of them."""
    records = list(records)
    names.learn(records)
    return [line_of(record, names) for record in records]


def line_of(record: PublicRecord, names: Names) -> dict[str, Any]:
    """A record as a line; `names.learn` comes first where it may name stakeholders."""
    document = record.content
    title, summary, language = texts_of(document)
    return {
        "kind": record.kind,
        "kind_name": KIND_NAMES[record.kind][0],
        "code": record.code,
        "url": names.address(f"public:{record.kind}", args=[record.code]),
        "title": title,
        "summary": summary,
        "language": language,
        "states": names.states_of(record.member_states),
        "objectives": names.objectives_of(record.objectives, record.primary_objectives),
        "party": names.party(getattr(document, "party", None)),
        "facts": [fact for fact in _facts(document, names) if fact],
        "cycle_name": names.short_cycles.get(record.cycle, record.cycle),
    }


def texts_of(document: Document) -> tuple[str, str, str]:
    """Title, summary and their language, the reader's where the record has it."""
    title, language = document.title, document.language
    match document:
        case PracticeDocument():
            return title, document.summary, language
        case PledgeDocument():
            return title, document.text, language
        case RecommendationDocument():
            short = Truncator(document.text).words(TITLE_WORDS)
            return short, "" if short == document.text else document.text, language
        case RoundtableDocument():
            own = {"fr": document.title_fr, "ru": document.title_ru}.get(get_language() or "", "")
            return own or title, "", (get_language() or language) if own else language
        case StakeholderDocument():
            return title, document.description, language
        case ReportDocument():
            texts = [section.text for section in document.sections if section.text]
            return title, Truncator(texts[0]).words(60) if texts else "", language
    return title, "", language


def _facts(document: Document, names: Names) -> list[str]:
    match document:
        case PracticeDocument():
            return [_word(Level, document.level), str(document.year_start or "")]
        case PledgeDocument():
            due = _("due on %s") % day(_date(document.due_on)) if document.due_on else ""
            return [_word(Stage, document.stage), _word(PledgeForm, document.form), due]
        case ReportDocument():
            return [_word(ReportType, document.type), day(_date(document.submitted_on))]
        case RecommendationDocument():
            return [_word(Strength, document.strength)]
        case RoundtableDocument():
            when = days(_date(document.starts_on), _date(document.ends_on))
            return [_word(RoundtableType, document.type), when, document.place]
        case StakeholderDocument():
            return [names.stakeholder_types.get(document.stakeholder_type, "")]
    return []


def _word(choices, code: str) -> str:
    return capfirst(str(dict(choices.choices).get(code, code)))


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
