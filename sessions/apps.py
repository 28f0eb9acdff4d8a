from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoundtablesConfig(AppConfig):
    """The folder is `sessions`, the label `roundtables` (docs/adr/0001-app-label.md)."""

    name = "sessions"
    label = "roundtables"
    verbose_name = _("Roundtables")
