"""Taking a filtered list out as XLSX or CSV, with the columns that somebody chooses."""

import tempfile
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ALL_VAR, ORDER_VAR, PAGE_VAR
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import FileResponse, Http404, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from office.export_columns import GROUPS, ON_REQUEST, ExportColumn, Rows, code_book, rows_of
from office.pages import list_address, office_page, screen_of
from public.sheets import CSV, XLSX, DoesNotFit, Sheet, csv_lines, write_xlsx
from public.streams import row_by_row

ROWS = "rows"  # of the address: what a row is; everything else there is the list's
AT_ONCE = 1_000  # records in memory
WIDTH = 24  # characters
TABLE, TEXT, CODES = "xlsx", "csv", "code-book"


class ExportForm(forms.Form):
    """Which columns, and what kind of file."""

    columns = forms.MultipleChoiceField(required=False)
    format = forms.ChoiceField(
        choices=[(TABLE, "XLSX"), (TEXT, "CSV"), (CODES, gettext_lazy("Code book"))]
    )

    def __init__(self, offered: list[ExportColumn], *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = offered
        columns: Any = self.fields["columns"]
        columns.choices = [(one.name, one.label) for one in offered]
        columns.initial = [
            one.name for one in offered if one.always or one.group not in ON_REQUEST
        ]

    def groups(self) -> list[dict[str, Any]]:
        """The columns as the page offers them."""
        ticked = self["columns"].value() or []
        return [
            {
                "name": name,
                "label": label,
                "note": note,
                "columns": [(one, one.always or one.name in ticked) for one in columns],
            }
            for name, (label, note) in GROUPS.items()
            if (columns := [one for one in self.offered if one.group == name])
        ]

    def chosen(self) -> list[ExportColumn]:
        """In the order of the file; what finds a record again is always there."""
        ticked = self.cleaned_data["columns"]
        return [one for one in self.offered if one.always or one.name in ticked]


def page(request, model):
    """Choose the columns, see how many records there are, and take the file."""
    screen = screen_of(model)
    if not getattr(screen, "can_be_exported", False):
        raise Http404
    if not screen.has_view_permission(request):
        raise PermissionDenied
    kinds = rows_of(screen, request.user)
    query = request.GET.copy()
    asked = query.pop(ROWS, [model._meta.model_name])[-1]
    if asked not in kinds:
        raise Http404
    rows = kinds[asked]
    below = list_address(model)
    try:
        listing = listing_of(screen, request, query)
    except IncorrectLookupParameters:
        messages.warning(request, _("These filters do not exist. Filter the list again."))
        return redirect(below)
    form = ExportForm(rows.offered(request.user), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return answer(rows, listing.queryset, form.chosen(), form.cleaned_data["format"])
        except DoesNotFit as reason:
            form.add_error(None, str(reason))
    return office_page(
        request,
        "office/export.html",
        title=_("Export"),
        model=model,
        guide="export",
        form=form,
        listing=listing,
        count=rows.records(listing.queryset, []).count() if rows.owner else listing.result_count,
        back=list_address(model, query.urlencode()),
        query=query,
        rows=rows.model._meta,
        kinds=[
            (kind.model._meta, _with(query, **({ROWS: name} if kind.owner else {})), kind is rows)
            for name, kind in kinds.items()
        ],
    )


def listing_of(screen: admin.ModelAdmin, request, query: QueryDict) -> Any:
    """The list as this query shows it, with its filters, search and order, but in one piece."""
    for name in (PAGE_VAR, ALL_VAR):
        query.pop(name, None)
    request.GET = query
    return screen.get_changelist_instance(request)


def _with(query: QueryDict, **values: str) -> str:
    query = query.copy()
    query.update(values)
    return query.urlencode()


def answer(rows: Rows, listed: models.QuerySet, columns: list[ExportColumn], kind: str) -> Any:
    """The file, never as a whole in memory."""
    header = [one.name for one in columns]
    titles, codes = code_book(columns)
    if kind == CODES:
        return _streamed(csv_lines(titles, list(codes)), "code book", rows, "csv")
    table = values(rows.records(listed, columns), columns)
    if kind == TEXT:
        return _streamed(csv_lines(header, table), "", rows, "csv")
    file = tempfile.TemporaryFile()  # noqa: SIM115  the response closes it
    try:
        name = capfirst(str(rows.model._meta.verbose_name_plural))
        records = Sheet(name, header, table, [WIDTH] * len(header))
        write_xlsx(file, [records, Sheet(_("Code book"), titles, codes, [WIDTH] * len(titles))])
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return FileResponse(
        file, content_type=XLSX, as_attachment=True, filename=file_name(rows, "", "xlsx")
    )


def values(records: models.QuerySet, columns: list[ExportColumn]) -> Iterator[list[Any]]:
    with row_by_row():
        for record in records.iterator(AT_ONCE):
            yield [one.value_of(record) for one in columns]


def _streamed(lines: Iterator[str], what: str, rows: Rows, ending: str) -> StreamingHttpResponse:
    name = content_disposition_header(True, file_name(rows, what, ending)) or ""
    return StreamingHttpResponse(lines, content_type=CSV, headers={"Content-Disposition": name})


def file_name(rows: Rows, what: str, ending: str) -> str:
    """The same in every language, and plain letters: practices-2024-03-11.csv."""
    with override("en"):
        words = [rows.model._meta.verbose_name_plural, what, timezone.localdate()]
        return f"{slugify(' '.join(map(str, words)))}.{ending}"


@admin.action(description=gettext_lazy("Export the chosen records"), permissions=["view"])
def export_chosen(modeladmin, request, queryset):
    """Open the export page for the chosen records, or for all that the list has."""
    query = request.GET.copy()
    if request.POST.get("select_across") != "1":
        key = modeladmin.model._meta.pk.name
        chosen = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        order = {name: value for name, value in query.items() if name == ORDER_VAR}
        query = QueryDict(mutable=True)
        query.update({f"{key}__in": chosen, **order})
    return redirect(f"{reverse('admin:export', args=[modeladmin.model])}?{query.urlencode()}")
