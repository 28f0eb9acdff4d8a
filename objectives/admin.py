"""The office's screens of reference data. Nothing here is deleted: it is retired."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CharField, OuterRef, Q, Subquery
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from objectives.form_fields import Day, SeveralOf, TextBox
from objectives.forms import VersionedForm
from objectives.models import (
    SDG,
    Cluster,
    Country,
    Doubt,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    MemberStateName,
    Objective,
    Region,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from objectives.queues import Queue, WithQueues
from objectives.reference_files import FILES
from objectives.versioned_admin import VersionedAdmin

FILE_OF = {file.model: file for file in FILES}
NAMES = ["name_en", "name_fr", "name_ru"]


def untranslated(rows, asked):
    """Rows in use whose name or title misses French or Russian."""
    columns = {field.name for field in rows.model._meta.fields}
    names = columns & {"name_fr", "name_ru", "title_fr", "title_ru"}
    missing = Q(*((name, "") for name in sorted(names)), _connector=Q.OR)
    return rows.in_use().filter(missing) if names else rows.none()


class ReferenceAdmin(WithQueues, VersionedAdmin):
    """Base of the screens: whether a record is in use, and what is doubtful about it."""

    queues = [
        Queue("untranslated", _("Without a French or Russian name"), untranslated, right="change")
    ]
    guidance = _("What you change here stays, also when the reference files are loaded again.")
    columns: list[str] = []  # of the list, between the code and “in use”
    can_be_exported = True  # with all its fields
    formfield_overrides = {
        models.TextField: {"widget": TextBox},
        models.DateField: {"widget": Day},
    }

    class Media:
        css = {"all": ["css/office/entry.css"]}

    @property
    def code(self) -> str:
        return FILE_OF[self.model].key[0]

    def known_by(self):
        columns = {field.name for field in self.model._meta.fields}
        return self.code, next(n for n in ("name_en", "title_en", "name") if n in columns)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        doubts = Doubt.objects.filter(
            table=FILE_OF[self.model].table,
            code=Cast(OuterRef(self.code), CharField()),
            settled_on__isnull=True,
        )
        return super().get_queryset(request).annotate(open_doubt=Subquery(doubts.values("text")))

    def get_list_display(self, request):
        return [self.code, *self.columns, "in_use", "doubt"]

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), ("retired_on", admin.EmptyFieldListFilter)]

    def get_readonly_fields(self, request, obj=None):
        return ["doubts", self.code] if obj else ["doubts"]

    def get_search_results(self, request, queryset, search_term):
        """Pickers offer what is in use; lists show everything."""
        if request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(retired_on__isnull=True)
        return super().get_search_results(request, queryset, search_term)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if isinstance(db_field, ArrayField) and db_field.base_field.choices:
            return SeveralOf.of(db_field)
        if db_field.many_to_many:
            return db_field.formfield(widget=forms.CheckboxSelectMultiple)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_fieldsets(self, request, obj=None):
        hidden = ["read_version"] if self.has_change_permission(request, obj) else []
        content = [field.name for field in FILE_OF[self.model].columns if field.name != self.code]
        own = self.fieldsets or [
            (None, {"description": self.guidance, "fields": ["doubts", self.code, *content]})
        ]
        return [
            *own,
            (
                _("Use"),
                {
                    "description": _(
                        "To take a record out of use, write the day. Old records go on naming it, "
                        "new ones cannot."
                    ),
                    "fields": ["retired_on", *hidden],
                },
            ),
        ]

    @admin.display(description=_("in use"), boolean=True, ordering="retired_on")
    def in_use(self, record):
        return record.retired_on is None

    @admin.display(description=_("doubt"), ordering="open_doubt")
    def doubt(self, record):
        return Truncator(record.open_doubt or "").chars(70)

    @admin.display(description=_("Doubts"))
    def doubts(self, record):
        """The open doubts in full, each a link to where it is settled."""
        file = FILE_OF[self.model]
        doubts = Doubt.objects.filter(
            table=file.table, code=file.code_of(record), settled_on__isnull=True
        )
        links = ((reverse("admin:objectives_doubt_change", args=[d.pk]), d.text) for d in doubts)
        return format_html_join("", '<a href="{}">{}</a>', links) or _("None is noted.")


class NamedAdmin(ReferenceAdmin):
    columns = NAMES
    search_fields = ["code", *NAMES]


@admin.register(Region)
class RegionAdmin(NamedAdmin):
    columns = [*NAMES, "kind", "m49"]
    list_filter = ["kind"]


@admin.register(Cluster, Country, GuidingPrinciple, StakeholderType)
class PlainAdmin(NamedAdmin):
    """Codes and names need nothing more."""


@admin.register(ImplementerType)
class ImplementerTypeAdmin(NamedAdmin):
    columns = [*NAMES, "stakeholder_type"]
    list_select_related = ["stakeholder_type"]


@admin.register(Objective)
class ObjectiveAdmin(ReferenceAdmin):
    guidance = _("Titles are those of resolution A/RES/73/195; short titles are ours.")
    columns = ["short_title_en", "short_title_fr", "short_title_ru", "cluster"]
    list_filter = ["cluster"]
    list_select_related = ["cluster"]
    search_fields = ["=number", "title_en", "title_fr", "title_ru", "short_title_en"]

    def view_on_site(self, obj):
        return obj.get_absolute_url()


@admin.register(SDG)
class SDGAdmin(ReferenceAdmin):
    guidance = _("Short names as the United Nations write them.")
    columns = NAMES
    search_fields = ["=number", *NAMES]


class MemberStateNameInline(admin.StackedInline):
    model = MemberStateName
    extra = 0
    can_delete = False
    show_change_link = True


@admin.register(MemberState)
class MemberStateAdmin(ReferenceAdmin):
    guidance = _("Names are those of the United Nations; other names and spellings stand below.")
    columns = [*NAMES, "subregion"]
    list_filter = ["regions", "subregion"]
    list_select_related = ["subregion"]
    search_fields = [
        "iso3",
        "iso2",
        "=m49",
        *NAMES,
        "official_name_en",
        "official_name_fr",
        "official_name_ru",
        "other_names__name",
    ]
    inlines = [MemberStateNameInline]


@admin.register(MemberStateName)
class MemberStateNameAdmin(ReferenceAdmin):
    guidance = _("Imports and searches take this name for the State.")
    columns = ["member_state", "kind", "used_from", "used_until"]
    list_filter = ["kind"]
    list_select_related = ["member_state"]
    search_fields = ["name", "member_state__iso3", "member_state__name_en"]


@admin.register(SourceDocument)
class SourceDocumentAdmin(ReferenceAdmin):
    columns = ["title_en", "kind", "publisher", "year"]
    list_filter = ["kind", "year"]
    search_fields = ["code", "title_en", "title_fr", "title_ru", "publisher"]


class ReviewCycleForm(VersionedForm):
    """The code of a cycle says its kind and year."""

    PREFIXES = {ReviewCycle.Kind.REGIONAL_REVIEW: "RR", ReviewCycle.Kind.IMRF: "IMRF"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Leave it empty: it is made of kind and year.")

    def clean(self):
        cleaned = super().clean()
        if "code" in self.fields and not cleaned.get("code"):
            if not (cleaned.get("kind") and cleaned.get("year")):
                return cleaned  # both are asked for already
            cleaned["code"] = f"{self.PREFIXES[cleaned['kind']]}{cleaned['year']}"
        return cleaned


@admin.register(ReviewCycle)
class ReviewCycleAdmin(ReferenceAdmin):
    form = ReviewCycleForm
    columns = ["name_en", "kind", "region", "starts_on", "ends_on", "place"]
    list_filter = ["kind", "region"]
    list_select_related = ["region"]
    search_fields = ["code", *NAMES, "place", "host"]
    fieldsets = [
        (
            _("Which review"),
            {
                "description": _("Kind and year give the cycle its code, which is for ever."),
                "fields": ["doubts", "kind", "year", "region", "code"],
            },
        ),
        (
            _("Names"),
            {
                "description": _("As invitations and reports call it, in each language."),
                "fields": [*NAMES],
            },
        ),
        (
            _("Dates"),
            {
                "description": _("Roundtables and calls for inputs are held to these days."),
                "fields": [
                    ("inputs_open_on", "inputs_close_on"),
                    "preparation_starts_on",
                    ("starts_on", "ends_on"),
                ],
            },
        ),
        (
            _("Place"),
            {
                "description": _("Where people meet, and in which languages they may speak."),
                "fields": ["place", "host", "format", "languages"],
            },
        ),
        (
            _("What the sources count"),
            {
                "description": _("Empty means that no source says anything: not known, not “no”."),
                "fields": [
                    ("member_state_reports", "stakeholder_reports"),
                    ("attendance_min", "attendance_max"),
                    "facts",
                ],
            },
        ),
        (
            _("Sources"),
            {
                "description": _("Say where it comes from, so that readers can check it."),
                "fields": ["sources", "source_locator", "url"],
            },
        ),
    ]


@admin.register(Doubt)
class DoubtAdmin(VersionedAdmin):
    """What staff should check; settled, not deleted."""

    list_display = ["table", "code", "text", "settled_on"]
    list_filter = ["table", ("settled_on", admin.EmptyFieldListFilter)]
    search_fields = ["table", "code", "text"]
    actions = ["settle"]

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        return ["table", "code"] if obj else []

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "table":
            tables = [(file.table, file.model._meta.verbose_name_plural) for file in FILES]
            return forms.ChoiceField(choices=tables, label=db_field.verbose_name)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.action(description=_("Mark as settled today"), permissions=["change"])
    def settle(self, request, doubts):
        for doubt in doubts.filter(settled_on__isnull=True):
            doubt.settled_on = timezone.localdate()
            doubt.save()
