"""Texts of the API's description in pages."""

from django import template
from django.utils.safestring import mark_safe
from markdown_it import MarkdownIt

register = template.Library()

MARKDOWN = MarkdownIt("commonmark", {"html": False})


@register.filter
def inline(text: str) -> str:
    """A description in Markdown, of a line: `code` becomes code."""
    return mark_safe(MARKDOWN.renderInline(text))  # noqa: S308  it escapes HTML
