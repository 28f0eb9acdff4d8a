"""Rights that roles have had since: for offices made before; new ones have them from the start."""

from django.db import migrations

SINCE = {
    "Roundtable officer": ("objectives", "add_reviewcycle"),  # opens the next cycle
    "Administrator": ("accounts", "view_change"),  # reads the log
}


def give(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, (label, codename) in SINCE.items():
        right = Permission.objects.filter(content_type__app_label=label, codename=codename)
        for group in Group.objects.filter(name=name):
            group.permissions.add(*right)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_parts_in_the_log")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop)]
