"""What a role may do, as a table: kinds of records down, what is done with them across."""

from collections.abc import Iterable

from django import forms
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.models import Role

VERBS = {
    "view": _("See"),
    "add": _("Enter"),
    "change": _("Change"),
    "delete": _("Delete"),
    "import": _("Import"),
    "review": _("Review"),
    "publish": _("Publish"),
}

# Rooms whose records staff work with, in the order of the work. The rest of the installation's
# rights are technical: the table neither shows nor touches them.
ROOMS = ["submissions", "roundtables", "synthesis", "objectives", "public", "accounts"]
SHOWN = Q(codename__regex=f"^({'|'.join(VERBS)})_") & (
    Q(content_type__app_label__in=ROOMS[:4])
    | Q(codename__in=["view_edition", "view_tombstone", "view_change"])
    | Q(codename__endswith="_user")
    | Q(codename__endswith="_token")
    | Q(codename__endswith="_group")
)


def verb_of(right: Permission) -> str:
    return right.codename.partition("_")[0]


def table(rights: Iterable[Permission]) -> list[dict]:
    """The rights by room and kind of record; a cell is a right, or None where there is none."""
    by_model: dict = {}
    for right in rights:
        model = right.content_type.model_class()
        if model is not None:
            model = Role if model is Group else model
            by_model.setdefault(model, {})[verb_of(right)] = right
    return [
        {
            "name": apps.get_app_config(label).verbose_name,
            "kinds": sorted(
                (
                    {
                        "name": capfirst(model._meta.verbose_name_plural),
                        "cells": [(word, cells.get(verb)) for verb, word in VERBS.items()],
                    }
                    for model, cells in by_model.items()
                    if model._meta.app_label == label
                ),
                key=lambda kind: str(kind["name"]),
            ),
        }
        for label in ROOMS
        if any(model._meta.app_label == label for model in by_model)
    ]


class RightsTable(forms.CheckboxSelectMultiple):
    """Check boxes in a table."""

    def render(self, name, value, attrs=None, renderer=None):
        return render_to_string(
            "admin/accounts/role/rights.html",
            {
                "name": name,
                "chosen": {int(pk) for pk in value or [] if str(pk).isdecimal()},
                "verbs": VERBS.values(),
                "rooms": table(Permission.objects.filter(SHOWN).select_related("content_type")),
            },
        )


class RoleForm(forms.ModelForm):
    permissions = forms.ModelMultipleChoiceField(
        Permission.objects.filter(SHOWN),
        label=_("Rights"),
        required=False,
        widget=RightsTable,
    )

    class Meta:
        model = Role
        fields = ["name", "permissions"]

    def clean_permissions(self):
        """Rights that the table does not show stay as they are."""
        chosen = list(self.cleaned_data["permissions"])
        kept = self.instance.permissions.exclude(SHOWN) if self.instance.pk else []
        return [*chosen, *kept]
