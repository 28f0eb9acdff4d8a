"""The formats of the API: how a client asks for one, and how JSON is written."""

from typing import Any

import msgspec
from django.utils.translation import gettext as _
from rest_framework.metadata import BaseMetadata
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer

from public.api.problems import Problem
from public.citations import FORMS
from public.sheets import XLSX as XLSX_TYPE


def encoded(value: Any) -> bytes:
    """JSON; dates as ISO 8601, translated texts as texts."""
    return msgspec.json.encode(value, enc_hook=str)


class JSON(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset: str | None = None

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None:
            return b""
        return data if isinstance(data, bytes) else encoded(data)


class Written(JSON):
    """A format that the view writes itself. Refusals are JSON all the same."""


class CSV(Written):
    media_type = "text/csv"
    format = "csv"


class XLSX(Written):
    media_type = XLSX_TYPE
    format = "xlsx"


class NDJSON(Written):
    """A record a line, all of them: for harvesting (https://github.com/ndjson/ndjson-spec)."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class JSONLD(Written):
    media_type = "application/ld+json"
    format = "jsonld"


class Atom(Written):
    media_type = "application/atom+xml"
    format = "atom"


class RIS(Written):
    media_type = FORMS["ris"].media_type
    format = "ris"
    charset = "utf-8"


class BibTeX(Written):
    media_type = FORMS["bib"].media_type
    format = "bib"
    charset = "utf-8"


class CSL(Written):
    media_type = FORMS["json"].media_type
    format = "csl"


class Calendar(Written):
    media_type = "text/calendar"
    format = "ics"
    charset = "utf-8"


class Negotiation(DefaultContentNegotiation):
    """`?format=` decides, then the Accept header; an unknown format is told with what there is."""

    def filter_renderers(self, renderers, format):  # the framework names it
        found = [renderer for renderer in renderers if renderer.format == format]
        if not found:
            allowed = [renderer.format for renderer in renderers]
            raise Problem(
                "bad-value",
                errors=[
                    {
                        "parameter": "format",
                        "detail": _("There is no format “%s” here.") % format,
                        "allowed": allowed,
                    }
                ],
            )
        return found


class NoMetadata(BaseMetadata):
    """OPTIONS says what is allowed in its headers; the rest is in the description of the API."""

    def determine_metadata(self, request, view):
        return None
