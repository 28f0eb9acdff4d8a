"""Requests of the API, counted by the minute, without a write-ahead log."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_rights_since")]
    operations = [
        migrations.CreateModel(
            name="RequestCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=64)),
                ("minute", models.DateTimeField()),
                ("requests", models.IntegerField()),
            ],
            options={
                "verbose_name": "requests of a minute",
                "verbose_name_plural": "requests of a minute",
                "default_permissions": (),
                "indexes": [models.Index("minute", name="requestcount_minute")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("address", "minute"),
                        name="requestcount_once",
                        violation_error_message="An address has one count a minute.",
                    )
                ],
            },
        ),
        # a table can only become unlogged while no sequence of it is logged: both go together
        migrations.RunSQL(
            "ALTER TABLE accounts_requestcount SET UNLOGGED",
            "ALTER TABLE accounts_requestcount SET LOGGED",
        ),
    ]
