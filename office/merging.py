"""Two records of one thing become one: choosing which one stays, and seeing what will happen."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from office.likeness import described, similar_to
from office.pages import (
    office_page,
    record_address,
    record_or_404,
    screen_of,
    told_if_gone,
)
from public import merging
from public.publication import Conflict
from public.publishable import Publishable

FOUND = 20  # records that the picker lists

# What merging does not compare: where a record stands, and what the database counts.
NOT_COMPARED = {
    "id",
    "version",
    "code",
    "status",
    "status_note",
    "edited_by",
    "approved_by",
    "published_by",
    "one_person",
    "published_at",
    "public_edition",
    "merged_into",
    "created_at",
}


class Merged(admin.SimpleListFilter):
    """Records that were merged into another one: left out of the list unless asked for."""

    title = gettext_lazy("merged")
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return [("yes", gettext_lazy("Merged into another record"))]

    def queryset(self, request, queryset):
        return queryset.filter(merged_into__isnull=self.value() != "yes")


class MergeForm(forms.Form):
    """What is said and chosen on the page, and which versions it showed."""

    add = forms.MultipleChoiceField(
        label=gettext_lazy("Take over as well"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What the one that stays does not have. Objectives come as secondary."
        ),
    )
    move = forms.MultipleChoiceField(
        label=gettext_lazy("Move as well"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "What is not moved stays with the merged record, to be read there."
        ),
    )
    note = forms.CharField(
        label=gettext_lazy("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("For colleagues. It stands in the history of both records."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    into_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, record, into, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in (("add", _offered(record, into)), ("move", _parts(record))):
            field: Any = self.fields[name]
            field.choices = choices
            if not choices:
                del self.fields[name]
        self.fields["version"].initial = record.version
        self.fields["into_version"].initial = into.version


@dataclass(frozen=True)
class Line:
    """A field of both records, side by side."""

    label: Any
    one: str
    other: str

    @property
    def differs(self) -> bool:
        return self.one != self.other


@told_if_gone
def page(request, model, pk):
    """Choose the record that stays (`?into=`), then see and confirm what will happen."""
    if not issubclass(model, Publishable):
        raise Http404
    record = record_or_404(request, model, pk)
    # signed records are read only on their screens, and may be merged all the same
    if not request.user.has_perm(f"{model._meta.app_label}.change_{model._meta.model_name}"):
        raise PermissionDenied
    chosen = request.GET.get("into", "")
    if not chosen:
        return _choose(request, record)
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        raise Http404
    return _confirm(request, record, record_or_404(request, model, int(chosen)))


def for_record(record) -> dict:
    """What the record's screen says of merging: where it went, or what came to it."""
    if record.merged_into_id:
        return {"into": _link(record.merged_into)}
    return {"records": [_link(one) for one in record.merged_records.order_by("code")]}


def _choose(request, record):
    """Records that it may be merged into: similar ones first, else found by code or words."""
    model = type(record)
    screen = screen_of(model)
    words = request.GET.get("q", "").replace("\0", "").strip()
    others = model.objects.not_merged().exclude(pk=record.pk)
    found = []
    if words:
        results, may_repeat = screen.get_search_results(request, others, words)
        results = results.distinct() if may_repeat else results
        found = [_link(one) for one in results[:FOUND]]
    alike = [] if words else similar_to(model, described(record), among=[model])
    return office_page(
        request,
        "office/merge_choose.html",
        title=_("Merge %(code)s into another record") % {"code": record.code},
        guide="merging",
        record=record,
        name=_name(record),
        words=words,
        found=found,
        similar=alike,
        merged_into=record.merged_into and _link(record.merged_into),
    )


def _confirm(request, record, into):
    """Both records side by side, and what will happen; by POST it happens."""
    form = MergeForm(request.POST or None, record=record, into=into)
    status = 200
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        record.version, into.version = answers["version"], answers["into_version"]
        try:
            merging.merge(
                record,
                into=into,
                by=request.user,
                note=answers["note"],
                add=answers.get("add", ()),
                move=answers.get("move", ()),
            )
        except ValidationError as refusal:
            for reason in refusal.messages:
                form.add_error(None, reason)
        except Conflict as conflict:
            form.add_error(None, f"{conflict} {_('Look at both again, then confirm.')}")
            status = 409
            record, into = (record_or_404(request, type(one), one.pk) for one in (record, into))
            typed = request.POST.copy()
            typed["version"], typed["into_version"] = record.version, into.version
            form.data = typed
        else:
            messages.success(
                request,
                _("%(code)s was merged into this record. Its code leads here from now on.")
                % {"code": record.code},
            )
            return redirect(_link(into)["url"])
    reasons = merging.refusals(record, into, request.user)
    return office_page(
        request,
        "office/merge.html",
        title=_("Merge %(code)s into %(into)s") % {"code": record.code, "into": into.code},
        guide="merging",
        record=record,
        status=status,
        form=form,
        reasons=[] if form.errors else reasons,
        possible=not reasons,
        code=record.code,
        into=into,
        lines=_side_by_side(record, into),
        consequences=_consequences(record, into),
        statuses=[record.get_status_display(), into.get_status_display()],
        addresses=[_link(one)["url"] for one in (record, into)],
        other_way=reverse("admin:merge", args=[type(record), into.pk]) + f"?into={record.pk}",
        choose_again=reverse("admin:merge", args=[type(record), record.pk]),
    )


def _side_by_side(record, into) -> list[Line]:
    """Every field that somebody typed, of both."""
    model = type(record)
    lines = [
        Line(field.verbose_name, *(_shown(one, field) for one in (record, into)))
        for field in model._meta.concrete_fields
        if field.name not in NOT_COMPARED
    ]
    lines += [
        Line(field.verbose_name, *(_listed(one, field) for one in (record, into)))
        for field in model._meta.many_to_many
    ]
    return [line for line in lines if line.one or line.other]


def _shown(record, field) -> str:
    if field.choices and not getattr(field, "base_field", None):
        return str(getattr(record, f"get_{field.name}_display")())
    value = getattr(record, field.name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(localize(value))


def _listed(record, field) -> str:
    return "\n".join(str(one) for one in getattr(record, field.name).all())


def _consequences(record, into) -> list[str]:
    """What will happen, in words, besides what is chosen."""
    words = {"code": record.code, "into": into.code}
    said = []
    if merging.needs_publisher(record):
        said.append(
            _(
                "%(code)s is taken out of the public record, for every moment. Its address and its"
                " code lead to %(into)s as soon as that is public."
            )
            % words
        )
    else:
        said.append(_("Nothing of %(code)s is public, so nobody outside learns of it.") % words)
    said.append(
        _(
            "%(code)s is closed for ever: nobody can edit or publish it again. Its text and its"
            " history can still be read here."
        )
        % words
    )
    for relation in merging.files_of(record):
        if count := relation.rows(record).count():
            said.append(
                _("%(what)s that move to %(into)s: %(count)d.")
                % {"what": str(relation.label).capitalize(), "into": into.code, "count": count}
            )
    for relation in merging.pointing_to(record):
        if count := relation.living_rows(record).count():
            said.append(
                _("%(what)s that name %(code)s and will name %(into)s: %(count)d.")
                % (words | {"what": str(relation.label).capitalize(), "count": count})
            )
    said.append(_("The text of %(into)s stays as it is.") % words)
    return said


def _offered(record, into) -> list[tuple[str, str]]:
    return [
        (offer.name, f"{str(offer.field.verbose_name).capitalize()}: {offer.row}")
        for offer in merging.offers(record, into)
    ]


def _parts(record) -> list[tuple[str, str]]:
    counted = [(part, part.rows(record).count()) for part in merging.parts_of(record)]
    return [
        (part.name, f"{str(part.label).capitalize()}: {count}") for part, count in counted if count
    ]


def _name(record) -> str:
    return f"{record.code}: {str(getattr(record, type(record).title_column()))[:160]}"


def _link(record) -> dict:
    return {
        "pk": record.pk,
        "name": _name(record),
        "status": record.get_status_display(),
        "url": record_address(type(record), record.pk),
    }
