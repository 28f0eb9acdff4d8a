"""`manage.py load_demo`: the reviews of 2020 and 2024, published, and a few invented drafts."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.demo import demonstration_accounts
from objectives.reference_files import FilesRefused
from office.imports import Outcome
from reviewhub.demo.loader import FOLDER, Loaded, People, load_demo


class Command(BaseCommand):
    help = _(
        "Load the demonstration data through the import that staff use, and publish it: all of "
        "it, or nothing. A second run changes nothing; what somebody has edited since stays."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--data",
            type=Path,
            default=FOLDER,
            metavar=_("FOLDER"),
            help=_("the folder with the files (default: the project's own)"),
        )
        parser.add_argument(
            "--outside-development",
            action="store_true",
            help=_("also where DEBUG is off: the records become public there"),
        )

    def handle(self, *, data: Path, outside_development: bool, **options):
        if not (settings.DEBUG or outside_development):
            raise CommandError(
                _(
                    "This is not a development installation: the demonstration data would become "
                    "public here. If you mean it, add --outside-development."
                )
            )
        try:
            with transaction.atomic():
                accounts = demonstration_accounts()
                people = People(accounts["Editor"], accounts["Reviewer"], accounts["Publisher"])
                loaded = load_demo(data, people=people, say=self.say)
        except FilesRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.tell(loaded)

    def say(self, what: str, done: int, total: int) -> None:
        """A line that counts up on a terminal, and one line at the end elsewhere."""
        count = _("publishing %(what)s %(done)s/%(total)s")
        line = count % {"what": what, "done": done, "total": total}
        if self.stdout.isatty():
            self.stdout.write(f"\r{line:<60}", ending="\n" if done == total else "")
            self.stdout.flush()
        elif done == total:
            self.stdout.write(line)

    def tell(self, loaded: Loaded) -> None:
        if loaded.is_nothing:
            self.stdout.write(_("The demonstration data is there: nothing changed."))
        else:
            for outcome in loaded.outcomes + loaded.examples:
                if not outcome.is_nothing:
                    self.stdout.write(f"{outcome.file}: {self.counts(outcome)}")
            published = ngettext(
                "%(count)s record published.",
                "%(count)s records published.",
                len(loaded.published),
            )
            self.stdout.write(published % {"count": len(loaded.published)})
        if loaded.left:
            self.stdout.write(_("Left as somebody edited them: %s.") % ", ".join(loaded.left))

    def counts(self, outcome: Outcome) -> str:
        counts = {
            _("added"): outcome.added,
            _("changed"): outcome.changed,
            _("unchanged"): outcome.unchanged,
            _("left as they are"): outcome.left,
        }
        return ", ".join(f"{len(them)} {what}" for what, them in counts.items() if them)
