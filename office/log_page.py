"""The whole log, for administrators: who wrote what, when, why and in which request.

One question (`LogQuestion`) stands behind the page and its files.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, QuerySet
from django.http import HttpResponseBadRequest, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import chain
from accounts.models import Change, Seal, User
from objectives.records import Record
from office.history import SENTENCES
from office.log import Log
from office.log_lines import lines_of, tables
from office.pages import office_page
from public.sheets import CSV, csv_lines

PER_PAGE = 50
COUNTED = 1_000  # more are not counted: the log has millions of rows
AT_ONCE = 2_000
NDJSON = "application/x-ndjson"
COLUMNS = [
    "id",
    "at",
    "by",
    "by_name",
    "operation",
    "step",
    "why",
    "table_name",
    "row_id",
    "code",
    "version",
    "was",
    "now",
    "request",
    "database_user",
    "seal",
    "sha256",
]


def _steps() -> list[tuple[str, str]]:
    blank = {"name": "…", "edition": "…"}
    return [(step, str(words) % blank) for step, words in SENTENCES.items()]


def _actions() -> list[tuple[Any, Any]]:
    return [
        ("", gettext_lazy("everything")),
        (gettext_lazy("Rows"), Change.Operation.choices),
        (gettext_lazy("Steps"), _steps()),
    ]


class LogQuestion(forms.Form):
    """Which rows of the log; everything may stay empty."""

    person = forms.CharField(
        label=gettext_lazy("Who"),
        required=False,
        max_length=150,
        help_text=gettext_lazy("Name or e-mail address, or the number of an account."),
    )
    record = forms.CharField(
        label=gettext_lazy("Record"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A code, such as P-0001."),
    )
    action = forms.ChoiceField(
        label=gettext_lazy("What was done"), required=False, choices=_actions
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("Days in UTC, both included."),
    )
    request = forms.CharField(
        label=gettext_lazy("Request"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("The id in the answer's header X-Request-ID and in the web's log."),
    )
    before = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1)

    def clean(self):
        cleaned = super().clean() or {}
        if any("\0" in one for one in cleaned.values() if isinstance(one, str)):
            raise forms.ValidationError(_("Take the invisible characters out."))
        return cleaned

    def is_asked(self) -> bool:
        """Is anything chosen, apart from the page?"""
        return any(value for name, value in self.cleaned_data.items() if name != "before")

    def rows(self) -> QuerySet[Change]:
        """The rows asked for, the newest first."""
        said = self.cleaned_data
        rows = Change.objects.order_by("-id")
        if said["person"]:
            rows = rows.filter(by__in=_people(said["person"]))
        if said["record"]:
            rows = rows.filter(_of_record(said["record"]))
        if said["action"]:
            is_row = said["action"] in Change.Operation.values
            rows = rows.filter(**{"operation" if is_row else "step": said["action"]})
        if said["since"]:
            rows = rows.filter(at__gte=_midnight(said["since"]))
        if said["until"]:
            rows = rows.filter(at__lt=_midnight(said["until"]) + timedelta(days=1))
        if said["request"]:
            rows = rows.filter(request=said["request"].strip())
        return rows


def _midnight(day) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _people(words: str) -> list[int]:
    """The numbers of the accounts that are meant."""
    if words.isdecimal() and len(words) < 18:
        return [int(words)]
    named = User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words))
    return list(named.order_by().values_list("pk", flat=True))


def _of_record(code: str) -> Q:
    """The rows of the records with this code, and of all that belongs to them."""
    named = Change.objects.filter(code__in={code, code.upper()}).order_by()
    asked = Q(pk__in=[])
    for table, row_id in named.values_list("table_name", "row_id").distinct()[:5]:
        model = tables().get(table)
        if model and issubclass(model, Record):
            asked |= Q(pk__in=Log(model(pk=row_id)).changes().values("pk"))
        else:
            asked |= Q(table_name=table, row_id=row_id)
    return asked


def page(request):
    """The newest rows that were asked for, or all that were asked for as a file."""
    if not request.user.has_perm("accounts.view_change"):
        raise PermissionDenied
    question = LogQuestion(request.GET)
    kind = request.GET.get("format", "")
    if kind not in ("", *FILES) or (kind and not question.is_valid()):
        return HttpResponseBadRequest(_("There is no such file of the log."))
    if kind:
        return FILES[kind](question.rows())
    rows = question.rows() if question.is_valid() else Change.objects.none()
    before = question.cleaned_data.get("before") if question.is_valid() else None
    shown = rows.filter(pk__lt=before) if before else rows
    changes = list(shown.select_related("by")[: PER_PAGE + 1])
    query = request.GET.copy()
    query.pop("before", None)
    return office_page(
        request,
        "office/log.html",
        title=_("Log"),
        guide="history",
        form=question,
        lines=lines_of(changes[:PER_PAGE]),
        count=rows[: COUNTED + 1].count(),
        counted=COUNTED,
        is_asked=question.is_valid() and question.is_asked(),
        older=changes[PER_PAGE - 1].pk if len(changes) > PER_PAGE else None,
        query=query.urlencode(),
        head=chain.head(),
        status=200 if question.is_valid() else 400,
    )


# --- Files --------------------------------------------------------------------------------------


def _records(rows: QuerySet[Change]) -> Iterator[dict[str, Any]]:
    """The rows with their seals, some thousand at a time: in no long transaction."""
    last = None
    while True:
        part = rows.filter(pk__lt=last) if last else rows
        batch = list(part.select_related("by")[:AT_ONCE])
        seals = Seal.objects.filter(change_id__in=[one.pk for one in batch]).order_by()
        sealed = {seal.change_id: seal for seal in seals}
        for change in batch:
            seal = sealed.get(change.pk)
            yield {name: getattr(change, name) for name in COLUMNS if hasattr(Change, name)} | {
                "by": change.by_id,
                "by_name": change.by.name if change.by else "",
                "seal": seal and seal.position,
                "sha256": seal.hash if seal else "",
            }
        if len(batch) < AT_ONCE:
            return
        last = batch[-1].pk


def _as_json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


def _cells(row: dict[str, Any]) -> Iterator[Any]:
    for name in COLUMNS:
        value = row[name]
        if isinstance(value, datetime):
            yield value.isoformat()
        else:
            yield _as_json(value) if isinstance(value, dict) else value


def _csv(rows: QuerySet[Change]) -> StreamingHttpResponse:
    return _file(csv_lines(COLUMNS, map(list, map(_cells, _records(rows)))), CSV, "csv")


def _ndjson(rows: QuerySet[Change]) -> StreamingHttpResponse:
    lines = (_as_json({name: row[name] for name in COLUMNS}) + "\n" for row in _records(rows))
    return _file(lines, NDJSON, "ndjson")


def _file(lines: Iterator[str], kind: str, ending: str) -> StreamingHttpResponse:
    name = content_disposition_header(True, f"log-{timezone.localdate()}.{ending}") or ""
    return StreamingHttpResponse(lines, content_type=kind, headers={"Content-Disposition": name})


FILES = {"csv": _csv, "ndjson": _ndjson}
