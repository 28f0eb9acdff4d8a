"""From the register of surfaces to requests: every address, of every record, with every query."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from django.apps import apps
from django.urls import URLPattern, reverse

from office.export_columns import rows_of
from office.pages import screen_of
from public.pictures import PICTURES
from public.workflow import LABELS
from reviewhub.surface_checks import addresses
from reviewhub.surfaces import PAGES, WITH_PAGES, Surface
from tests.embargo.world import World

FORMS = re.compile(r"\?P<form>([a-z|]+)\)")
ROWS = {  # a row of each reference table of the API
    "objectives": "7",
    "sdgs": "10",
    "member-states": "ALB",
    "cycles": "RR2024",
    "sources": "SR2020",
    "regions": "EUROPE",
    "clusters": "RT4",
    "stakeholder-types": "civil_society",
}
ABOUT_A_RECORD = re.compile(r"\{(word|code|pk)\}")
PICKERS = {  # kind of record → where it is picked
    "pledge": ("submissions", "pledge", "matches"),
    "report": ("submissions", "excerpt", "report"),
    "stakeholder": ("submissions", "practice", "stakeholder"),
    "roundtable": ("roundtables", "recommendation", "roundtable"),
}
UNNAMED = {"admin/(?P<url>.*)$": "/admin/nothing/", "^api/(?:[\\s\\S]*/)?\\Z": "/api/nothing/"}


@dataclass(frozen=True)
class Ask:
    """One question to a surface; `state` and `kind` of the record it is about, if of one."""

    surface: str
    path: str
    kind: str = ""
    state: str = ""
    post: tuple[tuple[str, str], ...] = ()


def every_ask(world: World) -> dict[str, list[Ask]]:
    """surface → all questions that can be put to it in this world."""
    return {
        name: list(_asks(name, PAGES[name], pattern, world))
        for name, _route, pattern in addresses()
    }


def _asks(name: str, surface: Surface, pattern: URLPattern, world: World) -> Iterator[Ask]:
    for path, kind, state in _paths(name, pattern, world):
        for query in surface.asks:
            abouts = [(kind, state)]
            if not state and ABOUT_A_RECORD.search(query):
                kinds = [kind] if kind else surface.kinds or WITH_PAGES
                abouts = [(one, other) for one in kinds for other in world.records[one]]
            for about in abouts:
                yield Ask(name, path + _filled(query, world, *about), *about)
        if name == "admin:bulk-edit":
            rows = world.records[kind].values()
            read = ",".join(f"{one.pk}:{one.version}" for one in rows if one.pk)
            yield Ask(name, path, kind, post=(("records", read),))
        if name == "admin:export":
            for form, viewer in itertools.product(("csv", "xlsx"), ("reader", "editor")):
                columns = [("columns", one) for one in _offered(world, kind, viewer)]
                yield Ask(name, path, kind, post=(("format", form), *columns))


def _offered(world: World, kind: str, viewer: str) -> list[str]:
    """The columns that this person may export; a form that names any other is refused whole."""
    screen = screen_of(type(world.records[kind]["draft"]))
    user = world.people[viewer]
    return [one.name for one in rows_of(screen, user)[screen.opts.model_name].offered(user)]


def _filled(query: str, world: World, kind: str, state: str) -> str:
    """The query about this record. {word} is one of its texts: the rest must not come with it."""
    codes = [f"{one}:{other.code}" for one in WITH_PAGES for other in world.records[one].values()]
    query = query.replace("{records}", urlencode({"record": codes}, doseq=True))
    query = query.replace("{before}", quote(world.before.isoformat()))
    if ABOUT_A_RECORD.search(query):
        query = query.replace("{word}", searched(world, kind, state))
        query = query.replace("{code}", world.records[kind][state].code)
        query = query.replace("{pk}", str(world.keys[kind, state]))
    if "{picker}" in query:
        picker = zip(("app_label", "model_name", "field_name"), PICKERS[kind], strict=True)
        query = query.replace("{picker}", urlencode(dict(picker)))
    return query


def searched(world: World, kind: str, state: str) -> str:
    """The word of its title, or of its text where it has none."""
    for wanted in ("title", "title_en", "text"):
        for word in reversed(world.words[kind, state]):
            if world.canaries[word].field == wanted:
                return word
    raise LookupError(kind, state)


# --- Addresses --------------------------------------------------------------------------------


def _paths(name: str, pattern: URLPattern, world: World) -> Iterator[tuple[str, str, str]]:
    """Every address of this name: the path, and kind and state of its record if it is of one."""
    if pattern.name is None:  # it redirects, or says that there is nothing
        yield UNNAMED.get(name) or "/" + name.replace("<path:object_id>", "1"), "", ""
        return
    asked = {*pattern.pattern.regex.groupindex} | {*pattern.pattern.converters}
    for values, kind, state in _values(name, asked, pattern, world):
        yield reverse(name, kwargs=values or None), kind, state


def _values(
    name: str, asked: set[str], pattern: URLPattern, world: World
) -> Iterator[tuple[dict[str, Any], str, str]]:
    space, _colon, short = name.rpartition(":")
    forms = _forms(pattern) if "form" in asked else [""]
    if asked == {"sha256", "name"}:
        for file in world.files:
            yield {"sha256": file.sha256, "name": file.name}, *_standing(world, file.record)
    elif "code" in asked:
        kind = short.removesuffix("-as")
        if kind in world.records:
            for state, record in world.records[kind].items():
                for form in forms:
                    yield {"code": record.code} | ({"form": form} if form else {}), kind, state
        else:
            code = ROWS.get(kind, "RR2024" if space == "public" else "nothing")
            yield {"code": code} | ({"form": forms[0]} if forms[0] else {}), "", ""
    elif "model" in asked:
        yield from _of_office(short, asked, world)
    elif {"app_label", "model_name", "object_id"} == asked or "content_type_id" in asked:
        model = type(world.records["practice"]["draft"])
        meta, pk = model._meta, world.keys["practice", "draft"]
        known = {
            "app_label": meta.app_label,
            "model_name": meta.model_name,
            "object_id": pk,
            "content_type_id": "1",
        }
        yield {one: known[one] for one in asked}, "", ""
    elif "object_id" in asked:
        yield from _of_screen(short, world)
    elif asked == {"name", "form"}:
        yield from (({"name": one, "form": form}, "", "") for one in PICTURES for form in forms)
    else:
        fixed: dict[str, list[Any]] = {
            "form": forms,
            "number": [7],
            "iso3": ["ALB"],
            "folder": ["pages", "practices", "pledges", "reports", "roundtables", "stakeholders"],
            "app_label": ["submissions"],
            "pk": [world.people["reader"].pk],
            "token": ["x"],
            "uidb36": ["1"],
            "key": ["x-y"],
            "name": {
                "picture": list(PICTURES),
                "data-file": world.dumps,
                "guide-picture": ["conflict"],
            }.get(short, ["list_practices"]),
        }
        rows = [{}]
        for one in sorted(asked):
            rows = [row | {one: value} for row in rows for value in fixed[one]]
        yield from ((row, "", "") for row in rows)


def _of_office(short: str, asked: set[str], world: World) -> Iterator[tuple[dict, str, str]]:
    """The pages that all kinds share: of each kind, or of each record in each state."""
    for kind, states in world.records.items():
        model = type(states["draft"])._meta.label_lower
        if short == "import-job" or "number" in asked:
            if kind == "practice":
                yield {"model": model, "number": world.upload.pk}, "", ""
        elif "file" in asked:
            for file in world.files:
                if file.record.kind == kind and file.record.pk:
                    key = _holder(world, file).pk
                    about = _standing(world, file.record)
                    yield {"model": model, "pk": key, "file": file.pk}, *about
        elif "pk" in asked:
            for state in states:
                more = {"point": world.change} if "point" in asked else {}
                yield {"model": model, "pk": world.keys[kind, state]} | more, kind, state
        elif "step" in asked:
            yield from (({"model": model, "step": step}, kind, "") for step in LABELS)
        elif "part" in asked:
            sheet = {"model": model, "part": model.partition(".")[2]}
            yield from ((sheet | {"form": one}, "", "") for one in ("csv", "xlsx"))
        else:
            yield {"model": model}, kind, ""


def _of_screen(short: str, world: World) -> Iterator[tuple[dict, str, str]]:
    """Django's own pages of a row: of every record in every state, of one row of other tables."""
    app, model_name, _page = short.split("_", 2)
    model: Any = apps.get_model(app, model_name)
    kind = getattr(model, "kind", "") if "status" in {f.name for f in model._meta.fields} else ""
    if kind:
        for state in world.records[kind]:
            yield {"object_id": world.keys[kind, state]}, kind, state
    elif model_name == "edition":
        keys = model.objects.values_list("pk", flat=True)
        yield from (({"object_id": pk}, "", "") for pk in keys)
    else:
        first = model._default_manager.values_list("pk", flat=True).first()
        yield {"object_id": first or 1}, "", ""


def _forms(pattern: URLPattern) -> list[str]:
    """What the address may end in, as it says itself."""
    match = FORMS.search(str(pattern.pattern))
    return match[1].split("|") if match else [""]


def _standing(world: World, record: Any) -> tuple[str, str]:
    states = world.records[record.kind]
    return record.kind, next(state for state, one in states.items() if one is record)


def _holder(world: World, file) -> Any:
    """The record that has the file now: files of what was merged move to the one that stays."""
    kind, state = _standing(world, file.record)
    return world.records[kind]["published, newer change" if state == "merged" else state]
