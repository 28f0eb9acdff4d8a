"""The guided step that opens the next cycle: choose, look at everything, confirm."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseFormSet, formset_factory
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.models import ReviewCycle
from office.pages import office_page
from sessions.models import Recommendation, Roundtable
from sessions.next_cycle import (
    DAYS,
    NAMES,
    RIGHTS,
    Copy,
    expected_to_report,
    moved,
    new_code,
    next_year,
    open_cycle,
    proposal,
    recommendations_of,
    roundtables_of,
)

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class CycleChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj):
        return f"{obj.code}: {obj.short_name}"


class ChooseForm(forms.Form):
    """Which cycle is copied, and into which year."""

    source = CycleChoice(
        ReviewCycle.objects.in_use().order_by("-year", "code"),
        to_field_name="code",
        label=gettext_lazy("Cycle to copy"),
        empty_label=None,
    )
    year = forms.IntegerField(
        label=gettext_lazy("Year of the new cycle"),
        required=False,
        min_value=1990,
        max_value=2100,
        help_text=gettext_lazy("Leave it empty for the usual number of years later."),
    )

    def clean(self):
        cleaned = super().clean() or {}
        source, year = cleaned.get("source"), cleaned.get("year")
        if source and year and year <= source.year:
            self.add_error("year", _("The new cycle comes after %(code)s.") % {"code": source})
        return cleaned


class CycleForm(forms.ModelForm):
    """What the new cycle says of itself."""

    class Meta:
        model = ReviewCycle
        fields = ["code", "year", *NAMES, *DAYS, "place", "host", "facts"]
        widgets = dict.fromkeys(DAYS, DAY) | {"facts": forms.Textarea(attrs={"rows": 2})}


class CopyForm(forms.Form):
    """One row of what is carried over. What is not ticked is not looked at."""

    take = forms.BooleanField(required=False, initial=True)
    source = forms.IntegerField(widget=forms.HiddenInput)
    code = forms.CharField(max_length=60, label=gettext_lazy("code"))

    of: Any = None  # the row that is copied

    def full_clean(self):
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("take"):
            self._errors = forms.utils.ErrorDict()

    def values(self) -> dict[str, Any]:
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("take", "source")
        }


class RoundtableCopyForm(CopyForm):
    title_en = forms.CharField(max_length=300, label=gettext_lazy("title in English"))
    starts_on = forms.DateField(required=False, widget=DAY, label=gettext_lazy("first day"))
    ends_on = forms.DateField(required=False, widget=DAY, label=gettext_lazy("last day"))


class Copies(BaseFormSet):
    """The rows of one kind, each with what it copies; codes are new and different."""

    model: Any = None
    sources: dict[str, Any]

    def __init__(self, *args, sources, **kwargs):
        self.sources = {str(one.pk): one for one in sources}
        super().__init__(*args, **kwargs)
        for form in self.forms:
            source = form["source"].value()
            form.of = self.sources.get(str(source))
            if form.of:
                for name in form.visible_fields():
                    name.field.widget.attrs["aria-label"] = f"{form.of.code}: {name.label}"

    def clean(self):
        taken = [form for form in self.forms if form.cleaned_data.get("take")]
        if any(form.of is None for form in taken) or len({form.of for form in taken}) < len(taken):
            raise ValidationError(_("Something changed meanwhile: begin again, please."))
        known = set(
            self.model.objects.filter(
                code__in=[form.cleaned_data.get("code") for form in taken]
            ).values_list("code", flat=True)
        )
        for form in taken:
            code = form.cleaned_data.get("code")
            if code in known:
                form.add_error("code", _("There is a record with this code already."))
            known.add(code)

    def chosen(self) -> list[Copy]:
        return [
            Copy(form.of, form.values()) for form in self.forms if form.cleaned_data.get("take")
        ]


class RoundtableCopies(Copies):
    model = Roundtable


class RecommendationCopies(Copies):
    model = Recommendation


def page(request):
    """Choose a cycle (`?source=`), look at all that will be created, confirm."""
    if not request.user.has_perms(RIGHTS):
        raise PermissionDenied
    choice = ChooseForm(request.GET if "source" in request.GET else None)
    if not choice.is_valid():
        return office_page(
            request,
            "office/next_cycle_choose.html",
            title=_("Open the next cycle"),
            guide="next-cycle",
            model=ReviewCycle,
            form=choice,
        )
    cycle = choice.cleaned_data["source"]
    year = choice.cleaned_data["year"] or next_year(cycle)
    parts = _parts(request.POST or None, cycle, year)
    confirming = False
    valid = [part.is_valid() for part in parts]  # all of them, to mark all that is wrong
    if request.method == "POST" and all(valid):
        confirming = _refer_to_each_other(*parts[1:]) and "change" not in request.POST
    if confirming and "confirm" in request.POST:
        try:
            new = open_cycle(
                cycle,
                values=parts[0].cleaned_data,
                roundtables=parts[1].chosen(),
                recommendations=parts[2].chosen(),
                by=request.user,
            )
        except ValidationError as refusal:
            confirming = False
            for reason in refusal.messages:
                parts[0].add_error(None, reason)
        else:
            messages.success(
                request,
                _("%(code)s is open. Everything in it is a draft to be confirmed.")
                % {"code": new.code},
            )
            listed = reverse("admin:roundtables_roundtable_changelist")
            return redirect(f"{listed}?cycle__id__exact={new.pk}")
    return _look(request, cycle, parts, confirming)


def _parts(data, cycle: ReviewCycle, year: int) -> list[Any]:
    """The three forms of the page: the cycle, its roundtables, its recommendations."""
    years = year - cycle.year
    start = proposal(cycle, year)
    roundtables, recommendations = list(roundtables_of(cycle)), list(recommendations_of(cycle))
    rows_of: Any = formset_factory(RoundtableCopyForm, RoundtableCopies, extra=0)
    items_of: Any = formset_factory(CopyForm, RecommendationCopies, extra=0)
    return [
        CycleForm(data, initial=start, prefix="cycle"),
        rows_of(
            data,
            sources=roundtables,
            prefix="roundtables",
            initial=[
                {
                    "source": one.pk,
                    "code": new_code(one.code, cycle, start["code"], year),
                    "title_en": one.title_en.replace(str(cycle.year), str(year)),
                    "starts_on": moved(one.starts_on, years),
                    "ends_on": moved(one.ends_on, years),
                }
                for one in roundtables
            ],
        ),
        items_of(
            data,
            sources=recommendations,
            prefix="recommendations",
            initial=[
                {"source": one.pk, "code": new_code(one.code, cycle, start["code"], year)}
                for one in recommendations
            ],
        ),
    ]


def _refer_to_each_other(roundtables: Copies, recommendations: Copies) -> bool:
    """A recommendation of a roundtable is carried over together with it."""
    taken = {copy.of.pk for copy in roundtables.chosen()} | {None}
    sound = True
    for form in recommendations.forms:
        if form.cleaned_data.get("take") and form.of.roundtable_id not in taken:
            form.add_error(
                "take", _("Its roundtable is not carried over: tick that, or leave this out.")
            )
            sound = False
    return sound


def _look(request, cycle: ReviewCycle, parts: list[Any], confirming: bool):
    own, roundtables, recommendations = parts
    taken = [form for form in roundtables.forms if form["take"].value()]
    return office_page(
        request,
        "office/next_cycle_confirm.html" if confirming else "office/next_cycle.html",
        title=_("Open the next cycle, from %(code)s") % {"code": cycle.code},
        guide="next-cycle",
        model=ReviewCycle,
        source=cycle,
        cycle_form=own,
        roundtables=roundtables,
        recommendations=recommendations,
        faulty=request.method == "POST" and not all(part.is_valid() for part in parts),
        counts={
            "roundtables": len(taken),
            "items": sum(form.of.items for form in taken if form.of),
            "questions": sum(form.of.asked for form in taken if form.of),
            "recommendations": len([one for one in recommendations.forms if one["take"].value()]),
            "states": expected_to_report(cycle).count(),
        },
    )
