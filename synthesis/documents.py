"""From the office's figures to public documents."""

from public.documents import FigureDocument
from submissions.documents import source, states


def of_figure(figure) -> FigureDocument:
    return FigureDocument(
        code=figure.code,
        title=figure.title,
        language=figure.language,
        source=source(figure),
        url=figure.url,
        category=figure.category,
        value=figure.value,
        unit=figure.unit,
        as_of=figure.as_of,
        counting_rule=figure.counting_rule,
        member_states=states(figure.member_states),
    )
