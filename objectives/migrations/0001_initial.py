import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

import objectives.rules


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Country",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
            ],
            options={
                "verbose_name": "country outside the region",
                "verbose_name_plural": "countries outside the region",
                "ordering": ["sort_order", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9_-]*$")),
                        name="objectives_country_code_well_formed",
                        violation_error_message="A code has letters, digits, - and _ only, for example civil_society.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Cluster",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
            ],
            options={
                "verbose_name": "cluster",
                "verbose_name_plural": "clusters",
                "ordering": ["sort_order", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9_-]*$")),
                        name="objectives_cluster_code_well_formed",
                        violation_error_message="A code has letters, digits, - and _ only, for example civil_society.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Doubt",
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
                (
                    "table",
                    models.CharField(
                        help_text="The reference file, for example objectives.",
                        max_length=40,
                        verbose_name="table",
                    ),
                ),
                ("code", models.CharField(max_length=200, verbose_name="code")),
                ("text", models.TextField(verbose_name="doubt")),
                (
                    "settled_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is open.",
                        null=True,
                        verbose_name="settled on",
                    ),
                ),
            ],
            options={
                "verbose_name": "doubt",
                "verbose_name_plural": "doubts",
                "ordering": ["table", "code"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("table", "code"),
                        name="doubt_one_a_row",
                        violation_error_message="There is already a note on this row: add to it.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="GuidingPrinciple",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
                (
                    "description_en",
                    models.TextField(blank=True, verbose_name="description in English"),
                ),
                (
                    "description_fr",
                    models.TextField(blank=True, verbose_name="description in French"),
                ),
                (
                    "description_ru",
                    models.TextField(blank=True, verbose_name="description in Russian"),
                ),
            ],
            options={
                "verbose_name": "guiding principle",
                "verbose_name_plural": "guiding principles",
                "ordering": ["sort_order", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9_-]*$")),
                        name="objectives_guidingprinciple_code_well_formed",
                        violation_error_message="A code has letters, digits, - and _ only, for example civil_society.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Region",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("commission", "regional commission"),
                            ("subregion", "sub-region (M49)"),
                            ("group", "group of States"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "m49",
                    models.CharField(
                        blank=True,
                        help_text="Three digits; empty outside the M49 standard.",
                        max_length=3,
                        verbose_name="M49",
                    ),
                ),
            ],
            options={
                "verbose_name": "region",
                "verbose_name_plural": "regions",
                "ordering": ["sort_order", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9_-]*$")),
                        name="objectives_region_code_well_formed",
                        violation_error_message="A code has letters, digits, - and _ only, for example civil_society.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["commission", "subregion", "group"])),
                        name="region_kind_known",
                        violation_error_message="Choose what kind of region this is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("m49__regex", "^([0-9]{3})?$")),
                        name="region_m49_well_formed",
                        violation_error_message="An M49 code has three digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberState",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                (
                    "iso3",
                    models.CharField(max_length=3, unique=True, verbose_name="ISO 3166 alpha-3"),
                ),
                (
                    "iso2",
                    models.CharField(max_length=2, unique=True, verbose_name="ISO 3166 alpha-2"),
                ),
                ("m49", models.CharField(max_length=3, unique=True, verbose_name="M49")),
                (
                    "name_en",
                    models.CharField(max_length=120, unique=True, verbose_name="name in English"),
                ),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=120, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=120, verbose_name="name in Russian"),
                ),
                (
                    "official_name_en",
                    models.CharField(max_length=200, verbose_name="official name in English"),
                ),
                (
                    "official_name_fr",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="official name in French"
                    ),
                ),
                (
                    "official_name_ru",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="official name in Russian"
                    ),
                ),
                (
                    "champion_country",
                    models.BooleanField(
                        blank=True,
                        help_text="Empty where no source says so.",
                        null=True,
                        verbose_name="champion country of the compact",
                    ),
                ),
                (
                    "country_network",
                    models.CharField(
                        blank=True,
                        choices=[("established", "established"), ("planned", "planned")],
                        help_text="Empty where no source says so.",
                        max_length=12,
                        verbose_name="UN network on migration in the country",
                    ),
                ),
                (
                    "regions",
                    models.ManyToManyField(
                        related_name="member_states",
                        to="objectives.region",
                        verbose_name="regions",
                    ),
                ),
                (
                    "subregion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="objectives.region",
                        verbose_name="sub-region",
                    ),
                ),
            ],
            options={
                "verbose_name": "Member State",
                "verbose_name_plural": "Member States",
                "ordering": ["name_en"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("iso3__regex", "^[A-Z]{3}$")),
                        name="memberstate_iso3_well_formed",
                        violation_error_message="Three capital letters, e.g. ALB.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("iso2__regex", "^[A-Z]{2}$")),
                        name="memberstate_iso2_well_formed",
                        violation_error_message="Two capital letters, e.g. AL.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("m49__regex", "^[0-9]{3}$")),
                        name="memberstate_m49_well_formed",
                        violation_error_message="Three digits, e.g. 008.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("country_network__in", ["", "established", "planned"])
                        ),
                        name="memberstate_network_known",
                        violation_error_message="Choose from the list, or leave it empty.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SDG",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="number")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=120, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=120, verbose_name="name in Russian"),
                ),
            ],
            options={
                "verbose_name": "SDG",
                "verbose_name_plural": "SDGs",
                "ordering": ["number"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__range", (1, 17))),
                        name="sdg_number_1_to_17",
                        violation_error_message="The Sustainable Development Goals go from 1 to 17.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceDocument",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("summary_report", "summary report"),
                            ("background_note", "background note"),
                            ("information_brief", "information brief"),
                            ("other", "other document"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("title_en", models.CharField(max_length=300, verbose_name="title in English")),
                (
                    "title_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="title in French"),
                ),
                (
                    "title_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="title in Russian"),
                ),
                (
                    "publisher",
                    models.CharField(blank=True, max_length=200, verbose_name="publisher"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                (
                    "url",
                    objectives.rules.WebAddressField(
                        blank=True, max_length=500, verbose_name="web address"
                    ),
                ),
            ],
            options={
                "verbose_name": "source document",
                "verbose_name_plural": "source documents",
                "ordering": ["year", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z][A-Z0-9-]*$")),
                        name="sourcedocument_code_well_formed",
                        violation_error_message="Capital letters, digits and -, for example SR2020.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "summary_report",
                                    "background_note",
                                    "information_brief",
                                    "other",
                                ],
                            )
                        ),
                        name="sourcedocument_kind_known",
                        violation_error_message="Choose what kind of document this is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="sourcedocument_url_is_http",
                        violation_error_message="A web address begins with http:// or https:// and has no blanks.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReviewCycle",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("regional_review", "regional review"),
                            ("imrf", "International Migration Review Forum"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                (
                    "preparation_starts_on",
                    models.DateField(
                        blank=True,
                        help_text="If consultations or hearings sit before the first day of the meeting.",
                        null=True,
                        verbose_name="first day of preparatory sittings",
                    ),
                ),
                (
                    "inputs_open_on",
                    models.DateField(blank=True, null=True, verbose_name="call for inputs opens"),
                ),
                (
                    "inputs_close_on",
                    models.DateField(blank=True, null=True, verbose_name="call for inputs closes"),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
                ("host", models.CharField(blank=True, max_length=200, verbose_name="host")),
                (
                    "format",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "in person"),
                            ("virtual", "online"),
                            ("hybrid", "in person and online"),
                        ],
                        max_length=10,
                        verbose_name="format",
                    ),
                ),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="languages",
                    ),
                ),
                (
                    "member_state_reports",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="As the source counts them; empty where none says.",
                        null=True,
                        verbose_name="reports by Member States",
                    ),
                ),
                (
                    "stakeholder_reports",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="As the source counts them.",
                        null=True,
                        verbose_name="reports by stakeholders",
                    ),
                ),
                (
                    "attendance_min",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="fewest people on a day"
                    ),
                ),
                (
                    "attendance_max",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="most people on a day"
                    ),
                ),
                ("facts", models.TextField(blank=True, verbose_name="facts")),
                (
                    "url",
                    objectives.rules.WebAddressField(
                        blank=True, max_length=500, verbose_name="web address"
                    ),
                ),
                (
                    "source_locator",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="place in the source"
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for the forum, which is global.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="review_cycles",
                        to="objectives.region",
                        verbose_name="region",
                    ),
                ),
                (
                    "sources",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="objectives.sourcedocument",
                        verbose_name="sources",
                    ),
                ),
            ],
            options={
                "verbose_name": "review cycle",
                "verbose_name_plural": "review cycles",
                "ordering": ["-year", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Z]+[0-9]{4}$")),
                        name="reviewcycle_code_well_formed",
                        violation_error_message="Capital letters and the year, for example RR2024.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["regional_review", "imrf"])),
                        name="reviewcycle_kind_known",
                        violation_error_message="Choose a regional review or a forum.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("format__in", ["", "in_person", "virtual", "hybrid"])),
                        name="reviewcycle_format_known",
                        violation_error_message="Choose one of the formats, or leave it empty.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("languages__contained_by", ["en", "fr", "ru"])),
                        name="reviewcycle_languages_known",
                        violation_error_message="Languages are en, fr and ru.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="reviewcycle_ends_after_start",
                        violation_error_message="The last day cannot be before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("preparation_starts_on__isnull", True),
                            ("starts_on__isnull", True),
                            ("starts_on__gte", models.F("preparation_starts_on")),
                            _connector="OR",
                        ),
                        name="reviewcycle_prepared_before_start",
                        violation_error_message="Preparatory sittings cannot begin after the meeting.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("inputs_open_on__isnull", True),
                            ("inputs_close_on__isnull", True),
                            ("inputs_close_on__gte", models.F("inputs_open_on")),
                            _connector="OR",
                        ),
                        name="reviewcycle_inputs_close_after_open",
                        violation_error_message="The call for inputs cannot close before it opens.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("attendance_min__isnull", True),
                            ("attendance_max__isnull", True),
                            ("attendance_max__gte", models.F("attendance_min")),
                            _connector="OR",
                        ),
                        name="reviewcycle_attendance_in_order",
                        violation_error_message="The highest attendance cannot be below the lowest.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="reviewcycle_url_is_http",
                        violation_error_message="A web address begins with http:// or https:// and has no blanks.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StakeholderType",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
                (
                    "in_gcm_paragraph_44",
                    models.BooleanField(
                        default=True, verbose_name="named in paragraph 44 of the compact"
                    ),
                ),
            ],
            options={
                "verbose_name": "stakeholder type",
                "verbose_name_plural": "stakeholder types",
                "ordering": ["sort_order", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9_-]*$")),
                        name="objectives_stakeholdertype_code_well_formed",
                        violation_error_message="A code has letters, digits, - and _ only, for example civil_society.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImplementerType",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="code")),
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("name_en", models.CharField(max_length=300, verbose_name="name in English")),
                (
                    "name_fr",
                    models.CharField(blank=True, max_length=300, verbose_name="name in French"),
                ),
                (
                    "name_ru",
                    models.CharField(blank=True, max_length=300, verbose_name="name in Russian"),
                ),
                (
                    "stakeholder_type",
                    models.OneToOneField(
                        blank=True,
                        help_text="Empty for Member States, the United Nations and other organizations.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="implementer_type",
                        to="objectives.stakeholdertype",
                        verbose_name="stakeholder type",
                    ),
                ),
            ],
            options={
                "verbose_name": "implementer type",
                "verbose_name_plural": "implementer types",
                "ordering": ["sort_order", "code"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9_-]*$")),
                        name="objectives_implementertype_code_well_formed",
                        violation_error_message="A code has letters, digits, - and _ only, for example civil_society.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberStateName",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[("former", "former name"), ("spelling", "other spelling")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("used_from", models.DateField(blank=True, null=True, verbose_name="used from")),
                (
                    "used_until",
                    models.DateField(
                        blank=True,
                        help_text="Empty if still used or not known.",
                        null=True,
                        verbose_name="used until",
                    ),
                ),
                (
                    "member_state",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="objectives.memberstate",
                        verbose_name="Member State",
                    ),
                ),
            ],
            options={
                "verbose_name": "other name of a Member State",
                "verbose_name_plural": "other names of Member States",
                "ordering": ["member_state", "name"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"),
                        name="memberstatename_means_one_state",
                        violation_error_message="This name already stands for a State.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["former", "spelling"])),
                        name="memberstatename_kind_known",
                        violation_error_message="Say whether it is a former name or another spelling.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_from__isnull", True),
                            ("used_until__isnull", True),
                            ("used_until__gte", models.F("used_from")),
                            _connector="OR",
                        ),
                        name="memberstatename_until_after_from",
                        violation_error_message="A name cannot go out of use before it came into use.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Objective",
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
                (
                    "retired_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty while it is in use.",
                        null=True,
                        verbose_name="retired on",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(unique=True, verbose_name="number")),
                ("title_en", models.CharField(max_length=400, verbose_name="title in English")),
                (
                    "title_fr",
                    models.CharField(blank=True, max_length=400, verbose_name="title in French"),
                ),
                (
                    "title_ru",
                    models.CharField(blank=True, max_length=400, verbose_name="title in Russian"),
                ),
                (
                    "short_title_en",
                    models.CharField(max_length=80, verbose_name="short title in English"),
                ),
                (
                    "short_title_fr",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="short title in French"
                    ),
                ),
                (
                    "short_title_ru",
                    models.CharField(
                        blank=True, max_length=80, verbose_name="short title in Russian"
                    ),
                ),
                (
                    "cluster",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objectives",
                        to="objectives.cluster",
                        verbose_name="cluster",
                    ),
                ),
            ],
            options={
                "verbose_name": "objective",
                "verbose_name_plural": "objectives",
                "ordering": ["number"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)),
                        name="objective_number_from_one",
                        violation_error_message="Objectives are numbered from 1.",
                    )
                ],
            },
        ),
    ]
