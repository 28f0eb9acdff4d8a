"""Files as pages show them: what readers want to know before they fetch one."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language_info

from public.documents import File
from public.file_types import ENDINGS
from public.names import Names
from public.words import FileKind


def shown_files(files: Iterable[File], names: Names) -> list[dict[str, Any]]:
    """What `components/file_list.html` shows, background notes first."""
    first = sorted(files, key=lambda file: file.kind != FileKind.BACKGROUND_NOTE)
    return [_shown(file, names) for file in first]


def _shown(file: File, names: Names) -> dict[str, Any]:
    return {
        "url": names.address("public:file", args=[file.sha256, file.name]),
        "title": file.title or file.name,
        "language": file.language,
        "language_name": get_language_info(file.language)["name_translated"],
        "kind": capfirst(str(dict(FileKind.choices).get(file.kind, file.kind))),
        "type": ENDINGS.get(file.media_type, [""])[0].lstrip(".").upper(),
        "bytes": file.bytes,
        "pages": file.pages,
    }
