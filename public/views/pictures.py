"""A picture by itself: as a page, as the bare form that other sites show, as a file."""

from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_exempt

from public.moments import Moment
from public.names import Names
from public.pictures import PICTURES, Picture, picture_of
from public.pictures.files import csv_of, png_of, svg_of, xlsx_of
from public.sheets import CSV, XLSX
from public.views.frame import framed

# A file that runs nothing and asks for nothing, wherever it is opened.
HARMLESS = "default-src 'none'; sandbox"


def form(request, name: str, form: str):
    """The picture as a file: drawn (SVG, PNG), or its figures (CSV, XLSX)."""
    picture = _asked_for(request, name)
    match form:
        case "svg":
            response = HttpResponse(_svg(request, picture), content_type="image/svg+xml")
        case "png":
            response = HttpResponse(png_of(_svg(request, picture)), content_type="image/png")
        case "csv":
            response = HttpResponse("".join(csv_of(picture)), content_type=CSV)
        case _:
            response = HttpResponse(xlsx_of(picture), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{picture.name}.{form}"'
    response["Content-Security-Policy"] = HARMLESS
    return response


def embedded(request, name: str):
    """The picture with its table, its rule and its other forms; bare for `?embed`."""
    picture = _asked_for(request, name)
    if "embed" in request.GET:
        return _bare(request, picture)
    return framed(request, Moment(request), "public/pictures/page.html", {"picture": picture})


def _bare(request, picture: Picture):
    """The only page that other sites may show inside theirs: it has nothing to press but links."""

    @xframe_options_exempt
    @csp_replace({"frame-ancestors": ["*"]})
    def page(request):
        return render(request, "public/pictures/embed.html", {"picture": picture})

    return page(request)


def _asked_for(request, name: str) -> Picture:
    if name not in PICTURES:
        raise Http404
    moment = Moment(request)
    return picture_of(name, request.GET, moment, Names(moment))


def _svg(request, picture: Picture) -> str:
    return svg_of(picture, request.build_absolute_uri(picture.list_url))
