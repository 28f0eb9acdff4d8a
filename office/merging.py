"""Two records of one thing become one."""

from django.http import Http404


def page(request, model, pk):
    raise Http404
