"""What search knows of a record besides its words: its code, and the codes of what it names.

They stand in the record's text vector as `state=TUR` or `objective=7`, a form that no text is
read as, so that one index answers "remittances in Turkey" whatever the record calls the State.
Migration 0007 writes the same for editions that were published before.
"""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery

from public.documents import Document

STATE = re.compile(r"[A-Z]{3}")  # among parties; the others are codes of stakeholders


class Marked(SearchQuery):
    """Asks for records with this mark, or with one that begins so."""

    template = "(%(expressions)s)::tsquery"

    def __init__(self, mark: str, *, begins: bool = False):
        quoted = mark.replace("\\", r"\\").replace("'", "''")
        super().__init__(f"'{quoted}':*" if begins else f"'{quoted}'")
        self.function = None  # text becomes a query as it stands


def marks_of(document: Document, columns: dict[str, Any]) -> list[str]:
    """Code, States, objectives, goals and cycle of a document, given its filter columns."""
    parties = columns.get("parties", [])
    states = {*columns.get("member_states", []), *filter(STATE.fullmatch, parties)}
    cycle = columns.get("cycle", "")
    return [
        f"code={document.code.lower()}",
        *(f"state={iso3}" for iso3 in sorted(states)),
        *(f"objective={number}" for number in columns.get("objectives", [])),
        *(f"sdg={number}" for number in columns.get("sdgs", [])),
        *([f"cycle={cycle}"] if cycle else []),
    ]
