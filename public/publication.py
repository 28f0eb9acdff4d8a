"""The one door to the public record: what a publishable record is, and the steps it can take.

`STEPS` is the whole workflow. Each step is a function of the same name; admin, commands, imports and
the API call these and nothing else. A step that is not in the table cannot be taken, neither here
nor by SQL (the rule `status_step_exists` is made of the same table).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import LANGUAGES, SourceDocument
from objectives.records import Record, signed
from objectives.rules import Rule, WebAddressField, explain, permanent, web_address
from public.documents import Document
from public.editions import retract_editions, write_editions


class Status(models.TextChoices):
    """Where the office's copy of a record stands. What the public sees is `PublicRecord`."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


@dataclass(frozen=True)
class Step:
    """One way from one status to another. `right` is the permission it needs: change, review, publish."""

    name: str
    source: Status
    target: Status
    right: str
    needs_note: bool = False


STEPS = (
    Step("submit", Status.DRAFT, Status.SUBMITTED, "change"),
    Step("submit", Status.RETURNED, Status.SUBMITTED, "change"),
    Step("recall", Status.SUBMITTED, Status.DRAFT, "change"),
    Step("start_review", Status.SUBMITTED, Status.IN_REVIEW, "review"),
    Step("return_with_note", Status.SUBMITTED, Status.RETURNED, "review", needs_note=True),
    Step("return_with_note", Status.IN_REVIEW, Status.RETURNED, "review", needs_note=True),
    Step("return_with_note", Status.APPROVED, Status.RETURNED, "review", needs_note=True),
    Step("approve", Status.IN_REVIEW, Status.APPROVED, "review"),
    Step("publish", Status.APPROVED, Status.PUBLISHED, "publish"),
    Step("revise", Status.PUBLISHED, Status.DRAFT, "change"),
    Step("revise", Status.WITHDRAWN, Status.DRAFT, "change"),
    # A record can be withdrawn while its next edition is being prepared.
    *(
        Step("withdraw", status, Status.WITHDRAWN, "publish", needs_note=True)
        for status in Status
        if status != Status.WITHDRAWN
    ),
)

# What nobody edits without taking it back to draft first, because somebody has signed it.
SIGNED = (Status.APPROVED, Status.PUBLISHED, Status.WITHDRAWN)

# The steps by which somebody signs: the last editor cannot take them.
SIGNING = ("approve", "publish")

# What steps write. Everything else of a record, but the notes for staff, is its content.
WORKFLOW_COLUMNS = (
    "status",
    "status_note",
    "approved_by_id",
    "published_by_id",
    "one_person",
    "published_at",
    "public_edition",
)


class Conflict(Exception):
    """Somebody else has changed the record since it was read; nothing was written."""


class PublishableQuerySet(models.QuerySet):
    def with_status(self, *statuses: Status):
        return self.filter(status__in=statuses)

    def changed_since_publication(self):
        """Records with a public edition that the office is working on again."""
        return self.filter(public_edition__isnull=False).exclude(status=Status.PUBLISHED)

    def under_embargo(self, at: datetime):
        """Published, to become visible after this moment."""
        return self.filter(status=Status.PUBLISHED, published_at__gt=at)

    def for_document(self):
        """With all that `document()` reads, in a constant number of queries."""
        return self.prefetch_related("sources")


def _sql(values) -> str:
    return "(" + ", ".join(f"'{value}'" for value in values) + ")"


def _without(row: str, *columns: str) -> str:
    return f"(to_jsonb({row}) - '{{version,{','.join(columns)}}}'::text[])"


def _differ(*columns: str) -> str:
    """SQL: the new row differs from the old one in more than the version and these columns."""
    return f"{_without('NEW', *columns)} <> {_without('OLD', *columns)}"


# The signature says who writes. Whoever forgets to set `edited_by`, or writes a part or a link of
# the record (an update by a trigger), is remembered all the same.
REMEMBERS_ITS_EDITOR = pgtrigger.Trigger(
    name="remembers_its_editor",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    declare=[("editor", "text := current_setting('reviewhub.by', true)")],
    func=f"""
        IF editor <> '' AND (
            TG_OP = 'INSERT' OR NEW.status = OLD.status AND (
                pg_trigger_depth() > 1
                OR {_differ(*WORKFLOW_COLUMNS, "edited_by_id", "staff_notes")}
            )
        ) THEN
            NEW.edited_by_id := editor;
        END IF;
        RETURN NEW;
    """,
)


_SIGNED_SQL = _sql(status.value for status in SIGNED)
_STEPS_SQL = ", ".join(
    sorted({f"('{step.source.value}', '{step.target.value}')" for step in STEPS})
)


class Publishable(Record):
    """A record that goes through the workflow and can have public editions."""

    kind: str  # the kind of public record it becomes

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=LANGUAGES,
        default="en",
        help_text=_("The language that this record's own text is written in."),
    )
    url = WebAddressField(_("web address"))
    sources = models.ManyToManyField(
        SourceDocument, blank=True, related_name="+", verbose_name=_("sources")
    )
    source_locator = models.CharField(
        _("place in the source"),
        max_length=300,
        blank=True,
        help_text=_("Section, paragraph, footnote or page, for example “Annex, Objective 7”."),
    )
    staff_notes = models.TextField(
        _("notes for staff"), blank=True, help_text=_("Doubts and remarks. Never public.")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, editable=False
    )
    status_note = models.TextField(_("note on the last step"), blank=True, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("last edited by"),
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("approved by"),
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("published by"),
    )
    one_person = models.BooleanField(
        _("approved and published by its own editor"),
        default=False,
        editable=False,
        help_text=_("Possible only while the office is set to one person; stays on record."),
    )
    published_at = models.DateTimeField(
        _("public from"),
        null=True,
        editable=False,
        help_text=_("In the future while it is under embargo."),
    )
    public_edition = models.PositiveIntegerField(
        _("public edition"),
        null=True,
        editable=False,
        help_text=_("Empty while nothing is public."),
    )

    class Meta(Record.Meta):
        abstract = True
        constraints = [
            web_address("url", "%(app_label)s_%(class)s_url_is_http"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="%(app_label)s_%(class)s_status_known",
                violation_error_message=_("There is no such status."),
            ),
            models.CheckConstraint(
                condition=Q(language__in=["en", "fr", "ru"]),
                name="%(app_label)s_%(class)s_language_known",
                violation_error_message=_(
                    "The language of a record is English, French or Russian."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.APPROVED, Status.PUBLISHED])
                | Q(approved_by__isnull=False, edited_by__isnull=False),
                name="%(app_label)s_%(class)s_signed_by_somebody",
                violation_error_message=_(
                    "An approved record says who edited and who approved it."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status=Status.PUBLISHED)
                | Q(
                    published_at__isnull=False,
                    published_by__isnull=False,
                    public_edition__isnull=False,
                ),
                name="%(app_label)s_%(class)s_published_says_when",
                violation_error_message=_(
                    "A published record has a publication time, an edition and a publisher."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.APPROVED, Status.PUBLISHED])
                | Q(one_person=True)
                | (
                    ~Q(approved_by=F("edited_by"))
                    & (Q(published_by__isnull=True) | ~Q(published_by=F("edited_by")))
                ),
                name="%(app_label)s_%(class)s_signed_by_another",
                violation_error_message=_(
                    "Whoever last edited a record can neither approve nor publish it: ask a colleague."
                ),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            REMEMBERS_ITS_EDITOR,
            permanent("code"),
            Rule(
                name="status_step_exists",
                operation=pgtrigger.UpdateOf("status"),
                broken=f"""
                    NEW.status <> OLD.status AND (OLD.status, NEW.status) NOT IN ({_STEPS_SQL})
                """,
                message=gettext_noop("There is no such step in the workflow."),
            ),
            Rule(
                name="begins_as_a_draft",
                operation=pgtrigger.Insert,
                broken="""
                    NEW.status <> 'draft' OR NEW.one_person OR num_nonnulls(
                        NEW.approved_by_id, NEW.published_by_id, NEW.published_at, NEW.public_edition
                    ) > 0
                """,
                message=gettext_noop("A new record begins as a draft."),
            ),
            # The office's copy names the newest edition that is not retracted. Publishing names a
            # new one; nothing is public of what is withdrawn.
            Rule(
                name="published_has_an_edition",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "public_edition"),
                broken="""
                    NEW.public_edition IS DISTINCT FROM (
                        SELECT max(e.edition) FROM public_edition e
                        WHERE e.kind = '{kind}' AND e.code = NEW.code AND e.retracted_at IS NULL
                    )
                    OR NEW.status = 'withdrawn' AND NEW.public_edition IS NOT NULL
                    OR NEW.status = 'published' AND OLD.status <> 'published'
                        AND NEW.public_edition IS NOT DISTINCT FROM OLD.public_edition
                """,
                message=gettext_noop(
                    "A record is published by writing its next edition, and withdrawn by retracting"
                    " every edition."
                ),
            ),
            Rule(
                name="published_is_not_deleted",
                operation=pgtrigger.Delete,
                broken="""
                    EXISTS (
                        SELECT FROM public_edition e WHERE e.kind = '{kind}' AND e.code = OLD.code
                    )
                """,
                message=gettext_noop(
                    "A record that has been published is not deleted: withdraw it. Its code stays taken."
                ),
            ),
            Rule(
                name="signed_is_not_edited",
                operation=pgtrigger.Update,
                # an update that changes nothing is a change of a part or a link
                broken=f"""
                    CASE
                    WHEN NEW.status <> OLD.status THEN
                        (OLD.status IN {_SIGNED_SQL} OR NEW.status IN {_SIGNED_SQL})
                        AND {_differ(*WORKFLOW_COLUMNS)}
                    ELSE
                        OLD.status IN {_SIGNED_SQL}
                        AND (NEW.staff_notes = OLD.staff_notes OR {_differ("staff_notes")})
                    END
                """,
                message=gettext_noop(
                    "This record is signed. Take it back to draft first, then edit it;"
                    " what is public stays until the next edition."
                ),
            ),
        ]

    def document(self) -> Document:
        """The public document of this record, as it would be published now."""
        raise NotImplementedError

    def check_publishable(self) -> None:
        """Raise `ValidationError` that names everything still missing before publication."""

    @property
    def under_embargo(self) -> bool:
        """Published, but to be visible later."""
        return (
            self.status == Status.PUBLISHED
            and self.published_at is not None
            and self.published_at > database_now()
        )


def database_now() -> datetime:
    """The time of the database, the only clock that decides what is public."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


def steps_from(record: Publishable, *, by) -> list[Step]:
    """The steps that this person may take with the record as it stands."""
    return [
        step
        for step in STEPS
        if step.source == record.status
        and _has_right(step, record, by)
        and not (step.name in SIGNING and _is_alone(record, by) and not settings.ONE_PERSON_OFFICE)
        and (step.name != "withdraw" or record.public_edition is not None)
    ]


def submit(record: Publishable, *, by, note: str = "") -> None:
    """Hand the record in for review."""
    submit_all([record], by=by, note=note)


def submit_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Hand records of one kind in for review: all of them, or none."""

    def check(row):
        # what the database holds keeps its rules already, and its constraints are asked again on
        # writing; some ask more of a record than of a draft
        relations = [field.name for field in row._meta.fields if field.is_relation]
        row.full_clean(exclude=relations, validate_unique=False, validate_constraints=False)
        return {}

    _take("submit", records, by=by, note=note, work=_each(check))


def recall(record: Publishable, *, by, note: str = "") -> None:
    """Take a submitted record back before its review begins."""
    _take("recall", [record], by=by, note=note)


def start_review(record: Publishable, *, by, note: str = "") -> None:
    """Say that somebody is reviewing it."""
    start_review_all([record], by=by, note=note)


def start_review_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Say that somebody is reviewing these records of one kind."""
    _take("start_review", records, by=by, note=note)


def return_with_note(record: Publishable, *, by, note: str) -> None:
    """Send the record back to its editor; the note says what to mend."""

    def unsign(row):
        return {"approved_by": None, "one_person": False}

    _take("return_with_note", [record], by=by, note=note, work=_each(unsign))


def approve(record: Publishable, *, by, note: str = "") -> None:
    """Sign the record as fit to be published. Its last editor cannot, except in a one-person office."""
    approve_all([record], by=by, note=note)


def approve_all(records: Sequence[Publishable], *, by, note: str = "") -> None:
    """Sign records of one kind as fit to be published: all of them, or none."""

    def sign(row):
        row.check_publishable()
        return {"approved_by": by}

    _take("approve", records, by=by, note=note, work=_each(sign))


def publish(
    record: Publishable,
    *,
    by,
    at: datetime | None = None,
    note: str = "",
    retract_earlier: bool = False,
) -> int:
    """Write the record's next public edition, visible from now or, under embargo, from `at`.

    The earlier edition stays citable for its own period, unless `retract_earlier`. Returns the
    number of the edition. Raises `ValidationError` if something is missing or `at` has passed.
    """
    return publish_all([record], by=by, at=at, note=note, retract_earlier=retract_earlier)[0]


def publish_all(
    records: Sequence[Publishable],
    *,
    by,
    at: datetime | None = None,
    note: str = "",
    retract_earlier: bool = False,
) -> list[int]:
    """Write the next public editions of records of one kind: of all of them, or of none."""
    if at is not None and retract_earlier:
        # the earlier edition would vanish at once, and the new one come later
        raise ValidationError(
            _("Earlier editions are retracted at once: publish now, or withdraw the record."),
            code="embargo",
        )

    def write(rows):
        _each(lambda row: row.check_publishable() or {})(rows)
        now = database_now()
        if at is not None and at <= now:
            raise ValidationError(
                _("The embargo time has passed: choose a later time, or publish now."),
                code="embargo",
            )
        begin = at or now
        documents = [row.document() for row in rows]
        editions = write_editions(documents, begin=begin, retract_earlier=retract_earlier, now=now)
        return [
            {"published_by": by, "published_at": begin, "public_edition": edition}
            for edition in editions
        ]

    _take("publish", records, by=by, note=note, work=write)
    return [record.public_edition for record in records]


def revise(record: Publishable, *, by, note: str = "") -> None:
    """Begin the next edition: the record becomes a draft again, what is public stays."""

    def unsign(row):
        return {"approved_by": None, "published_by": None, "one_person": False}

    _take("revise", [record], by=by, note=note, work=_each(unsign))


def withdraw(record: Publishable, *, by, note: str) -> None:
    """Take every edition out of the public record, for every moment; a tombstone stays."""

    def retract(row):
        if row.public_edition is None:
            raise ValidationError(
                _("Nothing of this record is public, so nothing can be withdrawn.")
            )
        retract_editions(row.kind, row.code, now=database_now())
        return {"public_edition": None}

    _take("withdraw", [record], by=by, note=note, work=_each(retract))


def public_differences(record: Publishable) -> dict[str, tuple[Any, Any]]:
    """What the office's copy would change: field → (public now or under embargo, as it stands here)."""
    from public.models import Edition

    edition = (
        Edition.objects.filter(kind=record.kind, code=record.code, edition=record.public_edition)
        .values_list("document", flat=True)
        .first()
    )
    before, after = edition or {}, record.document().as_json()
    return {
        name: (before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    }


def _is_alone(record: Publishable, by) -> bool:
    """Would this person sign their own edit?"""
    return by.pk == record.edited_by_id


def _has_right(step: Step, record: Publishable, by) -> bool:
    meta = record._meta
    return by.has_perm(f"{meta.app_label}.{step.right}_{meta.model_name}")


Work = Callable[[list[Any]], list[dict[str, Any]]]


def _each(work: Callable[[Any], dict[str, Any]]) -> Work:
    """The same work with every record; of several, each refusal says which record it is about."""

    def work_with(rows):
        changes, refusals = [], []
        for row in rows:
            try:
                changes.append(work(row))
            except ValidationError as error:
                if len(rows) == 1:
                    raise
                refusals += [f"{row.code}: {reason}" for reason in error.messages]
        if refusals:
            raise ValidationError(refusals)
        return changes

    return work_with


def _take(
    name: str,
    records: Sequence[Publishable],
    *,
    by,
    note: str,
    work: Work = _each(lambda row: {}),
) -> None:
    """Take one step of the table with records of one kind, or say why it cannot be taken.

    The records are locked and read again; `work` checks and does what belongs to the step with what
    was read, never with what somebody holds in memory, and returns the fields that the step changes.
    """
    if not records:
        return
    try:
        with signed(by=by, step=name, why=note):
            rows = _locked(records)
            steps = [_step(name, row, by=by, note=note) for row in rows]
            changes = work(rows)
            for row, step, fields in zip(rows, steps, changes, strict=True):
                fields |= {"status": step.target, "status_note": note}
                if name in SIGNING:
                    fields["one_person"] = _is_alone(row, by) or row.one_person
                for field, value in fields.items():
                    setattr(row, field, value)
            type(rows[0])._default_manager.bulk_update(rows, list(changes[0]))
    except IntegrityError as error:
        raise explain(error) from error
    for record, row, fields in zip(records, rows, changes, strict=True):
        for field, value in fields.items():
            setattr(record, field, value)
        record.version = row.version + 1  # by the trigger


def _locked(records: Sequence[Publishable]) -> list[Any]:
    """The records as they stand, locked until the step is taken; `Conflict` if one has moved on."""
    rows = type(records[0])._default_manager.filter(pk__in=[record.pk for record in records])
    versions = dict(rows.select_for_update().order_by("pk").values_list("pk", "version"))
    for record in records:
        if versions.get(record.pk) != record.version:
            raise Conflict(
                _t("%(code)s was changed by somebody else since you opened it.")
                % {"code": record.code}
            )
    read = {row.pk: row for row in rows.for_document()}
    return [read[record.pk] for record in records]


def _step(name: str, row: Publishable, *, by, note: str) -> Step:
    """The step of this name from where the record stands, if this person may take it."""
    step = next((one for one in STEPS if one.name == name and one.source == row.status), None)
    if step is None:
        raise ValidationError(
            _("%(code)s is %(status)s: this step cannot be taken now."),
            code="step",
            params={"code": row.code, "status": row.get_status_display()},
        )
    if not _has_right(step, row, by):
        raise PermissionDenied(_t("You do not have the right to take this step."))
    if step.needs_note and not note.strip():
        raise ValidationError(_("Say why in a note."), code="note")
    if name in SIGNING and _is_alone(row, by) and not settings.ONE_PERSON_OFFICE:
        raise ValidationError(
            _("Whoever last edited a record can neither approve nor publish it: ask a colleague."),
            code="alone",
        )
    return step
