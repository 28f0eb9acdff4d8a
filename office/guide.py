"""The staff guide, `docs/staff-guide.md`, as a page of the office that each screen links to."""

from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from mdit_py_plugins.attrs import attrs_block_plugin

from office.pages import office_page

DOCS = settings.BASE_DIR / "docs"
PICTURES = DOCS / "images" / "staff-guide"

# Without raw HTML: the guide is text. `{#steps}` above a heading gives it its address.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").use(attrs_block_plugin)


def guide_file(language: str) -> tuple[Path, str]:
    """The guide in this language if it has been translated, else in English; and its language."""
    translated = DOCS / f"staff-guide.{language}.md"
    return (translated, language) if translated.exists() else (DOCS / "staff-guide.md", "en")


def chapters(text: str) -> list[tuple[str, str]]:
    """Address and title of each chapter of the guide."""
    tokens = MARKDOWN.parse(text)
    return [
        (str(token.attrGet("id") or ""), tokens[place + 1].content)
        for place, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]


def page(request):
    """The whole guide on one page, with its contents."""
    file, language = guide_file((get_language() or "en")[:2])
    text = file.read_text(encoding="utf-8")
    body = text.split("\n", 1)[1] if text.startswith("# ") else text  # the page has its own title
    return office_page(
        request,
        "office/guide.html",
        title=_("Guide for staff"),
        chapters=chapters(text),
        language=language,
        text=mark_safe(MARKDOWN.render(body)),  # noqa: S308  our own file, and raw HTML is off
    )


def picture(request, name: str):
    """A screenshot of the guide."""
    file = PICTURES / f"{name}.png"
    if not file.exists():
        raise Http404
    return FileResponse(file.open("rb"), content_type="image/png")
