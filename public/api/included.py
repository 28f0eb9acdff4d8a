"""`?expand=`: the names behind the codes of the answer's documents, each once, beside them.

    "included": {"objectives": {"7": {"title": …, "short_title": …, "cluster": …}}, …}

Documents keep their shape, whatever is expanded.
"""

from collections.abc import Iterable
from typing import Any

from public.documents import KINDS
from public.names import Names

# what can be expanded → the fields of documents that hold its codes
FIELDS = {
    "objectives": ("objectives", "primary_objectives"),
    "member_states": ("member_states",),
    "principles": ("principles",),
    "sdgs": ("sdgs",),
    "implementer_types": ("implementer_types", "implementer_type"),
    "stakeholder_types": ("stakeholder_type",),
    "cycles": ("cycle",),
    "sources": ("source",),
    "partner_countries": ("partner_countries",),
}

# … of which only a name is told → where `Names` has it
NAMES = {
    "member_states": "states",
    "principles": "principles",
    "sdgs": "goals",
    "implementer_types": "implementer_types",
    "stakeholder_types": "stakeholder_types",
    "partner_countries": "countries",
}

EXPANDED = {
    kind: [name for name, fields in FIELDS.items() if set(fields) & set(shape.__struct_fields__)]
    for kind, shape in KINDS.items()
}


def included(
    wanted: Iterable[str], documents: Iterable[dict[str, Any]], names: Names
) -> dict[str, dict[str, Any]]:
    """What is known of the codes that these documents name, in the language of the answer."""
    documents = list(documents)
    return {
        name: {
            str(code): told
            for code in sorted({c for one in documents for c in _codes(one, name)})
            if (told := _told(name, code, names)) is not None
        }
        for name in wanted
    }


def _codes(document: dict[str, Any], name: str) -> Iterable[Any]:
    for field in FIELDS[name]:
        value = document.get(field)
        if field == "source":
            yield from document["source"]["documents"]
        elif isinstance(value, list):
            yield from value
        elif value:
            yield value


def _told(name: str, code, names: Names) -> dict[str, Any] | None:
    match name:
        case "objectives":
            known = names.objectives.get(code)
            return known and {
                "title": known["title"],
                "short_title": known["short_title"],
                "cluster": names.clusters[known["cluster_id"]].code,
            }
        case "sources":
            if source := names.sources.get(code):
                told = ("title", "publisher", "year", "url")
                return {name: getattr(source, name) for name in told}
            return None
        case "cycles":
            return {"name": names.cycles[code].name} if code in names.cycles else None
    table = getattr(names, NAMES[name])
    return {"name": table[code]} if code in table else None
