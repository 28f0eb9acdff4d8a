"""How sittings and recommendations are entered, where a screen asks for more than the columns."""

from itertools import count

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from office.forms import CodedForm, PartForm
from sessions.models import Recommendation, Roundtable

# What stands in the code of a sitting for its type; a roundtable inside another sitting is R.
LETTERS = {
    Roundtable.Type.OPENING: "OPEN",
    Roundtable.Type.ROUNDTABLE: "S",
    Roundtable.Type.CONSULTATION: "CON",
    Roundtable.Type.HEARING: "H",
    Roundtable.Type.SIDE_EVENT: "SE",
    Roundtable.Type.CLOSING: "CLOSE",
}
ONCE = (Roundtable.Type.OPENING, Roundtable.Type.CLOSING)  # a second one gets a number


class RoundtableForm(CodedForm):
    """RR2024-S1: the cycle, the type, the number; inside another sitting, that one's code."""

    made_of = _("the review cycle, the type and the number")

    def codes(self, cleaned):
        cycle, part_of, kind = (cleaned.get(name) for name in ("cycle", "part_of", "type"))
        if not (cycle and kind):
            return
        letters = "R" if part_of and kind == Roundtable.Type.ROUNDTABLE else LETTERS[kind]
        stem = f"{part_of.code if part_of else cycle.code}-{letters}"
        number = cleaned.get("number")
        if number is not None:
            yield f"{stem}{number}"
        elif kind in ONCE:
            yield stem
        if number is None:
            yield from (f"{stem}{number}" for number in count(2 if kind in ONCE else 1))


class RecommendationForm(CodedForm):
    """R2020-RT1-01: the year, the roundtable or G for general, the number."""

    made_of = _("the review cycle, the roundtable and the number")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "number" in self.fields:
            self.fields["number"].required = False
            self.fields["number"].help_text = _("Its place in the source; left empty, the next.")

    def clean(self):
        cleaned = self.cleaned_data
        if cleaned.get("number") is None and "number" not in self.errors and cleaned.get("cycle"):
            neighbours = Recommendation.objects.filter(
                cycle=cleaned["cycle"], roundtable=cleaned.get("roundtable")
            ).exclude(pk=self.instance.pk)
            last = neighbours.aggregate(last=Max("number"))["last"] or 0
            cleaned["number"] = last + 1
        return super().clean()

    def codes(self, cleaned):
        cycle, roundtable, number = (
            cleaned.get(name) for name in ("cycle", "roundtable", "number")
        )
        if cycle and number is not None:
            of_cycle = roundtable.code.removeprefix(f"{cycle.code}-") if roundtable else "G"
            place = f"{of_cycle.replace('-', '')}-{number:02}"
            yield f"R{cycle.year}-{place}"
            yield f"{cycle.code}-{place}"  # of another cycle in the same year


class OrderedForm(PartForm):
    order = "sort_order"


class QuestionForm(PartForm):
    order = "number"
