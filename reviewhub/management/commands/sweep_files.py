"""Say which stored files no record, edition or entry of the log names; with --delete, remove them.

An upload whose form was never saved leaves such a file behind. What is younger than a day stays.
"""

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from public.store import Away
from public.sweeping import strays
from reviewhub.named_files import named_files


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--delete", action="store_true", help="remove them")

    def handle(self, *args, delete: bool, **options):
        try:
            self.sweep(delete)
        except Away as error:
            raise CommandError(str(error)) from error

    def sweep(self, delete: bool) -> None:
        count = size = 0
        for stray in strays(named_files()):
            if delete and not stray.remove():
                continue
            count += 1
            size += stray.size
            self.stdout.write(f"{stray.path} ({filesizeformat(stray.size)})")
        says = "removed" if delete else "would be removed: nothing was done, --delete does it"
        self.stdout.write(f"{count} files, {filesizeformat(size)}: {says}.")
