"""What happened to a record, as readable differences."""

from django.http import Http404


def page(request, model, pk):
    raise Http404
