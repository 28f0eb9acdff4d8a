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
