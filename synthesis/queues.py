"""What is missing in the figures of the brief."""

from objectives.queues import Asked, Queue
from submissions.queues import WITHOUT_SOURCE, without


def without_source(figures, asked: Asked):
    return without("sources")(figures.filter(url=""), asked)


FIGURES = [Queue(*WITHOUT_SOURCE, without_source)]
