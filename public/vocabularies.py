"""The lists of codes that files use, each code with its name in the reader's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from objectives.models import LANGUAGES, ReviewCycle
from public.names import Names
from public.words import (
    Addressee,
    Evidence,
    ExcerptType,
    FigureCategory,
    Level,
    PledgeForm,
    PledgeType,
    ReportType,
    RoleName,
    RoundtableType,
    Stage,
    Strength,
)


@dataclass(frozen=True)
class Vocabulary:
    """A list of codes: what it is called, and how to get it."""

    title: Any
    read: Callable[[Names], Mapping[Any, str]]


def _words(choices: type[models.TextChoices]) -> Callable[[Names], Mapping[Any, str]]:
    return lambda _names: {code: capfirst(str(label)) for code, label in choices.choices}


VOCABULARIES: dict[str, Vocabulary] = {
    "objectives": Vocabulary(
        _("Objectives"),
        lambda names: {number: one["title"] for number, one in names.objectives.items()},
    ),
    "clusters": Vocabulary(
        _("Clusters of objectives"),
        lambda names: {one.code: one.name for one in names.clusters.values()},
    ),
    "principles": Vocabulary(_("Guiding principles"), lambda names: names.principles),
    "sdgs": Vocabulary(_("Sustainable Development Goals"), lambda names: names.goals),
    "member_states": Vocabulary(_("Member States (ISO 3166-1)"), lambda names: names.states),
    "partner_countries": Vocabulary(
        _("Countries outside the region (ISO 3166-1)"), lambda names: names.countries
    ),
    "cycles": Vocabulary(
        _("Review cycles"), lambda names: {one.code: one.name for one in names.cycles.values()}
    ),
    "sources": Vocabulary(
        _("Source documents"),
        lambda names: {one.code: one.title for one in names.sources.values()},
    ),
    "implementer_types": Vocabulary(_("Implementer types"), lambda names: names.implementer_types),
    "stakeholder_types": Vocabulary(_("Stakeholder types"), lambda names: names.stakeholder_types),
    "languages": Vocabulary(
        _("Languages (ISO 639-1)"),
        lambda _names: {code: str(name) for code, name in LANGUAGES},
    ),
    "levels": Vocabulary(_("Levels"), _words(Level)),
    "stages": Vocabulary(_("Stages of a pledge"), _words(Stage)),
    "pledge_types": Vocabulary(_("Types of pledges"), _words(PledgeType)),
    "pledge_forms": Vocabulary(_("Forms of pledges"), _words(PledgeForm)),
    "report_types": Vocabulary(_("Types of reports"), _words(ReportType)),
    "evidence": Vocabulary(_("How surely a report exists"), _words(Evidence)),
    "roundtable_types": Vocabulary(_("Types of sittings"), _words(RoundtableType)),
    "roles": Vocabulary(_("Roles in a sitting"), _words(RoleName)),
    "formats": Vocabulary(_("Formats of sittings"), _words(ReviewCycle.Format)),
    "strengths": Vocabulary(_("How strongly a recommendation asks"), _words(Strength)),
    "addressees": Vocabulary(_("Whom a recommendation asks"), _words(Addressee)),
    "excerpt_types": Vocabulary(_("Types of excerpts"), _words(ExcerptType)),
    "figure_categories": Vocabulary(_("Categories of figures"), _words(FigureCategory)),
}
