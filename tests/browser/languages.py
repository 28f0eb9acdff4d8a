"""In which languages the pages of a walk are opened."""

import os
from collections.abc import Iterable

LANGUAGES = ("en", "fr", "ru")


def walk(paths: Iterable[str]) -> list[str]:
    """The addresses to open: the languages take turns; with `make walk` each page has them all."""
    return [
        path if language == "en" else f"/{language}{path}"
        for place, path in enumerate(paths)
        for language in (LANGUAGES if os.environ.get("WALK") else [LANGUAGES[place % 3]])
    ]
