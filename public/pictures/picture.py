"""What a picture is: a drawing with all that must stand beside it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString


@dataclass(frozen=True)
class Drawing:
    """The figures as shapes: markup for the page, and SVG for a file of its own.

    Both are made of the same values. `height` is that of the drawing in the file; in a page it
    takes the room there is. `is_table` says that the page's markup is a table already.
    """

    values: dict[str, Any]
    page_template: str
    file_template: str
    height: int
    is_table: bool = False

    @property
    def in_page(self) -> SafeString:
        """As the page shows it: with links, and coloured by the page's style sheet."""
        return render_to_string(self.page_template, self.values)

    @property
    def in_frame(self) -> SafeString:
        """The same on a page of another site, where a link must not open inside the frame."""
        return render_to_string(self.page_template, {**self.values, "in_frame": True})

    @property
    def in_file(self) -> SafeString:
        """As SVG, without links."""
        return render_to_string(self.file_template, {**self.values, "in_file": True})


@dataclass(frozen=True)
class Picture:
    """A picture with all that must stand beside it.

    `columns` are the headings of its table, `rows` its cells (the first one the name of the row),
    `links` an address for each row or None; `keys` the code of each row under the heading `key`,
    for files. `query` is what the address of its other forms asks, `list_url` leads to the records
    that are counted.
    """

    name: str
    title: str
    description: str
    drawing: Drawing
    key: str
    keys: Sequence[str | int]
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    links: Sequence[str | None]
    rule: str
    as_of: datetime
    query: str
    list_url: str

    @property
    def id(self) -> str:
        """Tells it from other pictures on a page."""
        return f"picture-{self.name}-{zlib.crc32(self.query.encode()):x}"

    @property
    def frame_height(self) -> int:
        """How high a frame on another site should be; pages need more room than files."""
        return 300 + self.drawing.height * 3 // 2

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows of its table, each with its address."""
        return [
            {"name": row[0], "cells": row[1:], "url": url}
            for row, url in zip(self.rows, self.links, strict=True)
        ]
