"""What is overdue or missing in roundtables and recommendations."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from objectives.models import Objective
from objectives.queues import Asked, Group, Queue
from public.words import RoleName
from sessions.models import GuidingQuestion, Role, Roundtable

SILENCE = timedelta(days=365)  # after a cycle, until we ask what has become of what it asked for


def _in_use(records):
    return records.exclude(status="withdrawn")


def without_moderator(roundtables, asked: Asked):
    """Openings and closings are chaired, not moderated."""
    moderators = Role.objects.filter(roundtable=OuterRef("pk"), role=RoleName.MODERATOR)
    chaired = [Roundtable.Type.OPENING, Roundtable.Type.CLOSING]
    return _in_use(roundtables).exclude(type__in=chaired).exclude(Exists(moderators))


def with_objective_unasked(roundtables, asked: Asked):
    """Some objective of its cluster, or of its own, is in none of its questions."""
    questions = GuidingQuestion.objects.filter(
        roundtable=OuterRef(OuterRef("pk")), objectives=OuterRef("pk")
    )
    unasked = Objective.objects.in_use().exclude(Exists(questions))
    return _in_use(roundtables).filter(
        Exists(unasked.filter(cluster=OuterRef("cluster")))
        | Exists(unasked.filter(roundtables=OuterRef("pk")))
    )


def untranslated(roundtables, asked: Asked):
    return _in_use(roundtables).filter(Q(title_fr="") | Q(title_ru=""))


def without_day(roundtables, asked: Asked):
    return _in_use(roundtables).filter(starts_on=None)


def without_follow_up(recommendations, asked: Asked):
    """A year after their cycle, nobody has said what has been done."""
    past = timezone.localdate() - SILENCE
    return _in_use(recommendations).filter(follow_up="", cycle__ends_on__lt=past)


ROUNDTABLES = [
    Queue("without-moderator", _("Without a moderator"), without_moderator),
    Queue(
        "unasked",
        _("With an objective that no guiding question is about"),
        with_objective_unasked,
    ),
    Queue("without-day", _("Without a day"), without_day),
    Queue("untranslated", _("Without a French or Russian name"), untranslated),
]
RECOMMENDATIONS = [
    Queue(
        "silence",
        _("A year after their cycle, without a word on what has been done"),
        without_follow_up,
        Group.OVERDUE,
        moment=("cycle__ends_on", _("asked for on")),
    ),
]
