"""`manage.py retention`: erase what of people's data has been kept for its time; for cron."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from reviewhub.people import retention


class Command(BaseCommand):
    help = _(
        "Erase people's data whose time is over (ACCOUNTS_KEPT_DAYS, CONTACTS_KEPT_DAYS). Prints"
        " how much was erased, never what."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Only say how much it would be.")
        )

    def handle(self, *, dry_run, **options):
        report = retention(dry_run=dry_run)
        said = _("It would erase:") if dry_run else _("Erased:")
        self.stdout.write("\n".join([said, *report.lines()]))
