"""Records that were merged into another one, and are closed."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("objectives", "0001_initial"),
        ("submissions", "0002_code_sequences"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="pledge",
            name="pledge_text_not_too_short",
        ),
        migrations.AddField(
            model_name="excerpt",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="submissions.excerpt",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="pledge",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="submissions.pledge",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="practice",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="submissions.practice",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="stakeholder",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="submissions.stakeholder",
                verbose_name="merged into",
            ),
        ),
        migrations.AddField(
            model_name="voluntaryreport",
            name="merged_into",
            field=models.ForeignKey(
                editable=False,
                help_text="The record of the same thing that stays; its code leads there for ever.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="merged_records",
                to="submissions.voluntaryreport",
                verbose_name="merged into",
            ),
        ),
        migrations.AddConstraint(
            model_name="excerpt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="submissions_excerpt_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="submissions_pledge_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("origin", "document"),
                    ("status__in", ["draft", "returned", "withdrawn"]),
                    ("text__length__gte", 300),
                    _connector="OR",
                ),
                name="pledge_text_not_too_short",
                violation_error_message="The text of a pledge that a party hands in has at least 300 characters.",
            ),
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="submissions_practice_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="stakeholder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="submissions_stakeholder_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="voluntaryreport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("merged_into__isnull", True), ("status", "withdrawn"), _connector="OR"
                ),
                name="submissions_voluntaryreport_merged_is_withdrawn",
                violation_error_message="This record was merged into another one: work on that one.",
            ),
        ),
    ]
