"""Where the codes of merged records lead: a table of the office's, and what the public sees of it."""

from django.db import migrations, models

from public.fence import ROLE

# A code that was public once leads on only while its target is public itself.
VIEW = f"""
CREATE VIEW public_redirect AS
    SELECT m.id, m.kind, m.code, m.target FROM public_merged m
    WHERE EXISTS (SELECT FROM public_record r WHERE r.kind = m.kind AND r.code = m.target);
GRANT SELECT ON public_redirect TO {ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [
        ("public", "0003_public_side"),
    ]

    operations = [
        migrations.CreateModel(
            name="Redirect",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("target", models.CharField(max_length=60, verbose_name="leads to")),
            ],
            options={
                "db_table": "public_redirect",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Merged",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("target", models.CharField(max_length=60, verbose_name="leads to")),
            ],
            options={
                "verbose_name": "merged record",
                "verbose_name_plural": "merged records",
                "ordering": ["kind", "code"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "code"),
                        name="merged_once",
                        violation_error_message="This code leads to another record already.",
                    )
                ],
            },
        ),
        migrations.RunSQL(VIEW, "DROP VIEW public_redirect"),
    ]
