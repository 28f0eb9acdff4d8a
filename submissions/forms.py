"""How what parties hand in is entered, where a screen asks for more than the columns."""

from itertools import count
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from objectives.models import Country
from office.forms import CodedForm, PartForm, TaggedForm
from office.widgets import ListPicker


class PracticeForm(TaggedForm):
    """Partner countries are picked by name, and kept by code."""

    partner_countries = forms.MultipleChoiceField(
        label=_("Partner countries outside the region"),
        required=False,
        widget=ListPicker,
        help_text=_("Countries of other regions that took part. Empty if none did."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = {country.code: country.name for country in Country.objects.in_use()}
        names |= {code: code for code in self.instance.partner_countries if code not in names}
        countries: Any = self.fields["partner_countries"]
        countries.choices = sorted(names.items(), key=lambda one: one[1])


class PledgeForm(TaggedForm):
    """In the page, the pledge that it matches goes by another name.

    A control called `matches` would take the place of the form's own method of that name, which
    browsers' tools call, those that look for barriers among them.
    """

    def add_prefix(self, field_name):
        return super().add_prefix("matched" if field_name == "matches" else field_name)


class ReportForm(CodedForm):
    """The code of a report says the year of its cycle and its party; a second one adds -2."""

    made_of = _("the review cycle and the party")

    def codes(self, cleaned):
        cycle = cleaned.get("cycle")
        party = cleaned.get("member_state") or cleaned.get("stakeholder")
        if cycle and party:
            stem = f"VR-{cycle.year}-{getattr(party, 'iso3', None) or party.code}"
            yield stem
            yield from (f"{stem}-{number}" for number in count(2))


class SectionForm(PartForm):
    order = "sort_order"
