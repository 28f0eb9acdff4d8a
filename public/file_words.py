"""The words for what the room of files says: why one is refused, and what was found in one.

A refusal says what is wrong, where, and how to mend it. A finding is no fault: it says what
becomes public with the file that nobody sees at first.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext, ngettext_lazy

Finding = tuple[str, int, list[str]]  # its kind, how often, samples

# By the code of `inspection.findings.Refused`.
REFUSALS = {
    "unknown": gettext_noop(
        "This is no PDF, DOCX, XLSX, PPTX, ODT, PNG or JPEG file, whatever its name says: save it"
        " as one of these, then choose it again."
    ),
    "old_office": gettext_noop(
        "This is a file of an old office program (DOC, XLS, PPT): save it as DOCX, XLSX, PPTX or"
        " PDF, then choose it again."
    ),
    "password": gettext_noop(
        "This file is protected by a password: save it without one, then choose it again."
    ),
    "macros": gettext_noop(
        "This file contains macros (%(where)s), which could do harm on readers' computers: save it"
        " as a PDF, or as a document without macros, then choose it again."
    ),
    "objects": gettext_noop(
        "This file contains an embedded object (%(where)s) that could run on readers' computers:"
        " save it as a PDF, or remove the object, then choose it again."
    ),
    "starts": gettext_noop(
        "This file can start a program or take in data from one (%(where)s): remove the field,"
        " button or link that does it, or save the file as a PDF, then choose it again."
    ),
    "outside": gettext_noop(
        "This file loads something from elsewhere (%(target)s; %(where)s), which would tell"
        " others who reads it: break its links to other files, or save it as a PDF, then choose it"
        " again."
    ),
    "scripts": gettext_noop(
        "This PDF contains scripts, or starts programs, sounds or films, which could do harm on"
        " readers' computers (%(where)s): print it to a new PDF, then choose that."
    ),
    "attachment": gettext_noop(
        "Other files are attached to this PDF, and would be published with it (%(where)s): remove"
        " them, or print it to a new PDF, then choose that. Add what is attached as files of their"
        " own."
    ),
    "nested": gettext_noop(
        "Documents lie within documents in this file, more than %(most)d deep (%(where)s): save it"
        " as a PDF, or remove the innermost ones, then choose it again."
    ),
    "paths": gettext_noop(
        "A part of this file has a name that would lead out of it (%(where)s), which no office"
        " program writes: open it on your computer, save it again, then choose it again."
    ),
    "twice": gettext_noop(
        "Two parts of this file have the same name (%(where)s), so that programs could show"
        " different things: open it on your computer, save it again, then choose it again."
    ),
    "declares": gettext_noop(
        "A part of this file (%(where)s) declares words of its own, which can grow without end and"
        " which no office program writes: save it again, or as a PDF, then choose it again."
    ),
    "damaged": gettext_noop(
        "This file is damaged (%(where)s), or did not arrive whole: open it on your computer, save"
        " it again, then choose it again."
    ),
    "damaged_pdf": gettext_noop(
        "This PDF is damaged or made in an unusual way, so that nobody can say what is in it:"
        " print it to a new PDF, then choose that."
    ),
    "parts": gettext_noop(
        "This file has more than %(most)d parts: save it as a PDF, or in several files."
    ),
    "unpacked": gettext_noop(
        "This file is packed: what is in it has more than %(most)d MB. Save it as a PDF, or in"
        " several files."
    ),
    "cells": gettext_noop(
        "This workbook has more than %(most)d cells (%(where)s): delete what is empty below and"
        " beside the tables, or save it in several files."
    ),
    "pages": gettext_noop(
        "This PDF has %(count)d pages, at most %(most)d are possible: save it in several files."
    ),
    "pixels": gettext_noop(
        "This picture has %(width)d × %(height)d dots, at most %(most)d million are possible: save"
        " it smaller, then choose it again."
    ),
    "pdf_work": gettext_noop(
        "This PDF holds far more than its size lets expect: print it to a new PDF, or save it in"
        " several files."
    ),
    "work": gettext_noop(
        "Looking into this file takes far more work than a document does: save it as a PDF, or in"
        " several files."
    ),
    "memory": gettext_noop(
        "Looking into this file takes far more memory than a document does: save it as a PDF, or"
        " in several files."
    ),
}

# By kind, in the order in which they are told: what should not be public comes first.
FINDINGS = {
    "tracked": ngettext_lazy(
        "%(count)d tracked change: what was deleted can still be read.",
        "%(count)d tracked changes: what was deleted can still be read.",
        "count",
    ),
    "comments": ngettext_lazy("%(count)d comment.", "%(count)d comments.", "count"),
    "hidden_text": ngettext_lazy(
        "%(count)d passage of hidden text.", "%(count)d passages of hidden text.", "count"
    ),
    "invisible_text": ngettext_lazy(
        "%(count)d page with text that is not shown but can be copied, as scanners write it.",
        "%(count)d pages with text that is not shown but can be copied, as scanners write it.",
        "count",
    ),
    "hidden_sheets": ngettext_lazy("%(count)d hidden sheet:", "%(count)d hidden sheets:", "count"),
    "hidden_rows": ngettext_lazy("%(count)d hidden row, in", "%(count)d hidden rows, in", "count"),
    "hidden_columns": ngettext_lazy(
        "%(count)d group of hidden columns, in", "%(count)d groups of hidden columns, in", "count"
    ),
    "pivot_rows": ngettext_lazy(
        "%(count)d row of data behind pivot tables, also if its sheet is gone.",
        "%(count)d rows of data behind pivot tables, also if their sheet is gone.",
        "count",
    ),
    "hidden_slides": ngettext_lazy(
        "%(count)d hidden slide: number", "%(count)d hidden slides: numbers", "count"
    ),
    "hidden_objects": ngettext_lazy(
        "%(count)d hidden object on slides:", "%(count)d hidden objects on slides:", "count"
    ),
    "notes": ngettext_lazy(
        "Notes for the speaker on %(count)d slide:",
        "Notes for the speaker on %(count)d slides:",
        "count",
    ),
    "layers": ngettext_lazy(
        "%(count)d layer that is not shown:", "%(count)d layers that are not shown:", "count"
    ),
    "earlier": ngettext_lazy(
        "%(count)d earlier version is still in the file.",
        "%(count)d earlier versions are still in the file.",
        "count",
    ),
    "embedded": ngettext_lazy(
        "%(count)d document within the document:",
        "%(count)d documents within the document:",
        "count",
    ),
    "place": ngettext_lazy(
        "The place where %(count)d picture was taken:",
        "The places where %(count)d pictures were taken:",
        "count",
    ),
    "thumbnail": ngettext_lazy(
        "%(count)d small copy of the picture, maybe from before it was cropped.",
        "%(count)d small copies of the picture, maybe from before it was cropped.",
        "count",
    ),
    "appended": ngettext_lazy(
        "%(count)d byte after the end of the picture, such as a short film.",
        "%(count)d bytes after the end of the picture, such as a short film.",
        "count",
    ),
    "names": ngettext_lazy(
        "The name of %(count)d person:", "The names of %(count)d people:", "count"
    ),
    "local_paths": ngettext_lazy(
        "%(count)d link into somebody's own computer or network:",
        "%(count)d links into somebody's own computer or network:",
        "count",
    ),
    "properties": ngettext_lazy(
        "%(count)d thing that the file says of itself:",
        "%(count)d things that the file says of itself:",
        "count",
    ),
}


class Told(NamedTuple):
    """A finding in words, with samples in the words of the file."""

    says: str
    samples: list[str]
    more: int  # that are not among the samples


def refusal(code: str, said: dict[str, Any]) -> str:
    """Why a file is refused, where, and what to do."""
    page = said.get("page")
    where = _("page %d") % page if page else said.get("where") or _("the file as a whole")
    return _(REFUSALS[code]) % (said | {"where": where})


def told(findings: Iterable[Finding]) -> list[Told]:
    """What was found in a file, the gravest first."""
    order = list(FINDINGS)
    known = sorted(
        (one for one in findings if one[0] in FINDINGS), key=lambda one: order.index(one[0])
    )
    return [
        Told(str(FINDINGS[code] % {"count": count}), samples, _more(code, count, samples))
        for code, count, samples in known
    ]


def _more(code: str, count: int, samples: list[str]) -> int:
    """How many are not shown, where each would have been."""
    return max(count - len(samples), 0) if samples and code in EACH_HAS_A_SAMPLE else 0


EACH_HAS_A_SAMPLE = {"comments", "hidden_text", "hidden_sheets", "hidden_slides", "notes", "names"}


def in_one_line(one: Told) -> str:
    """For lists where there is room for a line each."""
    said = f"{one.says} {'; '.join(one.samples)}" if one.samples else one.says
    more = ngettext("and %(count)d more", "and %(count)d more", one.more) % {"count": one.more}
    return f"{said}; {more}" if one.more else said
