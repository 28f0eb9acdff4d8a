"""What the compact says: objectives in four clusters, principles, and the goals it serves."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from objectives.models.reference import Named, Reference
from objectives.records import in_language, logged
from objectives.rules import permanent


@logged
class Cluster(Named):
    """One of the four groups of objectives that the roundtables of the IMRF use."""

    class Meta(Named.Meta):
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")


@logged
class Objective(Reference):
    """One of the 23 objectives of the Global Compact for Migration (A/RES/73/195)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, related_name="objectives", verbose_name=_("cluster")
    )
    title_en = models.CharField(_("title in English"), max_length=400)
    title_fr = models.CharField(_("title in French"), max_length=400, blank=True)
    title_ru = models.CharField(_("title in Russian"), max_length=400, blank=True)
    short_title_en = models.CharField(_("short title in English"), max_length=80)
    short_title_fr = models.CharField(_("short title in French"), max_length=80, blank=True)
    short_title_ru = models.CharField(_("short title in Russian"), max_length=80, blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["number"]
        triggers = [*Reference.Meta.triggers, permanent("number")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="objective_number_from_one",
                violation_error_message=_("Objectives are numbered from 1."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.short_title}"

    def get_absolute_url(self):
        return reverse("public:objective", args=[self.number])

    @property
    def title(self) -> str:
        return in_language(self, "title")

    @property
    def short_title(self) -> str:
        return in_language(self, "short_title")


@logged
class GuidingPrinciple(Named):
    """One of the ten cross-cutting principles of the compact."""

    description_en = models.TextField(_("description in English"), blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_ru = models.TextField(_("description in Russian"), blank=True)

    class Meta(Named.Meta):
        verbose_name = _("guiding principle")
        verbose_name_plural = _("guiding principles")

    @property
    def description(self) -> str:
        return in_language(self, "description")


@logged
class SDG(Reference):
    """One of the 17 Sustainable Development Goals (A/RES/70/1)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)

    class Meta(Reference.Meta):
        verbose_name = "SDG"
        verbose_name_plural = "SDGs"
        ordering = ["number"]
        triggers = [*Reference.Meta.triggers, permanent("number")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__range=(1, 17)),
                name="sdg_number_1_to_17",
                violation_error_message=_("The Sustainable Development Goals go from 1 to 17."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.name}"

    @property
    def name(self) -> str:
        return in_language(self, "name")
