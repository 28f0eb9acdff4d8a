"""`manage.py erase_person`: somebody asks that what is kept of them be erased."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from reviewhub.people import erase_person


class Command(BaseCommand):
    help = _(
        "Erase what is kept of a person: their account becomes a number, their contact data and"
        " uploads go. Prints how much was erased, never what."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help=_("The person's e-mail address."))
        parser.add_argument(
            "--why", required=True, help=_("The reason, for the log. Name nobody in it.")
        )
        parser.add_argument(
            "--dry-run", action="store_true", help=_("Only say how much it would be.")
        )

    def handle(self, *, email, why, dry_run, **options):
        if email.casefold() in why.casefold():
            raise CommandError(_("The reason stays in the log: leave the address out of it."))
        try:
            report = erase_person(email, why=why, dry_run=dry_run)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not any(report.counts.values()):
            raise CommandError(_("Nothing is kept under this address."))
        said = _("It would erase:") if dry_run else _("Erased:")
        self.stdout.write("\n".join([said, *report.lines()]))
