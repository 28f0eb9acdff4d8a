"""The controls of the office's forms: plain HTML that works without scripts, and says what it is.

Scripts in `static/js/office/` add comfort: pickers that search, texts that count their characters.
"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.admin.widgets import AutocompleteMixin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# By what a record is named when somebody types it instead of picking it.
CODES = ("code", "iso3", "number", "email")


def code_field(model) -> str:
    """The field by which people know the records of a table."""
    names = {field.name for field in model._meta.concrete_fields}
    return next(name for name in CODES if name in names)


class Clock(forms.TimeInput):
    """A clock time."""

    input_type = "time"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class Picker(AutocompleteMixin, forms.Select):
    """A record out of many, searched by name; without scripts, written by its code.

    `known` holds records that are at hand already, by their keys: a form with many parts then asks
    the database for none of them.
    """

    template_name = "office/widgets/picker.html"
    choices: Any
    known: dict[str, Any]

    def __init__(self, field, admin_site, attrs=None, choices=(), using=None):
        super().__init__(field, admin_site, attrs, choices, using)
        self.known = {}

    def __deepcopy__(self, memo):
        copied = super().__deepcopy__(memo)
        copied.known = {}
        return copied

    @property
    def media(self):
        return forms.Media(js=["js/office/pickers.js"])

    def use_required_attribute(self, initial):
        return False  # the browser could not show what is missing in a control that is hidden

    def build_attrs(self, base_attrs, extra_attrs=None):
        return {**base_attrs, **(extra_attrs or {})}

    def value_from_datadict(self, data, files, name):
        typed = data.get(f"{name}-code", "").replace(",", " ").split()
        picked = super().value_from_datadict(data, files, name)
        if not typed:
            return picked
        return [*picked, *typed] if self.allow_multiple_selected else typed[0]

    def optgroups(self, name, value, attrs=None):
        chosen = [self.create_option(name, *option, True, 0) for option in self.chosen(value)]
        nothing = [] if self.allow_multiple_selected else [("", "—")]
        return [
            (None, [self.create_option(name, *one, not chosen, 0) for one in nothing] + chosen, 0)
        ]

    def chosen(self, value) -> list[tuple[str, str]]:
        """The picked records that exist: key and name."""
        keys = [str(key) for key in value if str(key).isdecimal()]
        missing = [key for key in keys if key not in self.known]
        if missing:
            found = self.choices.queryset.filter(pk__in=missing)
            self.known |= {str(record.pk): record for record in found}
        return [(key, str(self.known[key])) for key in keys if key in self.known]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        values = context["widget"]["value"]
        meta = self.field.model._meta
        context["picker"] = {
            "address": reverse(self.url_name % self.admin_site.name),
            "app_label": meta.app_label,
            "model_name": meta.model_name,
            "field_name": self.field.name,
            "codes": " ".join(key for key in values if key and not str(key).isdecimal()),
        }
        return context


class PickerOfMany(Picker, forms.SelectMultiple):
    """Any number of records out of many."""


class ListPicker(forms.SelectMultiple):
    """Any number of a list that is too long for check boxes; all of it stands in the page."""

    template_name = "office/widgets/picker.html"

    class Media:
        js = ["js/office/pickers.js"]


class Checks(forms.CheckboxSelectMultiple):
    """A short list to tick. What is retired is offered only where it is ticked already."""

    template_name = "office/widgets/checks.html"
    label: Any = ""  # of the whole group

    def get_context(self, name, value, attrs):
        return super().get_context(name, value, attrs) | {"label": self.label}

    def optgroups(self, name, value, attrs=None):
        groups = super().optgroups(name, value, attrs)
        return [
            (group, [one for one in options if one["selected"] or not self.is_retired(one)], place)
            for group, options, place in groups
        ]

    @staticmethod
    def is_retired(option) -> bool:
        record = getattr(option["value"], "instance", None)
        return getattr(record, "retired_on", None) is not None


class ObjectiveChecks(forms.CheckboxSelectMultiple):
    """The objectives, grouped by cluster. The values are their numbers."""

    template_name = "office/widgets/objectives.html"
    label: Any = ""  # of the whole group
    folded = False  # in a part of a record: only the numbers are seen until it is opened
    asks_for_main_aims = False

    class Media:
        css = {"all": ["css/office/entry.css"]}
        js = ["js/office/objectives.js"]

    choices: Any
    objectives: Sequence[Any] = ()  # where the choices do not bring them

    def offered(self) -> Sequence[Any]:
        return self.objectives or [value.instance for value, _label in self.choices]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        served, main = self.ticked(value)
        clusters: dict[int, dict] = {}
        for objective in self.offered():
            number = str(objective.number)
            cluster = clusters.setdefault(
                objective.cluster_id,
                {"name": objective.cluster, "hue": len(clusters) + 1, "rows": []},
            )
            if objective.retired_on is None or number in served:
                cluster["rows"].append(
                    {
                        "number": number,
                        "title": objective.short_title,
                        "served": number in served,
                        "main": number in main,
                    }
                )
        context |= {
            "clusters": [cluster for cluster in clusters.values() if cluster["rows"]],
            "numbers": ", ".join(sorted(served, key=lambda one: (len(one), one))),
            "label": self.label,
            "folded": self.folded,
            "asks_for_main_aims": self.asks_for_main_aims,
        }
        return context

    def optgroups(self, name, value, attrs=None):
        return []  # `clusters` stand in their place

    def ticked(self, value) -> tuple[set[str], set[str]]:
        """The numbers of the objectives that are ticked, and of those ticked as main aims."""
        return {str(number) for number in value or []}, set()


class AimChecks(ObjectiveChecks):
    """The objectives with two boxes each: it is served, and it is a main aim.

    The value is {number: is it a main aim?}; a main aim is served.
    """

    asks_for_main_aims = True

    def ticked(self, value):
        value = value or {}
        return {str(number) for number in value}, {str(one) for one in value if value[one]}

    def value_from_datadict(self, data, files, name):
        served = super().value_from_datadict(data, files, name) or []
        main = super().value_from_datadict(data, files, f"{name}-primary") or []
        return {number: number in main for number in [*served, *main]}

    def format_value(self, value):
        return value or {}


class Upload(forms.FileInput):
    """A file to choose; what arrived with a form that was refused is not asked for again."""

    template_name = "office/widgets/upload.html"
    accepted = ""

    def value_from_datadict(self, data, files, name):
        return super().value_from_datadict(data, files, name) or data.get(f"{name}-kept") or None

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, name) and f"{name}-kept" not in data

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        context["kept"] = getattr(value, "kept", None)
        context["stored"] = value if isinstance(value, dict) else None
        return context


def says_length(widget, least: int | None, most: int | None) -> None:
    """Give the control what `static/js/office/counters.js` counts by, and its words."""
    widget.attrs.pop("maxlength", None)  # browsers would cut off what is pasted, without a word
    words = {
        "data-least": least,
        "data-most": most,
        "data-says": _("{count} of {most} characters"),
        "data-says-near": _("{left} characters left"),
        "data-says-over": _("{over} characters too many: shorten the text"),
        "data-says-short": _("{count} characters, at least {least} before review"),
        "data-says-enough": _("Long enough: {count} of {most} characters"),
    }
    widget.attrs |= {name: value for name, value in words.items() if value is not None}
