"""What the workflow leaves waiting, for whom."""

from django.conf import settings
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Change
from objectives.queues import Asked, Group, Queue
from public.models import DatabaseNow
from public.workflow import Status


def last_change(model, **which):
    """The last line of the log about the row of the outer query."""
    lines = Change.objects.filter(table_name=model._meta.db_table, row_id=OuterRef("pk"), **which)
    return lines.order_by("-id")


def to_finish(records, asked: Asked):
    return records.filter(status=Status.DRAFT, edited_by=asked.user)


def returned(records, asked: Asked):
    return records.filter(status=Status.RETURNED, edited_by=asked.user)


def _may_sign(asked: Asked) -> Q:
    """Whoever edited a record last does not sign it, unless they are alone in the office."""
    return Q() if settings.ONE_PERSON_OFFICE else ~Q(edited_by=asked.user)


def to_review(records, asked: Asked):
    return records.filter(_may_sign(asked), status=Status.SUBMITTED)


def _in_review(records):
    begun = last_change(records.model, step="start_review").values("by")[:1]
    return records.filter(status=Status.IN_REVIEW).alias(reviewer=Subquery(begun))


def in_my_review(records, asked: Asked):
    return _in_review(records).filter(reviewer=asked.user.pk)


def in_review_by_others(records, asked: Asked):
    others = Q(reviewer__isnull=True) | ~Q(reviewer=asked.user.pk)
    return _in_review(records).filter(_may_sign(asked), others)


def to_publish(records, asked: Asked):
    return records.filter(_may_sign(asked), status=Status.APPROVED)


WORKFLOW = [
    Queue("returned", _("Returned to me"), returned, Group.WAITING, "change"),
    Queue("to-finish", _("My drafts to finish"), to_finish, Group.WAITING, "change"),
    Queue("to-review", _("To review"), to_review, Group.WAITING, "review"),
    Queue("in-my-review", _("In my review"), in_my_review, Group.WAITING, "review"),
    Queue(
        "to-approve",
        _("To approve, in review by colleagues"),
        in_review_by_others,
        Group.WAITING,
        "review",
    ),
    Queue("to-publish", _("To publish"), to_publish, Group.WAITING, "publish"),
    Queue(
        "embargo",
        _("Under embargo"),
        lambda records, asked: records.under_embargo(DatabaseNow()),
        Group.WAITING,
        moment=("published_at", _("public from")),
    ),
    Queue(
        "changed",
        _("Changed since publication"),
        lambda records, asked: records.changed_since_publication(),
        Group.WAITING,
    ),
]
