"""What the page of a practice shows."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from public.documents import PracticeDocument
from public.moments import Moment
from public.views.record_page import Named, RecordPage, fact, word
from public.words import Level


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a practice shows."""
    page = RecordPage(request, moment, record)
    document: PracticeDocument = page.document
    leader = Named(document.lead_implementer, language=document.language)
    return page.context(
        trail=page.objective_steps(),
        facts=[
            page.states_fact(),
            fact(
                _("Partners outside the region"),
                *(page.names.countries.get(one, one) for one in document.partner_countries),
            ),
            fact(_("Submitted by"), page.party_link(document.party)),
            fact(_("Led by"), leader),
            page.implementers_fact(document.implementer_types),
            fact(
                pgettext("from local to global", "Level"),
                word(Level, document.level) if document.level else "",
            ),
            fact(_("Years"), _years(document.year_start, document.year_end)),
            page.principles_fact(),
            page.goals_fact(),
            fact(
                _("COVID-19"),
                _("Part of the response to the pandemic") if document.covid19 else "",
            ),
            page.cycle_fact(),
        ],
    )


def _years(start: int | None, end: int | None) -> str:
    if start and end:
        return str(start) if start == end else f"{start}–{end}"
    if start:
        return _("since %(year)s") % {"year": start}
    return _("until %(year)s") % {"year": end} if end else ""
