"""Taking records in from a spreadsheet: template, upload, preview, confirm."""

from django.http import Http404


def upload(request, model):
    raise Http404
