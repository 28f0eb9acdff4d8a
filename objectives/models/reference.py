"""What reference data have in common: retired instead of deleted, named in three languages."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objectives.records import Record, in_language
from objectives.rules import permanent, well_formed

LANGUAGES = settings.LANGUAGES


def language_known(name: str) -> models.CheckConstraint:
    """The record's own text is in one of the site's languages."""
    return models.CheckConstraint(
        condition=Q(language__in=[code for code, _name in LANGUAGES]),
        name=name,
        violation_error_message=_("The language of a record is English, French or Russian."),
    )


class ReferenceQuerySet(models.QuerySet):
    def in_use(self):
        """Rows that new records may name."""
        return self.filter(retired_on__isnull=True)


class Reference(Record):
    """A row of reference data. Retired rows stay readable, but new records cannot choose them."""

    retired_on = models.DateField(
        _("retired on"), null=True, blank=True, help_text=_("Empty while it is in use.")
    )

    objects: ClassVar[Any] = ReferenceQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True


class Named(Reference):
    """Reference data known by a short code and a name in three languages."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name in English"), max_length=300)
    name_fr = models.CharField(_("name in French"), max_length=300, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=300, blank=True)

    class Meta(Reference.Meta):
        abstract = True
        ordering = ["sort_order", "code"]
        triggers = [*Reference.Meta.triggers, permanent("code")]
        constraints = [
            well_formed(
                "code",
                r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
                "%(app_label)s_%(class)s_code_well_formed",
                _("A code has letters, digits, - and _ only, for example civil_society."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")
