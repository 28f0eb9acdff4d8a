"""Look into stored files that nobody has looked into yet: they came before that was done.

Says which would be refused today, and why; it takes nothing away.
"""

import shutil
from tempfile import TemporaryFile

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError

from public.file_findings import FileFindings
from public.file_inspection import inspect
from public.files import path_of
from public.store import Away
from reviewhub.named_files import files_of_records


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--again", action="store_true", help="also those that are known")

    def handle(self, *args, again: bool, **options):
        named = files_of_records()
        if not again:
            named -= set(FileFindings.objects.values_list("pk", flat=True).iterator())
        for sha256 in sorted(named):
            try:
                with default_storage.open(path_of(sha256)) as stored, TemporaryFile() as file:
                    shutil.copyfileobj(stored, file)
                    file.flush()
                    found = inspect(file).findings
            except ValidationError as error:
                self.stdout.write(f"{sha256}: {error.messages[0]}")
                continue
            except Away as error:
                raise CommandError(str(error)) from error
            except OSError as error:
                self.stdout.write(f"{sha256}: {error}")
                continue
            FileFindings.objects.update_or_create(pk=sha256, defaults={"found": found})
        self.stdout.write(f"{len(named)} files looked into.")
