"""`manage.py run_import`: the process in which an import runs."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from office.imports import jobs
from office.models import Import


class Command(BaseCommand):
    help = _(
        "Run an upload that waits to be read or imported, then all others that wait. The office"
        " starts this by itself."
    )
    requires_system_checks = []  # it is started often, and the site has made them

    def add_arguments(self, parser):
        parser.add_argument("number", type=int, nargs="?", help=_("of the upload; none: all"))

    def handle(self, number: int | None = None, **options):
        waiting = Import.objects.under_way().order_by("pk").values_list("pk", flat=True)
        jobs.work(number if number is not None else waiting.first())
