"""What a picture is: a drawing with all that must stand beside it."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

SHEET_WIDTH = 700  # of a drawing in a file of its own; in a page it takes the room there is


@dataclass(frozen=True)
class Drawing:
    """The figures as shapes: markup for the page, and SVG for a sheet of its own.

    Both are made of the same values; `height` is that of the drawing on its sheet.
    """

    values: dict[str, Any]
    page_template: str
    sheet_template: str
    height: int

    @property
    def in_page(self) -> SafeString:
        """As the page shows it: with links, and coloured by the page's style sheet."""
        return render_to_string(self.page_template, self.values)

    @property
    def on_sheet(self) -> SafeString:
        """As SVG, `SHEET_WIDTH` wide, without links."""
        return render_to_string(self.sheet_template, {**self.values, "on_sheet": True})


@dataclass(frozen=True)
class Picture:
    """A picture with all that must stand beside it.

    `columns` are the headings of its table, `rows` its cells (the first one the name of the row),
    `links` an address for each row or None. `query` is what the address of its other forms asks,
    `list_url` the list whose records are counted.
    """

    name: str
    title: str
    description: str
    drawing: Drawing
    columns: Sequence[str]
    rows: Sequence[Sequence[str | int]]
    links: Sequence[str | None]
    rule: str
    as_of: datetime
    query: str
    list_url: str = field(default="")

    @property
    def id(self) -> str:
        """Tells it from other pictures on a page."""
        return f"picture-{self.name}-{zlib.crc32(self.query.encode()):x}"

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The rows of the table, each with its address."""
        return [
            {"name": row[0], "cells": row[1:], "url": url}
            for row, url in zip(self.rows, self.links, strict=True)
        ]
