"""What the twins are asked: every address of the public site, found by its resolver.

A new address must be told here how to fill its parts (`values_of`), or the test fails. Everything
is in a fixed order; a slice of it is a fixed selection of every family.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, cycle, product
from typing import Any
from urllib.parse import urlencode

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from objectives.models import Objective
from public import dumps
from public.api.included import EXPANDED
from public.api.questions import ORDERINGS, facets_known, fields_of
from public.api.records import RESOURCES
from public.api.reference import TABLES
from public.choices import AnyOf
from public.filters import FILTERS
from public.list_formats import formats_of
from public.lists import sorts_of
from public.models import FOLDERS, PublicRecord
from public.names import Names
from public.pictures import PICTURES
from public.pictures.counting import WITH_BOTH
from public.views.api_docs import operations
from tests.factories import STATES
from tests.twin.asking import Question
from tests.twin.lives import CODES, NEVER, Secrets

LANGUAGES = ("", "/fr", "/ru")  # in front of every page
# moments before anything, in between, now, after an embargo's end, and nonsense
MOMENTS = (
    "2024-03-10",
    "2024-03-11T09:00:00Z",
    "2024-03-13T12:30:00Z",
    "2024-04-11",
    "2024-06-01",
    "2024-12-02",
    "2090-01-02",
    "soon",
)
DATES = ("Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jun 2026 00:00:00 GMT", "never")
PUBLIC_WORDS = (
    "plan",
    "river",
    "harvest",
    "Albania",
    "objective 7",
    "RR2024",
    '"of hope"',
    "-river",
)
MISTAKES = ("rivet", "harvset", "bridgse", "legla", "centers", "Albanai", "remitances", "planx")
FORMS = ("json", "ndjson", "csv", "xlsx", "jsonld", "atom", "ris", "bib", "csl", "ics")
MORE = ("", "&objective=7", "&modified_since=2024-03-12", "&hxl=1", "&q=river")
WRONG = ("page=0", "ordering=id", "nonsense=1", "cursor=x", "cursor=WzFd", "fields=id")
ACCEPTED = ("application/json", "text/csv", "application/atom+xml", "image/webp", "*/*")


@dataclass(frozen=True)
class Route:
    """An address with gaps, as the resolver knows it."""

    space: str
    name: str
    pattern: str
    parts: tuple[str, ...]

    @property
    def kind(self) -> str:
        return self.name.removesuffix("-as").removesuffix("-list")

    def address(self, parts: tuple[Any, ...] = ()) -> str:
        return reverse(
            f"{self.space}:{self.name}", kwargs=dict(zip(self.parts, parts, strict=True))
        )


def routes() -> list[Route]:
    """Every address whose view is in the room `public`.

    By the room and not by the namespaces that `public.fence` puts behind the fence, so that one it
    forgets is found. Without a name there is only what any wrong address under /api/ leads to.
    """
    return [one for one in _routes(get_resolver(), ()) if one.name]


def _routes(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Route]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _routes(one, (*spaces, *filter(None, [one.namespace])))
        elif isinstance(one, URLPattern):
            view = getattr(one.callback, "view_class", one.callback)
            if view.__module__.partition(".")[0] == "public":
                parts = tuple(one.pattern.converters) or tuple(one.pattern.regex.groupindex)
                yield Route(":".join(spaces), one.name or "", str(one.pattern), parts)


class Asker:
    """Knows what is public and what is not, and asks for both."""

    def __init__(self, secrets: Secrets):
        self.secrets = secrets
        names = Names()
        self.names = names
        self.public = {
            kind: list(
                PublicRecord.objects.visible()
                .of_kind(kind)
                .order_by("code")
                .values_list("code", flat=True)
            )
            for kind in RESOURCES
        }
        self.files = sorted(
            {
                (one["sha256"], one["name"])
                for files in PublicRecord.objects.visible().values_list(
                    "document__files", flat=True
                )
                for one in files or []
            }
        )
        self.objectives = [
            *Objective.objects.order_by("number").values_list("number", flat=True),
            99,
        ]
        self.tables = {table: self._codes_of(table) for table in TABLES}
        self.dumps = [one.file for one in dumps.build()[0].files]
        self.states = [*names.states, "XXX", "alb"]
        self.cycles = [*names.cycles, "RR1999"]

    def _codes_of(self, table: str) -> list[str]:
        serializer, key, _together = TABLES[table]
        rows = serializer.Meta.model.objects.order_by(key)
        return [*map(str, rows.values_list(key, flat=True)), "none"]

    # --- Filling addresses ---

    def codes(self, kind: str, *, public: int = 4) -> list[str]:
        """Some public codes, those of second editions, withdrawn and merged ones, and others."""
        shown = self.public[kind]
        step = max(1, len(shown) // public)
        special = [CODES[kind].format(n) for n in (6004, 6005, 6100, 6101, 6201, 6203)]
        return list(
            dict.fromkeys(
                [*shown[::step], *special, *self.hidden(kind), CODES[kind].format(NEVER), "none"]
                + ["P-0100"] * (kind == "practice")
            )
        )

    def hidden(self, kind: str) -> list[str]:
        return self.secrets.codes[kind] + [CODES[kind].format(7900)] * (kind == "practice")

    def values_of(self, route: Route, part: str) -> list[Any]:
        """Every value that is worth asking for in this gap of the address."""
        if part == "form":
            return re.search(r"\(\?P<form>([^)]+)\)", route.pattern)[1].split("|")
        if part == "code" and route.kind in RESOURCES:
            return self.codes(route.kind)
        if part == "code" and route.name in self.tables:
            return self.tables[route.name]
        known: dict[tuple[str, str], list[Any]] = {
            ("objective", "number"): self.objectives,
            ("member-state", "iso3"): self.states,
            ("review", "code"): self.cycles,
            ("review-as", "code"): self.cycles,
            ("submissions", "code"): self.cycles,
            ("picture", "name"): [*PICTURES, "none"],
            ("picture-as", "name"): [*PICTURES, "none"],
            ("data-file", "name"): [*self.dumps, "reviewhub-2024-06-01-00000000.zip"],
            ("sitemap-of", "folder"): ["pages", *FOLDERS.values(), "excerpts", "none"],
            ("api-operation", "name"): [*operations(), "none"],
            ("api-try", "name"): [*operations(), "none"],
        }
        return known[route.name, part]

    def addresses(self, route: Route) -> list[str]:
        if route.name == "file":
            never = [("0" * 64, "report.pdf"), ("0" * 64, f"{self.secrets.words[0]}.png")]
            return [route.address(one) for one in [*self.files, *self.secrets.files, *never]]
        gaps = [self.values_of(route, part) for part in route.parts]
        return [route.address(parts) for parts in product(*gaps)]

    def in_all_languages(self, route: Route) -> list[str]:
        """Every address of this route, in each language that has its own."""
        languages = LANGUAGES if route.space == "public" else ("",)
        return [language + one for one in self.addresses(route) for language in languages]

    # --- Families of questions ---

    def every_route(self) -> Iterator[Question]:
        """Every address in every language; moments and methods in turn."""
        yield from (Question(f"{one}/api/v1/nowhere/") for one in LANGUAGES)
        moments, methods = cycle(MOMENTS), cycle(("HEAD", "OPTIONS", "HEAD", "POST"))
        for route in routes():
            for address in self.in_all_languages(route):
                yield Question(address)
            for address in self.addresses(route):
                yield Question(f"{address}?at={next(moments)}")
                yield Question(address, next(methods))

    def conditional(self) -> Iterator[Question]:
        """With tags and dates that fit nothing, ranges of bytes, wanted types and origins."""
        headers = [("If-None-Match", '"0"'), ("If-None-Match", "*"), ("Range", "bytes=0-9")]
        headers += [("If-Modified-Since", date) for date in DATES]
        headers += [("Accept", wanted) for wanted in ACCEPTED]
        headers += [("Accept-Language", "ru"), ("Origin", "https://www.example.org")]
        in_turn = cycle(headers)
        for route in routes():
            addresses = self.addresses(route)
            for address in addresses:
                yield Question(address, headers=(next(in_turn),))
            for header in headers:  # and all of them for one
                yield Question(addresses[0], headers=(header,))

    def choices(self, kind: str) -> Iterator[tuple[str, str]]:
        """Every filter of these lists with every value that an address may hold."""
        for name, one in FILTERS[kind](names=self.names).filters.items():
            if name == "q":
                continue
            if not isinstance(one, AnyOf):
                raise TypeError(f"say how to fill {name}")
            values = list(one.known(self.names))
            if name == "party":
                values = [*STATES, *self.codes("stakeholder")]
            if name == "year":
                values = [str(year) for year in range(2015, 2027)]
            yield from ((name, value) for value in [*values, "none"])

    def lists(self, kind: str) -> list[str]:
        """The addresses of the list of this kind, in all its forms."""
        api = f"/api/v1/{RESOURCES[kind]}/"
        if kind not in FOLDERS:
            return [api]
        folder = FOLDERS[kind]
        forms = [f"/{folder}.{one.ending}" for one in formats_of(kind)]
        return [f"/{folder}/", f"/fr/{folder}/", *forms, api]

    def every_filter(self) -> Iterator[Question]:
        """Every value of every filter: on the page, in the API with all counts, in the other forms
        in turn; and pairs of them.
        """
        for kind in RESOURCES:
            chosen = list(self.choices(kind))
            facets = ",".join(facets_known(kind))
            page, *forms = self.lists(kind)
            in_turn = cycle(forms or [page])
            for name, value in chosen:
                yield Question(f"{page}?{urlencode({name: value})}")
                yield Question(f"{next(in_turn)}?{urlencode({name: value})}")
                query = urlencode({name: value, "facets": facets, "page_size": 1})
                yield Question(f"/api/v1/{RESOURCES[kind]}/?{query}")
            pairs = list(combinations(chosen, 2))
            for one, other in random.Random(kind).sample(pairs, 60):  # noqa: S311  no secret
                yield Question(f"{self.lists(kind)[0]}?{urlencode([one, other])}")

    def every_order(self) -> Iterator[Question]:
        """Every order and size of page; the first, the last and the one after it."""
        for kind, folder in FOLDERS.items():
            count = len(self.public[kind])
            for size, language in product((25, 50, 100), LANGUAGES):
                last = max(1, -(-count // size))
                pages = sorted({1, last, last + 1, 0})
                for sort, page in product(sorts_of(kind, has_words=True), pages):
                    asked = {"sort": sort, "page_size": size, "page": page}
                    yield Question(f"{language}/{folder}/?{urlencode(asked)}")
                    yield Question(f"{language}/{folder}/?{urlencode(asked | {'q': 'of'})}")
            for form, page in product(("atom", "csv"), (1, 2, 3)):
                yield Question(f"/{folder}.{form}?page={page}")
        for kind, folder in RESOURCES.items():
            count = len(self.public[kind])
            for size, name, sign in product((1, 7, 25), ORDERINGS, ("", "-")):
                last = max(1, -(-count // size))
                asked = {"ordering": f"{sign}{name}", "page_size": size}
                for page in sorted({1, last, last + 1}):
                    yield Question(f"/api/v1/{folder}/?{urlencode(asked | {'page': page})}")
                yield Question(f"/api/v1/{folder}/?{urlencode(asked)}&cursor=")
            for sort in sorts_of(kind, has_words=True):
                yield Question(f"/api/v1/{folder}/?sort={sort}&q=of")
        for table in TABLES:
            for page in (1, 2, 99):
                yield Question(f"/api/v1/{table}/?page={page}&page_size=5")

    def searches(self) -> list[str]:
        """Public words and canaries, right, cut short and misspelt; codes of both sorts."""
        texts = [*PUBLIC_WORDS, *MISTAKES]
        for word in self.secrets.words:
            texts += [word, word[:-2], word[1:], f"{word[:2]}{word[3]}{word[2]}{word[4:]}"]
            texts += [word.upper(), f"{word}s", f"river {word}", f"{word} OR river"]
            texts += [f'"{word}"', f"river -{word}", f"{word}.png"]
        for codes in self.secrets.codes.values():
            texts += [code for one in codes for code in (one, one.lower(), one[:-1])]
        for kind in CODES:
            texts += [
                CODES[kind].format(NEVER),
                CODES[kind].format(6001),
                CODES[kind].format(6201),
            ]
        return texts

    def every_search(self) -> Iterator[Question]:
        """Every word in the search over everything, and in lists, feeds and pictures in turn."""
        kinds = list(FOLDERS)
        for place, text in enumerate(self.searches()):
            q, kind = urlencode({"q": text}), kinds[place % len(kinds)]
            folder, language = FOLDERS[kind], LANGUAGES[place % 3]
            everywhere = [
                f"{language}/search/?{q}",
                f"{language}/search/suggestions/?{q}",
                f"/api/v1/search/?{q}",
            ]
            somewhere = [
                f"{language}/{folder}/?{q}",
                f"/search/?{q}&exact=1&kind={kind}",
                f"/{folder}.csv?{q}",
                f"/api/v1/{folder}/?{q}&facets=language",
                f"/search/suggestions/?{q}&part=1",
                f"/{folder}.atom?{q}",
                f"/pictures/states.csv?kind=practice&{q}",
                f"/search/?{q}&at={MOMENTS[place % len(MOMENTS)]}",
            ]
            if text not in PUBLIC_WORDS + MISTAKES:
                everywhere.pop(place % 3)
                somewhere = [somewhere[place % len(somewhere)]]
            yield from map(Question, everywhere + somewhere)

    def every_form_of_the_api(self) -> Iterator[Question]:
        """Formats, fields, names to expand, harvesting by change, bad values."""
        for kind, folder in RESOURCES.items():
            address = f"/api/v1/{folder}/"
            for form, more in product(FORMS, MORE):
                yield Question(f"{address}?format={form}{more}")
            in_turn = cycle(FORMS)
            for code, _time in product(self.codes(kind), range(3)):
                yield Question(f"{address}{code}/?format={next(in_turn)}")
            for moment in MOMENTS:
                yield Question(f"{address}?modified_since={moment}")
                yield Question(f"{address}?modified_since={moment}&cursor=&page_size=3")
                yield Question(f"{address}?at={moment}")
            for name in fields_of(kind):
                yield Question(f"{address}?fields={name}")
            for name, lang in product(EXPANDED[kind], ("en", "fr", "ru")):
                yield Question(f"{address}?expand={name}&lang={lang}")
            for name in facets_known(kind):
                yield Question(f"{address}?facets={name}")
            for wrong in WRONG:
                yield Question(f"{address}?{wrong}")
        for kind, page in product(("", "report", "none"), (1, 2)):
            yield Question(f"/api/v1/files/?kind={kind}&page={page}")
        for kind, sort in product((*WITH_BOTH, "none"), ("", "name", "total")):
            yield Question(f"/api/v1/coverage/?kind={kind}&sort={sort}")

    def every_picture(self) -> Iterator[Question]:
        """Every picture, embedded and as a file, of every kind and with some filters."""
        some = ["", "objective=7", "member_state=ALB", "cycle=RR2024", "at=2024-03-13T12:30:00Z"]
        some += ["q=river", f"q={self.secrets.words[0]}"]
        for name, kind, more in product(PICTURES, FOLDERS, some):
            for form in ("csv",) if more else ("svg", "csv", "png", "xlsx"):
                yield Question(f"/pictures/{name}.{form}?kind={kind}&{more}")
            embedded = "" if more else "&embed"
            yield Question(f"/pictures/{name}/?kind={kind}&{more}{embedded}")
        for iso3, review in product(self.states, ["", *self.cycles[:2]]):
            more = f"&cycle={review}" if review else ""
            yield Question(f"/pictures/profile.csv?member_state={iso3}{more}")
        for kind, sort, review in product(
            (*WITH_BOTH, "none"), ("subregion", "name", "total"), self.cycles
        ):
            yield Question(f"/coverage/?kind={kind}&sort={sort}&cycle={review}")

    def every_pick(self) -> Iterator[Question]:
        """What readers put together: comparisons, lists of their own, doors of files."""
        for pair in combinations([*STATES, "AND"], 2):
            for more in ("", "&as=csv", "&at=2024-03-13T12:30:00Z"):
                yield Question(f"/compare/?state={pair[0]}&state={pair[1]}{more}")
        for iso3, pair in product(STATES, combinations(self.cycles, 2)):
            yield Question(f"/compare/?state={iso3}&cycle={pair[0]}&cycle={pair[1]}")
        for kind in FOLDERS:
            for code in self.codes(kind):
                named = urlencode([("record", f"{kind}:{code}"), ("record", "practice:P-0001")])
                for address in ("/my-list/", "/ru/my-list/", "/my-list.csv", "/my-list.ris"):
                    yield Question(f"{address}?{named}")
        for sha256, name in [*self.files, *self.secrets.files]:
            address = reverse("public:file", args=[sha256, name])
            yield Question(address, headers=(("If-None-Match", f'"{sha256}"'),))
            yield Question(address, headers=(("Range", "bytes=1-"), ("If-Range", f'"{sha256}"')))
            yield Question(f"{address}?at=2024-12-02")
        for sort in ("subregion", "name", "none"):
            yield Question(f"/member-states/?sort={sort}")


FAMILIES = [
    "every_route",
    "conditional",
    "every_filter",
    "every_order",
    "every_search",
    "every_form_of_the_api",
    "every_picture",
    "every_pick",
]
