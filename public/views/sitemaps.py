"""To be written."""

from django.http import Http404


def sitemap(request):
    raise Http404


def robots(request):
    raise Http404
