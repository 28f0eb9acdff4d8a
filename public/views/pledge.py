"""What the page of a pledge shows: what was promised, by whom, and what has become of it."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.documents import PledgeDocument
from public.models import PublicRecord
from public.moments import Moment
from public.templatetags.review import day
from public.views.record_page import Named, RecordPage, day_of, fact, word
from public.words import PledgeForm, PledgeType, Stage

YEAR = 365  # days
CLOSED = (Stage.FULFILLED, Stage.DISCONTINUED)  # nobody waits for another update


def context_of(request, moment: Moment, record) -> dict:
    """What the page of a pledge shows."""
    page = RecordPage(request, moment, record, [("pledge", record.document["matches"])])
    document: PledgeDocument = page.document
    matched_by = (
        PublicRecord.objects.visible(moment.at)
        .of_kind("pledge")
        .filter(type=PledgeType.MATCHING, document__matches=record.code)
        .order_by("code")
    )
    today = moment.at.date()
    due_on = day_of(document.due_on)
    overdue = due_on is not None and due_on < today and document.stage not in CLOSED
    return page.context(
        trail=page.objective_steps(),
        facts=[
            fact(
                _("Pledged by"),
                page.party_link(document.party),
                Named(document.pledged_by, language=document.language),
            ),
            fact(_("Partners"), *(page.party_link(one) for one in document.partners)),
            fact(_("Stage"), word(Stage, document.stage)),
            fact(_("Made on"), day(day_of(document.made_on))),
            fact(
                _("Due on"),
                day(due_on),
                _("This day has passed.") if overdue else "",
            ),
            fact(_("Type"), word(PledgeType, document.type) if document.type else ""),
            fact(_("Form"), word(PledgeForm, document.form) if document.form else ""),
            fact(_("Matches the pledge"), page.record_link("pledge", document.matches)),
            fact(_("Matched by"), *map(page.link_to, matched_by)),
            page.states_fact(),
            page.implementers_fact([document.implementer_type]),
            page.principles_fact(),
            page.goals_fact(),
            page.cycle_fact(),
        ],
        stage=word(Stage, document.stage),
        light=_light(document, today),
        made_on=day_of(document.made_on),
        progress=[
            {
                "day": day_of(update.reported_on),
                "stage": word(Stage, update.stage),
                "text": update.text,
                "language": update.language,
                "evidence_url": update.evidence_url,
            }
            for update in sorted(document.progress, key=lambda one: one.reported_on, reverse=True)
        ],
    )


def _light(document: PledgeDocument, today: date) -> dict | None:
    """How old the newest word on an open pledge is; None where that cannot be said."""
    reported = max((update.reported_on for update in document.progress), default=None)
    since = day_of(reported or document.made_on)
    if since is None or document.stage in CLOSED:
        return None
    count = max((today - since).days, 0)
    if reported:
        said = ngettext("Last update %(count)d day ago", "Last update %(count)d days ago", count)
    else:
        said = ngettext(
            "Made %(count)d day ago, no update since",
            "Made %(count)d days ago, no update since",
            count,
        )
    if count < YEAR:
        age, words = "under-1", _("less than a year")
    elif count < 2 * YEAR:
        age, words = "under-2", _("between one and two years")
    else:
        age, words = "over-2", _("more than two years")
    return {"age": age, "said": said % {"count": count}, "words": words}
