"""Whoever works on one cycle or one region only keeps to it, also in what they type."""

from typing import Any

from django import forms
from django.db.models import Manager
from django.utils.translation import gettext as _


class WithinScope(forms.ModelForm):
    """A form of a publishable record that takes none out of the scope of the person who saves it.

    The rule is `PublishableQuerySet.within`, asked of what was typed, before anything is saved.
    """

    person: Any = None  # set by the screen, for each request

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            for field, message in list(self._out_of_scope()):
                self.add_error(field if field in self.fields else None, message)
        return cleaned

    def _out_of_scope(self):
        model: Any = self._meta.model
        person = self.person
        if model.cycle_path and person.cycle_id not in (None, *self._chosen(model.cycle_path)):
            yield (
                model.cycle_path,
                _("Your account is limited to %(cycle)s: choose that cycle.")
                % {"cycle": person.cycle},
            )
        paths = model.region_paths if person.region_id else ()
        if paths and not any(self._leads_to(path, person.region_id) for path in paths):
            asked = (path.partition("__")[0] for path in paths)
            yield (
                next((name for name in asked if name in self.fields), None),
                _(
                    "Your account is limited to the States of %(region)s: the record must belong"
                    " to one of them."
                )
                % {"region": person.region},
            )

    def _leads_to(self, path: str, region: int) -> bool:
        """Does this path lead from what was typed to the region?"""
        field, _separator, rest = path.partition("__")
        related = self._meta.model._meta.get_field(field).related_model
        found = related._base_manager.filter(pk__in=self._chosen(field), **{rest: region})
        return found.exists()

    def _chosen(self, field: str) -> list[int]:
        """The keys that were typed into the field; those of the record where it is not asked."""
        if field in self.fields:
            value: Any = self.cleaned_data.get(field)
        elif self.instance.pk or not self._meta.model._meta.get_field(field).many_to_many:
            value = getattr(self.instance, field, None)
        else:
            value = None
        if isinstance(value, Manager):
            value = value.all()
        rows = [] if value is None else value if hasattr(value, "__iter__") else [value]
        return [row.pk for row in rows]
