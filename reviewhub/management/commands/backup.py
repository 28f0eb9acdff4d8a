"""`manage.py backup`: the database and the files, in a folder that can be restored from."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from reviewhub import backups


class Command(BaseCommand):
    help = _(
        "Back up the database and the files into a new folder of BACKUP_DIR, encrypted if there is"
        " a BACKUP_KEY. The site may go on meanwhile. With a name: check that backup instead."
    )
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--check", metavar="NAME", help=_("look whether this backup is whole"))

    def handle(self, check: str | None = None, **options):
        if check:
            backups.run("check", check)
        else:
            backups.run("make")
