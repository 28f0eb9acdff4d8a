"""The office's working tables of what parties hand in. The public never reads these."""

from submissions.models.excerpts import Citation, Excerpt
from submissions.models.files import SubmissionFile
from submissions.models.parties import FocalPoint, Stakeholder
from submissions.models.pledges import Pledge, PledgeObjective, ProgressUpdate
from submissions.models.practices import Practice, PracticeObjective
from submissions.models.reports import ReportSection, VoluntaryReport

__all__ = [
    "Citation",
    "Excerpt",
    "FocalPoint",
    "Pledge",
    "PledgeObjective",
    "Practice",
    "PracticeObjective",
    "ProgressUpdate",
    "ReportSection",
    "Stakeholder",
    "SubmissionFile",
    "VoluntaryReport",
]
