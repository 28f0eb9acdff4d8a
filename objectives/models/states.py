"""Regions, the States of the region with all their names, and partners outside it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objectives.models.reference import Named, Reference, ReferenceQuerySet
from objectives.records import in_language, log_links, logged
from objectives.rules import in_order, permanent, well_formed


@logged
class Region(Named):
    """An area States belong to: a regional commission, an M49 sub-region, a union of States."""

    class Kind(models.TextChoices):
        COMMISSION = "commission", _("regional commission")
        SUBREGION = "subregion", _("sub-region (M49)")
        GROUP = "group", _("group of States")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    m49 = models.CharField(
        "M49",
        max_length=3,
        blank=True,
        help_text=_("Three digits; empty outside the M49 standard."),
    )

    class Meta(Named.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["commission", "subregion", "group"]),
                name="region_kind_known",
                violation_error_message=_("Choose what kind of region this is."),
            ),
            well_formed(
                "m49",
                r"^([0-9]{3})?$",
                "region_m49_well_formed",
                _("An M49 code has three digits."),
            ),
        ]


class MemberStateQuerySet(ReferenceQuerySet):
    def known_as(self, name: str):
        """States that this is a code, a name, an official, former or other spelling of."""
        name = " ".join(name.split())
        words = ("name", "official_name")
        by_name = Q()
        for column in (f"{word}_{language}" for word in words for language in ("en", "fr", "ru")):
            by_name |= Q(**{f"{column}__iexact": name})
        return self.filter(
            by_name
            | Q(iso3__iexact=name)
            | Q(iso2__iexact=name)
            | Q(m49=name)
            | Q(other_names__name__iexact=name, other_names__retired_on__isnull=True)
        ).distinct()


@logged
class MemberState(Reference):
    """A State of the region, known by its ISO 3166 alpha-3 code. Names are those of the UN."""

    class Network(models.TextChoices):
        ESTABLISHED = "established", _("established")
        PLANNED = "planned", _("planned")

    iso3 = models.CharField("ISO 3166 alpha-3", max_length=3, unique=True)
    iso2 = models.CharField("ISO 3166 alpha-2", max_length=2, unique=True)
    m49 = models.CharField("M49", max_length=3, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    official_name_en = models.CharField(_("official name in English"), max_length=200)
    official_name_fr = models.CharField(_("official name in French"), max_length=200, blank=True)
    official_name_ru = models.CharField(_("official name in Russian"), max_length=200, blank=True)
    subregion = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("sub-region")
    )
    regions = models.ManyToManyField(
        Region, related_name="member_states", verbose_name=_("regions")
    )
    champion_country = models.BooleanField(
        _("champion country of the compact"),
        null=True,
        blank=True,
        help_text=_("Empty where no source says so."),
    )
    country_network = models.CharField(
        _("UN network on migration in the country"),
        max_length=12,
        choices=Network,
        blank=True,
        help_text=_("Empty where no source says so."),
    )

    objects: ClassVar[Any] = MemberStateQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("Member State")
        verbose_name_plural = _("Member States")
        ordering = ["name_en"]
        triggers = [*Reference.Meta.triggers, permanent("iso3")]
        constraints = [
            well_formed(
                "iso3",
                r"^[A-Z]{3}$",
                "memberstate_iso3_well_formed",
                _("Three capital letters, e.g. ALB."),
            ),
            well_formed(
                "iso2",
                r"^[A-Z]{2}$",
                "memberstate_iso2_well_formed",
                _("Two capital letters, e.g. AL."),
            ),
            well_formed(
                "m49", r"^[0-9]{3}$", "memberstate_m49_well_formed", _("Three digits, e.g. 008.")
            ),
            models.CheckConstraint(
                condition=Q(country_network__in=["", "established", "planned"]),
                name="memberstate_network_known",
                violation_error_message=_("Choose from the list, or leave it empty."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def official_name(self) -> str:
        return in_language(self, "official_name")


log_links(MemberState, "regions")


@logged
class MemberStateName(Reference):
    """A former name or another spelling of a State; imports and searches accept it."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        SPELLING = "spelling", _("other spelling")

    member_state = models.ForeignKey(
        MemberState,
        on_delete=models.CASCADE,
        related_name="other_names",
        verbose_name=_("Member State"),
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    used_from = models.DateField(_("used from"), null=True, blank=True)
    used_until = models.DateField(
        _("used until"), null=True, blank=True, help_text=_("Empty if still used or not known.")
    )

    class Meta(Reference.Meta):
        verbose_name = _("other name of a Member State")
        verbose_name_plural = _("other names of Member States")
        ordering = ["member_state", "name"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="memberstatename_means_one_state",
                violation_error_message=_("This name already stands for a State."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["former", "spelling"]),
                name="memberstatename_kind_known",
                violation_error_message=_("Say whether it is a former name or another spelling."),
            ),
            in_order(
                "used_from",
                "used_until",
                "memberstatename_until_after_from",
                _("A name cannot go out of use before it came into use."),
            ),
        ]

    def __str__(self):
        return self.name


@logged
class Country(Named):
    """A State outside the region that records name as a partner, by its ISO 3166 alpha-3 code."""

    class Meta(Named.Meta):
        verbose_name = _("country outside the region")
        verbose_name_plural = _("countries outside the region")
