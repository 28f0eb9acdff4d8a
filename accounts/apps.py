from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self):
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_migrate

        from accounts import security, sessions, site_role

        user_logged_in.connect(sessions.begin, dispatch_uid="accounts.sessions")
        security.listen()
        # pgtrigger stands before this app in the settings: its triggers are installed by then
        post_migrate.connect(site_role.give_rights, sender=self, dispatch_uid="accounts.site_role")
