"""The page of a list of records of one kind."""

from public.lines import lines_of
from public.lists import Question
from public.moments import Moment
from public.names import Names
from public.views.frame import framed, numbered_page


def page(request, kind: str):
    """The records that the address asks for, page by page."""
    moment = Moment(request)
    names = Names(moment)
    question = Question(kind, request.GET, moment, names)
    numbered = numbered_page(request, question.ordered)
    numbered.object_list = lines_of(numbered, names)
    return framed(request, moment, "public/list.html", {"question": question, "page": numbered})
