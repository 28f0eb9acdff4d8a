"""What the screens show of records like the one being typed or reviewed, and of its objectives."""

from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import TextField, Value
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from objectives.models import LANGUAGES
from office import merging, suggestions
from office.likeness import Described, described, kinds_like, similar_to
from office.pages import office_page, record_address, record_or_404, screen_of
from office.stems import body_field
from public.publishable import Publishable
from public.workflow import SIGNED


class Numbers(forms.Field):
    """Row numbers as a form sends them: any number of times, or empty."""

    widget = forms.MultipleHiddenInput

    def to_python(self, value):
        texts = {one.strip() for one in value or [] if one.strip()}
        if not all(one.isascii() and one.isdigit() and len(one) < 10 for one in texts):
            raise ValidationError(gettext_lazy("Write whole numbers."))
        return frozenset(int(one) for one in texts)


class Question(forms.Form):
    """What the page asks of a record that is being typed."""

    title = forms.CharField(required=False)
    text = forms.CharField(required=False)
    language = forms.ChoiceField(choices=LANGUAGES, required=False)
    member_state = Numbers(required=False)
    member_states = Numbers(required=False)
    stakeholder = Numbers(required=False)
    objectives = Numbers(required=False)
    pk = Numbers(required=False)

    def described(self) -> Described:
        answers = self.cleaned_data
        return Described(
            title=answers["title"],
            text=answers["text"],
            language=answers["language"] or "en",
            states=answers["member_state"] | answers["member_states"],
            member_state=min(answers["member_state"], default=None),
            stakeholder=min(answers["stakeholder"], default=None),
            objectives=answers["objectives"],
            pk=min(answers["pk"], default=None),
        )


def page(request, model):
    """The part of a form that shows what is like the record being typed; for scripts."""
    if not issubclass(model, Publishable):
        return HttpResponse(_("Only records of the review are compared."), status=400)
    if not screen_of(model).has_view_permission(request):
        raise PermissionDenied
    if request.method == "GET" and "of" in request.GET:
        return of_record(request, model)
    question = Question(request.POST or request.GET)
    if not question.is_valid():
        return HttpResponse(question.errors.as_text(), status=400, content_type="text/plain")
    return TemplateResponse(
        request, "office/similar.html", {"similar": _answer(request, model, question.described())}
    )


def of_record(request, model):
    """What is like a record as it is saved, on a page of its own: the way without scripts."""
    pk = request.GET["of"]
    if not (pk.isascii() and pk.isdigit() and len(pk) < 10):
        raise Http404
    record = record_or_404(request, model, int(pk))
    signed = record.status in SIGNED
    answer = _answer(request, model, described(record), signed=signed)
    return office_page(
        request,
        "office/similar_page.html",
        title=_("Is it there already?"),
        record=record,
        guide="entering",
        similar=answer,
    )


def for_record(request, record, model) -> dict:
    """What the record's screen shows beside it; `record` is None while one is added.

    What is like it is looked up once the form is there (`similar.js`): it takes longer than the
    form, and whoever only reads need not wait for it.
    """
    if not issubclass(model, Publishable):
        return {}
    merged = merging.for_record(record) if record else {}
    if merged.get("into"):
        return {"merged": merged}
    shown = {
        "pk": record.pk if record else "",
        "merge": _merge_address(request, record) if record else "",
        "url": reverse("admin:similar", args=[model]),
        "title_field": model.title_column(),
        "text_field": body_field(model),
    }
    return {"merged": merged, "similar": shown}


def _answer(request, model, like: Described, *, signed: bool = False) -> dict:
    """Similar records that this person may view, and objectives that the text may serve."""
    seen = [one for one in kinds_like(model) if screen_of(one).has_view_permission(request)]
    found = similar_to(model, like, among=seen)
    suggested = []
    if not signed and "objectives" in {one.name for one in model._meta.get_fields()}:
        suggested = suggestions.suggested_objectives(
            title=like.title, text=like.text, language=like.language, given=like.objectives
        )
        examples = _addresses([one.like for one in suggested if one.like], request)
        for one in suggested:
            one.like_url = examples.get(one.like, "")
    may_merge = like.pk and screen_of(model).has_change_permission(request)
    return {
        "found": found,
        "suggested": suggested,
        "kind": model.kind,
        "pk": like.pk or "",
        "merge": reverse("admin:merge", args=[model, like.pk]) if may_merge else "",
    }


def _merge_address(request, record) -> str:
    """Where the record is merged into another one, for those who may change such records."""
    may_merge = screen_of(type(record)).has_change_permission(request)
    return reverse("admin:merge", args=[type(record), record.pk]) if may_merge else ""


def _addresses(codes: list[str], request) -> dict[str, str]:
    """Where the records of these codes are, as far as this person may view them."""
    kinds: list[Any] = [
        one
        for one in apps.get_models()
        if issubclass(one, Publishable)
        and one.kind in suggestions.LEARNS_FROM
        and screen_of(one).has_view_permission(request)
    ]
    rows = [
        kind.objects.filter(code__in=codes)
        .annotate(label=Value(kind._meta.label, output_field=TextField()))
        .order_by()
        .values_list("label", "pk", "code")
        for kind in kinds
    ]
    if not codes or not rows:
        return {}
    found = rows[0].union(*rows[1:], all=True) if rows[1:] else rows[0]
    models = {kind._meta.label: kind for kind in kinds}
    return {code: record_address(models[label], pk) for label, pk, code in found}
