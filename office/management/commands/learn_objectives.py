"""Counts the words of all tagged records, for suggesting objectives. Run it every night."""

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from office.suggestions import learn


class Command(BaseCommand):
    help = "Count the words of tagged records, for suggesting objectives. Safe to run at any time."

    def handle(self, *args, **options):
        self.stdout.write(
            _("The words of %(count)d tagged records were counted.") % {"count": learn()}
        )
