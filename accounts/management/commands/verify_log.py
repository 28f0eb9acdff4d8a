"""`manage.py verify_log`: has anybody changed, removed, added or reordered rows of the log?"""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import chain
from accounts.site_role import could_change_the_log


class Command(BaseCommand):
    help = _(
        "Walk the chain over the log, say what is wrong and where, and print its head: note it"
        " down elsewhere. Ends with an error if anything is wrong."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--head",
            help=_("A head that was printed earlier: the chain must still go through it."),
        )

    def handle(self, *, head, **options):
        try:
            kept = chain.Head.read(head) if head else None
        except ValueError as error:
            raise CommandError(
                _("A head is a number, a colon and 64 hexadecimal digits, as printed earlier.")
            ) from error
        found = chain.Found()
        for fault in chain.faults(found, kept):
            self.stdout.write(fault)
        self.stdout.write(chain.told(found))
        self.stdout.write(_("Head: %s") % found.head)
        if user := could_change_the_log():
            self.stderr.write(
                _(
                    "Note: this process uses the database user “%s”, who could change the log. The"
                    " site itself should run as another (docs/operators.md)."
                )
                % user
            )
        if found.faults:
            raise CommandError(_("The log is not as it was written."))
