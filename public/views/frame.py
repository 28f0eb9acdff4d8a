"""What all public pages share: the frame around them, and the pages of a long list."""

from django.core.paginator import InvalidPage, Paginator
from django.db.models import F, Func
from django.http import Http404
from django.shortcuts import render

from public.moments import Moment

PAGE_SIZE = 25


def framed(request, moment: Moment, template: str, context: dict, status: int = 200):
    """The page, with the notice that it shows the past if it does."""
    frame = {
        "at": moment.shown,
        "now_url": request.path,
        "home_url": moment.address("public:home"),
    }
    return render(request, template, frame | context, status=status)


def numbered_page(request, records, page_size: int = PAGE_SIZE):
    """The page that `?page=` asks for; 404 if there is none."""
    try:
        return Paginator(records, page_size).page(request.GET.get("page", "1"))
    except InvalidPage as error:
        raise Http404(str(error)) from error


def each_of(column: str, output_field) -> Func:
    """One row for each value of a list column."""
    each = Func(F(column), function="unnest", output_field=output_field)
    each.set_returning = True
    return each
