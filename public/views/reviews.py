"""To be written."""

from django.http import Http404


def index(request):
    raise Http404


def page(request, code: str):
    raise Http404


def submissions(request, code: str):
    raise Http404


def calendar_of_all(request, form: str):
    raise Http404


def calendar_of_one(request, code: str, form: str):
    raise Http404
