"""The roles of the office, as groups with their rights."""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from accounts.roles import ROLES


def make_roles(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for label in {right.split(".")[0] for rights in ROLES.values() for right in rights}:
        create_permissions(installed.get_app_config(label), verbosity=0, apps=apps)
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.select_related("content_type")
    }
    for name, rights in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        # those of tables that come later are given by later migrations
        group.permissions.set([known[right] for right in sorted(rights) if right in known])


def remove_roles(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("public", "0003_public_side"),
        ("submissions", "0002_code_sequences"),
        ("roundtables", "0001_initial"),
        ("synthesis", "0001_initial"),
    ]
    operations = [migrations.RunPython(make_roles, remove_roles)]
