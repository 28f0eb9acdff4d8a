"""Static files as they are served in production: hashed, packed, and one sheet for each page."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORT = re.compile(r'^@import url\("([a-z_/]+\.css)"\);\n', re.MULTILINE)


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Puts the sheets that a sheet imports into it, so that a browser waits for one file only.

    In development the browser follows the imports itself, and every rule keeps its file and line.
    """

    def post_process(
        self, paths: dict[str, tuple[Storage, str]], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str | None, bool]]:
        joined = InMemoryStorage()
        found = dict(paths)
        for path in paths:
            if path.startswith("css/") and path.count("/") == 1:
                whole = sheet(paths, path)
                if whole is not None:
                    joined.save(path, ContentFile(whole.encode()))
                    found[path] = (joined, path)
        yield from super().post_process(found, *args, **options)


def sheet(paths: dict[str, tuple[Storage, str]], path: str) -> str | None:
    """The sheet with those that it imports in their places; None if it imports none.

    Nothing below the folder `css` may name a file beside itself: its text moves up one folder.
    """
    text = read(paths, path)
    folder = path.rpartition("/")[0]
    whole, imports = IMPORT.subn(lambda one: read(paths, f"{folder}/{one[1]}"), text)
    return whole if imports else None


def read(paths: dict[str, tuple[Storage, str]], path: str) -> str:
    storage, name = paths[path]
    with storage.open(name) as file:
        return file.read().decode()
