"""Who else has a record open."""

from django.http import Http404


def page(request, model, pk):
    raise Http404
