"""A picture by itself: as a page, as the bare form that other sites show, as a file."""

from django.http import Http404

from public.moments import Moment
from public.names import Names
from public.pictures import PICTURES, picture_of
from public.views.frame import framed


def form(request, name: str, form: str):
    raise Http404


def embedded(request, name: str):
    """The picture that the address asks for, with its table, its rule and its other forms."""
    if name not in PICTURES:
        raise Http404
    moment = Moment(request)
    picture = picture_of(name, request.GET, moment, Names(moment))
    return framed(request, moment, "public/pictures/page.html", {"picture": picture})
