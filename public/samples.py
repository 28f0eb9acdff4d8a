"""Fixed values for every component of the public pages, as the gallery of development shows them.

They stand for nothing in the database. A component that is not here fails a test.
"""

from datetime import UTC, date, datetime
from typing import Any

from django.core.paginator import Paginator

from public.facets import Facet, Value
from public.milestones import Milestone
from public.pictures.picture import Drawing, Picture
from public.shelves import Shelf

DAY = date(2024, 3, 11)
MOMENT = datetime(2024, 3, 11, 9, tzinfo=UTC)
RULE = "A record that names several objectives is counted under each."

OBJECTIVE = {
    "number": 7,
    "short_title": "Reducing migrants' vulnerabilities",
    "url": "/objectives/7/",
    "cluster": 4,
    "primary": True,
}
OTHER_OBJECTIVE = {
    "number": 15,
    "short_title": "Access to basic services",
    "url": "/objectives/15/",
    "cluster": 1,
    "primary": False,
}
OBJECTIVES = [OBJECTIVE, OTHER_OBJECTIVE]
STATES = [
    {"iso3": "ALB", "name": "Albania", "url": "/member-states/ALB/"},
    {"iso3": "SRB", "name": "Serbia", "url": "/member-states/SRB/"},
]
LINE = {
    "kind": "practice",
    "kind_name": "practice",
    "code": "P-0041",
    "url": "/practices/P-0041/",
    "title": "Night buses for shift workers",
    "summary": "They stop wherever somebody wants to leave.",
    "language": "en",
    "states": STATES,
    "objectives": OBJECTIVES,
    "party": "",
    "facts": ["Local", "2022"],
    "cycle_name": "Regional review 2024",
}
FRENCH_LINE = LINE | {
    "kind": "pledge",
    "kind_name": "pledge",
    "code": "PL-0001",
    "url": "/pledges/PL-0001/",
    "title": "Un avocat pour chaque enfant migrant",
    "summary": "Nous formons trente avocats dans trois villes.",
    "language": "fr",
    "party": "Albania",
    "facts": ["In progress", "due on 31 December 2026"],
}
LINES = [LINE, FRENCH_LINE]
RELATED = [line | {"why": "Same Member States, objective 7"} for line in LINES]
LANGUAGES = [
    {"code": "en", "name": "English", "url": "/gallery/", "current": True},
    {"code": "fr", "name": "Français", "url": "/fr/gallery/", "current": False},
    {"code": "ru", "name": "Русский", "url": "/ru/gallery/", "current": False},
]
ROOMS = [
    {"url": "/objectives/", "name": "objectives", "current": False},
    {"url": "/practices/", "name": "practices", "current": True},
]
CELL = {"count": 12, "label": "practices", "url": "/practices/?objective=7"}
NO_CELL = {"count": 0, "label": "pledges", "url": ""}
CHIPS = [
    {"filter": "Level", "label": "Local", "badge": {}, "query": ""},
    {
        "filter": "Objective",
        "label": "Reducing migrants' vulnerabilities",
        "badge": {"number": "7", "cluster": 4},
        "query": "level=local",
    },
]
QUESTION = {"settings": {"sort": "title"}, "chosen": {"q": ["night buses"]}}
FACETS = [
    Facet(
        "objective",
        "Objective",
        [
            Value("7", "Reducing migrants' vulnerabilities", 42, True, "7", 4),
            Value("15", "Access to basic services", 8, False, "15", 1),
        ],
    ),
    Facet(
        "level", "Level", [Value("local", "Local", 0, True), Value("global", "Global", 3, False)]
    ),
    Facet("year", "Year", [Value(str(year), str(year), 2, False) for year in range(2010, 2025)]),
]
FILES = [
    {
        "url": "#file",
        "title": "Voluntary report of Albania",
        "language": "en",
        "language_name": "English",
        "kind": "Report",
        "type": "PDF",
        "bytes": 1_234_567,
        "pages": 48,
    }
]
SOURCE = {
    "title": "Summary report of the regional review",
    "publisher": "United Nations Network on Migration",
    "year": 2020,
    "url": "https://www.example.org/report.pdf",
}
CITATIONS = [
    {"label": "Text", "text": "Night buses. P-0041, 2024.", "url": "#txt", "file": "P-0041.txt"},
    {
        "label": "RIS",
        "text": "TY  - GEN\nID  - P-0041\nER  -",
        "url": "#ris",
        "file": "P-0041.ris",
    },
]
CYCLES: list[dict[str, Any]] = [
    {
        "code": "RR2020",
        "name": "Regional review 2020",
        "starts_on": date(2020, 11, 12),
        "ends_on": date(2020, 11, 13),
        "place": "Online",
        "url": "/reviews/RR2020/",
        "state": "past",
        "counts": [{"text": "292 practices", "url": "/practices/?cycle=RR2020"}],
    },
    {
        "code": "RR2024",
        "name": "Regional review 2024",
        "starts_on": DAY,
        "ends_on": date(2024, 3, 12),
        "place": "Geneva",
        "url": "/reviews/RR2024/",
        "state": "current",
    },
    {
        "code": "IMRF2026",
        "name": "Forum 2026",
        "starts_on": None,
        "ends_on": None,
        "state": "next",
    },
]
SITTING = {
    "url": "/roundtables/RR2024-S1/",
    "title": "Drivers and vulnerabilities",
    "language": "en",
    "type": "Roundtable",
    "number": 1,
    "objectives": OBJECTIVES,
    "place": "Palais des Nations, Geneva",
    "inferred": True,
    "depth": 0,
    "begins": {"clock": "10:00", "moment": "2024-03-11T10:00+01:00"},
    "ends": {"clock": "11:30", "moment": "2024-03-11T11:30+01:00"},
    "zone": "Europe/Zurich",
    "zone_words": "Zurich time",
}
SHELF = Shelf("practice", "42 practices", 42, LINES[:1], "/practices/", "/practices.csv")
CLUSTER = {
    "code": "SAMPLE",
    "hue_class": "cluster-4",
    "name": "Data, vulnerability and cooperation",
    "objectives": [OBJECTIVE | {"practices": 42}, OTHER_OBJECTIVE | {"practices": 8}],
}
TILES = [
    {
        "x": f"{100 * place / 12:.3f}%",
        "y": 0,
        "step": place,
        "code": code,
        "number": str(place * place),
        "name": f"{code}: {place * place}",
        "url": "/practices/" if place else None,
    }
    for place, code in enumerate(("AND", "SRB", "ALB", "CHE", "TUR", "KGZ"))
]
PICTURE = Picture(
    name="states",
    title="42 practices, by Member State",
    description="Most: Albania (16), Serbia (1).",
    drawing=Drawing(
        {"tiles": TILES, "height": 46, "width": "8.333%"},
        "public/pictures/tiles.svg",
        "public/pictures/tiles.svg",
        46,
    ),
    key="iso3",
    keys=["ALB", "SRB"],
    columns=["Member State", "Practices"],
    rows=[("Albania", 16), ("Serbia", 1)],
    links=["/practices/?member_state=ALB", None],
    rule=RULE,
    as_of=MOMENT,
    query="kind=practice",
    list_url="/practices/",
)
SEARCH = {
    "corrections": True,
    "misspelled": "“remitances”",
    "text": "remittances",
    "typed": "remitances",
    "any_word": "night OR buses",
}
TRAIL = [
    {"text": "Practices", "url": "/practices/"},
    {"text": "Objective 7: Reducing migrants' vulnerabilities", "url": "/objectives/7/"},
]
PARTIES = [
    {
        "name": "Albania",
        "url": "/member-states/ALB/",
        "reports": [
            {
                "title": "Voluntary report of Albania",
                "url": "/reports/VR-2024-ALB/",
                "language": "en",
                "type": "Voluntary report",
                "languages": ["English"],
                "submitted_on": DAY,
                "received": False,
                "evidence": "Named in the summary report",
            }
        ],
    }
]

# component → what it is shown with
SAMPLES: dict[str, dict[str, Any]] = {
    "age_light": {
        "light": {
            "age": "under-2",
            "said": "Last word: 1 February 2024",
            "words": "over a year ago",
        }
    },
    "arrange": {
        "sorts": [
            {"label": "Newest first", "query": "", "current": True},
            {"label": "By title", "query": "sort=title", "current": False},
        ],
        "sizes": [
            {"size": 25, "query": "", "current": True},
            {"size": 50, "query": "page_size=50", "current": False},
        ],
    },
    "badge": {"objective": OBJECTIVE},
    "bar": {"value": 8, "whole": 42},
    "before_after": {
        "previous": {"url": "/reviews/RR2020/", "title": "Regional review 2020"},
        "next": {"url": "/reviews/IMRF2026/", "title": "Forum 2026"},
        "label": "Reviews before and after",
    },
    "chips": {"chips": CHIPS, "clear": ""},
    "cite": {
        "citations": CITATIONS,
        "shown": {"edition": 1, "published_at": MOMENT, "permanent_url": "/practices/P-0041/"},
    },
    "clock": {"sitting": SITTING},
    "cluster": {"cluster": CLUSTER, "whole": 42, "forloop": {"counter": 4}},
    "corrected": {"search": SEARCH},
    "count": {"count": {"value": 1292, "label": "practices", "rule": RULE, "url": "/practices/"}},
    "facets": {"facets": FACETS, "question": QUESTION, "chips": CHIPS},
    "facts": {
        "facts": [
            {"term": "level", "values": [{"text": "Local"}]},
            {
                "term": "continues",
                "values": [
                    {
                        "text": "Compter les disparus",
                        "url": "#",
                        "language": "fr",
                        "code": "R2020-1",
                    }
                ],
            },
        ]
    },
    "file_list": {"files": FILES},
    "files": {"files": FILES},
    "keep": {"kind": "practice", "code": "P-0041"},
    "languages": {"languages": LANGUAGES},
    "last_copy": {"at": MOMENT},
    "list_search": {"question": QUESTION},
    "mark": {},
    "milestones": {
        "milestones": [
            Milestone("Call for inputs closes", date(2024, 1, 15), None, "", "past"),
            Milestone("Regional review", DAY, date(2024, 3, 12), "", "next", "in 56 days"),
            Milestone("Forum", None, None, "2026", "later"),
        ]
    },
    "moment": {"at": DAY, "now_url": "/gallery/"},
    "my_list_link": {},
    "named": {"named": {"text": "Albania", "url": "/member-states/ALB/", "code": "ALB"}},
    "named_objective": {"objective": OBJECTIVE, "filled": True},
    "navigation": {"rooms": ROOMS, "search_url": "/search/"},
    "neighbours": {"previous": OBJECTIVE, "next": OTHER_OBJECTIVE},
    "nothing_found": {
        "relax": [{"filter": "Level", "count": 42, "query": "objective=7"}],
        "chips": CHIPS,
        "clear": "",
    },
    "number": {"cell": CELL, "most": 42},
    "onward": {"shelf": SHELF},
    "opengraph": {"title": LINE["title"], "description": LINE["summary"]},
    "other_forms": {
        "other_forms": [
            {"name": "CSV", "url": "/practices.csv"},
            {"name": "Atom", "url": "/practices.atom"},
        ],
        "states_url": "/pictures/states/",
    },
    "pages": {"page": Paginator(range(300), 25).page(5)},
    "path": {"path": [{"name": "Objectives", "url": "/objectives/"}]},
    "picture": {"picture": PICTURE},
    "record_objectives": {"objectives": OBJECTIVES},
    "record_trail": {"trail": TRAIL},
    "records": {"records": LINES, "level_of_heading": "h3", "show_kind": True},
    "related": {"related": RELATED},
    "search_field": {"typed": "night buses", "kind": "", "at_asked": ""},
    "search_help": {},
    "search_nothing": {
        "search": SEARCH,
        "kind": "pledge",
        "tabs": [{"count": 3, "url": "/search/?q=night"}],
        "objectives_url": "/objectives/",
        "member_states_url": "/member-states/",
    },
    "shelf": {"shelf": SHELF, "note": RULE},
    "short_records": {"records": RELATED},
    "sitting": {"sitting": SITTING, "timed": True},
    "source": {"source": {"documents": [SOURCE], "locator": "page 12", "url": SOURCE["url"]}},
    "sources": {"sources": [SOURCE], "locator": "page 12", "url": SOURCE["url"]},
    "states_ledger": {
        "states": [one | {"cells": [CELL, NO_CELL]} for one in STATES],
        "kinds": ["practices", "pledges"],
        "labelled_by": "component-states_ledger",
    },
    "submitted": {"parties": PARTIES, "who": "Member State"},
    "suggesting": {},
    "suggestions": {
        "suggestions": [
            {"url": "/member-states/SRB/", "name": "Serbia", "note": "Member State"},
            {"url": LINE["url"], "name": LINE["title"], "note": "P-0041", "language": "en"},
        ]
    },
    "timeline": {"cycles": CYCLES, "upright": True},
}
