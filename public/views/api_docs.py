"""The pages that describe the API: what it can do, each operation with a form to try it, and what
each refusal means. They are made from the description itself, so they say what it says."""

import json
from functools import cache
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.anchors import anchors_plugin

from public.api.explanations import EXPLANATIONS
from public.api.problems import TITLES
from public.api.schema import description

Schema = dict[str, Any]

GUIDE = settings.BASE_DIR / "docs" / "api.md"
GUIDE_HOST = "https://review.example.org"
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").use(anchors_plugin)


def index(request):
    """Every operation, by what it is about."""
    context = {
        "about": paragraphs(description()["info"]["description"]),
        "groups": [
            {
                **tag,
                "operations": [one for one in operations().values() if one["tag"] == tag["name"]],
            }
            for tag in description()["tags"]
        ],
    }
    return render(request, "public/api/index.html", context)


def operation(request, name: str):
    """One operation: what it takes, what it answers, and a form to try it."""
    shown = operation_or_404(name)
    said = shown["said"]
    context = {
        "path": [{"url": reverse("public:api-docs"), "name": _("API")}],
        "operation": shown,
        "parameters": [parameter_in_words(one) for one in said["parameters"]],
        "sent": shapes_of(body) if (body := body_of(said)) else [],
        "example_sent": example_sent(said),
        "answers": [answer_in_words(status, one) for status, one in said["responses"].items()],
        "shapes": shapes_of(answer_of(said)),
        "example": example_in(answer_of(said)),
        "can_be_tried": can_be_tried(shown),
    }
    return render(request, "public/api/operation.html", context)


def try_it(request, name: str):
    """From the form to the API: the code goes into the path, and empty fields nowhere."""
    shown = operation_or_404(name)
    if not can_be_tried(shown):
        raise Http404
    known = {one["name"]: one for one in shown["said"]["parameters"]}
    address, asked = shown["path"], []
    for parameter, value in request.GET.items():
        if parameter not in known or not value:
            continue
        if known[parameter]["in"] == "path":
            address = address.replace(f"{{{parameter}}}", quote(value, safe=""))
        elif known[parameter]["in"] == "query":
            asked.append((parameter, value))
    if "{" in address:  # without a code there is nothing to ask
        return HttpResponseRedirect(reverse("public:api-operation", args=[name]))
    return HttpResponseRedirect(f"{address}?{urlencode(asked)}" if asked else address)


def guide(request):
    """The guide with its recipes, `docs/api.md`, with the address of this site in them."""
    text = GUIDE.read_text(encoding="utf-8").partition("\n")[2]  # the page has its own title
    here = request.build_absolute_uri("/").rstrip("/")
    context = {
        "path": [{"url": reverse("public:api-docs"), "name": _("API")}],
        "text": mark_safe(MARKDOWN.render(text.replace(GUIDE_HOST, here))),  # noqa: S308  our own file, and raw HTML is off
    }
    return render(request, "public/api/guide.html", context)


def problems(request):
    """What each kind of refusal means, and what to do."""
    context = {
        "path": [{"url": reverse("public:api-docs"), "name": _("API")}],
        "problems": [
            {"kind": kind, "title": TITLES[kind], "means": means, "do": do}
            for kind, (means, do) in EXPLANATIONS.items()
        ],
    }
    return render(request, "public/api/problems.html", context)


# --- What the description says, for people --------------------------------------------------


@cache
def operations() -> dict[str, dict[str, Any]]:
    """Every operation by its name, in the order of the addresses."""
    return {
        said["operationId"]: {
            "name": said["operationId"],
            "method": method.upper(),
            "path": path,
            "summary": said["summary"],
            "tag": said["tags"][0],
            "said": said,
        }
        for path, methods in description()["paths"].items()
        for method, said in methods.items()
    }


def operation_or_404(name: str) -> dict[str, Any]:
    if name not in operations():
        raise Http404
    return operations()[name]


def can_be_tried(shown: dict[str, Any]) -> bool:
    """Whatever is only read, without a token."""
    return shown["method"] == "GET" and "security" not in shown["said"]


def paragraphs(text: str) -> list[dict[str, Any]]:
    """The description's plain Markdown: paragraphs, and lists of lines that begin with *."""
    found = []
    for block in text.strip().split("\n\n"):
        lines = block.splitlines()
        items = [line.removeprefix("* ") for line in lines] if block.startswith("* ") else []
        found.append({"text": "" if items else block, "items": items})
    return found


def resolved(part: Schema) -> Schema:
    """What a reference stands for."""
    if "$ref" not in part:
        return part
    _root, _components, place, name = part["$ref"].split("/")
    return description()["components"][place][name]


def type_in_words(schema: Schema) -> dict[str, Any]:
    """A type for people: words, and the shape that it leads to."""
    many = False
    may_be_null = False
    while True:
        if "anyOf" in schema:
            others = [one for one in schema["anyOf"] if one != {"type": "null"}]
            may_be_null = may_be_null or len(others) < len(schema["anyOf"])
            if "type" in schema:
                break
            schema = others[0]
        elif schema.get("type") == "array" and "items" in schema:
            many, schema = True, schema["items"]
        elif isinstance(schema.get("additionalProperties"), dict):
            schema = schema["additionalProperties"]
        else:
            break
    types = schema.get("type", "string")
    names = [types] if isinstance(types, str) else types
    shape = schema["$ref"].rpartition("/")[2] if "$ref" in schema else ""
    return {
        "shape": shape,
        "words": "" if shape else " / ".join(word_for(name, schema) for name in names),
        "many": many,
        "may_be_null": may_be_null and "null" not in names,
        "values": [value for value in schema.get("enum", []) if value != ""],
    }


def word_for(name: str, schema: Schema) -> str:
    """A JSON type in words."""
    of_text = {
        "date": _("day (2024-03-11)"),
        "date-time": _("moment (2024-03-11T09:00:00Z)"),
        "uri": _("web address"),
    }
    words = {
        "string": _("text"),
        "integer": _("whole number"),
        "number": _("number"),
        "boolean": _("true or false"),
        "null": _("null"),
        "array": _("list"),
        "object": _("object"),
    }
    if name == "string" and "anyOf" in schema:
        return " / ".join(of_text[one["format"]] for one in schema["anyOf"])
    return of_text.get(schema.get("format", ""), words[name])


def parameter_in_words(parameter: Schema) -> dict[str, Any]:
    schema = parameter["schema"]
    return {
        **parameter,
        "place": parameter["in"],
        "type": type_in_words(schema),
        "default": schema.get("default"),
        "codes": schema.get("items", schema).get("x-codes-of", ""),
        "is_repeated": schema.get("type") == "array" and parameter.get("explode", True),
        "is_choice": "enum" in schema.get("items", schema) and parameter.get("explode", True),
    }


def answer_in_words(status: str, answer: Schema) -> dict[str, Any]:
    answer = resolved(answer)
    return {
        "status": status,
        "description": answer["description"],
        "media": list(answer.get("content", {})),
        "headers": list(answer.get("headers", {})),
    }


def answer_of(said: Schema) -> Schema:
    """The shape of the good answer."""
    status = min(said["responses"])
    return said["responses"][status]["content"]["application/json"]["schema"]


def body_of(said: Schema) -> Schema | None:
    """The shape of what is sent."""
    content = said.get("requestBody", {}).get("content", {})
    return content["application/json"]["schema"] if content else None


def example_sent(said: Schema) -> str:
    content = said.get("requestBody", {}).get("content", {})
    return indented(content["application/json"]["example"]) if content else ""


def example_in(schema: Schema) -> str:
    """The first example in a shape, or in what it lists."""
    for shape in shapes_of(schema):
        if examples := shape["examples"]:
            return indented(examples[0])
    return ""


def indented(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def shapes_of(schema: Schema) -> list[dict[str, Any]]:
    """A shape and those inside it, each once, the outermost first."""
    waiting, found = [schema], {}
    while waiting:
        part = waiting.pop(0)
        if name := part.get("$ref", "").rpartition("/")[2]:
            if name in found:
                continue
            shape = resolved(part)
            found[name] = {
                "name": name,
                "description": shape["description"],
                "examples": shape.get("examples", []),
                "fields": [
                    {
                        "name": field,
                        "type": type_in_words(one),
                        "description": one.get("description", ""),
                    }
                    for field, one in shape.get("properties", {}).items()
                ],
            }
            part = shape
        inner = [*part.get("properties", {}).values(), *part.get("anyOf", ())]
        inner += [part[name] for name in ("items", "additionalProperties") if name in part]
        waiting += [one for one in inner if isinstance(one, dict)]
    return list(found.values())
