"""`manage.py prepare`: what `make run` needs before the site starts, and where it then is."""

import os

import pgtrigger
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.demo import PASSWORD, demonstration_accounts
from objectives.actions import load_reference_data
from objectives.reference_files import FOLDER, FilesRefused
from office.models import TaggedWord
from office.suggestions import learn
from public import dumps


class Command(BaseCommand):
    help = _(
        "Bring a development database up to date: tables and triggers, reference data and "
        "demonstration data. What is there already is left alone, so it may run before each start."
    )
    requires_system_checks = []  # runserver makes them a moment later

    def handle(self, **options):
        if not settings.DEBUG:
            raise CommandError(
                _("This is for development. In production: migrate, then load_reference_data.")
            )
        if migrations_are_waiting() or not triggers_are_installed():
            self.stdout.write(_("Making the tables and their rules ..."))
            self.stdout.flush()
            call_command("migrate", interactive=False, verbosity=0)
        self.load_reference_data()
        if settings.REFERENCE_DATA_DIR == FOLDER:
            call_command("load_demo", stdout=self.stdout)
            if not TaggedWord.objects.exists():
                learn()
            dumps.build()  # half a second, so that /data/ offers the files at once
        else:
            self.stdout.write(_("Another region's reference data: no demonstration data."))
        self.tell(os.environ.get("PORT") or "8000")

    def load_reference_data(self) -> None:
        try:
            outcomes = load_reference_data(settings.REFERENCE_DATA_DIR, today=timezone.localdate())
        except FilesRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        loaded = [outcome.file for outcome in outcomes if not outcome.unchanged]
        if loaded:
            self.stdout.write(_("Reference data loaded: %s.") % ", ".join(loaded))

    def tell(self, port: str) -> None:
        """Where everything is, and who may sign in."""
        site = f"http://127.0.0.1:{port}"
        places = {_("Site"): "/", _("Admin"): "/admin/", _("API"): "/api/v1/"}
        self.stdout.write("")
        for name, path in places.items():
            self.stdout.write(f"  {name:<8}{site}{path}")
        accounts = _("Demonstration accounts, all with the password “%s”:") % PASSWORD
        self.stdout.write(f"\n  {accounts}")
        for role, user in demonstration_accounts().items():
            self.stdout.write(f"    {user.email:<30}{role}")
        self.stdout.write("  " + _("They need no second factor, in development only."))
        self.stdout.write("")


def migrations_are_waiting() -> bool:
    """Would `migrate` change the tables?"""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def triggers_are_installed() -> bool:
    """Does the database have the triggers that the models declare, as they declare them today?"""
    declared = {
        (model._meta.db_table, trigger.get_pgid(model), trigger.compile(model).hash)
        for model, trigger in pgtrigger.registered()
    }
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT c.relname, t.tgname, obj_description(t.oid, 'pg_trigger')
            FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
            WHERE starts_with(t.tgname, 'pgtrigger_') AND t.tgenabled = 'O'
            AND c.relnamespace = current_schema()::regnamespace
            """
        )
        return set(cursor.fetchall()) == declared
