"""Taking records in from a spreadsheet: template, upload, preview, confirm, result."""

import hashlib
from pathlib import PurePath
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from office.import_forms import AgainForm, UploadForm
from office.imports import jobs
from office.imports.actions import may_import
from office.imports.resources import RecordResource, resources_of
from office.imports.template_files import csv_template, workbook_template
from office.models import Import, ImportRow
from office.pages import office_page
from office.templatetags.utc import utc
from public.publishable import Publishable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TEMPLATES = {"xlsx": (workbook_template, XLSX), "csv": (csv_template, "text/csv; charset=utf-8")}
ROWS_A_PAGE = 50
PROBLEMS_A_PAGE = 200
EARLIER = 10  # uploads that the first page lists

DOING = {
    "reading": _("Reading the file"),
    "checking": _("Comparing the rows with the records"),
    "saving": _("Writing the records"),
    "linking": _("Writing what they are linked to"),
    "keeping": _("Keeping the preview"),
}


# --- The pages ------------------------------------------------------------------------------


def upload(request, model):
    """The form that takes a file, and the empty sheets to fill in."""
    resources = resources_or_refusal(request, model)
    form = UploadForm(request.POST or None, request.FILES or None, resources=resources)
    if request.method == "POST" and form.is_valid():
        return redirect(page_of(take(request, model, form.cleaned_data)))
    mine = Import.objects.filter(by=request.user, kind=model._meta.label_lower).for_page()
    return office_page(
        request,
        "office/import_upload.html",
        title=gettext("Import"),
        guide="import",
        model=model,
        status=400 if form.errors else 200,
        form=form,
        parts={part: one.label() for part, one in resources.items()},
        earlier=mine[:EARLIER],
    )


@require_GET
def template(request, model, part, form):
    """An empty sheet to fill in."""
    resource = resources_or_refusal(request, model).get(part)
    if resource is None or form not in TEMPLATES:
        raise Http404
    make, media_type = TEMPLATES[form]
    return download(make(resource), media_type, f"{part}.{form}")


def job(request, model, number):
    """One upload: how far it is, what it would do, what it has done."""
    mine = upload_or_404(request, model, number)
    if request.method == "POST":
        return act(request, model, mine)
    jobs.keep_going(mine)
    made = {"under_way": under_way, "imported": imported}
    name = "under_way" if mine.is_under_way else mine.state
    return made.get(name, looked_at)(request, model, mine)


@require_GET
def progress(request, model, number):
    """How far it is, for the page that waits."""
    mine = upload_or_404(request, model, number)
    jobs.keep_going(mine)
    said = {"under_way": mine.is_under_way, "doing": doing(mine)}
    return JsonResponse(said | {"done": mine.done, "total": mine.total})


@require_GET
def problems(request, model, number):
    """The sheet as it was sent, with a column of reasons."""
    mine = upload_or_404(request, model, number)
    if mine.problem_sheet is None:
        raise Http404
    name = f"{PurePath(mine.name).stem}-{gettext('reasons')}.xlsx"
    return download(bytes(mine.problem_sheet), XLSX, name)


PAGES = [
    ("<model:model>/import/", upload, "import"),
    ("<model:model>/import/template/<slug:part>.<slug:form>", template, "import-template"),
    ("<model:model>/import/<int:number>/", job, "import-job"),
    ("<model:model>/import/<int:number>/progress/", progress, "import-progress"),
    ("<model:model>/import/<int:number>/reasons.xlsx", problems, "import-problems"),
]

# --- What they show -------------------------------------------------------------------------


def under_way(request, model, mine: Import):
    return office_page(
        request,
        "office/import_progress.html",
        title=gettext("Import of %s") % mine.name,
        guide="import",
        model=model,
        upload=mine,
        doing=doing(mine),
    )


def looked_at(request, model, mine: Import):
    """The preview, or why there is none, or why nothing was written."""
    resource = resources_of(model)[mine.part]
    refused = ImportRow.Result.REFUSED
    show = request.GET.get("show") or (refused if mine.counts.get(refused) else "all")
    rows = mine.rows.filter(result=show) if show in ImportRow.Result else mine.rows.all()
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    labels = {
        name: name if name == column.label else f"{column.label} ({name})"
        for name, column in resource.columns().items()
    }
    same = Import.objects.filter(
        by=request.user, kind=mine.kind, sha256=mine.sha256, state=Import.State.IMPORTED
    )
    return office_page(
        request,
        "office/import_preview.html",
        title=gettext("Preview of %s") % mine.name,
        guide="import",
        model=model,
        upload=mine,
        page=page,
        rows=[shown(row, labels, resource) for row in page],
        show=show,
        kinds=[
            (result.value, result.label, mine.counts.get(result.value, 0))
            for result in ImportRow.Result
            if mine.counts.get(result.value)
        ],
        problems=[(row, labels.get(name, name), said) for row, name, said in mine.problems][
            :PROBLEMS_A_PAGE
        ],
        more_problems=max(len(mine.problems) - PROBLEMS_A_PAGE, 0),
        has_sheet=Import.objects.filter(pk=mine.pk, problem_sheet__isnull=False).exists(),
        imported_before=same.order_by("finished_at").last(),
        form=AgainForm(initial={"signed": mine.signed}),
    )


def shown(row: ImportRow, labels: dict[str, str], resource: type[RecordResource]) -> dict:
    """A row of the preview as the template shows it."""

    def label(names: str) -> str:
        return ", ".join(labels.get(name, name) for name in names.split(", "))

    is_page = row.record and not resource._meta.owner
    return {
        "row": row,
        "screen": resource._meta.model._meta if is_page else None,
        "cells": [(labels.get(name, name), was, now) for name, (was, now) in row.cells.items()],
        "problems": [(label(column), said, why) for column, said, why in row.problems],
    }


def imported(request, model, mine: Import):
    """What has become of it, as the database says now."""
    resource = resources_of(model)[mine.part]
    records = resource._meta.model._default_manager
    is_owned = resource._meta.owner and resource._meta.is_signed
    version = f"{resource._meta.owner}__version__gt" if is_owned else "version__gt"
    moved = records.filter(pk=OuterRef("record"), **{version: OuterRef("version")})
    new = mine.rows.filter(result=ImportRow.Result.NEW)
    changed = mine.rows.filter(result=ImportRow.Result.CHANGED)
    return office_page(
        request,
        "office/import_result.html",
        title=gettext("Import of %s") % mine.name,
        guide="import",
        model=model,
        upload=mine,
        added=records.filter(pk__in=new.values("record")).count(),
        changed=changed.filter(Exists(moved)).count(),
        announced=mine.counts,
    )


def doing(mine: Import) -> str:
    """What is being done with the upload now, in words."""
    words = str(DOING.get(mine.doing, gettext("Waiting for its turn")))
    if not mine.total:
        return words
    said = {"doing": words, "done": mine.done, "total": mine.total}
    return gettext("%(doing)s: %(done)s of %(total)s") % said


# --- What they do ---------------------------------------------------------------------------


def take(request, model, said: dict[str, Any], content: bytes = b"", name: str = "") -> Import:
    """Keep an upload, and let a process read it."""
    if not content:
        content, name = said["file"].read(), said["file"].name
    Import.objects.forget_old()
    made = Import.objects.create(
        by=request.user,
        kind=model._meta.label_lower,
        part=said["part"],
        name=name[-255:],
        content=content,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        language=get_language(),
        signed=said["signed"],
        ignored=said.get("ignored", []),
        started_at=timezone.now(),
    )
    transaction.on_commit(lambda: jobs.start(made.pk))
    return made


def act(request, model, mine: Import):
    """Confirm a preview once, or look at the same file again."""
    mine = Import.objects.for_page().select_for_update(of=("self",)).get(pk=mine.pk)
    if request.POST.get("action") == "confirm":
        confirm(request, mine)
        return redirect(page_of(mine))
    form = AgainForm(request.POST)
    if request.POST.get("action") != "again" or not form.is_valid():
        raise Http404
    content = bytes(mine.content)
    if not content:
        messages.error(request, gettext("This upload is too old: upload the file again."))
        return redirect("admin:import", mine.kind)
    ignored = mine.facts.get("unknown", []) if form.cleaned_data["ignore"] else []
    said = {
        "part": mine.part,
        "signed": form.cleaned_data["signed"],
        "ignored": [*mine.ignored, *ignored],
    }
    return redirect(page_of(take(request, model, said, content, mine.name)))


def confirm(request, mine: Import) -> None:
    """Let a process write what the preview shows; a second time only says that it is done."""
    if mine.state == Import.State.IMPORTED:
        said = gettext("This file was already imported on %s.")
        messages.warning(request, said % utc(mine.finished_at))
    elif mine.state == Import.State.CONFIRMED:
        messages.info(request, gettext("This file is being imported already."))
    elif not mine.may_be_confirmed:
        messages.error(request, gettext("There is nothing here that could be imported."))
    else:
        Import.objects.filter(pk=mine.pk).update(
            state=Import.State.CONFIRMED,
            confirmed_at=timezone.now(),
            started_at=timezone.now(),
            attempts=0,
            doing="",
            done=0,
            total=0,
        )
        transaction.on_commit(lambda: jobs.start(mine.pk))


def resources_or_refusal(request, model) -> dict[str, type[RecordResource]]:
    """What files may bring for this kind, to people who may import it."""
    if not issubclass(model, Publishable):
        raise Http404
    if not may_import(model, request.user):
        raise PermissionDenied
    return resources_of(model)


def upload_or_404(request, model, number: int) -> Import:
    """One's own upload of this kind. Those of others are nobody's business."""
    resources_or_refusal(request, model)
    mine = Import.objects.for_page().filter(by=request.user, kind=model._meta.label_lower)
    return get_object_or_404(mine, pk=number)


def page_of(mine: Import):
    return reverse("admin:import-job", args=[mine.kind, mine.pk])


def download(content: bytes, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
