"""`manage.py restore`: the database and the files as they were when they were backed up."""

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from public.store import Away
from reviewhub import backups
from reviewhub.named_files import missing_files


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
        if settings.FILES_STORAGE_URL:  # what was on the disk has been compared already
            self.compare_files()
        self.stdout.write(_("Everybody signs in again."))

    def compare_files(self) -> None:
        """Say which files the bucket does not have: the database is restored all the same."""
        try:
            missing = missing_files()
        except Away as error:
            raise CommandError(str(error)) from error
        for name in missing:
            self.stderr.write(name)
        self.stdout.write(
            ngettext(
                "%(count)d file that records name is not in the bucket.",
                "%(count)d files that records name are not in the bucket.",
                len(missing),
            )
            % {"count": len(missing)}
        )
