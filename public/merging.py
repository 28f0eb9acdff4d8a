"""Two records of one thing become one: the one stays, the code of the other leads to it for ever.

Nothing of the other record is lost: its files move, what points to it points to the one that
stays, and its own text can be read where it always was. It is closed by rules of the database.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from objectives.records import signed
from objectives.rules import explain
from public.editions import retract_editions
from public.models import Edition, Merged, Tombstone, database_now
from public.publication import Conflict
from public.publishable import Publishable
from public.workflow import SIGNED, Status


@dataclass(frozen=True)
class Relation:
    """A table whose rows belong to records of a kind, or point to them."""

    model: Any
    field: Any  # of the table, to the record

    def rows(self, record: Publishable):
        return self.model._base_manager.filter(**{self.field.name: record})

    @property
    def right(self) -> str:
        """The permission to write these rows; a bare link is written by who writes its owner."""
        meta = (self.model._meta.auto_created or self.model)._meta
        return f"{meta.app_label}.change_{meta.model_name}"

    @property
    def label(self):
        owner = self.model._meta.auto_created
        return (owner or self.model)._meta.verbose_name_plural

    @property
    def name(self) -> str:
        return self.model._meta.model_name

    def owner(self) -> str:
        """The column that leads to the publishable record which the rows are part of, or ""."""
        for field in self.model._meta.concrete_fields:
            parent = field.related_model
            if (
                field != self.field
                and isinstance(field, models.ForeignKey)
                and field.remote_field.on_delete is models.CASCADE
                and issubclass(parent, Publishable)
            ):
                return field.name
        return ""

    def living_rows(self, record: Publishable):
        """Without those of withdrawn records: these are closed, and may name what they named."""
        if issubclass(self.model, Publishable):
            return self.rows(record).exclude(status=Status.WITHDRAWN)
        owner = self.owner()
        closed = {f"{owner}__status": Status.WITHDRAWN}
        return self.rows(record).exclude(**closed) if owner else self.rows(record)

    def owners(self, record: Publishable):
        """The publishable records that an edit of these rows is an edit of, if any."""
        rows = self.living_rows(record)
        owner = "pk" if issubclass(self.model, Publishable) else self.owner()
        if not owner:
            return None
        parent: Any = (
            self.model if owner == "pk" else self.model._meta.get_field(owner).related_model
        )
        return parent._default_manager.filter(pk__in=rows.values(owner))


@dataclass(frozen=True)
class Offer:
    """Something that the merged record has and the one that stays lacks: taken over if chosen."""

    field: Any
    row: Any

    @property
    def name(self) -> str:
        return f"{self.field.name}:{self.row.pk}"


def files_of(record: Publishable) -> list[Relation]:
    """The tables with its files: they move to the record that stays."""
    return [one for one in _parts(record) if _has_file(one.model)]


def parts_of(record: Publishable) -> list[Relation]:
    """The tables with its other parts, which stay where they are unless chosen."""
    return [one for one in _parts(record) if not _has_file(one.model)]


def pointing_to(record: Publishable) -> list[Relation]:
    """The tables of others' rows that name it: they name the record that stays from then on."""
    return [
        relation
        for relation in _relations(record)
        if relation.field.name != "merged_into"
        and relation.model not in _links(record)
        and (
            relation.field.remote_field.on_delete is not models.CASCADE
            or relation.model._meta.auto_created
        )
    ]


def offers(record: Publishable, into: Publishable) -> list[Offer]:
    """What the one has among objectives, States, sources and so on that the other one lacks."""
    found = []
    for field in record._meta.many_to_many:
        has = set(getattr(into, field.name).values_list("pk", flat=True))
        found += [
            Offer(field, row) for row in getattr(record, field.name).all() if row.pk not in has
        ]
    return found


def needs_publisher(record: Publishable) -> bool:
    """Is something of it public, or under embargo, so that merging it takes that back?"""
    return record.public_edition is not None


def refusals(record: Publishable, into: Publishable, by) -> list[str]:
    """Why this person cannot merge the one into the other now: all reasons, in words."""
    meta = record._meta
    words = {"code": record.code, "into": into.code}
    if record.pk == into.pk:
        return [gettext("A record is not merged into itself: choose another one.")]
    reasons = []
    for one in (record, into):
        if one.merged_into is not None:
            reasons.append(
                gettext("%(code)s was merged into %(into)s already: choose that one.")
                % {"code": one.code, "into": one.merged_into.code}
            )
        if not one.is_within(by):
            reasons.append(
                gettext("%(code)s is not among the records that you work on.") % {"code": one.code}
            )
    if into.status in SIGNED:
        reasons.append(
            gettext(
                "%(into)s is signed, so nothing can be added to it: revise it first, then merge"
                " %(code)s into it."
            )
            % words
        )
    if needs_publisher(record) and not by.has_perm(f"{meta.app_label}.publish_{meta.model_name}"):
        reasons.append(
            gettext(
                "Something of %(code)s is public or under embargo. Ask somebody who may publish to"
                " withdraw it; then you can merge it."
            )
            % words
        )
    for relation in pointing_to(record):
        reasons += _refusals_to_point(relation, record, by)
    return reasons


def merge(
    record: Any, *, into: Any, by, note: str, add: Collection[str] = (), move: Collection[str] = ()
) -> None:
    """Close `record` for ever in favour of `into`; its code leads there.

    `add` names the offers to take over, `move` the parts to move besides the files. Both records
    carry the versions that were read. Raises `ValidationError` with every reason against it.
    """
    meta = record._meta
    if not by.has_perm(f"{meta.app_label}.change_{meta.model_name}"):
        raise PermissionDenied(gettext("You do not have the right to change these records."))
    if not note.strip():
        raise ValidationError(_("Say why in a note."), code="note")
    try:
        with signed(by=by, step="merge", why=note):
            _lock(record, into)
            if reasons := refusals(record, into, by):
                raise ValidationError(reasons, code="merge")
            _open(record)
            _take_over(record, into, set(add), set(move))
            for relation in pointing_to(record):
                _point(relation, record, into)
            _close(record, into, note)
    except IntegrityError as error:
        raise explain(error) from error
    for one in (record, into):
        one.refresh_from_db()


def _relations(record: Publishable) -> Iterator[Relation]:
    """Every foreign key of the database to this kind of record."""
    relations: Any = record._meta.get_fields(include_hidden=True)
    for relation in relations:
        if relation.auto_created and (relation.one_to_many or relation.one_to_one):
            yield Relation(relation.related_model, relation.field)


def _links(record: Publishable) -> set:
    """The tables of its own links to objectives, States, sources …"""
    return {field.remote_field.through for field in record._meta.many_to_many}


def _parts(record: Publishable) -> list[Relation]:
    return [
        relation
        for relation in _relations(record)
        if relation.field.remote_field.on_delete is models.CASCADE
        and relation.model not in _links(record)
        and not relation.model._meta.auto_created
    ]


def _has_file(model) -> bool:
    return any(isinstance(field, models.FileField) for field in model._meta.concrete_fields)


def _refusals_to_point(relation: Relation, record, by) -> Iterator[str]:
    """Why the rows of this table cannot name the other record."""
    if not relation.living_rows(record).exists():
        return
    if not by.has_perm(relation.right):
        yield (
            gettext("%(what)s name %(code)s, and you do not have the right to change them.")
            % {"what": str(relation.label).capitalize(), "code": record.code}
        )
    owners = relation.owners(record)
    if owners is None:
        return
    if closed := _codes(owners.filter(status__in=SIGNED)):
        yield (
            gettext("%(others)s: signed, and naming %(code)s. Revise them first.")
            % {"others": closed, "code": record.code}
        )
    mine = owners.within(by).values("pk")
    if foreign := _codes(owners.exclude(pk__in=mine)):
        yield (
            gettext("%(others)s: naming %(code)s, and not among the records that you work on.")
            % {"others": foreign, "code": record.code}
        )


def _codes(records, most: int = 10) -> str:
    codes = list(records.order_by("code").values_list("code", flat=True)[: most + 1])
    return ", ".join([*codes[:most], *(["…"] if len(codes) > most else [])])


def _lock(record, into) -> None:
    """Lock both as they were read; `Conflict` if one has moved on."""
    rows = type(record)._base_manager.filter(pk__in=[record.pk, into.pk]).order_by("pk")
    versions = dict(rows.select_for_update().values_list("pk", "version"))
    for one in (record, into):
        if versions.get(one.pk) != one.version:
            raise Conflict(
                gettext("%(code)s was changed by somebody else since you opened it.")
                % {"code": one.code}
            )


def _update(record, **values) -> None:
    type(record)._base_manager.filter(pk=record.pk).update(**values)


def _open(record) -> None:
    """Take a signed record back, for its files can only leave it while it is open."""
    if record.status in SIGNED:
        back = Status.RETURNED if record.status == Status.APPROVED else Status.DRAFT
        _update(record, status=back, approved_by=None, published_by=None, one_person=False)


def _take_over(record, into, add: set[str], move: set[str]) -> None:
    """Move the files and what was chosen to the record that stays."""
    offered = {one.name: one for one in offers(record, into)}
    parts = {one.name: one for one in parts_of(record)}
    if unknown := (add - set(offered)) | (move - set(parts)):
        raise ValidationError(
            _("There is nothing of this name to take over: %(names)s. Open the page again."),
            code="offer",
            params={"names": ", ".join(sorted(unknown))},
        )
    for relation in [*files_of(record), *(parts[name] for name in sorted(move))]:
        relation.rows(record).update(**{relation.field.name: into})
    for name in sorted(add):
        field, row = offered[name].field, offered[name].row
        through = field.remote_field.through
        if through._meta.auto_created:
            getattr(into, field.name).add(row)
        else:  # with what such a link says when nobody has said more
            through._base_manager.create(
                **{field.m2m_field_name(): into, field.m2m_reverse_field_name(): row}
            )


def _point(relation: Relation, record, into) -> None:
    """Let these rows name the other record; a link that is there already is not made twice."""
    name = relation.field.name
    rows = relation.living_rows(record)
    if relation.model._meta.auto_created:
        other = next(
            field.name
            for field in relation.model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.name != name
        )
        rows.filter(**{f"{other}__in": relation.rows(into).values(other)}).delete()
    rows.update(**{name: into})


def _close(record, into, note: str) -> None:
    """Withdraw it, and let its code lead to the record that stays."""
    type(record)._base_manager.filter(merged_into=record).update(merged_into=into)
    if Edition.objects.filter(
        kind=record.kind, code=record.code, retracted_at__isnull=True
    ).exists():
        retract_editions(record.kind, codes=[record.code], now=database_now())
    _update(
        record,
        status=Status.WITHDRAWN,
        status_note=note,
        public_edition=None,
        merged_into=into,
        approved_by=None,
        published_by=None,
        one_person=False,
    )
    remark = gettext("%(code)s was merged into this record: %(note)s") % {
        "code": record.code,
        "note": note.strip(),
    }
    into = type(into)._base_manager.get(pk=into.pk)
    _update(into, staff_notes="\n".join(filter(None, [into.staff_notes, remark])))
    leads_here = {"kind": record.kind, "target": into.code}
    Merged.objects.filter(kind=record.kind, target=record.code).update(target=into.code)
    if Tombstone.objects.filter(kind=record.kind, code=record.code).exists():
        Merged.objects.create(code=record.code, **leads_here)
