"""Make the file with everything that is public, if the one that is there is no longer true."""

from django.core.management.base import BaseCommand

from public import dumps


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        dump, is_new = dumps.build()
        what = "Made" if is_new else "Nothing has changed since"
        records = sum(dump.counts.values())
        self.stdout.write(f"{what} {dump.path}: {records} records, {dump.bytes} bytes.")
