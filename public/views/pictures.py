"""To be written."""

from django.http import Http404


def form(request, name: str, form: str):
    raise Http404


def embedded(request, name: str):
    raise Http404
