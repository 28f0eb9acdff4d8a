"""Records that may be about the same thing."""

from django.http import Http404


def page(request, model):
    raise Http404


def for_record(request, record) -> dict:
    """What the record's screen shows of records like it."""
    return {}
