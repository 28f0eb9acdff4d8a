"""Reference data: what a review is about, and who takes part. Public by nature, loaded from files.

Rows are retired, not deleted: old records go on naming them. Staff's doubts about a row are in
`Doubt`, a table of its own, because everything in the others may be read by anyone.
"""

from objectives.models.compact import SDG, Cluster, GuidingPrinciple, Objective
from objectives.models.cycles import ReviewCycle
from objectives.models.doubts import Doubt
from objectives.models.reference import (
    LANGUAGES,
    Named,
    Reference,
    ReferenceQuerySet,
    language_known,
)
from objectives.models.sources import SourceDocument
from objectives.models.states import Country, MemberState, MemberStateName, Region
from objectives.models.types import ImplementerType, StakeholderType

__all__ = [
    "LANGUAGES",
    "SDG",
    "Cluster",
    "Country",
    "Doubt",
    "GuidingPrinciple",
    "ImplementerType",
    "MemberState",
    "MemberStateName",
    "Named",
    "Objective",
    "Reference",
    "ReferenceQuerySet",
    "Region",
    "ReviewCycle",
    "SourceDocument",
    "StakeholderType",
    "language_known",
]
