"""To be written."""

from django.http import Http404


def index(request):
    raise Http404


def page(request, iso3: str):
    raise Http404
