from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from public import tallies


class Command(BaseCommand):
    help = _(
        "Bring up to date what lists and their facets are counted from. It happens by itself "
        "after publications; counts are right in any case."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--anew",
            action="store_true",
            help=_("Throw all tallies away first: after a doubt about counts, or a fault."),
        )

    def handle(self, *, anew, **options):
        if anew:
            tallies.begin_anew()
        editions = tallies.bring_up_to_date()
        self.stdout.write(_("Editions read: %(editions)d.") % {"editions": editions})
