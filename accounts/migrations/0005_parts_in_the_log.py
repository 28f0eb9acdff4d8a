"""The history of a record finds its links and parts in the log by what they were made with."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_sign_in")]

    operations = [
        migrations.AddIndex(
            model_name="change",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("operation", "insert")),
                fields=["now"],
                name="change_made_with",
                opclasses=["jsonb_path_ops"],
            ),
        ),
    ]
