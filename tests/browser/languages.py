"""In which languages the pages of a walk are opened."""

import os
from collections.abc import Iterable

LANGUAGES = ("en", "fr", "ru")


def address(language: str, path: str) -> str:
    """Where this page is in this language."""
    return path if language == "en" else f"/{language}{path}"


def walk(paths: Iterable[str]) -> list[str]:
    """The addresses to open: the languages take turns; with `make walk` each page has them all."""
    return [
        address(language, path)
        for place, path in enumerate(paths)
        for language in (LANGUAGES if os.environ.get("WALK") else [LANGUAGES[place % 3]])
    ]
