"""What the page of a practice shows."""

from django.conf import settings
from django.db.models import F, Q
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from public.disclaimers import disclaimers
from public.lines import line_of, lines_of
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a practice shows."""
    names = Names(moment)
    document = record.content
    cycle = names.cycles.get(document.cycle)
    with translation.override(settings.LANGUAGE_CODE):  # one address, whoever copies it
        address = request.build_absolute_uri(record.get_absolute_url())
    related = (
        PublicRecord.objects.visible(moment.at)
        .of_kind("practice")
        .filter(objectives__overlap=document.objectives)
        .exclude(code=record.code)
        .annotate(same_state=Q(member_states__overlap=document.member_states))
        .order_by("-same_state", F("first_published_at").desc(), "code")[:3]
    )
    return {
        "practice": {
            **line_of(record, names),
            "level": names.level(document.level),
            "lead_implementer": document.lead_implementer,
            "partner_countries": [
                names.countries.get(one, one) for one in document.partner_countries
            ],
            "implementer_types": [
                names.implementer_types.get(one, one) for one in document.implementer_types
            ],
            "principles": [names.principles.get(one, one) for one in document.principles],
            "sdgs": document.sdgs,
            "year_start": document.year_start,
            "year_end": document.year_end,
            "cycle": {"code": document.cycle, "name": cycle.name if cycle else document.cycle},
            "covid19": document.covid19,
            "url": document.url,
            "sources": [
                {"title": one.title, "publisher": one.publisher, "year": one.year, "url": one.url}
                for one in map(names.sources.get, document.source.documents)
                if one
            ],
            "locator": document.source.locator,
            "files": [],  # the door to files comes with the files themselves
            "edition": record.edition,
            "published_at": record.visible.lower,
            "permanent_url": address,
        },
        "cite": _("%(title)s. Practice %(code)s, edition %(edition)d, %(day)s. %(address)s")
        % {
            "title": document.title,
            "code": record.code,
            "edition": record.edition,
            "day": date_format(record.visible.lower, "Y-m-d"),
            "address": address,
        },
        "related": lines_of(related, names),
        "disclaimers": disclaimers(document.title, document.summary),
    }
