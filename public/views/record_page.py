"""What the pages of all records share: facts, sources, files, how to cite them, what is related.

The page of a kind makes a `RecordPage`, asks it for links and names, and gives it its own facts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from public.citations import FORMS, Citation, citation_of
from public.disclaimers import disclaimers
from public.documents import Party
from public.lines import line_of, texts_of
from public.linked_data import linked_data
from public.models import PublicRecord
from public.moments import Moment
from public.names import Names
from public.related import related_to
from public.shown_files import shown_files
from public.words import KIND_NAMES


@dataclass(frozen=True)
class Named:
    """A word of a fact: a text, with the page that tells more and a code where there are such."""

    text: str
    url: str = ""
    language: str = ""  # where it is not the reader's
    code: str = ""


@dataclass(frozen=True)
class Fact:
    """A term and what the record says of it; one that is unknown is left out."""

    term: str
    values: list[Named]


def word(choices, code: str) -> str:
    """The word for a choice; a code that is not (or no longer) known stands for itself."""
    return capfirst(str(dict(choices.choices).get(code, code)))


def day_of(text: str | None) -> date | None:
    """A day of a document."""
    return date.fromisoformat(text) if text else None


def fact(term: Any, *values: Named | str | None) -> Fact:
    """A fact of texts or links, without those that are empty."""
    named = [Named(one) if isinstance(one, str) else one for one in values if one]
    return Fact(str(term), [one for one in named if one.text])


def shown_citations(
    citation: Citation, record: PublicRecord, names: Names
) -> list[dict[str, str]]:
    """The ways to cite a record, as `components/cite.html` shows them."""
    return [
        {
            "label": form.label,
            "text": form.write(citation).strip(),
            "url": names.address(f"public:{record.kind}-as", args=[record.code, ending]),
            "file": f"{record.code}.{ending}",
        }
        for ending, form in FORMS.items()
    ]


class RecordPage:
    """Everything that the page of one record needs, looked up in a constant number of queries.

    `names_records` are the kinds and codes of the records that it names, "" for none.
    """

    def __init__(
        self,
        request,
        moment: Moment,
        record: PublicRecord,
        names_records: Iterable[tuple[str, str]] = (),
    ):
        self.request = request
        self.moment = moment
        self.record = record
        self.document = record.content
        self.names = Names(moment)
        self.related = related_to(record, moment)
        self.names.learn([record, *(other for other, _why in self.related)])
        self.named_records = self._named([one for one in names_records if one[1]])

    # --- Links and names ---

    def record_link(self, kind: str, code: str) -> Named | None:
        """A record that this one names; its bare code where it is not public at the moment."""
        if not code:
            return None
        found = self.named_records.get((kind, code))
        return self.link_to(found) if found else Named(code)

    def link_to(self, record: PublicRecord) -> Named:
        title, _summary, language = texts_of(record.content)
        url = self.names.address(f"public:{record.kind}", args=[record.code])
        return Named(title, url, language, record.code)

    def party_link(self, party: Party | None) -> Named | None:
        """A party, as a link to the page of the State or stakeholder."""
        if party is None:
            return None
        if party.member_state:
            return self.state_links([party.member_state])[0]
        code = party.stakeholder
        if code not in self.names.stakeholders:
            return Named(code)
        url = self.names.address("public:stakeholder", args=[code])
        return Named(self.names.stakeholders[code], url)

    def state_links(self, iso3: Iterable[str]) -> list[Named]:
        return [Named(one["name"], one["url"]) for one in self.names.states_of(iso3)]

    def cycle_link(self, code: str) -> Named | None:
        cycle = self.names.cycles.get(code)
        if cycle is None:
            return Named(code) if code else None
        return Named(cycle.name, self.names.address("public:review", args=[code]))

    def objective_steps(self) -> list[Named]:
        """The way back to the record's main objective."""
        objectives = self.names.objectives_of(
            self.record.objectives, self.record.primary_objectives
        )
        return [
            Named(
                _("Objective %(number)d: %(title)s")
                % {"number": one["number"], "title": one["short_title"]},
                one["url"],
            )
            for one in objectives[:1]
        ]

    # --- Facts that several kinds have ---

    def states_fact(self) -> Fact:
        states = self.state_links(self.document.member_states)
        return fact(ngettext("Member State", "Member States", len(states)), *states)

    def cycle_fact(self) -> Fact:
        cycle = self.cycle_link(self.document.cycle)
        return fact(pgettext("a review", "Brought to"), cycle)

    def principles_fact(self) -> Fact:
        names = self.names
        return fact(
            _("Guiding principles"),
            *(names.principles.get(one, one) for one in self.document.principles),
        )

    def goals_fact(self) -> Fact:
        goals = (
            f"{goal}. {self.names.goals[goal]}" if goal in self.names.goals else str(goal)
            for goal in self.document.sdgs
        )
        return fact(_("Sustainable Development Goals"), *goals)

    def implementers_fact(self, codes: Iterable[str]) -> Fact:
        names = self.names
        return fact(
            _("Implemented by"), *(names.implementer_types.get(one, one) for one in codes if one)
        )

    # --- The whole ---

    def context(self, *, facts: Iterable[Fact], trail: Iterable[Named | None] = (), **own):
        """What fills the page: what all records have, and what is the kind's own."""
        record, document, names = self.record, self.document, self.names
        line = line_of(record, names)
        citation = citation_of(self.request, self.moment, record, names)
        summary = Truncator(line["summary"]).chars(300)
        shown = {
            **line,
            "edition": record.edition,
            "published_at": record.visible.lower,
            "permanent_url": citation.url,
            # of this language: the others are named as its alternates
            "own_url": self.request.build_absolute_uri(record.get_absolute_url()),
        }
        home = Named(
            capfirst(str(KIND_NAMES[record.kind][1])), names.address(f"public:{record.kind}-list")
        )
        return {
            "shown": shown,
            "trail": [home, *(one for one in trail if one)],
            "facts": [one for one in facts if one.values],
            "source": {
                "documents": [
                    one for one in map(names.sources.get, document.source.documents) if one
                ],
                "locator": document.source.locator,
                "url": document.url,
            },
            "files": shown_files(getattr(document, "files", []), names),
            "citations": shown_citations(citation, record, names),
            "related": [
                {**line_of(other, names), "why": capfirst(why)} for other, why in self.related
            ],
            "linked_data": linked_data(record, citation, names, summary),
            "disclaimers": disclaimers(
                document.title,
                *document.texts(),
                *(text for other, _why in self.related for text in texts_of(other.content)[:2]),
            ),
            **own,
        }

    def _named(self, wanted: list[tuple[str, str]]) -> dict[tuple[str, str], PublicRecord]:
        """The records named, those that are visible at the moment, by kind and code."""
        if not wanted:
            return {}
        any_of = Q()
        for kind, code in wanted:
            any_of |= Q(kind=kind, code=code)
        found = PublicRecord.objects.visible(self.moment.at).filter(any_of)
        return {(one.kind, one.code): one for one in found}
