"""`manage.py load_reference_data`: the reference tables say what the reference files say."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from objectives.actions import load_reference_data
from objectives.reference_files import FilesRefused


class Command(BaseCommand):
    help = _(
        "Load regions, Member States, objectives and the other reference data from CSV files: all "
        "of it, or nothing. What left the files is retired, not deleted; what the office edited "
        "stays. A second run changes nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--data",
            type=Path,
            default=settings.REFERENCE_DATA_DIR,
            metavar=_("FOLDER"),
            help=_("the folder with the files, for another region (default: REFERENCE_DATA_DIR)"),
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=_("say what would change, and change nothing")
        )

    def handle(self, *, data: Path, dry_run: bool, **options):
        try:
            outcomes = load_reference_data(data, today=timezone.localdate(), dry_run=dry_run)
        except FilesRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for outcome in outcomes:
            self.tell(outcome)
        if all(outcome.unchanged for outcome in outcomes):
            self.stdout.write(_("Nothing changed."))
        elif dry_run:
            self.stdout.write(_("This was a dry run: nothing was written."))

    def tell(self, outcome):
        """A line for the file, then lines for what happened to which record."""
        codes = {
            _("added"): outcome.added,
            _("retired"): outcome.retired,
            _("back in use"): outcome.taken_back,
        }
        lines = {
            _("cells changed"): outcome.changed,
            _("left as the office wrote them"): outcome.kept,
        }
        counts = [f"{len(them)} {what}" for what, them in (codes | lines).items() if them]
        rows = _("%(file)s, %(rows)s rows") % {"file": outcome.file, "rows": outcome.rows}
        self.stdout.write(f"{rows}: {', '.join(counts) or _('nothing changed')}")
        for what, them in codes.items():
            if them and (them is not outcome.added or len(them) < outcome.rows):
                self.stdout.write(f"  {what}: {', '.join(them)}")
        for line in outcome.changed + outcome.kept:
            self.stdout.write(f"  {line}")
