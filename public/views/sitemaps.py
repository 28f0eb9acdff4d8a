"""For search engines: every public address in every language, and what they may walk."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem, x_robots_tag
from django.db.models import Count, Max
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override

from objectives.models import MemberState, Objective, ReviewCycle
from public.downloads import site_of
from public.models import FOLDERS, PublicRecord
from public.views.frame import numbered_page

IN_ONE_MAP = 1_000  # records; each is there once for each language, with links to the others
XML = "application/xml"
PAGES = "pages"  # the map of what is not a record
CLOSED = ("/admin/", "/account/", "/*/account/", "/*?q=", "/*&q=", "/*?at=", "/*&at=")


@x_robots_tag
def sitemap(request):
    """The maps: one of the site's own pages, and one or more of each kind of record."""
    found = (
        PublicRecord.objects.visible(request.moment)
        .values("kind")
        .annotate(count=Count("pk"), newest=Max("visible__startswith"))
        .order_by()
    )
    by_kind = {one["kind"]: one for one in found}
    maps = [SitemapIndexItem(_address_of(request, PAGES))]
    for kind, folder in FOLDERS.items():
        if kind not in by_kind:
            continue
        for number in range(1, -(-by_kind[kind]["count"] // IN_ONE_MAP) + 1):
            address = _address_of(request, folder) + (f"?page={number}" if number > 1 else "")
            maps.append(SitemapIndexItem(address, by_kind[kind]["newest"]))
    return render(request, "sitemap_index.xml", {"sitemaps": maps}, content_type=XML)


@x_robots_tag
def one_map(request, folder: str):
    """One map: its addresses in every language, each with its twins in the others."""
    if folder == PAGES:
        places = _pages()
    else:
        kind = next((kind for kind, own in FOLDERS.items() if own == folder), None)
        if kind is None:
            raise Http404
        records = PublicRecord.objects.visible(request.moment).of_kind(kind).order_by("code")
        page = numbered_page(request, records.only("code", "visible"), IN_ONE_MAP)
        places = [(f"public:{kind}", [one.code], one.visible.lower) for one in page]
    urls = _in_every_language(places, site_of(request))
    return render(request, "sitemap.xml", {"urlset": urls}, content_type=XML)


def robots(request):
    """What search engines may walk: everything public, but not every search and every past day."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {site_of(request)}{reverse('public-machines:sitemap')}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


Place = tuple[str, list[Any], datetime | None]  # the name of an address, its parts, its change


def _pages() -> list[Place]:
    """The pages that are no records, retired reference data left out."""
    names = ["home", "objectives", "member-states", "coverage", "compare", "reviews", "data"]
    names += [f"{kind}-list" for kind in FOLDERS]
    objectives = Objective.objects.in_use().values_list("number", flat=True)
    states = MemberState.objects.in_use().values_list("iso3", flat=True)
    cycles = ReviewCycle.objects.in_use().values_list("code", flat=True)
    return [
        *((f"public:{name}", [], None) for name in names),
        *(("public:objective", [number], None) for number in objectives.order_by("number")),
        *(("public:member-state", [iso3], None) for iso3 in states.order_by("iso3")),
        *(("public:review", [code], None) for code in cycles.order_by("code")),
    ]


def _in_every_language(places: list[Place], site: str) -> list[dict[str, Any]]:
    """What the template of a sitemap shows."""
    urls = []
    for name, args, changed in places:
        twins = []
        for code, _language in settings.LANGUAGES:
            with override(code):
                twins.append({"lang_code": code, "location": site + reverse(name, args=args)})
        urls += [
            {"location": twin["location"], "lastmod": changed, "alternates": twins}
            for twin in twins
        ]
    return urls


def _address_of(request, folder: str) -> str:
    return site_of(request) + reverse("public-machines:sitemap-of", args=[folder])
