"""Taking a filtered list out as XLSX or CSV."""

from django.http import Http404


def page(request, model):
    raise Http404
