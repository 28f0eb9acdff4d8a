"""What the page of a recommendation shows: what is asked of whom, and what was done."""

from django.utils.translation import gettext as _

from public.documents import RecommendationDocument
from public.models import PublicRecord
from public.moments import Moment
from public.views.record_page import RecordPage, fact, word
from public.words import Addressee, Strength


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a recommendation shows."""
    document: RecommendationDocument = record.content
    page = RecordPage(
        request,
        moment,
        record,
        [("roundtable", document.roundtable), ("recommendation", document.continues)],
    )
    cycle = page.names.cycles.get(document.cycle)
    continued_by = (
        PublicRecord.objects.visible(moment.at)
        .of_kind("recommendation")
        .filter(document__continues=record.code)
        .order_by("code")
    )
    roundtable = page.record_link("roundtable", document.roundtable)
    return page.context(
        trail=[page.cycle_link(document.cycle), roundtable],
        facts=[
            fact(_("Asked by"), page.cycle_link(document.cycle)),
            fact(_("Roundtable"), roundtable or _("None: a general recommendation")),
            fact(_("Number"), str(document.number)),
            fact(_("Strength"), word(Strength, document.strength) if document.strength else ""),
            fact(_("Addressed to"), *(word(Addressee, one) for one in document.addressed_to)),
            fact(_("Continues"), page.record_link("recommendation", document.continues)),
            fact(_("Continued by"), *map(page.link_to, continued_by)),
        ],
        heading=_("Recommendation %(number)d") % {"number": document.number},
        cycle_name=cycle.short_name if cycle else document.cycle,
        text=document.text,
        follow_up=document.follow_up,
    )
