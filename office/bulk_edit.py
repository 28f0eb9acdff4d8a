"""Changing many records at once."""

from django.http import Http404


def page(request, model):
    raise Http404
