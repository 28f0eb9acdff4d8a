"""How to cite a record: in a sentence, and in the forms that reference managers read.

All are made of one `Citation`, so that they agree: title, code and edition, the party as its
institutional author, this site as the publisher, the day and the permanent address.
"""

import json
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from public.documents import Document, PledgeDocument, PracticeDocument, ReportDocument
from public.lines import texts_of
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.words import KIND_NAMES


@dataclass(frozen=True)
class Citation:
    """What is said of a record when somebody cites it, each text in one line."""

    kind: str
    kind_name: str  # in the reader's language
    code: str
    edition: int
    title: str
    authors: list[str]
    publisher: str
    published_on: date  # this edition
    language: str
    url: str  # permanent, absolute


@dataclass(frozen=True)
class Form:
    """A form of a citation, as a file: `/practices/P-0001.ris`."""

    label: str
    media_type: str
    write: Callable[[Citation], str]


def permanent_address(request, moment: Moment, record: PublicRecord) -> str:
    """The address that everybody may cite: the same whichever language they read in."""
    with translation.override(settings.LANGUAGE_CODE):
        return request.build_absolute_uri(moment.address(f"public:{record.kind}", [record.code]))


def citation_of(request, moment: Moment, record: PublicRecord, names: Names) -> Citation:
    """How to cite this edition; `names.learn` comes first."""
    document = record.content
    title, _summary, language = texts_of(document)
    return Citation(
        kind=record.kind,
        kind_name=capfirst(str(KIND_NAMES[record.kind][0])),
        code=record.code,
        edition=record.edition,
        title=_in_one_line(title),
        authors=[_in_one_line(author) for author in _authors(document, names) if author],
        publisher=_in_one_line(settings.SITE_NAME),
        published_on=(record.visible.lower or record.first_published_at).date(),
        language=language,
        url=permanent_address(request, moment, record),
    )


def plain(citation: Citation) -> str:
    """One sentence for a footnote."""
    sentence = _(
        "%(title)s %(kind)s %(code)s, edition %(edition)d. %(publisher)s, %(day)s. %(address)s"
    ) % {
        "title": _ended(citation.title),
        "kind": citation.kind_name,
        "code": citation.code,
        "edition": citation.edition,
        "publisher": citation.publisher,
        "day": citation.published_on.isoformat(),
        "address": citation.url,
    }
    authors = "; ".join(citation.authors)
    return f"{_ended(authors)} {sentence}" if authors else sentence


# A brace stays unpaired for BibTeX even behind a backslash, so each sign becomes a command.
TEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "%&$#_"},
    }
)


def bibtex(citation: Citation) -> str:
    """An entry for BibTeX and biblatex. Braces around texts keep their capitals."""
    code = f"{citation.kind_name} {citation.code}, edition {citation.edition}"
    fields = {
        "author": " and ".join(f"{{{author.translate(TEX)}}}" for author in citation.authors),
        "title": f"{{{citation.title.translate(TEX)}}}",
        "publisher": f"{{{citation.publisher.translate(TEX)}}}",
        "howpublished": f"{{{citation.publisher.translate(TEX)}}}",  # what most styles print
        "note": code.translate(TEX),
        "year": str(citation.published_on.year),
        "date": citation.published_on.isoformat(),
        "language": {"en": "english", "fr": "french", "ru": "russian"}[citation.language],
        "url": citation.url,  # read letter by letter: nothing in it is escaped
    }
    lines = [f"  {name} = {{{value}}}" for name, value in fields.items() if value]
    return "\n".join([f"@misc{{{citation.code},", ",\n".join(lines), "}", ""])


def ris(citation: Citation) -> str:
    """The tagged lines of RIS, ended as the format wants it."""
    lines = [
        ("TY", "RPRT" if citation.kind == "report" else "ELEC"),
        ("ID", citation.code),
        *(("AU", author) for author in citation.authors),
        ("TI", citation.title),
        ("AN", citation.code),
        ("M3", citation.kind_name),
        ("ET", str(citation.edition)),
        ("PB", citation.publisher),
        ("PY", str(citation.published_on.year)),
        ("DA", f"{citation.published_on:%Y/%m/%d}"),
        ("LA", citation.language),
        ("UR", citation.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines)


def csl(citation: Citation) -> str:
    """The JSON of the Citation Style Language: a list with this one item."""
    return _written_csl([citation])


def written(form: str, citations: Iterable[Citation]) -> str:
    """Several citations in one file, each in this form."""
    if form == "json":
        return _written_csl(citations)
    between = "\n" if form == "bib" else ""
    return between.join(map(FORMS[form].write, citations))


def _written_csl(citations: Iterable[Citation]) -> str:
    items = [_csl_item(citation) for citation in citations]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def _csl_item(citation: Citation) -> dict[str, Any]:
    day = citation.published_on
    item = {
        "id": citation.code,
        "type": "report" if citation.kind == "report" else "webpage",
        "title": citation.title,
        "author": [{"literal": author} for author in citation.authors],
        "publisher": citation.publisher,
        "genre": citation.kind_name,
        "number": citation.code,
        "edition": str(citation.edition),
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "language": citation.language,
        "URL": citation.url,
    }
    return {name: value for name, value in item.items() if value}


# how an address ends → the form; the order of the page
FORMS = {
    "txt": Form("TXT", "text/plain", lambda citation: f"{plain(citation)}\n"),
    "bib": Form("BibTeX", "application/x-bibtex", bibtex),
    "ris": Form("RIS", "application/x-research-info-systems", ris),
    "json": Form("CSL-JSON", "application/vnd.citationstyles.csl+json", csl),
}


def _authors(document: Document, names: Names) -> list[str]:
    """The institutions that answer for what the record says, as it names them."""
    match document:
        case PledgeDocument():
            return [names.party(one) for one in (document.party, *document.partners)]
        case PracticeDocument():
            return [names.party(document.party) or document.lead_implementer]
        case ReportDocument():
            return [document.party_name or names.party(document.party)]
    return []


def _ended(text: str) -> str:
    """With a full stop, unless it ends with a sign of its own."""
    return text if text.endswith((".", "…", "?", "!")) else f"{text}."


def _in_one_line(text: str) -> str:
    """No line breaks and nothing invisible, whatever was typed or pasted."""
    visible = "".join(
        " " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text
    )
    return " ".join(visible.split())
