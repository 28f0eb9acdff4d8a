"""What search engines and catalogues read of a record: schema.org in JSON-LD."""

import json
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from public.citations import Citation
from public.documents import StakeholderDocument
from public.models import PublicRecord
from public.names import Names

CONTEXT = "https://schema.org"

# A data block is HTML too: nothing in it may end it, or begin another.
IN_HTML = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def linked_data(
    record: PublicRecord, citation: Citation, names: Names, summary: str
) -> SafeString:
    """The record as schema.org tells it, ready to stand in a data block of a page."""
    said = {"@context": CONTEXT, **node_of(record, citation, names, summary)}
    return mark_safe(  # noqa: S308  # the three signs that matter are escaped
        json.dumps(said, ensure_ascii=False).translate(IN_HTML)
    )


def node_of(
    record: PublicRecord, citation: Citation, names: Names, summary: str
) -> dict[str, Any]:
    """The record as schema.org tells it, a node of a graph; `names.learn` comes first."""
    document = record.content
    if isinstance(document, StakeholderDocument):
        said = _organization(document, citation, names)
    else:
        said = _work(record, citation, names, summary)
    return {name: value for name, value in said.items() if value}


def _work(record: PublicRecord, citation: Citation, names: Names, summary: str) -> dict[str, Any]:
    document = record.content
    return {
        "@type": "Report" if record.kind == "report" else "CreativeWork",
        "@id": citation.url,
        "url": citation.url,
        "identifier": record.code,
        "name": citation.title,
        "abstract": summary,
        "genre": citation.kind_name,
        "inLanguage": record.language,
        "version": str(record.edition),
        "datePublished": record.first_published_at.date().isoformat(),
        "dateModified": citation.published_on.isoformat(),
        "author": [{"@type": "Organization", "name": author} for author in citation.authors],
        "publisher": {"@type": "Organization", "name": citation.publisher},
        "about": [
            {
                "@type": "DefinedTerm",
                "termCode": str(number),
                "name": names.objectives[number]["title"],
                "inDefinedTermSet": "Global Compact for Safe, Orderly and Regular Migration",
            }
            for number in record.objectives
            if number in names.objectives
        ],
        "spatialCoverage": [_place(iso3, names) for iso3 in record.member_states],
        "citation": [
            {"@type": "CreativeWork", "name": source.title, "url": source.url}
            if source.url
            else {"@type": "CreativeWork", "name": source.title}
            for source in map(names.sources.get, document.source.documents)
            if source
        ],
    }


def _organization(
    document: StakeholderDocument, citation: Citation, names: Names
) -> dict[str, Any]:
    return {
        "@type": "Organization",
        "@id": citation.url,
        "url": document.url or citation.url,
        "identifier": document.code,
        "name": citation.title,
        "alternateName": document.acronym,
        "description": document.description,
        "areaServed": [_place(iso3, names) for iso3 in document.member_states],
    }


def _place(iso3: str, names: Names) -> dict[str, str]:
    return {"@type": "Country", "identifier": iso3, "name": names.states.get(iso3, iso3)}
