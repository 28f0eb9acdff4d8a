"""What every screen of a publishable record shares."""

import json

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from objectives.forms import VersionedForm
from office import similar, steps
from office.bulk_edit import change_several
from office.exports import export_chosen
from public import publication
from public.publication import Conflict
from public.publishable import Publishable
from public.workflow import SIGNED, STEPS

SIGNATURES = [
    "differences",
    "status",
    "status_note",
    "edited_by",
    "approved_by",
    "published_by",
    "published_at",
    "public_edition",
]


def step_action(name: str, label):
    """The list action that takes one step with each chosen record, and says what failed."""

    @admin.action(description=label)
    def take(modeladmin, request, queryset):
        step = getattr(publication, name)
        done = 0
        for record in queryset.for_document():
            try:
                step(record, by=request.user)
            except (ValidationError, PermissionDenied, Conflict) as problem:
                reason = " ".join(getattr(problem, "messages", None) or [str(problem)])
                named = reason if reason.startswith(record.code) else f"{record.code}: {reason}"
                messages.error(request, named)
            else:
                done += 1
        if done:
            messages.success(
                request, _("%(label)s: %(done)d done.") % {"label": label, "done": done}
            )

    take.__name__ = name
    return take


class ChangedSincePublication(admin.SimpleListFilter):
    """Records with a public edition that the office is working on again."""

    title = _("changed since publication")
    parameter_name = "changed"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        return queryset.changed_since_publication() if self.value() == "yes" else queryset


class PublishableAdmin(admin.ModelAdmin):
    """Status is shown, not edited; steps are actions; signed records are read only."""

    form = VersionedForm
    list_per_page = 50
    show_full_result_count = False
    actions = [
        step_action("submit", _("Send to review")),
        step_action("start_review", _("Start the review")),
        step_action("approve", _("Approve")),
        step_action("publish", _("Publish now")),
        step_action("revise", _("Revise: prepare the next edition")),
        change_several,
        export_chosen,
    ]
    resources: list = []  # what files of these records hold, the records' own first

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.for_list() if hasattr(queryset, "for_list") else queryset

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """What `templates/admin/change_form.html` shows around the form, each from its module."""
        context |= steps.for_record(request, obj) | similar.for_record(request, obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), ChangedSincePublication]

    @admin.display(description=_("changed since the public edition"))
    def differences(self, record: Publishable):
        """What the next edition would change, field by field: was → would be."""
        if record.public_edition is None:
            return _("Nothing of this record is public.")
        lines = (
            (field, json.dumps(was, ensure_ascii=False), json.dumps(now, ensure_ascii=False))
            for field, (was, now) in publication.public_differences(record).items()
        )
        return format_html_join(
            "", "<p><strong>{}</strong>: <del>{}</del> → <ins>{}</ins></p>", lines
        ) or _("Nothing: the public reads what stands here.")

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), *SIGNATURES]
        return [*fields, "code"] if obj else fields

    def get_fieldsets(self, request, obj=None):
        left_out = [
            *SIGNATURES,
            *([] if self.has_change_permission(request, obj) else ["read_version"]),
        ]
        names = [name for name in self.get_fields(request, obj) if name not in left_out]
        source = ["url", "sources", "source_locator", "staff_notes", "language"]
        return [
            (None, {"fields": [name for name in names if name not in source]}),
            (
                _("Source and notes"),
                {
                    "fields": [name for name in source if name in names],
                    "description": _("Where it comes from, and what colleagues should know."),
                },
            ),
            (
                _("Where it stands"),
                {
                    "fields": SIGNATURES,
                    "description": _("Changed by the steps of the workflow, from the list."),
                },
            ),
        ]

    def has_change_permission(self, request, obj: Publishable | None = None):
        if obj is not None and obj.status in SIGNED:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj: Publishable | None = None):
        """Codes are permanent: only a draft that was never public may go."""
        if obj is not None and (obj.status != "draft" or obj.published_at is not None):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        """The steps that this person has the right to take; deleting is no step."""
        rights = {s.name for s in STEPS if publication.has_right(s, self.model, request.user)}
        rights |= {"change_several", "export_chosen"}  # Django has asked whether they may
        return {
            name: action for name, action in super().get_actions(request).items() if name in rights
        }

    def save_model(self, request, obj, form, change):
        obj.edited_by = request.user
        super().save_model(request, obj, form, change)
