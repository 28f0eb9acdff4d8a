"""A list in its other forms: CSV, XLSX, Atom, and the calendar of roundtables."""

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpResponse
from django.utils.translation import get_language

from public import calendars
from public.columns import COLUMNS
from public.downloads import Download, site_of
from public.feeds import ENTRIES, RecordFeed, feed_of
from public.lines import lines_of
from public.lists import Question
from public.models import FOLDERS
from public.moments import Moment
from public.names import Names
from public.search_results import Found
from public.sheets import DoesNotFit
from public.tables import Reader
from public.views.frame import framed, numbered_page


def form(request, kind: str, form: str):
    """The records that the address asks for, as the list with the same parameters shows them."""
    moment = Moment(request)
    question = Question(kind, request.GET, moment, Names(moment))
    return FORMS[form](request, question)


def _download(request, question: Question) -> Download:
    return Download(
        request,
        question.moment,
        question.names,
        records=question.ordered,
        columns=COLUMNS[question.kind],
        called=FOLDERS[question.kind],
    )


def _csv(request, question: Question):
    return _download(request, question).csv()


def _xlsx(request, question: Question):
    try:
        return _download(request, question).xlsx()
    except DoesNotFit as reason:
        csv = f"{request.path.removesuffix('xlsx')}csv?{request.GET.urlencode()}"
        context = {"reason": str(reason), "csv": csv}
        return framed(request, question.moment, "public/does_not_fit.html", context, status=413)


def _atom(request, question: Question):
    """The newest of the records, by when the edition that is shown was published."""
    newest = question.records.order_by(F("visible__startswith").desc(), "code")
    page = numbered_page(request, Found(newest, question.count), ENTRIES)
    records = list(page)
    moment, query = question.moment, question.query
    here = f"{request.path}?{query}" if query else request.path
    above = moment.address(f"public:{question.kind}-list")
    above += f"{'&' if '?' in above else '?'}{query}" if query else ""
    absolute = request.build_absolute_uri

    def other(number: int) -> str:
        asked = request.GET.copy()
        asked["page"] = str(number)
        return absolute(f"{request.path}?{asked.urlencode()}")

    feed = feed_of(
        records,
        lines_of(records, question.names),
        absolute=absolute,
        permanent=Reader(question.names, site_of(request)).address,
        title=f"{settings.SITE_NAME}: {question.sentence}",
        link=absolute(above),
        feed_url=absolute(),
        feed_guid=absolute(here),
        language=get_language(),
        author_name=settings.SITE_NAME,
        updated=max((one.visible.lower for one in records), default=moment.at),
        scheme=absolute(moment.address("public:objectives")),
        previous=other(page.previous_page_number()) if page.has_previous() else "",
        next=other(page.next_page_number()) if page.has_next() else "",
    )
    return HttpResponse(feed.writeString("utf-8"), content_type=RecordFeed.content_type)


def _calendar(request, question: Question):
    if question.kind != "roundtable":
        raise Http404
    calendar = calendars.of_list(
        question.ordered, question.filters, question.names, request, question.moment.at
    )
    return calendars.answer(calendar, FOLDERS[question.kind])


FORMS = {"csv": _csv, "xlsx": _xlsx, "atom": _atom, "ics": _calendar}
