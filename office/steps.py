"""The steps of the workflow, each on a page that shows what it will do."""

from django.http import Http404


def page(request, model, step):
    raise Http404


def for_record(request, record) -> dict:
    """What the record's screen shows of the steps: the buttons of those that may be taken."""
    return {}
