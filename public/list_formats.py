"""The forms in which a list can be taken: what people call them, and what machines do."""

from typing import NamedTuple

from django.utils.translation import gettext as _

from public.sheets import CSV, XLSX


class ListFormat(NamedTuple):
    """A form of a list; `is_file` is false where a program reads it again and again."""

    name: str
    ending: str
    media_type: str
    is_file: bool = True


def formats_of(kind: str) -> list[ListFormat]:
    """The forms that a list of this kind has."""
    formats = [
        ListFormat("CSV", "csv", CSV.split(";")[0]),
        ListFormat("XLSX", "xlsx", XLSX),
        ListFormat(_("Atom feed"), "atom", "application/atom+xml", is_file=False),
    ]
    if kind == "roundtable":
        formats.append(ListFormat(_("Calendar"), "ics", "text/calendar"))
    return formats
