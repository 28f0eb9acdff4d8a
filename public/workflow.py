"""The workflow of everything publishable, as one table (docs/adr/0005)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


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
    """One way from one status to another; `right` is the permission for it: change, review …"""

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

# The steps in the secretariat's words: buttons, actions of lists, titles of pages, the log.
LABELS = {
    "submit": _("Send to review"),
    "recall": _("Take back"),
    "start_review": _("Start the review"),
    "return_with_note": _("Return with note"),
    "approve": _("Approve"),
    "publish": _("Publish now / at …"),
    "revise": _("Revise: prepare the next edition"),
    "withdraw": _("Withdraw"),
}

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
    "merged_into_id",
)
