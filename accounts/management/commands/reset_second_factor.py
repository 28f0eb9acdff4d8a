"""`manage.py reset_second_factor`: for the administrator whom no other administrator can help."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.models import User


class Command(BaseCommand):
    help = _(
        "Take the second factor of an account away. Its owner is signed out everywhere, and sets"
        " up a new one at the next sign-in, with the password."
    )

    def add_arguments(self, parser):
        parser.add_argument("email", help=_("The account's e-mail address."))
        parser.add_argument("--why", required=True, help=_("The reason, for the log."))

    def handle(self, *, email, why, **options):
        user = User.objects.filter(email__iexact=email).first()
        if user is None:
            raise CommandError(_("There is no account with this e-mail address."))
        second_factor.take_away(user, by=None, why=why)
        self.stdout.write(_("%s sets up a new second factor at the next sign-in.") % user.email)
