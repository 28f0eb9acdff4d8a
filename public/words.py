"""The words that documents use for choices, shared by the office and the pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How far a practice reaches."""

    LOCAL = "local", _("local")
    NATIONAL = "national", _("national")
    BILATERAL = "bilateral", _("bilateral")
    SUBREGIONAL = "subregional", _("sub-regional")
    REGIONAL = "regional", _("regional")
    GLOBAL = "global", _("global")


class ExcerptType(models.TextChoices):
    """What a passage of a report or statement tells of."""

    ACHIEVEMENT = "achievement", _("achievement")
    CHALLENGE = "challenge", _("challenge")
    GAP = "gap", _("gap")
    NEED = "need", _("need")
    PROMISING_PRACTICE = "promising_practice", _("promising practice")


class FileKind(models.TextChoices):
    """What a file is for its readers."""

    REPORT = "report", _("report")
    ANNEX = "annex", _("annex")
    BACKGROUND_NOTE = "background_note", _("background note")
    PRESENTATION = "presentation", _("presentation")
    OTHER = "other", _("other document")


class Stage(models.TextChoices):
    """How far a pledge has come."""

    PLANNED = "planned", _("planned")
    IN_PROGRESS = "in_progress", _("in progress")
    FULFILLED = "fulfilled", _("fulfilled")
    DISCONTINUED = "discontinued", _("discontinued")


class PledgeType(models.TextChoices):
    """Who makes a pledge with whom."""

    INDIVIDUAL = "individual", _("individual")
    COMMON = "common", _("common")
    PARTNERSHIP = "partnership", _("in partnership")
    MATCHING = "matching", _("matching another pledge")


class PledgeForm(models.TextChoices):
    """What a pledge brings: money, people, a procedure, a policy."""

    FINANCIAL = "financial", _("financial")
    HUMAN_RESOURCES = "human_resources", _("human resources")
    PROCESS = "process", _("process")
    POLICY = "policy", _("policy")


class ReportType(models.TextChoices):
    """What a party handed in."""

    VOLUNTARY_REPORT = "voluntary_report", _("voluntary report")
    STATEMENT = "statement", _("statement")
    STAKEHOLDER_REPORT = "stakeholder_report", _("stakeholder report")


class Evidence(models.TextChoices):
    """How surely a report exists that the secretariat knows only from other documents."""

    RECEIVED = "received", _("received by the secretariat")
    FILE_NAMED = "file_named", _("a source names its file")
    REPORT_NAMED = "voluntary_report_text", _("a source speaks of the report")
    REPORTING_VERB = "reporting_verb", _("a source says that the party reported")
    TEXT = "text", _("a source mentions it")


class Strength(models.TextChoices):
    """How strongly a recommendation asks."""

    RECOMMENDED = "recommended", _("recommended")
    ENCOURAGED = "encouraged", _("encouraged")
    URGED = "urged", _("urged")
    CALLED_UPON = "called_upon", _("called upon")


class Addressee(models.TextChoices):
    """Whom a recommendation asks."""

    MEMBER_STATES = "member_states", _("Member States")
    STAKEHOLDERS = "stakeholders", _("stakeholders")
    NETWORK = "network", _("the UN network on migration")


class RoundtableType(models.TextChoices):
    """What kind of sitting it is."""

    OPENING = "opening", _("opening")
    ROUNDTABLE = "roundtable", _("roundtable")
    CONSULTATION = "consultation", _("consultation")
    HEARING = "hearing", _("hearing")
    SIDE_EVENT = "side_event", _("side event")
    CLOSING = "closing", _("closing")


class RoleName(models.TextChoices):
    """A person's part in a sitting."""

    MODERATOR = "moderator", _("moderator")
    CO_CHAIR = "co_chair", _("co-chair")
    INTRODUCTORY_SPEAKER = "introductory_speaker", _("introductory speaker")
    PANELLIST = "panellist", _("panellist")
    RAPPORTEUR = "rapporteur", _("rapporteur")


class FigureCategory(models.TextChoices):
    """What a number of the regional brief is about."""

    NETWORK = "network", _("UN network on migration")
    PRACTICES = "practices", _("practices")
    PLEDGES = "pledges", _("pledges")
    REPORTS = "reports", _("reports")
    M_MPTF = "m_mptf", _("Migration Multi-Partner Trust Fund")
    CONTEXT = "context", _("context")


# The kinds that have pages, in the order in which pages name them: one, and many.
KIND_NAMES = {
    "practice": (_("practice"), _("practices")),
    "pledge": (_("pledge"), _("pledges")),
    "report": (_("report"), _("reports")),
    "recommendation": (_("recommendation"), _("recommendations")),
    "roundtable": (_("roundtable"), _("roundtables")),
    "stakeholder": (_("stakeholder"), _("stakeholders")),
}
