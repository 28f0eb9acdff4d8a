"""The roundtable officer opens the next cycle."""

from django.db import migrations

RIGHT = {"codename": "add_reviewcycle", "content_type__app_label": "objectives"}


def give(apps, schema_editor):
    """In offices made before; new ones have it from their roles."""
    right = apps.get_model("auth", "Permission").objects.get(**RIGHT)
    for group in apps.get_model("auth", "Group").objects.filter(name="Roundtable officer"):
        group.permissions.add(right)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_scope")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
