"""Tagging by objective: primary where it is a main aim, secondary where it is served as well."""

from typing import Any

import pgtrigger
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.rules import Rule


class Tagged(models.Model):
    """A record that serves objectives, as many of them primary as it claims."""

    objective_links: Any  # the related manager of the kind's own links

    primary_objectives_claimed = models.PositiveSmallIntegerField(
        _("how many primary objectives"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("One, unless it truly has several main aims."),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(primary_objectives_claimed__gte=1),
                name="%(app_label)s_%(class)s_claims_a_primary_objective",
                violation_error_message=_("There is at least one primary objective."),
            ),
        ]

    def objective_numbers(self, *, primary: bool = False) -> list[int]:
        """The objectives, ascending; only the primary ones if asked."""
        return sorted(
            link.objective.number
            for link in self.objective_links.all()
            if link.primary or not primary
        )

    def objective_errors(self) -> dict:
        """What is wrong with the objectives before publication."""
        primary = len(self.objective_numbers(primary=True))
        if primary == self.primary_objectives_claimed:
            return {}
        return {
            "primary_objectives_claimed": _(
                "This record claims %(claimed)d primary objective(s) and has %(primary)d:"
                " mark the primary objectives, or correct the claim."
            )
            % {"claimed": self.primary_objectives_claimed, "primary": primary}
        }


class ObjectiveLink(models.Model):
    """One objective of a record."""

    objective: Any  # each kind has its own foreign key

    primary = models.BooleanField(_("primary"), default=False)

    class Meta:
        abstract = True
        ordering = ["objective"]

    def __str__(self):
        rank = _("primary") if self.primary else _("secondary")
        return f"{self.objective} ({rank})"


def has_its_objectives(name: str) -> Rule:
    """Published means: as many primary objectives as it claims, so at least one."""
    return Rule(
        name=f"published_{name}_has_objectives",
        operation=pgtrigger.UpdateOf("status"),
        broken=f"""
            NEW.status = 'published' AND NEW.primary_objectives_claimed <> (
                SELECT count(*) FROM submissions_{name}objective o
                WHERE o.{name}_id = NEW.id AND o.primary
            )
        """,
        message=gettext_noop(
            "A published record has at least one objective, and exactly as many primary objectives"
            " as it claims."
        ),
    )
