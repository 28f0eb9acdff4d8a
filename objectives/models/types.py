"""Kinds of stakeholders and of those who carry practices out."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.models.reference import Named
from objectives.records import logged


@logged
class StakeholderType(Named):
    """What kind of stakeholder an organization is (paragraph 44 of the compact, later lists)."""

    in_gcm_paragraph_44 = models.BooleanField(
        _("named in paragraph 44 of the compact"), default=True
    )

    class Meta(Named.Meta):
        verbose_name = _("stakeholder type")
        verbose_name_plural = _("stakeholder types")


@logged
class ImplementerType(Named):
    """Who carries a practice out: a Member State, the UN, a kind of stakeholder …"""

    stakeholder_type = models.OneToOneField(
        StakeholderType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="implementer_type",
        verbose_name=_("stakeholder type"),
        help_text=_("Empty for Member States, the United Nations and other organizations."),
    )

    class Meta(Named.Meta):
        verbose_name = _("implementer type")
        verbose_name_plural = _("implementer types")
