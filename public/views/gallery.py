"""The gallery of components: in development only, for whoever changes them."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404
from django.template.loader import render_to_string

from public.moments import Moment
from public.samples import SAMPLES
from public.views.frame import framed

FOLDER = Path(settings.BASE_DIR) / "templates" / "public" / "components"
ABOUT = re.compile(r"{# (.*?) #}")

# component → what it stands inside, where it cannot stand by itself
INSIDE = {
    "count": "counts",
    "number": "row",
    "opengraph": "source",
    "sitting": "programme",
    "suggesting": "source",
}


def page(request):
    """Every component with sample values, its name, and the line that says what it takes.

    It reads no record. Its own words are for developers, and are not translated.
    """
    if not settings.DEBUG:
        raise Http404
    components = [_shown(request, path) for path in sorted(FOLDER.glob("*.html"))]
    return framed(request, Moment(request), "public/gallery.html", {"components": components})


def _shown(request, path: Path) -> dict[str, Any]:
    about = ABOUT.match(path.read_text(encoding="utf-8"))
    name = path.stem
    return {
        "name": name,
        "about": about[1] if about else "",
        "inside": INSIDE.get(name, ""),
        "html": render_to_string(f"public/components/{path.name}", SAMPLES.get(name, {}), request),
    }
