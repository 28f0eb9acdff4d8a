"""Practices: what parties did that others can learn from."""

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Prefetch, Q
from django.utils.translation import gettext_lazy as _

from objectives.models import (
    SDG,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    ReviewCycle,
)
from objectives.records import Record, log_links, logged, moves_version_of
from objectives.rules import in_order
from office.indexes import name_index, word_index
from public.codes import CodeField, next_code, numbered
from public.documents import PracticeDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import Level
from submissions import documents
from submissions.models.objectives import ObjectiveLink, Tagged, has_its_objectives
from submissions.models.parties import Stakeholder


class PracticeQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.select_related("cycle", "member_state", "stakeholder")

    def for_checking(self):
        links = PracticeObjective.objects.select_related("objective")
        return super().for_checking().prefetch_related(Prefetch("objective_links", links))

    def for_document(self):
        return (
            super()
            .for_document()
            .for_checking()
            .select_related("cycle", "member_state", "stakeholder")
            .prefetch_related(
                "principles",
                "sdgs",
                "member_states",
                "implementer_types",
                "files",
            )
        )


@logged
class Practice(Tagged, Publishable):
    """Something a party did, by law, programme or project; not what it promises (a pledge)."""

    kind = "practice"
    cycle_path = "cycle"
    region_paths = (
        "member_state__regions",
        "member_state__subregion",
        "member_states__regions",
        "member_states__subregion",
    )
    told_in = ("summary", "lead_implementer")
    parties = ("member_state", "stakeholder", "member_states")

    code = CodeField(blank=True)
    title = models.CharField(_("title"), max_length=300)
    member_state = models.ForeignKey(
        MemberState,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practices_submitted",
        verbose_name=_("submitted by the Member State"),
        help_text=_("Empty if the secretariat took it from a document."),
    )
    stakeholder = models.ForeignKey(
        Stakeholder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="practices_submitted",
        verbose_name=_("submitted by the stakeholder"),
        help_text=_("Empty if the secretariat took it from a document."),
    )
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="practices",
        verbose_name=_("review cycle"),
    )
    objectives = models.ManyToManyField(
        Objective,
        through="PracticeObjective",
        related_name="practices",
        verbose_name=_("objectives"),
    )
    principles = models.ManyToManyField(
        GuidingPrinciple,
        blank=True,
        related_name="practices",
        verbose_name=_("guiding principles"),
    )
    sdgs = models.ManyToManyField(SDG, blank=True, related_name="practices", verbose_name="SDGs")
    member_states = models.ManyToManyField(
        MemberState,
        blank=True,
        related_name="practices",
        verbose_name=_("carried out in"),
        help_text=_("Empty for practices of the whole region or the world."),
    )
    implementer_types = models.ManyToManyField(
        ImplementerType, blank=True, related_name="practices", verbose_name=_("implementer types")
    )
    lead_implementer = models.CharField(_("lead implementer"), max_length=300, blank=True)
    partner_countries = ArrayField(
        models.CharField(max_length=3),
        verbose_name=_("partner countries outside the region"),
        default=list,
        blank=True,
        help_text=_("ISO 3166 codes of three letters, with commas."),
    )
    level = models.CharField(_("level"), max_length=12, choices=Level)
    summary = models.TextField(
        _("summary"), help_text=_("What was done, by whom, for whom, and what came of it.")
    )
    covid19 = models.BooleanField(_("related to COVID-19"), default=False)
    year_start = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    year_end = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        help_text=_("Empty while it goes on, or if not known."),
    )

    objects = PracticeQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        ordering = ["code"]
        permissions = [
            ("review_practice", "Can review practices"),
            ("publish_practice", "Can publish and withdraw practices"),
            ("import_practice", "Can import practices"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("practice", "cycle"),
            name_index("practice", "title"),
            word_index("practice", "summary", "lead_implementer"),
            models.Index(  # those that need a source document
                "status",
                "cycle",
                include=["id"],
                condition=Q(url="", member_state=None, stakeholder=None),
                name="practice_from_nowhere",
            ),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            *Tagged.Meta.constraints,
            numbered("P"),
            models.CheckConstraint(
                condition=Q(member_state__isnull=True) | Q(stakeholder__isnull=True),
                name="practice_has_one_party_at_most",
                violation_error_message=_(
                    "Name one party: either a Member State or a stakeholder."
                ),
            ),
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="practice_level_known",
                violation_error_message=_("Choose the level at which it is carried out."),
            ),
            in_order(
                "year_start",
                "year_end",
                "practice_ends_after_start",
                _("A practice cannot end before it starts."),
            ),
            models.CheckConstraint(
                condition=(Q(year_start__isnull=True) | Q(year_start__range=(1900, 2100)))
                & (Q(year_end__isnull=True) | Q(year_end__range=(1900, 2100))),
                name="practice_years_plausible",
                violation_error_message=_("Write years with four digits, for example 2020."),
            ),
        ]
        triggers = [*Publishable.Meta.triggers, next_code("P"), has_its_objectives("practice")]

    def __str__(self):
        return f"{self.code}: {self.title}"

    def document(self) -> PracticeDocument:
        return documents.of_practice(self)

    def named_records(self):
        return (self.stakeholder,)

    def check_publishable(self):
        errors = self.objective_errors()
        if not self.summary.strip():
            errors["summary"] = _("Write a summary: it is what readers see first.")
        if errors:
            raise ValidationError(errors)


log_links(Practice, "principles", "sdgs", "member_states", "implementer_types", "sources")


@logged
class PracticeObjective(ObjectiveLink, Record):
    """A practice serves this objective, as its main aim or as well."""

    practice = models.ForeignKey(
        Practice,
        on_delete=models.CASCADE,
        related_name="objective_links",
        verbose_name=_("practice"),
    )
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="+", verbose_name=_("objective")
    )

    class Meta(ObjectiveLink.Meta, Record.Meta):
        abstract = False
        verbose_name = _("objective of the practice")
        verbose_name_plural = _("objectives of the practice")
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "objective"],
                name="practiceobjective_once",
                violation_error_message=_("This objective is already there."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            *moves_version_of("submissions_practice", "practice_id"),
        ]
