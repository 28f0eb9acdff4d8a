"""The public page of a record as it would be published now: for staff only, kept nowhere."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language, get_language_info

from office.document_words import DocumentWords
from office.pages import record_address, record_or_404
from public.models import database_now
from public.moments import Moment
from public.publishable import Publishable
from public.refusals import lacking
from public.standing import next_edition
from public.views.records import RECORD_PAGES


def page(request, model, pk):
    """The real public page where the kind has one; else the document in words."""
    if not issubclass(model, Publishable):
        raise Http404
    record = record_or_404(request, model, pk)
    record = model._default_manager.for_document().get(pk=record.pk)
    known = dict(settings.LANGUAGES)
    chosen = request.GET.get("language", "")
    with translation.override(chosen if chosen in known else get_language()):
        response = _render(request, record)
    response["X-Robots-Tag"] = "noindex, nofollow"  # like every page of the admin, never cached
    return response


def _render(request, record):
    request.moment = database_now()
    moment = Moment(request, asked="")
    edition = next_edition(record, begin=moment.at)
    if record.kind in RECORD_PAGES:
        template, context_of = RECORD_PAGES[record.kind]
        context = context_of(request, moment, edition)
    else:
        template, context = "office/preview_plain.html", _in_words(record)
    return render(
        request,
        "office/preview.html",
        context
        | {
            "public_template": template,
            "record": record,
            "lacking": lacking(record, moment.at),
            "back": record_address(type(record), record.pk),
            "languages": _languages(request.path),
        },
    )


def _in_words(record) -> dict:
    document = record.document()
    words = DocumentWords(type(record), [document])
    return {
        "kind": record._meta.verbose_name,
        "lines": words.lines(document),
        "empty": words.empty(document),
    }


def _languages(path: str) -> list[dict]:
    """The preview in each language of the public pages."""
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "url": f"{path}?language={code}",
            "current": code == get_language(),
        }
        for code, _name in settings.LANGUAGES
    ]
