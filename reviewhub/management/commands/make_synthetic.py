"""`manage.py make_synthetic`: a site full of invented records, to measure speed with."""

import time

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.demo import demonstration_accounts
from objectives.models import Objective
from reviewhub.demo.loader import People
from reviewhub.synthetic.loader import load_synthetic, others


class Command(BaseCommand):
    help = _(
        "Fill the site with invented practices, and pledges, reports, recommendations and "
        "stakeholders in proportion; 85 in 100 become public. The same number gives the same "
        "records. A second run adds what is missing."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--practices", type=int, required=True, metavar=_("NUMBER"), help=_("how many")
        )
        parser.add_argument(
            "--add",
            action="store_true",
            help=_("also where there are other records: invented ones cannot be deleted later"),
        )
        parser.add_argument(
            "--outside-development",
            action="store_true",
            help=_("also where DEBUG is off: the records become public there"),
        )

    def handle(self, *, practices: int, add: bool, outside_development: bool, **options):
        if not (settings.DEBUG or outside_development):
            raise CommandError(
                _(
                    "This is not a development installation: invented records would become "
                    "public here. If you mean it, add --outside-development."
                )
            )
        if practices < 1:
            raise CommandError(_("Say how many practices: one or more."))
        if not Objective.objects.exists():
            raise CommandError(_("There is no reference data yet: load_reference_data first."))
        if not add and others():
            raise CommandError(
                _(
                    "There are other records here, and what is published can never be deleted. "
                    "If you want invented ones among them, add --add."
                )
            )
        accounts = demonstration_accounts()
        people = People(accounts["Editor"], accounts["Reviewer"], accounts["Publisher"])
        self.began = time.monotonic()
        new = load_synthetic(practices, people=people, say=self.say)
        self.stdout.write(
            _("%(new)d records invented in %(seconds)d seconds.")
            % {"new": new, "seconds": time.monotonic() - self.began}
            if new
            else _("The invented records are there: nothing changed.")
        )

    def say(self, what: str, done: int, total: int) -> None:
        """A line that counts up on a terminal, and one line at the end elsewhere."""
        line = _("inventing %(what)s %(done)s/%(total)s") % {
            "what": what,
            "done": done,
            "total": total,
        }
        if self.stdout.isatty():
            self.stdout.write(f"\r{line:<60}", ending="\n" if done == total else "")
            self.stdout.flush()
        elif done == total or done % 5_000 == 0:
            self.stdout.write(line)
