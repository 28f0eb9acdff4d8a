"""A picture as a file that stands by itself: SVG and PNG with all that must be said, and tables.

The drawing is the page's, but for its links. Style sheets do not reach a file that is shown in
another program, so each class becomes the attributes that say the same, in the light colours.
"""

import io
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from textwrap import wrap

import resvg_py
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from public.pictures.picture import Picture
from public.sheets import NOT_XML, Sheet, csv_lines, write_xlsx
from public.templatetags.review import day

WIDTH, MARGIN = 760, 30
FONTS = Path(__file__).with_name("fonts")
SHARPNESS = 2  # pixels of PNG for each unit of SVG

# The light colours of static/css/tokens.css and site/pictures.css; a test compares them.
COLOURS = {
    "paper": "#faf6ee",
    "ink": "#211c17",
    "ink-quiet": "#645a4f",
    "hairline": "#ddd3c3",
    "on-cluster": "#fffdf8",
    "cluster-1": "#2e5843",
    "cluster-2": "#1d69bd",
    "cluster-3": "#ab4d0b",
    "cluster-4": "#743469",
    "step-1": "#ece1cd",
    "step-2": "#d3c2a6",
    "step-3": "#ab977a",
    "step-4": "#6a5943",
    "step-5": "#2d251c",
    "on-pale": "#211c17",
    "on-deep": "#fffdf8",
}
SERIF = "'Reviewhub Serif', 'Source Serif 4', Georgia, serif"
SANS = "'Reviewhub Sans', 'Source Sans 3', Arial, sans-serif"

ATTRIBUTES = {
    "paper": {"fill": COLOURS["paper"]},
    "title": {"font-family": SERIF, "font-size": "26"},
    "note": {"font-size": "15", "fill": COLOURS["ink-quiet"]},
    "small": {"font-size": "13", "fill": COLOURS["ink-quiet"]},
    "hairline": {"fill": COLOURS["hairline"]},
    "base": {"fill": COLOURS["ink"]},
    "column": {"fill": COLOURS["ink"]},
    **{f"hue-{place}": {"fill": COLOURS[f"cluster-{place}"]} for place in (1, 2, 3, 4)},
    "step-0": {"fill": "none", "stroke": COLOURS["hairline"]},
    **{f"step-{step}": {"fill": COLOURS[f"step-{step}"]} for step in (1, 2, 3, 4, 5)},
    "on-0": {"fill": COLOURS["ink-quiet"]},
    **{f"on-{step}": {"fill": COLOURS["on-pale"]} for step in (1, 2, 3)},
    **{f"on-{step}": {"fill": COLOURS["on-deep"]} for step in (4, 5)},
    "tile-code": {"font-size": "11"},
    "tile-number": {"font-size": "17", "font-weight": "600"},
    "column-number": {"font-size": "13", "font-weight": "600"},
    "column-label": {"font-size": "13"},
    "bar-name": {"font-size": "15"},
    "bar-number": {"font-size": "15", "font-weight": "600"},
    "badge-number": {
        "font-size": "14",
        "font-weight": "600",
        "text-anchor": "middle",
        "fill": COLOURS["on-cluster"],
    },
    "head-number": {
        "font-size": "12",
        "font-weight": "600",
        "text-anchor": "middle",
        "fill": COLOURS["on-cluster"],
    },
    "cell-number": {"font-size": "11", "font-weight": "600", "text-anchor": "middle"},
    "cell-total": {"font-size": "11", "text-anchor": "end"},
    "grand-total": {"font-size": "11", "font-weight": "600", "text-anchor": "end"},
    "row-name": {"font-size": "12"},
    "row-total": {"font-size": "12", "font-weight": "600"},
    "heading": {"font-size": "13", "text-anchor": "middle", "fill": COLOURS["ink-quiet"]},
}


def svg_of(picture: Picture, address: str) -> str:
    """The picture with title, description, rule, source and time. `address` leads to the list."""
    lines, y = [], 18
    for text, look, characters, height, most in (
        (picture.title, "title", 58, 32, 4),
        (picture.description, "note", 96, 21, 4),
    ):
        for line in wrap(text, characters, max_lines=most, placeholder=" …"):
            y += height
            lines.append({"text": line, "class": look, "y": y})
    top = y + 24
    y = bottom = top + picture.drawing.height + 20
    for text in (picture.rule, _source(picture, address)):
        for line in wrap(text, 110, max_lines=4, placeholder=" …"):
            y += 18
            lines.append({"text": line, "class": "small", "y": y})
    values = {
        "picture": picture,
        "drawing": picture.drawing.in_file,
        "lines": lines,
        "top": top,
        "bottom": bottom,
        "width": WIDTH,
        "inner_width": WIDTH - 2 * MARGIN,
        "margin": MARGIN,
        "height": y + MARGIN,
        "language": get_language(),
        "letters": SANS,
        "ink": COLOURS["ink"],
    }
    return _dressed(NOT_XML.sub("", render_to_string("public/pictures/file.svg", values)))


def png_of(svg: str) -> bytes:
    """The same as pixels, in our letters."""
    return resvg_py.svg_to_bytes(
        svg_string=svg,
        zoom=SHARPNESS,
        skip_system_fonts=True,
        font_files=_fonts(),
        font_family="Reviewhub Sans",
    )


def csv_of(picture: Picture) -> Iterator[str]:
    """The table of the picture, each row with its code."""
    return csv_lines([picture.key, *picture.columns], _rows(picture))


def xlsx_of(picture: Picture) -> bytes:
    """The same as a workbook."""
    file = io.BytesIO()
    widths = [10, 40, *[12] * (len(picture.columns) - 1)]
    header = [picture.key, *picture.columns]
    write_xlsx(file, [Sheet(picture.name, header, _rows(picture), widths)])
    return file.getvalue()


def _rows(picture: Picture) -> list[list[str | int]]:
    return [[key, *row] for key, row in zip(picture.keys, picture.rows, strict=True)]


def _source(picture: Picture, address: str) -> str:
    return _("Source: %(site)s, %(address)s, as of %(day)s, %(time)s UTC.") % {
        "site": settings.SITE_NAME,
        "address": address,
        "day": day(picture.as_of),
        "time": f"{picture.as_of:%H:%M}",
    }


def _dressed(svg: str) -> str:
    """Attributes instead of classes. No text looks like one: its quotation marks are escaped."""
    return re.sub(r'class="([^"]*)"', lambda match: _attributes(match[1]), svg)


@cache
def _attributes(classes: str) -> str:
    merged: dict[str, str] = {}
    for name in classes.split():
        merged |= ATTRIBUTES.get(name, {})
    return " ".join(f'{name}="{value}"' for name, value in merged.items())


@cache
def _fonts() -> list[str]:
    return sorted(str(path) for path in FONTS.glob("*.ttf"))
