import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import objectives.rules
import public.codes


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("objectives", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Chapter",
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
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="chapters",
                        to="objectives.reviewcycle",
                        verbose_name="review cycle",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last edited by",
                    ),
                ),
            ],
            options={
                "verbose_name": "chapter",
                "verbose_name_plural": "chapters",
                "ordering": ["cycle", "language", "number"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "language", "number"),
                        name="chapter_number_once",
                        violation_error_message="Another chapter of this report has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="chapter_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Figure",
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
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                        default="en",
                        help_text="The language that this record's own text is written in.",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "url",
                    objectives.rules.WebAddressField(
                        blank=True, max_length=500, verbose_name="web address"
                    ),
                ),
                (
                    "source_locator",
                    models.CharField(
                        blank=True,
                        help_text="Section, paragraph, footnote or page, for example “Annex, Objective 7”.",
                        max_length=300,
                        verbose_name="place in the source",
                    ),
                ),
                (
                    "staff_notes",
                    models.TextField(
                        blank=True,
                        help_text="Doubts and remarks. Never public.",
                        verbose_name="notes for staff",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("submitted", "submitted"),
                            ("in_review", "in review"),
                            ("returned", "returned"),
                            ("approved", "approved"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="draft",
                        editable=False,
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "status_note",
                    models.TextField(
                        blank=True, editable=False, verbose_name="note on the last step"
                    ),
                ),
                (
                    "one_person",
                    models.BooleanField(
                        default=False,
                        editable=False,
                        help_text="Possible only while the office is set to one person; stays on record.",
                        verbose_name="approved and published by its own editor",
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        editable=False,
                        help_text="In the future while it is under embargo.",
                        null=True,
                        verbose_name="public from",
                    ),
                ),
                (
                    "public_edition",
                    models.PositiveIntegerField(
                        editable=False,
                        help_text="Empty while nothing is public.",
                        null=True,
                        verbose_name="public edition",
                    ),
                ),
                ("code", public.codes.CodeField(max_length=60, unique=True, verbose_name="code")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("network", "UN network on migration"),
                            ("practices", "practices"),
                            ("pledges", "pledges"),
                            ("reports", "reports"),
                            ("m_mptf", "Migration Multi-Partner Trust Fund"),
                            ("context", "context"),
                        ],
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="what it counts")),
                (
                    "value",
                    models.CharField(
                        help_text="A number, a list with ; or a short text.",
                        max_length=500,
                        verbose_name="value",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="unit")),
                ("as_of", models.PositiveSmallIntegerField(verbose_name="as of the year")),
                (
                    "counting_rule",
                    models.TextField(
                        blank=True,
                        help_text="What is counted, what is not, and how.",
                        verbose_name="counting rule",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "edited_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="last edited by",
                    ),
                ),
                (
                    "member_states",
                    models.ManyToManyField(
                        blank=True,
                        related_name="figures",
                        to="objectives.memberstate",
                        verbose_name="Member States",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="published by",
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
                "verbose_name": "figure",
                "verbose_name_plural": "figures",
                "ordering": ["category", "code"],
                "permissions": [
                    ("review_figure", "Can review figures"),
                    ("publish_figure", "Can publish and withdraw figures"),
                    ("import_figure", "Can import figures"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="synthesis_figure_url_is_http",
                        violation_error_message="A web address begins with http:// or https:// and has no blanks.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "status__in",
                                [
                                    "draft",
                                    "submitted",
                                    "in_review",
                                    "returned",
                                    "approved",
                                    "published",
                                    "withdrawn",
                                ],
                            )
                        ),
                        name="synthesis_figure_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="synthesis_figure_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="synthesis_figure_signed_by_somebody",
                        violation_error_message="An approved record says who edited and who approved it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            models.Q(
                                ("public_edition__isnull", False),
                                ("published_at__isnull", False),
                                ("published_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="synthesis_figure_published_says_when",
                        violation_error_message="A published record has a publication time, an edition and a publisher.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            ("one_person", True),
                            models.Q(
                                models.Q(("approved_by", models.F("edited_by")), _negated=True),
                                models.Q(
                                    ("published_by__isnull", True),
                                    models.Q(
                                        ("published_by", models.F("edited_by")), _negated=True
                                    ),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="synthesis_figure_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9]*(_[a-z0-9]+)*$")),
                        name="figure_code_well_formed",
                        violation_error_message="Small letters and digits, joined by _: for example country_networks.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "category__in",
                                [
                                    "network",
                                    "practices",
                                    "pledges",
                                    "reports",
                                    "m_mptf",
                                    "context",
                                ],
                            )
                        ),
                        name="figure_category_known",
                        violation_error_message="Choose a category from the list.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("as_of__range", (1900, 2100))),
                        name="figure_year_plausible",
                        violation_error_message="Write years with four digits, for example 2020.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
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
                    "type",
                    models.CharField(
                        choices=[
                            ("summary_report", "summary report"),
                            ("brief", "regional brief"),
                        ],
                        max_length=16,
                        verbose_name="type",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "as_at",
                    models.DateTimeField(
                        help_text="Everything in it is as it was public at this moment.",
                        verbose_name="as at",
                    ),
                ),
                ("content", models.JSONField(verbose_name="content")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("signed_at", models.DateTimeField(auto_now_add=True, verbose_name="signed off")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="objectives.reviewcycle",
                        verbose_name="review cycle",
                    ),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="signed off by",
                    ),
                ),
            ],
            options={
                "verbose_name": "signed-off snapshot",
                "verbose_name_plural": "signed-off snapshots",
                "ordering": ["-signed_at"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("type__in", ["summary_report", "brief"]),
                            ("language__in", ["en", "fr", "ru"]),
                        ),
                        name="snapshot_choices_known",
                        violation_error_message="Choose the type and the language from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="snapshot_sha256_well_formed",
                        violation_error_message="The check sum of a file has 64 hexadecimal digits.",
                    ),
                ],
            },
        ),
    ]
