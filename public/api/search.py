"""The search over everything through the API: records of all kinds that have pages, best first."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from rest_framework.response import Response
from rest_framework.views import APIView

from public.api import asked as ask
from public.api.answers import conditional, page_links, paged
from public.api.formats import JSON
from public.api.questions import YES, corrected, yes
from public.api.record_schema import corrected_schema, page_parameters, place_parameters
from public.api.schema import (
    NOT_MODIFIED,
    NUMBER,
    TEXT,
    URL,
    ApiSchema,
    Operation,
    answer,
    fields,
    format_parameter,
    nullable,
    parameter,
    refusals,
    said,
)
from public.lines import texts_of
from public.models import FOLDERS, PublicRecord
from public.names import Names
from public.search import LONGEST, Search
from public.search_index import by_index
from public.search_results import Found, counted, of_all_kinds, snippets, unmarked

PARAMETERS = ("q", "kind", "exact", "at", "lang", "page", "page_size", "format")


class SearchAll(APIView):
    """Records of every kind that answer some words, what answers best first."""

    renderer_classes = [JSON]

    def get(self, request):
        with translation.override(ask.language(request.GET)):
            return self.answer(request)

    def answer(self, request):
        ask.only_known(request.GET, PARAMETERS)
        moment = ask.moment_of(request)
        kind = ask.one(request.GET, "kind")
        if kind and kind not in FOLDERS:
            raise ask.wrong("kind", _("There is no “%s” here.") % kind, FOLDERS)
        page = ask.whole_number(request.GET, "page", 1, ask.DEEPEST_PAGE)
        size = ask.whole_number(request.GET, "page_size", ask.PAGE_SIZE, ask.LARGEST_PAGE)
        exact = yes(request.GET, "exact")
        search = Search(words(request.GET), Names(moment))
        records = of_all_kinds(moment.at)
        if not search:  # signs alone say nothing, and find nothing
            records = records.none()
        with by_index():
            search, counts = counted(search, records, exact=exact)
            count = counts[kind] if kind else sum(counts.values())
            asked_for = records.of_kind(kind) if kind else records
            found = paged(Found(search.best_first(asked_for), count), page, size, count)
            marked = snippets(found, search)
        body, links = page_links(request, count=count, page=page, size=size)
        body |= corrected(search)
        body["kinds"] = {one: counts[one] for one in FOLDERS if counts[one]}
        body["results"] = [result(request, one, marked.get(one.pk, "")) for one in found]
        return conditional(Response(body, headers=links))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        asked_words = TEXT | {"minLength": 1, "maxLength": LONGEST, "pattern": "^[^\\u0000]*$"}
        return Operation(
            id="search",
            summary="Search everything",
            meaning="Records of all kinds that have pages, what answers best first. All words "
            "must be found; “…” is for a phrase, - before what shall not be there, OR between "
            "words of which one is enough. States, objectives and reviews are known by all their "
            "names and codes.",
            tag="Records",
            parameters=[
                parameter("q", "Words to find.", asked_words, required=True),
                parameter("kind", "Only this kind of record.", TEXT | {"enum": list(FOLDERS)}),
                parameter(
                    "exact",
                    "With 1, words are searched as they are typed.",
                    TEXT | {"enum": [YES]},
                ),
                *page_parameters(),
                *place_parameters(),
                format_parameter("json"),
            ],
            answers={
                200: answer("A page of what was found.", found_schema(schema), "ETag", "Link"),
                **NOT_MODIFIED,
                **refusals(404),
            },
        )


def words(asked) -> str:
    """What is searched; it must be there, and a text that can be read whole."""
    text = ask.one(asked, "q")
    if not text:
        raise ask.wrong("q", _("Say what you look for."))
    if len(text) > LONGEST or "\0" in text:
        raise ask.wrong("q", _("Up to %d characters, and no NUL among them.") % LONGEST)
    return text


def result(request, record: PublicRecord, snippet: str) -> dict[str, Any]:
    """A record as the search tells of it."""
    title, _summary, language = texts_of(record.content)
    place = request.build_absolute_uri(f"/{FOLDERS[record.kind]}/")
    return {
        "kind": record.kind,
        "code": record.code,
        "title": title,
        "language": language,
        "permanent_url": f"{place}{record.code}/",
        "snippet": unmarked(snippet),
    }


def found_schema(schema: ApiSchema):
    """The frame of what was found."""
    one = schema.component(
        "SearchResult",
        said(
            fields(
                kind=said(TEXT, "The kind of record."),
                code=said(TEXT, "Its permanent code."),
                title=said(TEXT, "Its title, or the beginning of its text."),
                language=said(TEXT, "The language of the title."),
                permanent_url=said(URL, "Its permanent address."),
                snippet=said(TEXT, "Where its text has the words; empty if only others have."),
            ),
            "A record that answers.",
        ),
    )
    return schema.component(
        "SearchResults",
        said(
            fields(
                ("count", "next", "previous", "kinds", "results"),
                count=said(NUMBER, "How many there are."),
                next=said(nullable(URL), "Address of the next page; null on the last."),
                previous=said(nullable(URL), "Address of the page before; null on the first."),
                kinds=said(
                    {"type": "object", "additionalProperties": NUMBER},
                    "How many there are of each kind, whichever `kind` asks for.",
                ),
                results=said({"type": "array", "items": one}, "The records."),
                search=said(corrected_schema(schema), "Where the spelling of `q` was corrected."),
            ),
            "A page of what was found.",
        ),
    )
