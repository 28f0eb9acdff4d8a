"""What a publishable record is: its columns, and the rules that the database keeps about it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import LANGUAGES, SourceDocument, language_known
from objectives.records import Record
from objectives.rules import Rule, WebAddressField, permanent, web_address
from public.documents import Document
from public.workflow import SIGNED, STEPS, WORKFLOW_COLUMNS, Status


def person(label) -> models.ForeignKey:
    """Who took a part in the workflow; shown, never typed."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=label,
    )


class PublishableQuerySet(models.QuerySet):
    def with_status(self, *statuses: Status):
        return self.filter(status__in=statuses)

    def changed_since_publication(self):
        """Records with a public edition that the office is working on again."""
        return self.filter(public_edition__isnull=False).exclude(status=Status.PUBLISHED)

    def not_merged(self):
        """Those that were not merged into another record: what people work on and point to."""
        return self.filter(merged_into__isnull=True)

    def under_embargo(self, at: datetime):
        """Published, to become visible after this moment."""
        return self.filter(status=Status.PUBLISHED, published_at__gt=at)

    def within(self, user):
        """Those that this person may work on: of their cycle, and of their region's States.

        Everybody may work on everything, unless their account names a cycle or a region.
        """
        model: Any = self.model
        mine = Q()
        if user.cycle_id and model.cycle_path:
            mine &= Q(**{model.cycle_path: user.cycle_id})
        if user.region_id and model.region_paths:
            paths = model.region_paths
            mine &= Q(*((path, user.region_id) for path in paths), _connector=Q.OR)
        return self.filter(pk__in=model._base_manager.filter(mine).values("pk")) if mine else self

    def for_document(self):
        """With all that `document()` reads, in a constant number of queries."""
        return self.prefetch_related("sources")

    def for_checking(self):
        """With all that `check_publishable()` reads, in a constant number of queries."""
        return self


def waiting_index(kind: str, *cycle: str) -> models.Index:
    """What waits for whom, and of which cycle: counted without reading the records."""
    return models.Index("status", "edited_by", *cycle, include=["id"], name=f"{kind}_waiting")


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


# People's data can be erased at any time: contact data are no part of what somebody has signed.
_ERASES = f"""(
    coalesce(current_setting('reviewhub.step', true), '') = 'erase_person'
    AND NOT {_differ("contact_email", "contact_phone")}
)"""
_SIGNED_SQL = _sql(status.value for status in SIGNED)
_STEPS_SQL = ", ".join(
    sorted({f"('{step.source.value}', '{step.target.value}')" for step in STEPS})
)


class Publishable(Record):
    """A record that goes through the workflow and can have public editions."""

    kind: str  # the kind of public record it becomes
    code: Any  # each kind has its own form of code

    # How a record leads to its cycle and its regions, for people who work on one of them only.
    cycle_path = ""
    region_paths: tuple[str, ...] = ()

    # What the office finds a record by, beside its code: the columns that name it, those with
    # longer texts, its parts with texts of their own, and its links to States and stakeholders,
    # by their names.
    named_by: tuple[str, ...] = ("title",)
    told_in: tuple[str, ...] = ()
    told_by_parts: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()

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
    edited_by = person(_("last edited by"))
    approved_by = person(_("approved by"))
    published_by = person(_("published by"))
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
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged_records",
        verbose_name=_("merged into"),
        help_text=_("The record of the same thing that stays; its code leads there for ever."),
    )

    class Meta(Record.Meta):
        abstract = True
        indexes = [
            # rare states, counted on the office's start page
            models.Index(
                "public_edition",
                condition=~Q(status=Status.PUBLISHED) & Q(public_edition__isnull=False),
                name="%(class)s_in_revision",
            ),
            models.Index(
                "published_at", condition=Q(status=Status.PUBLISHED), name="%(class)s_public_from"
            ),
        ]
        constraints = [
            web_address("url", "%(app_label)s_%(class)s_url_is_http"),
            models.CheckConstraint(
                condition=Q(status__in=Status.values),
                name="%(app_label)s_%(class)s_status_known",
                violation_error_message=_("There is no such status."),
            ),
            language_known("%(app_label)s_%(class)s_language_known"),
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
                    "Whoever last edited a record can neither approve nor publish it:"
                    " ask a colleague."
                ),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(status=Status.WITHDRAWN),
                name="%(app_label)s_%(class)s_merged_is_withdrawn",
                violation_error_message=_(
                    "This record was merged into another one: work on that one."
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
                        NEW.approved_by_id, NEW.published_by_id, NEW.published_at,
                        NEW.public_edition
                    ) > 0
                """,
                message=gettext_noop("A new record begins as a draft."),
            ),
            # The office's copy names the newest edition that is not retracted. Publishing names a
            # new one, or again the number of one whose embargo was called off; nothing is public
            # of what is withdrawn.
            Rule(
                name="published_has_an_edition",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("status", "public_edition"),
                broken="""
                    NEW.public_edition IS DISTINCT FROM (
                        SELECT max(e.edition) FROM public_edition e
                        WHERE e.kind = '{kind}' AND e.code = NEW.code AND e.retracted_at IS NULL
                        AND NOT isempty(e.visible)
                    )
                    OR NEW.status = 'withdrawn' AND NEW.public_edition IS NOT NULL
                    OR NEW.status = 'published' AND OLD.status <> 'published'
                        AND NEW.public_edition IS NOT DISTINCT FROM OLD.public_edition
                        AND NOT EXISTS (
                            SELECT FROM public_edition e
                            WHERE e.kind = '{kind}' AND e.code = NEW.code
                            AND e.edition = NEW.public_edition AND isempty(e.visible)
                        )
                """,
                message=gettext_noop(
                    "A record is published by writing its next edition, and withdrawn by"
                    " retracting every edition."
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
                    "A record that has been published is not deleted: withdraw it. Its code stays"
                    " taken."
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
                        OLD.status IN {_SIGNED_SQL} AND (
                            (NEW.staff_notes, NEW.merged_into_id)
                                IS NOT DISTINCT FROM (OLD.staff_notes, OLD.merged_into_id)
                            OR {_differ("staff_notes", "merged_into_id")}
                        )
                    END AND NOT {_ERASES}
                """,
                message=gettext_noop(
                    "This record is signed. Take it back to draft first, then edit it;"
                    " what is public stays until the next edition."
                ),
            ),
            Rule(
                name="merged_is_closed",
                operation=pgtrigger.Update,
                broken=f"""
                    OLD.merged_into_id IS NOT NULL
                    AND (NEW.merged_into_id IS NULL OR {_differ("merged_into_id")})
                    AND NOT {_ERASES}
                """,
                message=gettext_noop(
                    "This record was merged into another one and is closed for ever: work on that"
                    " one."
                ),
            ),
            # No chains: a code leads to its record in one step.
            Rule(
                name="merged_into_one_that_stays",
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("merged_into_id"),
                broken="""
                    NEW.merged_into_id IS NOT NULL AND (
                        NEW.merged_into_id = NEW.id
                        OR EXISTS (
                            SELECT FROM {table} other
                            WHERE other.merged_into_id = NEW.id
                            OR other.id = NEW.merged_into_id AND other.merged_into_id IS NOT NULL
                        )
                    )
                """,
                message=gettext_noop(
                    "A record is merged into another one that stays, not into one that was merged"
                    " itself."
                ),
            ),
        ]

    @classmethod
    def title_column(cls) -> str:
        """What stands beside the code where records of many kinds are listed."""
        return (*cls.named_by, *cls.told_in)[0]

    def is_within(self, user) -> bool:
        """May this person work on it, as far as their account names a cycle or a region?"""
        if not (user.cycle_id or user.region_id):
            return True
        manager: Any = type(self)._default_manager
        return manager.within(user).filter(pk=self.pk).exists()

    def document(self) -> Document:
        """The public document of this record, as it would be published now."""
        raise NotImplementedError

    def check_publishable(self) -> None:
        """Raise `ValidationError` that names everything still missing before publication.

        What it reads beside the row, `for_checking()` brings for many.
        """

    def named_records(self) -> "Iterable[Publishable | None]":
        """The other records whose codes its document tells; they must be public when it is."""
        return ()
