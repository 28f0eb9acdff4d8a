"""The one door to the public record: what a publishable record is, and the steps it can take.

`STEPS` is the whole workflow. Each step is a function of the same name; admin, commands, imports and
the API call these and nothing else. A step that is not in the table cannot be taken, neither here
nor by SQL (the rule `status_step_exists` is made of the same table).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import LANGUAGES, SourceDocument
from objectives.records import Record, signed
from objectives.rules import Rule, WebAddressField, permanent, web_address
from public.documents import Document
from public.editions import retract_editions, write_edition


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
        _("public edition"), null=True, editable=False, help_text=_("Empty while nothing is public.")
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
                violation_error_message=_("The language of a record is English, French or Russian."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[Status.APPROVED, Status.PUBLISHED])
                | Q(approved_by__isnull=False, edited_by__isnull=False),
                name="%(app_label)s_%(class)s_signed_by_somebody",
                violation_error_message=_("An approved record says who edited and who approved it."),
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
                broken="NEW.status <> 'draft'",
                message=gettext_noop("A new record begins as a draft."),
            ),
            Rule(
                name="published_has_an_edition",
                operation=pgtrigger.UpdateOf("status"),
                broken="""
                    NEW.status = 'published' AND NOT EXISTS (
                        SELECT FROM public_edition e WHERE e.code = NEW.code
                        AND e.edition = NEW.public_edition AND e.retracted_at IS NULL
                    )
                """,
                message=gettext_noop("A record is published by writing an edition of it."),
            ),
            Rule(
                name="signed_is_not_edited",
                operation=pgtrigger.Update,
                broken=f"""
                    OLD.status IN {_sql(status.value for status in SIGNED)}
                    AND NEW.status = OLD.status
                    AND (
                        NEW.staff_notes = OLD.staff_notes
                        OR to_jsonb(NEW) - '{{version,staff_notes}}'::text[]
                            <> to_jsonb(OLD) - '{{version,staff_notes}}'::text[]
                    )
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
        and (step.name != "withdraw" or record.public_edition is not None)
    ]


def submit(record: Publishable, *, by, note: str = "") -> None:
    """Hand the record in for review."""
    record.full_clean(exclude=["code"] if not record.code else None)
    _take("submit", record, by=by, note=note)


def recall(record: Publishable, *, by, note: str = "") -> None:
    """Take a submitted record back before its review begins."""
    _take("recall", record, by=by, note=note)


def start_review(record: Publishable, *, by, note: str = "") -> None:
    """Say that somebody is reviewing it."""
    _take("start_review", record, by=by, note=note)


def return_with_note(record: Publishable, *, by, note: str) -> None:
    """Send the record back to its editor; the note says what to mend."""
    _take("return_with_note", record, by=by, note=note)


def approve(record: Publishable, *, by, note: str = "") -> None:
    """Sign the record as fit to be published. Its last editor cannot, except in a one-person office."""
    record.check_publishable()
    _take("approve", record, by=by, note=note, approved_by=by, **_alone(record, by))


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
    with transaction.atomic():
        record.check_publishable()
        now = database_now()
        if at is not None and at <= now:
            raise ValidationError(
                _("The embargo time has passed: choose a later time, or publish now."), code="embargo"
            )
        begin = at or now
        edition = write_edition(record.document(), begin=begin, retract_earlier=retract_earlier, now=now)
        _take(
            "publish",
            record,
            by=by,
            note=note,
            published_by=by,
            published_at=begin,
            public_edition=edition,
            **_alone(record, by),
        )
    return edition


def revise(record: Publishable, *, by, note: str = "") -> None:
    """Begin the next edition: the record becomes a draft again, what is public stays."""
    _take("revise", record, by=by, note=note, approved_by=None, published_by=None, one_person=False)


def withdraw(record: Publishable, *, by, note: str) -> None:
    """Take every edition out of the public record, for every moment; a tombstone stays."""
    if record.public_edition is None:
        raise ValidationError(_("Nothing of this record is public, so nothing can be withdrawn."))
    with transaction.atomic():
        _take("withdraw", record, by=by, note=note, public_edition=None)
        retract_editions(record.kind, record.code, now=database_now())


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
        name: (before.get(name), value) for name, value in after.items() if before.get(name) != value
    }


def _alone(record: Publishable, by) -> dict[str, bool]:
    """In a one-person office the editor may sign; the record then says so."""
    if by.pk == record.edited_by_id and settings.ONE_PERSON_OFFICE:
        return {"one_person": True}
    return {}


def _has_right(step: Step, record: Publishable, by) -> bool:
    meta = record._meta
    return by.has_perm(f"{meta.app_label}.{step.right}_{meta.model_name}")


def _take(name: str, record: Publishable, *, by, note: str, **changes) -> None:
    """Take one step of the table, or say why it cannot be taken. The record is read again, locked."""
    model = type(record)
    with signed(by=by, step=name, why=note):
        row = model._base_manager.select_for_update(of=("self",)).get(pk=record.pk)
        if row.version != record.version:
            raise Conflict(
                _t("%(code)s was changed by somebody else since you opened it.") % {"code": row.code}
            )
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
        if by.pk == row.edited_by_id and {"approved_by", "published_by"} & changes.keys():
            signs = changes.get("approved_by") or changes.get("published_by")
            if signs is not None and not changes.get("one_person"):
                raise ValidationError(
                    _("Whoever last edited a record can neither approve nor publish it: ask a colleague."),
                    code="alone",
                )
        changes |= {"status": step.target, "status_note": note}
        for field, value in changes.items():
            setattr(row, field, value)
        row.save(update_fields=list(changes))
    for field, value in changes.items():
        setattr(record, field, value)
    record.version = row.version + 1  # by the trigger
