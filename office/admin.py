"""What every screen of a publishable record shares."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from objectives.queues import WithQueues
from office import cycle, merging, search, similar, steps
from office.bulk_edit import change_several
from office.document_words import DocumentWords
from office.entry import EntryScreen
from office.exports import export_chosen
from office.queues import WORKFLOW
from office.scope import WithinScope
from public.publishable import Publishable
from public.standing import editions_of
from public.workflow import LABELS, SIGNED

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


class PublishableAdmin(WithQueues, EntryScreen):
    """Status is shown, not edited; steps have pages of their own; what is signed is read only."""

    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice reads the whole table each time
    actions = [*map(steps.list_action, LABELS), change_several, export_chosen]
    can_be_exported = True

    class Media:
        css = {"all": ["css/office/steps.css"]}
        js = ["js/office/steps.js"]

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        return queryset.for_list() if hasattr(queryset, "for_list") else queryset

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """What `templates/admin/change_form.html` shows around the form, each from its module."""
        context |= steps.for_record(request, obj) | similar.for_record(request, obj, self.model)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_form(self, request, obj=None, change=False, **kwargs):
        """The screen's form, which takes no record out of the person's cycle or region."""
        form = super().get_form(request, obj, change, **kwargs)
        return type(form.__name__, (WithinScope, form), {"person": request.user})

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), merging.Merged]

    def known_by(self):
        return "code", self.model.title_column()

    def get_queues(self, request):
        ours = [queue for queue in WORKFLOW if queue.is_for(request.user, self.model)]
        return [*ours, *super().get_queues(request)]

    def get_search_results(self, request, queryset, search_term):
        """As the search over everything finds them, for the list and for pickers."""
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            queryset = queryset.not_merged()  # pickers do not offer what was merged into another
        found = search.Search(search_term).among(queryset) if search_term else queryset
        return found, False

    def get_changeform_initial_data(self, request):
        given = super().get_changeform_initial_data(request)
        return cycle.first_values(request, self.model) | given

    @admin.display(description=_("changed since the public edition"))
    def differences(self, record: Publishable):
        """What the next edition would change, field by field: was → would be."""
        if record.public_edition is None:
            return _("Nothing of this record is public.")
        before, now = editions_of([record])[record.pk][0].content, record.document()
        found = DocumentWords(type(record), [before, now]).differences(before, now)
        if not found:
            return _("Nothing: the public reads what stands here.")
        return render_to_string("office/parts/differences.html", {"differences": found})

    def get_readonly_fields(self, request, obj=None):
        fields = [*super().get_readonly_fields(request, obj), *SIGNATURES]
        return [*fields, "code"] if obj else fields

    def get_fieldsets(self, request, obj=None):
        """Those of the screen; then where the record stands, once it is there."""
        carried = ["read_version"] if self.has_change_permission(request, obj) else []
        about = _("Changed by the steps of the workflow, at the top of this page.")
        stands = {"fields": [*SIGNATURES, *carried], "description": about}
        own = super().get_fieldsets(request, obj)
        return [*own, (_("Where it stands"), stands)] if obj else own

    def has_change_permission(self, request, obj: Publishable | None = None):
        if obj is not None and (obj.status in SIGNED or not obj.is_within(request.user)):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj: Publishable | None = None):
        """Codes are permanent: only a draft that was never public may go."""
        if obj is not None and (
            obj.status != "draft"
            or obj.published_at is not None
            or not obj.is_within(request.user)
        ):
            return False
        return super().has_delete_permission(request, obj)

    def get_actions(self, request):
        """The steps that this person has the right to take."""
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name not in LABELS or steps.may_take_somewhere(name, self.model, request.user)
        }

    def save_model(self, request, obj, form, change):
        obj.edited_by = request.user
        super().save_model(request, obj, form, change)
