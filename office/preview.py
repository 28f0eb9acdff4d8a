"""The public page of a record as it would be published now."""

from django.http import Http404


def page(request, model, pk):
    raise Http404
