"""How figures are entered, where a screen asks for more than the columns."""

import re
from itertools import count

from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from office.forms import CodedForm


class FigureForm(CodedForm):
    """country_networks: what it counts, in small letters."""

    made_of = _("what it counts, if that has Latin letters")

    def codes(self, cleaned):
        words = re.sub(r"[^a-z0-9]+", "_", slugify(cleaned.get("title") or ""))[:50]
        stem = words.lstrip("_0123456789").rstrip("_")
        if stem:
            yield stem
            yield from (f"{stem}_{number}" for number in count(2))
