"""What a cycle asks for, and what has become of it."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import Objective, ReviewCycle
from objectives.records import log_links, logged
from objectives.rules import Rule, well_formed
from office.indexes import word_index
from public.codes import CodeField
from public.documents import RecommendationDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import Addressee, Strength
from sessions import documents
from sessions.models.roundtables import Roundtable


class RecommendationQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.select_related("cycle", "roundtable")

    def for_document(self):
        return (
            super()
            .for_document()
            .select_related("cycle", "roundtable", "continues")
            .prefetch_related("objectives")
        )


@logged
class Recommendation(Publishable):
    """What a cycle asks of States, stakeholders or the network, in a roundtable or in general."""

    Strength = Strength

    Addressee = Addressee

    kind = "recommendation"
    cycle_path = "cycle"
    region_paths = ("cycle__region",)
    named_by = ()
    told_in = ("text", "follow_up")

    code = CodeField()
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="recommendations",
        verbose_name=_("review cycle"),
    )
    roundtable = models.ForeignKey(
        Roundtable,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=_("roundtable"),
        help_text=_("Empty for general recommendations."),
    )
    number = models.PositiveSmallIntegerField(_("number"), help_text=_("Its place in the source."))
    objectives = models.ManyToManyField(
        Objective, blank=True, related_name="recommendations", verbose_name=_("objectives")
    )
    text = models.TextField(_("text"))
    addressed_to = ArrayField(
        models.CharField(max_length=20, choices=Addressee),
        verbose_name=_("addressed to"),
        default=list,
        blank=True,
        help_text=_("Empty if the source names nobody."),
    )
    strength = models.CharField(_("strength"), max_length=12, choices=Strength, blank=True)
    continues = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        verbose_name=_("continues"),
        help_text=_("The recommendation of an earlier cycle that it takes up."),
    )
    follow_up = models.TextField(_("what has been done since"), blank=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["code"]
        permissions = [
            ("review_recommendation", "Can review recommendations"),
            ("publish_recommendation", "Can publish and withdraw recommendations"),
            ("import_recommendation", "Can import recommendations"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("recommendation", "cycle"),
            word_index("recommendation", "text", "follow_up"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            well_formed(
                "code",
                r"^[A-Z]+[0-9]{4}-[A-Z0-9]+-[0-9]{2,}$",
                "recommendation_code_well_formed",
                _("R and the year, the roundtable or G, and two digits: R2020-RT1-01."),
            ),
            models.UniqueConstraint(
                fields=["cycle", "roundtable", "number"],
                nulls_distinct=False,
                name="recommendation_number_once",
                violation_error_message=_(
                    "Another recommendation of this roundtable has this number."
                ),
            ),
            models.CheckConstraint(
                condition=Q(strength__in=["", "recommended", "encouraged", "urged", "called_upon"])
                & Q(addressed_to__contained_by=["member_states", "stakeholders", "network"]),
                name="recommendation_choices_known",
                violation_error_message=_(
                    "Choose the strength and the addressees from the lists."
                ),
            ),
            models.CheckConstraint(
                condition=Q(continues__isnull=True) | ~Q(continues=F("id")),
                name="recommendation_continues_another",
                violation_error_message=_("A recommendation cannot continue itself."),
            ),
        ]
        triggers = [
            *Publishable.Meta.triggers,
            Rule(
                name="recommendation_of_its_cycle",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("cycle_id", "roundtable_id"),
                broken="""
                    EXISTS (
                        SELECT FROM roundtables_roundtable r
                        WHERE r.id = NEW.roundtable_id AND r.cycle_id <> NEW.cycle_id
                    )
                """,
                message=gettext_noop("A recommendation belongs to the cycle of its roundtable."),
            ),
            Rule(
                name="recommendation_continues_an_earlier",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("cycle_id", "continues_id"),
                broken="""
                    EXISTS (
                        SELECT FROM roundtables_recommendation r
                        JOIN objectives_reviewcycle earlier ON earlier.id = r.cycle_id
                        JOIN objectives_reviewcycle own ON own.id = NEW.cycle_id
                        WHERE r.id = NEW.continues_id AND r.id <> NEW.id
                        AND earlier.year >= own.year
                    )
                """,
                message=gettext_noop(
                    "A recommendation continues one of an earlier cycle, not of its own or a later"
                    " one."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code}: {self.text[:60]}"

    def document(self) -> RecommendationDocument:
        return documents.of_recommendation(self)

    def named_records(self):
        return (self.roundtable, self.continues)


log_links(Recommendation, "objectives", "sources")
