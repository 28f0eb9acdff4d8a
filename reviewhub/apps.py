from django.apps import AppConfig
from django.db.backends.signals import connection_created


class ReviewhubConfig(AppConfig):
    """The project itself: the check of its surfaces, and the watch over slow statements."""

    name = "reviewhub"

    def ready(self):
        from reviewhub import (
            slow_statements,
            surface_checks,  # noqa: F401  registers the check
        )

        connection_created.connect(slow_statements.watch)
