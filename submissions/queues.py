"""What is overdue or missing in what parties hand in."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from objectives.queues import Asked, Group, Queue
from public.words import Stage
from submissions.models import Pledge, ProgressUpdate, VoluntaryReport


def without(*links: str):
    """Records that have no row at the end of any of these links."""

    def among(records, asked: Asked):
        for link in links:
            field = records.model._meta.get_field(link)
            rows = field.remote_field.through if field.many_to_many else field.related_model
            way = field.m2m_field_name() if field.many_to_many else field.field.name
            records = records.exclude(Exists(rows._base_manager.filter(**{way: OuterRef("pk")})))
        return records.exclude(status="withdrawn")

    return among


def practices_without_source(practices, asked: Asked):
    """Taken from nowhere: what a party hands in itself needs no document."""
    nobody = {"member_state": None, "stakeholder": None}
    return without("sources")(practices.filter(url="", **nobody), asked)


def pledges_without_source(pledges, asked: Asked):
    """Said to be from a document, and none is named."""
    return without("sources")(pledges.filter(url="", origin=Pledge.Origin.DOCUMENT), asked)


def excerpts_without_source(excerpts, asked: Asked):
    return without("sources")(excerpts.filter(url="", report=None), asked)


def overdue_pledges(pledges, asked: Asked):
    """Due, not fulfilled or given up, and nothing heard since."""
    heard = ProgressUpdate.objects.filter(
        pledge=OuterRef("pk"), reported_on__gte=OuterRef("due_on")
    )
    still_open = pledges.filter(stage__in=[Stage.PLANNED, Stage.IN_PROGRESS])
    return still_open.filter(~Exists(heard), due_on__lt=timezone.localdate()).exclude(
        status="withdrawn"
    )


def not_received(reports, asked: Asked):
    """Known from other documents only: the report itself is not here."""
    return reports.exclude(evidence=VoluntaryReport.Evidence.RECEIVED).exclude(status="withdrawn")


def empty_reports(reports, asked: Asked):
    received = reports.filter(evidence=VoluntaryReport.Evidence.RECEIVED)
    return without("sections", "files")(received, asked)


def states_without_report(states, asked: Asked):
    """States of the cycle's region that have no report to it; of all cycles: to none."""
    reports = VoluntaryReport.objects.filter(member_state=OuterRef("pk"))
    states = states.in_use()
    if asked.cycle:
        reports = reports.filter(cycle=asked.cycle)
        if asked.cycle.region_id:
            states = states.filter(regions=asked.cycle.region_id)
    if asked.user.region_id:
        mine = Q(regions=asked.user.region_id) | Q(subregion=asked.user.region_id)
        states = states.filter(pk__in=states.model.objects.filter(mine).values("pk"))
    return states.exclude(Exists(reports.exclude(status="withdrawn")))


def _is_closed(cycle) -> bool:
    """Is the call for inputs over?"""
    return bool(cycle and cycle.inputs_close_on and cycle.inputs_close_on < timezone.localdate())


def states_to_report(states, asked: Asked):
    return states.none() if _is_closed(asked.cycle) else states_without_report(states, asked)


def states_late(states, asked: Asked):
    return states_without_report(states, asked) if _is_closed(asked.cycle) else states.none()


WITHOUT_OBJECTIVE = Queue(
    "without-objective", _("Without an objective"), without("objective_links")
)
WITHOUT_SOURCE = "without-source", _("Without a source")

PRACTICES = [WITHOUT_OBJECTIVE, Queue(*WITHOUT_SOURCE, practices_without_source)]
PLEDGES = [
    Queue(
        "due",
        _("Past their date, not fulfilled, and nothing heard since"),
        overdue_pledges,
        Group.OVERDUE,
        moment=("due_on", _("due")),
    ),
    WITHOUT_OBJECTIVE,
    Queue(*WITHOUT_SOURCE, pledges_without_source),
]
REPORTS = [
    Queue("not-received", _("Known from other documents only"), not_received),
    Queue("empty", _("Without a section and without a file"), empty_reports),
]
EXCERPTS = [
    Queue("without-objective", _("Without an objective"), without("objectives")),
    Queue(*WITHOUT_SOURCE, excerpts_without_source),
]
STATES = [
    Queue(
        "report",
        _("Without a report, and the call for inputs is closed"),
        states_late,
        Group.OVERDUE,
        of_cycle=True,
    ),
    Queue("report", _("Without a report"), states_to_report, of_cycle=True),
]
