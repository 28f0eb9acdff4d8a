"""What the page of a report shows: who reported what, objective by objective."""

from itertools import count

from django.utils.translation import gettext as _

from public.documents import ReportDocument, Section
from public.moments import Moment
from public.names import Names
from public.templatetags.review import day
from public.views.record_page import Named, RecordPage, day_of, fact, word
from public.words import Evidence, ReportType


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a report shows."""
    page = RecordPage(request, moment, record)
    document: ReportDocument = page.document
    cycle = page.cycle_link(document.cycle)
    received = document.evidence == Evidence.RECEIVED
    own_name = Named(document.party_name, language=document.language)
    return page.context(
        trail=[cycle],
        facts=[
            fact(_("Submitted by"), page.party_link(document.party), own_name),
            fact(_("Submitted to"), cycle),
            fact(_("Submitted on"), day(day_of(document.submitted_on))),
            fact(_("Type"), word(ReportType, document.type)),
            fact(_("How it is known"), word(Evidence, document.evidence)),
        ],
        sections=_sections(document.sections, page.names),
        known_from="" if received else dict(Evidence.choices).get(document.evidence, ""),
    )


def _sections(sections: list[Section], names: Names) -> list[dict]:
    """The sections in the order of the report, each with an anchor that never changes."""
    general = count(1)
    shown = []
    for section in sections:
        objective = names.objectives.get(section.objective or 0)
        if section.objective:
            anchor = f"objective-{section.objective}"
            name = objective["short_title"] if objective else ""
        else:
            anchor, name = f"general-{next(general)}", _("In general")
        shown.append(
            {
                "anchor": anchor,
                "objective": objective and {**objective, "primary": True},
                "title": section.title or name or _("Objective %d") % section.objective,
                "is_own_title": bool(section.title),
                "text": section.text,
            }
        )
    return shown
