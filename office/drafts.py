"""Drafts through the API: trusted systems add and change them, and can do nothing more.

A body is JSON with the columns of an import file. It goes the way of a file with one row, so that
rights, scope, checks and log are those of the office; what is signed is refused, nothing is
published. docs/adr/0009 says why.
"""

import hashlib
import re
from http import HTTPStatus
from typing import Any

import msgspec
from django.apps import apps
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import permissions
from rest_framework.parsers import BaseParser
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView
from tablib import Dataset

from accounts.models import Token
from accounts.tokens import TokenAuthentication
from objectives.reference_files import FilesRefused
from office.draft_schema import draft_operation, is_numbered
from office.imports import RecordResource, import_file
from office.imports.resources import resources_of
from office.models import ApiReceipt
from public.api import asked as ask
from public.api.formats import JSON
from public.api.problems import Problem
from public.api.schema import ApiSchema, Operation
from public.codes import given_code
from public.publishable import Publishable
from public.workflow import SIGNED

KEY = re.compile(r"[!-~]{1,200}")
CODE = re.compile(r"[-a-zA-Z0-9_]{1,60}")
LARGEST = 1_000_000  # bytes of a body; the longest text of a record has a fraction of it
Cell = None | bool | int | float | str | list[str | int]


class Body(BaseParser):
    """A flat JSON object: each column's value, or a list of them."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None) -> dict[str, Any]:
        raw = stream.read(LARGEST + 1)
        if len(raw) > LARGEST:
            most = {"most": LARGEST}
            raise Problem("too-large", 413, detail=_("At most %(most)d bytes.") % most)
        try:
            return msgspec.json.decode(raw, type=dict[str, Cell])
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            says = _("Send one JSON object: a value, or a list of values, for each column. %s")
            raise Problem("bad-body", detail=says % error) from error


class HasToken(permissions.BasePermission):
    def has_permission(self, request, view):
        return isinstance(request.auth, Token)


class Drafts(APIView):
    """What list and record of drafts share: who may, and how a record is told."""

    model: Any = None
    authentication_classes = [TokenAuthentication]
    permission_classes = [HasToken]
    parser_classes = [Body]
    renderer_classes = [JSON]

    @property
    def resource(self) -> type[RecordResource]:
        return resources_of(self.model)[self.model._meta.model_name]

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        ask.only_known(request.GET, ("format",))

    def described(self, schema: ApiSchema, method: str) -> Operation:
        return draft_operation(schema, self.resource, method)

    def may(self, request, verb: str, allowed: bool) -> None:
        """The token allows it, and its owner has the right."""
        meta = self.model._meta
        names = {"kind": meta.verbose_name_plural}
        if meta.label_lower not in request.auth.kinds or not allowed:
            says = _("The token does not allow this with %(kind)s.")
            raise Problem("not-allowed", 403, detail=says % names)
        if not request.user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"):
            says = _("Whoever answers for the token has no right to this with %(kind)s.")
            raise Problem("not-allowed", 403, detail=says % names)

    def record(self, code: str, *, lock: bool = False) -> Any:
        """The record with this code; 404 if there is none."""
        records = self.model._default_manager.not_merged()
        records = records.select_for_update(of=["self"]) if lock else records.for_document()
        record = records.filter(code=code).first()
        if record is None:
            raise Http404
        return record

    def told(self, request, code: str, status: int = HTTPStatus.OK) -> Response:
        """A record as an import file would tell it, with the version to carry when changing it."""
        record = self.record(code)
        columns = self.resource.columns()
        body = {name: value_of(column, record) for name, column in columns.items()}
        body |= {"status": record.status, "version": record.version}
        address = reverse(f"office-api:{record.kind}", args=[code], request=request)
        headers = {"ETag": f'"{record.version}"', "Cache-Control": "private, no-store"}
        if status == HTTPStatus.CREATED:
            headers["Location"] = address
        return Response(body, status=status, headers=headers)

    def write(self, request, code: str) -> None:
        """Let the record say what the body says; `Problem` if it may not or cannot."""
        cells = {name: text_of(value) for name, value in request.data.items()} | {"code": code}
        if text_of(request.data.get("code", code)) not in (code, ""):
            says = _("A code never changes: leave it out.")
            raise Problem("invalid", 422, errors=[{"field": "code", "detail": says}])
        unknown = sorted(set(cells) - set(self.resource.columns()))
        if unknown:
            raise Problem(
                "invalid",
                422,
                errors=[
                    {
                        "field": name,
                        "detail": _("There is no such column."),
                        "allowed": list(self.resource.columns()),
                    }
                    for name in unknown
                ],
            )
        try:
            import_file(
                self.resource,
                Dataset(list(cells.values()), headers=list(cells)),
                by=request.user,
                name=_("API, token “%s”") % request.auth.name,
            )
        except FilesRefused as refused:
            raise Problem(
                "invalid",
                422,
                errors=[
                    {"field": problem.column, "detail": problem.reason}
                    for problem in refused.problems
                ],
            ) from refused


class DraftList(Drafts):
    """POST adds a draft."""

    def post(self, request):
        self.may(request, "add", request.auth.may_create)
        body = msgspec.json.encode(request.data, order="sorted")
        key = request.headers.get("Idempotency-Key", "")
        if not KEY.fullmatch(key):
            says = _("Send the header Idempotency-Key with a new value for each draft.")
            raise Problem("bad-request", detail=says)
        with transaction.atomic():
            code = self.once(request, key, hashlib.sha256(body).hexdigest())
            return self.told(request, code, HTTPStatus.CREATED)

    def once(self, request, key: str, check_sum: str) -> str:
        """The code of the draft that this key stands for, made now if it is new."""
        code = text_of(request.data.get("code")) or given_code(self.model)
        if not CODE.fullmatch(code):
            says = _("Give a code: letters, digits, hyphens and underscores, 60 at most.")
            raise Problem("invalid", 422, errors=[{"field": "code", "detail": says}])
        receipt = ApiReceipt(
            token_id=request.auth.pk,
            key=key,
            kind=self.model.kind,
            body=check_sum,
            code=code,
        )
        try:
            with transaction.atomic():
                receipt.save()  # whoever sends it a second time waits here for the first
        except IntegrityError:
            known = ApiReceipt.objects.get(token_id=request.auth.pk, key=key)
            if (known.kind, known.body) != (self.model.kind, check_sum):
                says = _("This Idempotency-Key was used for something else.")
                raise Problem("invalid", 422, detail=says) from None
            return known.code
        if self.model._default_manager.filter(code=receipt.code).exists():
            says = _("There is a record %s already: change it with PATCH.") % receipt.code
            raise Problem("changed-meanwhile", 409, detail=says)
        self.write(request, code)
        return code


class Draft(Drafts):
    """GET reads a record as it stands in the office, PATCH changes a draft."""

    def get(self, request, code: str):
        self.may(request, "view", allowed=True)
        return self.told(request, code)

    def patch(self, request, code: str):
        self.may(request, "change", request.auth.may_update)
        read = request.headers.get("If-Match", "").strip()
        if not read:
            says = _("Send If-Match with the ETag of the version that you have read.")
            raise Problem("version-needed", 428, detail=says)
        with transaction.atomic():
            record = self.record(code, lock=True)
            if f'"{record.version}"' not in [tag.strip() for tag in read.split(",")]:
                says = _("Read it again, see what has changed, and send your change once more.")
                raise Problem(
                    "changed-meanwhile",
                    412,
                    detail=says,
                    headers={"ETag": f'"{record.version}"'},
                    version=record.version,
                )
            if record.status in SIGNED:
                says = _("%(code)s is %(status)s: take it back to draft in the office first.")
                said = {"code": code, "status": record.get_status_display()}
                raise Problem("not-allowed", 409, detail=says % said)
            self.write(request, code)
            return self.told(request, code)


def text_of(value: Cell) -> str:
    """A value as a cell of a file would say it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(map(str, value))
    return str(value)


def value_of(column, record) -> Any:
    """What a cell says, as JSON: lists as lists, numbers and yes or no as such."""
    value = column.get_value(record)
    rendered = column.widget.render(value)
    if column.of.many_to_many or isinstance(value, list):
        codes = rendered.split(";") if rendered else []
        return [int(code) for code in codes] if is_numbered(column.of) else codes
    return value if isinstance(value, bool | int) or value is None else rendered


def kinds() -> list[type[Publishable]]:
    """The kinds of records that can be written."""
    return [model for model in apps.get_models() if issubclass(model, Publishable)]
