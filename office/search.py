"""One search over all records of the office."""

from django.http import Http404


def page(request):
    raise Http404
