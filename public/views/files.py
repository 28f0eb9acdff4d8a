"""To be written."""

from django.http import Http404


def page(request, sha256: str, name: str):
    raise Http404
