"""To be written."""

from django.http import Http404


def form(request, kind: str, code: str, form: str):
    raise Http404
