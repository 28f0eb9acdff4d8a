"""Administrators issue and revoke tokens of the API."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations


def give(apps, schema_editor):
    create_permissions(installed.get_app_config("accounts"), verbosity=0, apps=apps)
    Permission = apps.get_model("auth", "Permission")
    rights = Permission.objects.filter(
        content_type__app_label="accounts",
        codename__in=["add_token", "change_token", "view_token"],
    )
    for group in apps.get_model("auth", "Group").objects.filter(name="Administrator"):
        group.permissions.add(*rights)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_tokens")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
