"""Make the files with everything that is public, if those that are there are no longer true."""

from django.core.management.base import BaseCommand

from public import dumps


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args, **options):
        dump, is_new = dumps.build()
        what = "Made" if is_new else "Nothing has changed since"
        records = sum(dump.counts.values())
        for one in dump.files:
            self.stdout.write(f"{what} {one.path}: {records} records, {one.bytes} bytes.")
