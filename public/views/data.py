"""Open data: what there is to take, under which terms, what it means, and how to cite it."""

import json
from typing import Any

from django.conf import settings
from django.db.models import Count, Max
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from public import dumps
from public.api.formats import encoded
from public.catalogue import catalog_of
from public.columns import COLUMNS
from public.downloads import file_name, site_of, streamed_csv, terms
from public.dump_files import folder_of, whole_code_book
from public.list_formats import formats_of
from public.models import FOLDERS, PublicRecord
from public.moments import Moment
from public.names import Names
from public.sheets import csv_lines
from public.tables import CODE_BOOK, Reader
from public.templatetags.review import day
from public.views.frame import framed
from public.vocabularies import VOCABULARIES
from public.words import KIND_NAMES

DUMP_NAMES = {
    "zip": gettext_lazy("CSV files in a ZIP file"),
    "ndjson.gz": gettext_lazy("NDJSON, compressed"),
    "sqlite": gettext_lazy("SQLite database"),
}
OTHERS = {"excerpt": gettext_lazy("Excerpts"), "figure": gettext_lazy("Figures")}  # no pages


def page(request):
    """What there is to take, and everything that somebody needs to know who takes it."""
    moment = Moment(request)
    reader = Reader(Names(moment), site_of(request))
    lists = _lists(moment)
    dump = None if moment.asked else dumps.current(moment.at)
    address = reader.site + reverse("public:data")
    context = {
        "lists": lists,
        "dump": dump,
        "dump_files": [(DUMP_NAMES[one.ending], one) for one in dump.files] if dump else [],
        "terms": terms(),
        "licence": settings.DATA_LICENCE,
        "licence_url": settings.DATA_LICENCE_URL,
        "cite": _("%(site)s. Practices, as of %(day)s. %(address)s")
        % {
            "site": settings.SITE_NAME,
            "day": day(moment.shown or moment.at),
            "address": f"{reader.site}{reverse('public:practice-list')}"
            f"?at={moment.shown or moment.at:%Y-%m-%d}",
        },
        "today": moment.at,
        "example": f"{reader.site}{reverse('public:practice-list-as', args=['csv'])}"
        "?objective=7&member_state=ALB&member_state=SRB",
        "code_books": [
            {
                "file": f"{folder_of(kind)}.csv",
                "name": capfirst(KIND_NAMES[kind][1]) if kind in KIND_NAMES else OTHERS[kind],
                "columns": [(column, VOCABULARIES.get(column.vocabulary)) for column in columns],
            }
            for kind, columns in COLUMNS.items()
        ],
        "vocabularies": [
            {"name": name, "title": one.title, "codes": reader.vocabulary(name).items()}
            for name, one in VOCABULARIES.items()
        ],
        "dataset": _data_block(_dataset(request, address, lists, dump)),
    }
    return framed(request, moment, "public/data.html", context)


def code_book(request):
    """The code book of all files as a file."""
    moment = Moment(request)
    lines = csv_lines(["file", *CODE_BOOK], whole_code_book(Reader(Names(moment), "")))
    return streamed_csv(lines, file_name("codebook", moment, "csv"))


def manifest(request):
    """What the dump is: its moment, and the size and the sum of each file."""
    dump = dumps.current(request.moment)
    if dump is None:
        raise Http404
    return JsonResponse(dump.told())


def download(request, name: str):
    """A file of the dump, as long as it says what the site says."""
    dump = dumps.current(request.moment)
    asked_for = next((one for one in dump.files if one.file == name), None) if dump else None
    if asked_for is None:
        raise Http404
    try:
        file = asked_for.path.open("rb")
    except FileNotFoundError as error:  # a newer one has just taken its place
        raise Http404 from error
    media_type = asked_for.media_type
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type)


def catalog(request):
    """The collection as portals of open data read it."""
    moment = Moment(request)
    told = catalog_of(request, moment, None if moment.asked else dumps.current(moment.at))
    return HttpResponse(encoded(told), content_type="application/ld+json")


def _lists(moment: Moment) -> list[dict[str, Any]]:
    """The lists with their files: how many records each has, and when the newest came."""
    found = (
        PublicRecord.objects.visible(moment.at)
        .values("kind")
        .annotate(count=Count("pk"), newest=Max("visible__startswith"))
        .order_by()
    )
    by_kind = {one["kind"]: one for one in found}
    return [
        {
            "kind": kind,
            "name": KIND_NAMES[kind][1],
            "url": moment.address(f"public:{kind}-list"),
            "count": by_kind.get(kind, {}).get("count", 0),
            "newest": by_kind.get(kind, {}).get("newest"),
            "forms": [
                (one, moment.address(f"public:{kind}-list-as", [one.ending]))
                for one in formats_of(kind)
            ],
        }
        for kind in FOLDERS
    ]


def _dataset(request, address: str, lists, dump) -> dict[str, Any]:
    """The collection as schema.org knows it, for search engines of data."""
    whole = (
        []
        if dump is None
        else [(one.media_type, reverse("public:data-file", args=[one.file])) for one in dump.files]
    )
    files = [(form.media_type, url) for one in lists for form, url in one["forms"]]
    newest = max((one["newest"] for one in lists if one["newest"]), default=None)
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": address,
        "url": address,
        "name": _("%(site)s: open data") % {"site": settings.SITE_NAME},
        "description": _(
            "Practices, pledges, reports, recommendations, roundtables and stakeholders of the"
            " regional reviews of the Global Compact for Safe, Orderly and Regular Migration."
        ),
        "inLanguage": [code for code, _name in settings.LANGUAGES],
        "isAccessibleForFree": True,
        **({"license": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else {}),
        **({"dateModified": newest.isoformat()} if newest else {}),
        "creator": {"@type": "Organization", "name": settings.SITE_NAME},
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": request.build_absolute_uri(url),
            }
            for media_type, url in [*whole, *files]
        ],
    }


def _data_block(data: dict[str, Any]) -> SafeString:
    """JSON that can stand inside a script element, whatever the texts in it say."""
    text = json.dumps(data, ensure_ascii=False)
    escaped = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
    return mark_safe(text.translate(escaped))  # noqa: S308  nothing in it can end the element
