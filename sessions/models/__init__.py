"""The office's working tables of sittings and of what they ask for."""

from sessions.models.recommendations import Recommendation
from sessions.models.roundtables import Roundtable
from sessions.models.sittings import AgendaItem, Document, GuidingQuestion, Role, Statement

__all__ = [
    "AgendaItem",
    "Document",
    "GuidingQuestion",
    "Recommendation",
    "Role",
    "Roundtable",
    "Statement",
]
