from django.apps import AppConfig


class ReviewhubConfig(AppConfig):
    """The project itself. Its check of surfaces runs with every `manage.py check`."""

    name = "reviewhub"

    def ready(self):
        from reviewhub import surface_checks  # noqa: F401  registers the check
