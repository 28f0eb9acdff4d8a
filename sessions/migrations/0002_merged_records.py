"""Records that were merged into another one, and are closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("objectives", "0001_initial"),
        ("roundtables", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="roundtables.recommendation",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="roundtable",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="roundtables.roundtable",
                verbose_name="merged into",
            ),
        ),
        migrations.AddConstraint(
            model_name="recommendation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="roundtables_recommendation_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="roundtable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="roundtables_roundtable_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
    ]
