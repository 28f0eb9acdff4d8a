"""`manage.py seal_log`: seal the log, for cron; the web does it itself after each write."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import chain


class Command(BaseCommand):
    help = _(
        "Seal the rows of the log that have no seal yet, and print the head of the chain: note it"
        " down elsewhere, for verify_log --head."
    )

    def handle(self, **options):
        sealed = chain.seal()
        if sealed is None:
            self.stdout.write(_("Somebody else is sealing the log at this moment."))
            return
        words = ngettext("%(rows)d row sealed.", "%(rows)d rows sealed.", sealed)
        self.stdout.write(words % {"rows": sealed})
        self.stdout.write(_("Head: %s") % chain.head())
