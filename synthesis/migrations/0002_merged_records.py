"""Records that were merged into another one, and are closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("objectives", "0001_initial"),
        ("synthesis", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="figure",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="synthesis.figure",
                verbose_name="merged into",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="synthesis_figure_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
    ]
