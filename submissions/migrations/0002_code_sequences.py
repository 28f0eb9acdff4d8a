"""Numbers of permanent codes: each is given once."""

from django.db import migrations

KINDS = ("p", "pl", "st", "ex")


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial")]
    operations = [
        migrations.RunSQL(f"CREATE SEQUENCE code_{kind}", f"DROP SEQUENCE code_{kind}")
        for kind in KINDS
    ]
