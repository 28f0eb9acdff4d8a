"""The columns of the files by which staff import and export roundtables and recommendations."""

from office.imports import RecordResource
from sessions.models import (
    AgendaItem,
    GuidingQuestion,
    Recommendation,
    Role,
    Roundtable,
    Statement,
)
from submissions.resources import ORIGIN


class RoundtableResource(RecordResource):
    """Roundtables, one a row; their parts have files of their own."""

    class Meta:
        model = Roundtable
        fields = [
            "code",
            "cycle",
            "part_of",
            "type",
            "number",
            "title_en",
            "title_fr",
            "title_ru",
            "cluster",
            "objectives",
            "starts_on",
            "ends_on",
            "start_time",
            "end_time",
            "time_zone",
            "place",
            "format",
            "languages",
            "inferred",
            *ORIGIN,
        ]


class RoleResource(RecordResource):
    """Who does what at a roundtable. With contact data, for staff: no public export uses this."""

    class Meta:
        model = Role
        owner = "roundtable"
        import_id_fields = ["roundtable", "sort_order"]
        fields = [
            "roundtable",
            "sort_order",
            "role",
            "person",
            "position",
            "organization",
            "member_state",
            "stakeholder",
            "email",
            "phone",
            "gender",
        ]


class AgendaItemResource(RecordResource):
    """The agenda of roundtables, an item a row."""

    class Meta:
        model = AgendaItem
        owner = "roundtable"
        import_id_fields = ["roundtable", "sort_order"]
        fields = ["roundtable", "sort_order", "title", "minutes", "role"]


class GuidingQuestionResource(RecordResource):
    """The questions that roundtables are asked to discuss, one a row."""

    class Meta:
        model = GuidingQuestion
        owner = "roundtable"
        import_id_fields = ["roundtable", "number"]
        fields = ["roundtable", "number", "text", "objectives", "staff_notes"]


class StatementResource(RecordResource):
    """What parties said at roundtables, one statement a row."""

    class Meta:
        model = Statement
        owner = "roundtable"
        import_id_fields = ["roundtable", "sort_order"]
        fields = [
            "roundtable",
            "sort_order",
            "member_state",
            "stakeholder",
            "speaker",
            "language",
            "objectives",
            "text",
        ]


class RecommendationResource(RecordResource):
    """Recommendations, one a row."""

    class Meta:
        model = Recommendation
        fields = [
            "code",
            "cycle",
            "roundtable",
            "number",
            "objectives",
            "text",
            "addressed_to",
            "strength",
            "continues",
            "follow_up",
            *ORIGIN,
        ]
