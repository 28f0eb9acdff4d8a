"""The steps of the workflow in words: what each does, who goes on, why one is missing."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from public.publication import has_right
from public.publishable import Publishable
from public.workflow import SIGNED, SIGNING, STEPS, Status

# What the step does, and who sees the records next.
WHAT_HAPPENS = {
    "submit": gettext_lazy(
        "It goes to the reviewers, who find it in their list of what waits for review. Until one"
        " of them starts, you can take it back."
    ),
    "recall": gettext_lazy(
        "It becomes a draft again and leaves the reviewers' list. Send it again when it is ready."
    ),
    "start_review": gettext_lazy(
        "Colleagues see that somebody is reviewing it, and its editor can no longer take it back."
        " It waits with the reviewers until one of them approves it or returns it."
    ),
    "return_with_note": gettext_lazy(
        "It goes back to its editor, who finds it, with your note, in their list of what was"
        " returned. Say what to mend."
    ),
    "approve": gettext_lazy(
        "You sign it as fit to be published, as it stands below. From then on nobody edits it; the"
        " publishers find it in their list of what waits for publication."
    ),
    "publish": gettext_lazy("Exactly what stands below becomes public."),
    "revise": gettext_lazy(
        "It becomes a draft that can be edited, and goes through review again. What is public"
        " stays as it is until the next edition is published."
    ),
    "withdraw": gettext_lazy(
        "Everything below vanishes from the public record at once, and for every moment: also for"
        " readers who look at a past day. Links and citations no longer lead to it. The office"
        " keeps its copy and its history."
    ),
}

# What is to do next with a record, whoever looks at it.
WHAT_NEXT = {
    Status.DRAFT: gettext_lazy("Next: its editor completes it and sends it to review."),
    Status.SUBMITTED: gettext_lazy("Next: a reviewer starts the review."),
    Status.IN_REVIEW: gettext_lazy("Next: a reviewer approves it, or returns it with a note."),
    Status.RETURNED: gettext_lazy("Next: its editor mends it and sends it to review again."),
    Status.APPROVED: gettext_lazy("Next: a publisher publishes it, now or at a later time."),
    Status.PUBLISHED: gettext_lazy("Done. To change it, an editor begins the next edition."),
    Status.WITHDRAWN: gettext_lazy(
        "Nothing of it is public. An editor may revise it for a new edition."
    ),
}

# What has been done, with the codes of the records.
DONE = {
    "submit": gettext_lazy("Sent to review: %(records)s."),
    "recall": gettext_lazy("Taken back: %(records)s."),
    "start_review": gettext_lazy("Review started: %(records)s."),
    "return_with_note": gettext_lazy("Returned with your note: %(records)s."),
    "approve": gettext_lazy("Approved: %(records)s."),
    "publish": gettext_lazy("Public now: %(records)s."),
    "embargo": gettext_lazy("Under embargo until %(time)s: %(records)s."),
    "revise": gettext_lazy("A draft again, for the next edition: %(records)s."),
    "withdraw": gettext_lazy("Withdrawn from the public record: %(records)s."),
}
FIRST_FEW = 10


def done(name: str, records: Sequence[Publishable], *, time: str = "") -> str:
    """What a step has done, naming the first few records and how many more there are."""
    codes = ", ".join(record.code for record in records[:FIRST_FEW])
    if len(records) > FIRST_FEW:
        codes = _("%(count)d records, %(first)s …") % {"count": len(records), "first": codes}
    return DONE["embargo" if time else name] % {"records": codes, "time": time}


def one_person_notice() -> str:
    """What everybody in an office of one person should know; empty in any other."""
    if not settings.ONE_PERSON_OFFICE:
        return ""
    return _(
        "This office is set to one person: whoever edited a record may also approve and publish"
        " it, and the record says so for ever."
    )


def explanations(record: Publishable, *, by) -> list[str]:
    """Why this person is not offered what they might expect, and what to do instead."""
    rights = {step.right for step in STEPS if has_right(step, type(record), by)}
    if not rights:
        return []
    if not record.is_within(by):
        return [
            _(
                "Your account is limited to %(scope)s: you may read this record, not work on it."
                " An administrator can change that."
            )
            % {"scope": by.scope}
        ]
    signing = {
        step.name for step in STEPS if step.source == record.status and step.right in rights
    }.intersection(SIGNING)
    alone = record.edited_by_id == by.pk
    sentences = []
    if alone and signing and settings.ONE_PERSON_OFFICE:
        sentences.append(one_person_notice())
    elif alone and "approve" in signing:
        sentences.append(_("You edited this last: a colleague approves it."))
    elif alone and "publish" in signing:
        sentences.append(_("You edited this last: a colleague publishes it."))
    elif "approve" in signing and "change" in rights:
        sentences.append(_("If you edit it yourself, a colleague has to approve it."))
    if "change" in rights and record.status in SIGNED:
        sentences.append(
            _("Approved and signed: to have it changed, ask a reviewer to return it with a note.")
            if record.status == Status.APPROVED and "review" not in rights
            else _("Approved and signed: return it with a note if it has to change.")
            if record.status == Status.APPROVED
            else _("Signed: revise it first to edit.")
        )
    if "publish" in rights and "change" not in rights and record.status == Status.PUBLISHED:
        sentences.append(_("To change what it says, ask an editor to revise it."))
    return sentences
