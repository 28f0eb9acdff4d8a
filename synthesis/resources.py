"""The columns of the files by which staff import and export the figures of the brief."""

from office.imports import RecordResource
from submissions.resources import ORIGIN
from synthesis.models import Figure


class FigureResource(RecordResource):
    """Figures, one a row."""

    class Meta:
        model = Figure
        fields = [
            "code",
            "category",
            "title",
            "value",
            "unit",
            "as_of",
            "counting_rule",
            "member_states",
            *ORIGIN,
        ]
