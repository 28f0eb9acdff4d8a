import django.contrib.postgres.fields
import django.core.validators
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
            name="Pledge",
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
                (
                    "primary_objectives_claimed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="One, unless it truly has several main aims.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="how many primary objectives",
                    ),
                ),
                (
                    "code",
                    public.codes.CodeField(
                        blank=True, max_length=60, unique=True, verbose_name="code"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "pledged_by",
                    models.CharField(
                        blank=True,
                        help_text="As the party writes it, for example the ministry.",
                        max_length=300,
                        verbose_name="pledging body",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("individual", "individual"),
                            ("common", "common"),
                            ("partnership", "in partnership"),
                            ("matching", "matching another pledge"),
                        ],
                        default="individual",
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "form",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("financial", "financial"),
                            ("human_resources", "human resources"),
                            ("process", "process"),
                            ("policy", "policy"),
                        ],
                        help_text="Empty if not known.",
                        max_length=16,
                        verbose_name="form",
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("party", "handed in by the party"),
                            ("document", "taken from a document"),
                        ],
                        default="party",
                        max_length=10,
                        verbose_name="origin",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="300 to 3,000 characters: what will be done, for whom, how much, by when.",
                        validators=[django.core.validators.MaxLengthValidator(3000)],
                        verbose_name="text",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("in_progress", "in progress"),
                            ("fulfilled", "fulfilled"),
                            ("discontinued", "discontinued"),
                        ],
                        default="planned",
                        max_length=12,
                        verbose_name="stage",
                    ),
                ),
                (
                    "made_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty if not known.",
                        null=True,
                        verbose_name="made on",
                    ),
                ),
                (
                    "due_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty if it has none.",
                        null=True,
                        verbose_name="due on",
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
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="pledges",
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
                (
                    "implementer_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="objectives.implementertype",
                        verbose_name="implementer type",
                    ),
                ),
                (
                    "matches",
                    models.ForeignKey(
                        blank=True,
                        help_text="For a matching pledge only: the pledge that it adds to.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="matched_by",
                        to="submissions.pledge",
                        verbose_name="matches the pledge",
                    ),
                ),
                (
                    "member_state",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="objectives.memberstate",
                        verbose_name="Member State",
                    ),
                ),
                (
                    "member_states",
                    models.ManyToManyField(
                        blank=True,
                        related_name="pledges_in",
                        to="objectives.memberstate",
                        verbose_name="carried out in",
                    ),
                ),
                (
                    "partner_states",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to="objectives.memberstate",
                        verbose_name="partner States",
                    ),
                ),
                (
                    "principles",
                    models.ManyToManyField(
                        blank=True,
                        related_name="pledges",
                        to="objectives.guidingprinciple",
                        verbose_name="guiding principles",
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
                    "sdgs",
                    models.ManyToManyField(
                        blank=True,
                        related_name="pledges",
                        to="objectives.sdg",
                        verbose_name="SDGs",
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
                "verbose_name": "pledge",
                "verbose_name_plural": "pledges",
                "ordering": ["code"],
                "permissions": [
                    ("review_pledge", "Can review pledges"),
                    ("publish_pledge", "Can publish and withdraw pledges"),
                    ("import_pledge", "Can import pledges"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="submissions_pledge_url_is_http",
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
                        name="submissions_pledge_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="submissions_pledge_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="submissions_pledge_signed_by_somebody",
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
                        name="submissions_pledge_published_says_when",
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
                        name="submissions_pledge_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("primary_objectives_claimed__gte", 1)),
                        name="submissions_pledge_claims_a_primary_objective",
                        violation_error_message="There is at least one primary objective.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code", ""), ("code__regex", "^PL-[0-9]{4,}$"), _connector="OR"
                        ),
                        name="submissions_pledge_code_well_formed",
                        violation_error_message="A code is the letters of its kind, a hyphen and at least four digits, for example P-0001. Leave it empty to get the next one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("type__in", ["individual", "common", "partnership", "matching"]),
                            (
                                "form__in",
                                ["", "financial", "human_resources", "process", "policy"],
                            ),
                            ("origin__in", ["party", "document"]),
                        ),
                        name="pledge_choices_known",
                        violation_error_message="Choose the type, form and origin from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("matches__isnull", False), ("type", "matching")),
                            models.Q(
                                models.Q(("type", "matching"), _negated=True),
                                ("matches__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="pledge_matching_names_its_pledge",
                        violation_error_message="A matching pledge names the pledge that it matches; no other does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("matches__isnull", True),
                            models.Q(("matches", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="pledge_matches_another",
                        violation_error_message="A pledge cannot match itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text__length__lte", 3000)),
                        name="pledge_text_not_too_long",
                        violation_error_message="The text of a pledge has at most 3,000 characters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("origin", "document"),
                            ("status__in", ["draft", "returned"]),
                            ("text__length__gte", 300),
                            _connector="OR",
                        ),
                        name="pledge_text_not_too_short",
                        violation_error_message="The text of a pledge that a party hands in has at least 300 characters.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("made_on__isnull", True),
                            ("due_on__isnull", True),
                            ("due_on__gte", models.F("made_on")),
                            _connector="OR",
                        ),
                        name="pledge_due_after_made",
                        violation_error_message="A pledge is not due before it is made.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["planned", "in_progress", "fulfilled", "discontinued"])
                        ),
                        name="pledge_stage_known",
                        violation_error_message="Choose how far the pledge has come.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PledgeObjective",
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
                ("primary", models.BooleanField(default=False, verbose_name="primary")),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="objectives.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objective_links",
                        to="submissions.pledge",
                        verbose_name="pledge",
                    ),
                ),
            ],
            options={
                "verbose_name": "objective of the pledge",
                "verbose_name_plural": "objectives of the pledge",
                "ordering": ["objective"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pledge", "objective"),
                        name="pledgeobjective_once",
                        violation_error_message="This objective is already there.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="pledge",
            name="objectives",
            field=models.ManyToManyField(
                related_name="pledges",
                through="submissions.PledgeObjective",
                to="objectives.objective",
                verbose_name="objectives",
            ),
        ),
        migrations.CreateModel(
            name="Practice",
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
                (
                    "primary_objectives_claimed",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="One, unless it truly has several main aims.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="how many primary objectives",
                    ),
                ),
                (
                    "code",
                    public.codes.CodeField(
                        blank=True, max_length=60, unique=True, verbose_name="code"
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "lead_implementer",
                    models.CharField(blank=True, max_length=300, verbose_name="lead implementer"),
                ),
                (
                    "partner_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=3),
                        blank=True,
                        default=list,
                        help_text="ISO 3166 codes of three letters, with commas.",
                        size=None,
                        verbose_name="partner countries outside the region",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("local", "local"),
                            ("national", "national"),
                            ("bilateral", "bilateral"),
                            ("subregional", "sub-regional"),
                            ("regional", "regional"),
                            ("global", "global"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        help_text="What was done, by whom, for whom, and what came of it.",
                        verbose_name="summary",
                    ),
                ),
                (
                    "covid19",
                    models.BooleanField(default=False, verbose_name="related to COVID-19"),
                ),
                (
                    "year_start",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="first year"
                    ),
                ),
                (
                    "year_end",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty while it goes on, or if not known.",
                        null=True,
                        verbose_name="last year",
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
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practices",
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
                (
                    "implementer_types",
                    models.ManyToManyField(
                        blank=True,
                        related_name="practices",
                        to="objectives.implementertype",
                        verbose_name="implementer types",
                    ),
                ),
                (
                    "member_state",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty if the secretariat took it from a document.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="practices_submitted",
                        to="objectives.memberstate",
                        verbose_name="submitted by the Member State",
                    ),
                ),
                (
                    "member_states",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Empty for practices of the whole region or the world.",
                        related_name="practices",
                        to="objectives.memberstate",
                        verbose_name="carried out in",
                    ),
                ),
                (
                    "principles",
                    models.ManyToManyField(
                        blank=True,
                        related_name="practices",
                        to="objectives.guidingprinciple",
                        verbose_name="guiding principles",
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
                    "sdgs",
                    models.ManyToManyField(
                        blank=True,
                        related_name="practices",
                        to="objectives.sdg",
                        verbose_name="SDGs",
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
                "verbose_name": "practice",
                "verbose_name_plural": "practices",
                "ordering": ["code"],
                "permissions": [
                    ("review_practice", "Can review practices"),
                    ("publish_practice", "Can publish and withdraw practices"),
                    ("import_practice", "Can import practices"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="submissions_practice_url_is_http",
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
                        name="submissions_practice_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="submissions_practice_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="submissions_practice_signed_by_somebody",
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
                        name="submissions_practice_published_says_when",
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
                        name="submissions_practice_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("primary_objectives_claimed__gte", 1)),
                        name="submissions_practice_claims_a_primary_objective",
                        violation_error_message="There is at least one primary objective.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code", ""), ("code__regex", "^P-[0-9]{4,}$"), _connector="OR"
                        ),
                        name="submissions_practice_code_well_formed",
                        violation_error_message="A code is the letters of its kind, a hyphen and at least four digits, for example P-0001. Leave it empty to get the next one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "level__in",
                                [
                                    "local",
                                    "national",
                                    "bilateral",
                                    "subregional",
                                    "regional",
                                    "global",
                                ],
                            )
                        ),
                        name="practice_level_known",
                        violation_error_message="Choose the level at which it is carried out.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("year_start__isnull", True),
                            ("year_end__isnull", True),
                            ("year_end__gte", models.F("year_start")),
                            _connector="OR",
                        ),
                        name="practice_ends_after_start",
                        violation_error_message="A practice cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("year_start__isnull", True),
                                ("year_start__range", (1900, 2100)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("year_end__isnull", True),
                                ("year_end__range", (1900, 2100)),
                                _connector="OR",
                            ),
                        ),
                        name="practice_years_plausible",
                        violation_error_message="Write years with four digits, for example 2020.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeObjective",
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
                ("primary", models.BooleanField(default=False, verbose_name="primary")),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="objectives.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objective_links",
                        to="submissions.practice",
                        verbose_name="practice",
                    ),
                ),
            ],
            options={
                "verbose_name": "objective of the practice",
                "verbose_name_plural": "objectives of the practice",
                "ordering": ["objective"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("practice", "objective"),
                        name="practiceobjective_once",
                        violation_error_message="This objective is already there.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="practice",
            name="objectives",
            field=models.ManyToManyField(
                related_name="practices",
                through="submissions.PracticeObjective",
                to="objectives.objective",
                verbose_name="objectives",
            ),
        ),
        migrations.CreateModel(
            name="ProgressUpdate",
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
                ("reported_on", models.DateField(verbose_name="reported on")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("planned", "planned"),
                            ("in_progress", "in progress"),
                            ("fulfilled", "fulfilled"),
                            ("discontinued", "discontinued"),
                        ],
                        max_length=12,
                        verbose_name="stage",
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
                ("text", models.TextField(verbose_name="text")),
                (
                    "evidence_url",
                    objectives.rules.WebAddressField(
                        blank=True,
                        help_text="Where others can check it.",
                        max_length=500,
                        verbose_name="evidence",
                    ),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="progress_updates",
                        to="submissions.pledge",
                        verbose_name="pledge",
                    ),
                ),
            ],
            options={
                "verbose_name": "progress update",
                "verbose_name_plural": "progress updates",
                "ordering": ["pledge", "reported_on", "id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["planned", "in_progress", "fulfilled", "discontinued"])
                        ),
                        name="progressupdate_stage_known",
                        violation_error_message="Choose how far the pledge has come.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="progressupdate_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evidence_url", ""),
                            ("evidence_url__regex", '^https?://[^\\s<>\\"]+$'),
                            _connector="OR",
                        ),
                        name="progressupdate_evidence_is_http",
                        violation_error_message="A web address begins with http:// or https:// and has no blanks.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stakeholder",
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
                (
                    "code",
                    public.codes.CodeField(
                        blank=True, max_length=60, unique=True, verbose_name="code"
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        help_text="The organization's own name, in its own language.",
                        max_length=300,
                        verbose_name="name",
                    ),
                ),
                ("acronym", models.CharField(blank=True, max_length=40, verbose_name="acronym")),
                ("description", models.TextField(blank=True, verbose_name="description")),
                (
                    "contact_email",
                    models.EmailField(
                        blank=True,
                        help_text="For staff. Never public.",
                        max_length=254,
                        verbose_name="e-mail of the contact",
                    ),
                ),
                (
                    "contact_phone",
                    models.CharField(
                        blank=True,
                        help_text="For staff. Never public.",
                        max_length=40,
                        verbose_name="telephone of the contact",
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
                        help_text="Where it is based or works; empty for organizations of the whole region.",
                        related_name="stakeholders",
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
                (
                    "stakeholder_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stakeholders",
                        to="objectives.stakeholdertype",
                        verbose_name="stakeholder type",
                    ),
                ),
            ],
            options={
                "verbose_name": "stakeholder",
                "verbose_name_plural": "stakeholders",
                "ordering": ["title"],
                "permissions": [
                    ("review_stakeholder", "Can review stakeholders"),
                    ("publish_stakeholder", "Can publish and withdraw stakeholders"),
                    ("import_stakeholder", "Can import stakeholders"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="submissions_stakeholder_url_is_http",
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
                        name="submissions_stakeholder_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="submissions_stakeholder_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="submissions_stakeholder_signed_by_somebody",
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
                        name="submissions_stakeholder_published_says_when",
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
                        name="submissions_stakeholder_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code", ""), ("code__regex", "^ST-[0-9]{4,}$"), _connector="OR"
                        ),
                        name="submissions_stakeholder_code_well_formed",
                        violation_error_message="A code is the letters of its kind, a hyphen and at least four digits, for example P-0001. Leave it empty to get the next one.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="practice",
            name="stakeholder",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty if the secretariat took it from a document.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="practices_submitted",
                to="submissions.stakeholder",
                verbose_name="submitted by the stakeholder",
            ),
        ),
        migrations.AddField(
            model_name="pledge",
            name="partner_stakeholders",
            field=models.ManyToManyField(
                blank=True,
                related_name="+",
                to="submissions.stakeholder",
                verbose_name="partner stakeholders",
            ),
        ),
        migrations.AddField(
            model_name="pledge",
            name="stakeholder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="submissions.stakeholder",
                verbose_name="stakeholder",
            ),
        ),
        migrations.CreateModel(
            name="FocalPoint",
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
                    "member_state",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="objectives.memberstate",
                        verbose_name="Member State",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="focal_points",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="submissions.stakeholder",
                        verbose_name="stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "focal point",
                "verbose_name_plural": "focal points",
                "ordering": ["user"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("member_state__isnull", False), ("stakeholder__isnull", True)
                            ),
                            models.Q(
                                ("member_state__isnull", True), ("stakeholder__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="submissions_focalpoint_has_one_party",
                        violation_error_message="Name one party: either a Member State or a stakeholder.",
                    ),
                    models.UniqueConstraint(
                        fields=("user", "member_state", "stakeholder"),
                        name="focalpoint_once",
                        nulls_distinct=False,
                        violation_error_message="This person already acts for this party.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VoluntaryReport",
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
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("voluntary_report", "voluntary report"),
                            ("statement", "statement"),
                            ("stakeholder_report", "stakeholder report"),
                        ],
                        default="voluntary_report",
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                (
                    "party_name",
                    models.CharField(
                        blank=True,
                        help_text="If the report names its author otherwise than we name the party.",
                        max_length=300,
                        verbose_name="party as written",
                    ),
                ),
                (
                    "submitted_on",
                    models.DateField(
                        blank=True,
                        help_text="Empty if not known.",
                        null=True,
                        verbose_name="submitted on",
                    ),
                ),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("received", "received by the secretariat"),
                            ("file_named", "a source names its file"),
                            ("voluntary_report_text", "a source speaks of the report"),
                            ("reporting_verb", "a source says that the party reported"),
                            ("text", "a source mentions it"),
                        ],
                        default="received",
                        max_length=24,
                        verbose_name="evidence",
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
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
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
                (
                    "member_state",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="objectives.memberstate",
                        verbose_name="Member State",
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
                (
                    "stakeholder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="submissions.stakeholder",
                        verbose_name="stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "voluntary report",
                "verbose_name_plural": "voluntary reports",
                "ordering": ["code"],
                "permissions": [
                    ("review_voluntaryreport", "Can review reports"),
                    ("publish_voluntaryreport", "Can publish and withdraw reports"),
                    ("import_voluntaryreport", "Can import reports"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="submissions_voluntaryreport_url_is_http",
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
                        name="submissions_voluntaryreport_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="submissions_voluntaryreport_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="submissions_voluntaryreport_signed_by_somebody",
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
                        name="submissions_voluntaryreport_published_says_when",
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
                        name="submissions_voluntaryreport_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("member_state__isnull", False), ("stakeholder__isnull", True)
                            ),
                            models.Q(
                                ("member_state__isnull", True), ("stakeholder__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="submissions_voluntaryreport_has_one_party",
                        violation_error_message="Name one party: either a Member State or a stakeholder.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^VR-[0-9]{4}-([A-Z]{3}|ST-[0-9]{4,})(-[0-9]+)?$")
                        ),
                        name="voluntaryreport_code_well_formed",
                        violation_error_message="VR, the year and the party: VR-2020-ALB, or VR-2020-ST-0001; a second one adds -2.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("type__in", ["voluntary_report", "statement", "stakeholder_report"]),
                            (
                                "evidence__in",
                                [
                                    "received",
                                    "file_named",
                                    "voluntary_report_text",
                                    "reporting_verb",
                                    "text",
                                ],
                            ),
                        ),
                        name="voluntaryreport_choices_known",
                        violation_error_message="Choose the type and the evidence from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("type", "stakeholder_report"), _negated=True),
                            ("stakeholder__isnull", False),
                            _connector="OR",
                        ),
                        name="voluntaryreport_stakeholder_report_has_one",
                        violation_error_message="A stakeholder report is submitted by a stakeholder.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionFile",
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
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "report"),
                            ("annex", "annex"),
                            ("background_note", "background note"),
                            ("presentation", "presentation"),
                            ("other", "other document"),
                        ],
                        default="other",
                        max_length=20,
                        verbose_name="kind",
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
                ("file", models.FileField(max_length=255, upload_to="", verbose_name="file")),
                ("name", models.CharField(max_length=200, verbose_name="file name for readers")),
                (
                    "media_type",
                    models.CharField(editable=False, max_length=100, verbose_name="media type"),
                ),
                (
                    "size",
                    models.PositiveBigIntegerField(editable=False, verbose_name="size in bytes"),
                ),
                (
                    "sha256",
                    models.CharField(editable=False, max_length=64, verbose_name="SHA-256"),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="submissions.pledge",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="submissions.practice",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="submissions.voluntaryreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
                "ordering": ["kind", "title"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["report", "annex", "background_note", "presentation", "other"],
                            ),
                            ("language__in", ["en", "fr", "ru"]),
                        ),
                        name="submissions_submissionfile_choices_known",
                        violation_error_message="Choose the kind and the language from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="submissions_submissionfile_sha256_well_formed",
                        violation_error_message="The check sum of a file has 64 hexadecimal digits.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("pledge__isnull", True),
                                ("practice__isnull", True),
                                ("report__isnull", False),
                            ),
                            models.Q(
                                ("pledge__isnull", True),
                                ("practice__isnull", False),
                                ("report__isnull", True),
                            ),
                            models.Q(
                                ("pledge__isnull", False),
                                ("practice__isnull", True),
                                ("report__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="submissionfile_belongs_to_one",
                        violation_error_message="A file belongs to one report, practice or pledge.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportSection",
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
                ("sort_order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("title", models.CharField(blank=True, max_length=300, verbose_name="title")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for introduction, method and conclusions.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="report_sections",
                        to="objectives.objective",
                        verbose_name="objective",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="submissions.voluntaryreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ["report", "sort_order", "id"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("report", "objective"),
                        name="reportsection_one_an_objective",
                        violation_error_message="This report already has a section on this objective.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Excerpt",
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
                (
                    "code",
                    public.codes.CodeField(
                        blank=True, max_length=60, unique=True, verbose_name="code"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("achievement", "achievement"),
                            ("challenge", "challenge"),
                            ("gap", "gap"),
                            ("need", "need"),
                            ("promising_practice", "promising practice"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
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
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="excerpts",
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
                (
                    "member_states",
                    models.ManyToManyField(
                        blank=True,
                        related_name="excerpts",
                        to="objectives.memberstate",
                        verbose_name="Member States",
                    ),
                ),
                (
                    "objectives",
                    models.ManyToManyField(
                        related_name="excerpts",
                        to="objectives.objective",
                        verbose_name="objectives",
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
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty if it is taken from a source document: name that among the sources.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="excerpts",
                        to="submissions.voluntaryreport",
                        verbose_name="report",
                    ),
                ),
            ],
            options={
                "verbose_name": "excerpt",
                "verbose_name_plural": "excerpts",
                "ordering": ["code"],
                "permissions": [
                    ("review_excerpt", "Can review excerpts"),
                    ("publish_excerpt", "Can publish and withdraw excerpts"),
                    ("import_excerpt", "Can import excerpts"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="submissions_excerpt_url_is_http",
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
                        name="submissions_excerpt_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="submissions_excerpt_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="submissions_excerpt_signed_by_somebody",
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
                        name="submissions_excerpt_published_says_when",
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
                        name="submissions_excerpt_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code", ""), ("code__regex", "^EX-[0-9]{4,}$"), _connector="OR"
                        ),
                        name="submissions_excerpt_code_well_formed",
                        violation_error_message="A code is the letters of its kind, a hyphen and at least four digits, for example P-0001. Leave it empty to get the next one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                ["achievement", "challenge", "gap", "need", "promising_practice"],
                            )
                        ),
                        name="excerpt_type_known",
                        violation_error_message="Choose what the passage shows.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Citation",
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
                    "locator",
                    models.CharField(
                        help_text="Paragraph, page or footnote, for example “para. 12”.",
                        max_length=300,
                        verbose_name="place",
                    ),
                ),
                (
                    "citing_document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="objectives.sourcedocument",
                        verbose_name="cited by the document",
                    ),
                ),
                (
                    "excerpt",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.excerpt",
                    ),
                ),
                (
                    "pledge",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.pledge",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.practice",
                    ),
                ),
                (
                    "citing_report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations_made",
                        to="submissions.voluntaryreport",
                        verbose_name="cited by the report",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="citations",
                        to="submissions.voluntaryreport",
                    ),
                ),
            ],
            options={
                "verbose_name": "citation",
                "verbose_name_plural": "citations",
                "ordering": ["id"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("citing_document__isnull", False), ("citing_report__isnull", True)
                            ),
                            models.Q(
                                ("citing_document__isnull", True), ("citing_report__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="citation_made_by_one",
                        violation_error_message="A citation is made by one document or one report.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("excerpt__isnull", True),
                                ("pledge__isnull", True),
                                ("practice__isnull", False),
                                ("report__isnull", True),
                            ),
                            models.Q(
                                ("excerpt__isnull", True),
                                ("pledge__isnull", False),
                                ("practice__isnull", True),
                                ("report__isnull", True),
                            ),
                            models.Q(
                                ("excerpt__isnull", True),
                                ("pledge__isnull", True),
                                ("practice__isnull", True),
                                ("report__isnull", False),
                            ),
                            models.Q(
                                ("excerpt__isnull", False),
                                ("pledge__isnull", True),
                                ("practice__isnull", True),
                                ("report__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="citation_of_one_record",
                        violation_error_message="A citation names one practice, pledge, report or excerpt.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("citing_report__isnull", True),
                            ("report__isnull", True),
                            models.Q(("citing_report", models.F("report")), _negated=True),
                            _connector="OR",
                        ),
                        name="citation_of_another",
                        violation_error_message="A report does not cite itself.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="practice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("member_state__isnull", True), ("stakeholder__isnull", True), _connector="OR"
                ),
                name="practice_has_one_party_at_most",
                violation_error_message="Name one party: either a Member State or a stakeholder.",
            ),
        ),
        migrations.AddConstraint(
            model_name="pledge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("member_state__isnull", False), ("stakeholder__isnull", True)),
                    models.Q(("member_state__isnull", True), ("stakeholder__isnull", False)),
                    _connector="OR",
                ),
                name="submissions_pledge_has_one_party",
                violation_error_message="Name one party: either a Member State or a stakeholder.",
            ),
        ),
    ]
