"""`manage.py restore`: the database and the files as they were when they were backed up."""

from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from reviewhub import backups


class Command(BaseCommand):
    help = _(
        "Restore a backup of BACKUP_DIR into an empty database, and compare both row for row and"
        " file for file. Everything is checked before anything is touched. Stop the site first."
    )
    requires_system_checks = []  # there may be no table yet

    def add_arguments(self, parser):
        parser.add_argument(
            "name", help=_("of the backup, for example reviewhub-20261121T020000Z")
        )
        parser.add_argument(
            "--overwrite", action="store_true", help=_("lose what is in the database now")
        )

    def handle(self, name: str, overwrite: bool = False, **options):
        backups.run("restore", name, overwrite=overwrite)
        call_command("check", databases=["default"], stdout=self.stdout)
        if "verify_log" in get_commands():
            call_command("verify_log", stdout=self.stdout)
        self.stdout.write(_("Everybody signs in again."))
