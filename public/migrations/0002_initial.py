import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

import public.models


class Migration(migrations.Migration):
    dependencies = [("public", "0001_extensions")]

    operations = [
        migrations.CreateModel(
            name="PublicRecord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("practice", "practice"),
                            ("pledge", "pledge"),
                            ("report", "report"),
                            ("stakeholder", "stakeholder"),
                            ("roundtable", "roundtable"),
                            ("recommendation", "recommendation"),
                            ("excerpt", "excerpt"),
                            ("figure", "figure"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("edition", models.PositiveIntegerField(verbose_name="edition")),
                ("document", models.JSONField(verbose_name="document")),
                (
                    "visible",
                    public.models.PublicPeriodField(
                        help_text="From its publication until the next edition.",
                        verbose_name="visible",
                    ),
                ),
                (
                    "retracted_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty while the edition may be cited.",
                        null=True,
                        verbose_name="retracted",
                    ),
                ),
                ("first_published_at", models.DateTimeField(verbose_name="first published")),
                ("title", models.TextField(verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "objectives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="objectives",
                    ),
                ),
                (
                    "primary_objectives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="primary objectives",
                    ),
                ),
                (
                    "principles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="guiding principles",
                    ),
                ),
                (
                    "sdgs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="SDG",
                    ),
                ),
                (
                    "member_states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Member States",
                    ),
                ),
                (
                    "implementer_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="implementer types",
                    ),
                ),
                (
                    "stakeholder_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="stakeholder types",
                    ),
                ),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="parties",
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sources",
                    ),
                ),
                (
                    "cycle",
                    models.CharField(blank=True, max_length=20, verbose_name="review cycle"),
                ),
                ("level", models.CharField(blank=True, max_length=20, verbose_name="level")),
                ("type", models.CharField(blank=True, max_length=40, verbose_name="type")),
                ("form", models.CharField(blank=True, max_length=40, verbose_name="form")),
                ("stage", models.CharField(blank=True, max_length=20, verbose_name="stage")),
                (
                    "year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year"),
                ),
                ("covid19", models.BooleanField(default=False, verbose_name="COVID-19")),
            ],
            options={
                "verbose_name": "public record",
                "verbose_name_plural": "public record",
                "db_table": "public_record",
                "ordering": ["kind", "code"],
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("practice", "practice"),
                            ("pledge", "pledge"),
                            ("report", "report"),
                            ("stakeholder", "stakeholder"),
                            ("roundtable", "roundtable"),
                            ("recommendation", "recommendation"),
                            ("excerpt", "excerpt"),
                            ("figure", "figure"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("edition", models.PositiveIntegerField(verbose_name="edition")),
                ("document", models.JSONField(verbose_name="document")),
                (
                    "visible",
                    django.contrib.postgres.fields.ranges.DateTimeRangeField(
                        help_text="From its publication until the next edition.",
                        verbose_name="visible",
                    ),
                ),
                (
                    "retracted_at",
                    models.DateTimeField(
                        blank=True,
                        help_text="Empty while the edition may be cited.",
                        null=True,
                        verbose_name="retracted",
                    ),
                ),
                ("first_published_at", models.DateTimeField(verbose_name="first published")),
                ("title", models.TextField(verbose_name="title")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "objectives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="objectives",
                    ),
                ),
                (
                    "primary_objectives",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="primary objectives",
                    ),
                ),
                (
                    "principles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="guiding principles",
                    ),
                ),
                (
                    "sdgs",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="SDG",
                    ),
                ),
                (
                    "member_states",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="Member States",
                    ),
                ),
                (
                    "implementer_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="implementer types",
                    ),
                ),
                (
                    "stakeholder_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="stakeholder types",
                    ),
                ),
                (
                    "parties",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="parties",
                    ),
                ),
                (
                    "sources",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sources",
                    ),
                ),
                (
                    "cycle",
                    models.CharField(blank=True, max_length=20, verbose_name="review cycle"),
                ),
                ("level", models.CharField(blank=True, max_length=20, verbose_name="level")),
                ("type", models.CharField(blank=True, max_length=40, verbose_name="type")),
                ("form", models.CharField(blank=True, max_length=40, verbose_name="form")),
                ("stage", models.CharField(blank=True, max_length=20, verbose_name="stage")),
                (
                    "year",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="year"),
                ),
                ("covid19", models.BooleanField(default=False, verbose_name="COVID-19")),
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ["kind", "code", "-edition"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "code", "edition"),
                        name="edition_once",
                        violation_error_message="This record already has an edition of this number.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            (models.F("kind"), "="),
                            (models.F("code"), "="),
                            (models.F("visible"), "&&"),
                        ],
                        name="edition_one_visible_at_a_time",
                        violation_error_message="Two editions of one record cannot be public at one moment.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "practice",
                                    "pledge",
                                    "report",
                                    "stakeholder",
                                    "roundtable",
                                    "recommendation",
                                    "excerpt",
                                    "figure",
                                ],
                            )
                        ),
                        name="edition_kind_known",
                        violation_error_message="There is no such kind of public record.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind")),
                ("code", models.CharField(max_length=60, verbose_name="code")),
                ("withdrawn_at", models.DateTimeField(verbose_name="withdrawn")),
            ],
            options={
                "verbose_name": "withdrawn record",
                "verbose_name_plural": "withdrawn records",
                "ordering": ["-withdrawn_at", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "code", "withdrawn_at"),
                        name="tombstone_once",
                        violation_error_message="This record is already withdrawn.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EditionText",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="text",
                        serialize=False,
                        to="public.edition",
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("folded_title", models.TextField(verbose_name="title without accents and case")),
                ("title_vector", django.contrib.postgres.search.SearchVectorField()),
                ("vector", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "searched text",
                "verbose_name_plural": "searched texts",
            },
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                models.F("kind"),
                models.OrderBy(models.F("first_published_at"), descending=True),
                models.F("code"),
                name="edition_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                models.F("kind"), models.F("title"), models.F("code"), name="edition_by_title"
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(models.F("code"), name="edition_by_code"),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kind", "objectives", "member_states", "principles", "implementer_types"],
                name="edition_facets",
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kind", "primary_objectives"], name="edition_primary"
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kind", "sdgs"], name="edition_sdgs"
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kind", "parties"], name="edition_parties"
            ),
        ),
        migrations.AddIndex(
            model_name="edition",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["kind", "cycle", "level", "type", "stage"], name="edition_single_values"
            ),
        ),
        migrations.AddIndex(
            model_name="tombstone",
            index=models.Index(
                models.F("kind"), models.F("withdrawn_at"), name="tombstone_newest"
            ),
        ),
        migrations.AddIndex(
            model_name="editiontext",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["vector"], name="editiontext_vector"
            ),
        ),
        migrations.AddIndex(
            model_name="editiontext",
            index=django.contrib.postgres.indexes.GinIndex(
                fastupdate=False, fields=["title_vector"], name="editiontext_title_vector"
            ),
        ),
        migrations.AddIndex(
            model_name="editiontext",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["folded_title"],
                name="editiontext_title_trigrams",
                opclasses=["gin_trgm_ops"],
            ),
        ),
    ]
