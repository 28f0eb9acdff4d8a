import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import objectives.rules
import public.codes
import sessions.models.roundtables


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("objectives", "0001_initial"),
        ("submissions", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Roundtable",
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
                    "type",
                    models.CharField(
                        choices=[
                            ("opening", "opening"),
                            ("roundtable", "roundtable"),
                            ("consultation", "consultation"),
                            ("hearing", "hearing"),
                            ("side_event", "side event"),
                            ("closing", "closing"),
                        ],
                        default="roundtable",
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="number"),
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
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("start_time", models.TimeField(blank=True, null=True, verbose_name="begins at")),
                ("end_time", models.TimeField(blank=True, null=True, verbose_name="ends at")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        help_text="A place, for example Europe/Zurich; empty if the source names none.",
                        max_length=60,
                        validators=[sessions.models.roundtables.time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="place")),
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
                    "inferred",
                    models.BooleanField(
                        default=False,
                        help_text="No source states that it took place.",
                        verbose_name="inferred",
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
                    "cluster",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roundtables",
                        to="objectives.cluster",
                        verbose_name="cluster",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roundtables",
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
                    "objectives",
                    models.ManyToManyField(
                        blank=True,
                        related_name="roundtables",
                        to="objectives.objective",
                        verbose_name="objectives",
                    ),
                ),
                (
                    "part_of",
                    models.ForeignKey(
                        blank=True,
                        help_text="The sitting that contains this one, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="roundtables.roundtable",
                        verbose_name="part of",
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
                "verbose_name": "roundtable",
                "verbose_name_plural": "roundtables",
                "ordering": ["cycle", "starts_on", "start_time", "number", "code"],
                "permissions": [
                    ("review_roundtable", "Can review roundtables"),
                    ("publish_roundtable", "Can publish and withdraw roundtables"),
                    ("import_roundtable", "Can import roundtables"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="roundtables_roundtable_url_is_http",
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
                        name="roundtables_roundtable_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="roundtables_roundtable_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="roundtables_roundtable_signed_by_somebody",
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
                        name="roundtables_roundtable_published_says_when",
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
                        name="roundtables_roundtable_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^[A-Z]+[0-9]{4}-[A-Z0-9]+(-[A-Z0-9]+)*$")
                        ),
                        name="roundtable_code_well_formed",
                        violation_error_message="The cycle and a short name in capitals, for example RR2024-S1.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "type__in",
                                [
                                    "opening",
                                    "roundtable",
                                    "consultation",
                                    "hearing",
                                    "side_event",
                                    "closing",
                                ],
                            ),
                            ("format__in", ["", "in_person", "virtual", "hybrid"]),
                            ("languages__contained_by", ["en", "fr", "ru"]),
                        ),
                        name="roundtable_choices_known",
                        violation_error_message="Choose the type, the format and the languages from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts_on__isnull", True),
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="roundtable_ends_after_start",
                        violation_error_message="The last day cannot be before the first day.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("end_time__isnull", True), ("start_time__isnull", True)),
                            models.Q(
                                ("end_time__isnull", False),
                                ("start_time__isnull", False),
                                ("starts_on__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="roundtable_times_complete",
                        violation_error_message="A time needs a day, a beginning and an end.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("start_time__isnull", True),
                            models.Q(
                                ("ends_on__gt", models.F("starts_on")), ("ends_on__isnull", False)
                            ),
                            ("end_time__gt", models.F("start_time")),
                            _connector="OR",
                        ),
                        name="roundtable_ends_later_that_day",
                        violation_error_message="A sitting ends after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("part_of__isnull", True),
                            models.Q(("part_of", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="roundtable_part_of_another",
                        violation_error_message="A sitting cannot contain itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Role",
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
                ("sort_order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("moderator", "moderator"),
                            ("co_chair", "co-chair"),
                            ("introductory_speaker", "introductory speaker"),
                            ("panellist", "panellist"),
                            ("rapporteur", "rapporteur"),
                        ],
                        max_length=24,
                        verbose_name="role",
                    ),
                ),
                ("person", models.CharField(max_length=200, verbose_name="person")),
                (
                    "position",
                    models.CharField(blank=True, max_length=300, verbose_name="position"),
                ),
                (
                    "organization",
                    models.CharField(blank=True, max_length=300, verbose_name="organization"),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="For staff. Never public.",
                        max_length=254,
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="For staff. Never public.",
                        max_length=40,
                        verbose_name="telephone",
                    ),
                ),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        help_text="To balance panels. Never public.",
                        max_length=20,
                        verbose_name="gender",
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
                (
                    "roundtable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="roles",
                        to="roundtables.roundtable",
                        verbose_name="roundtable",
                    ),
                ),
            ],
            options={
                "verbose_name": "role",
                "verbose_name_plural": "roles",
                "ordering": ["roundtable", "sort_order"],
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
                        name="roundtables_role_has_one_party",
                        violation_error_message="Name one party: either a Member State or a stakeholder.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "moderator",
                                    "co_chair",
                                    "introductory_speaker",
                                    "panellist",
                                    "rapporteur",
                                ],
                            )
                        ),
                        name="role_known",
                        violation_error_message="Choose a role from the list.",
                    ),
                    models.UniqueConstraint(
                        fields=("roundtable", "sort_order"),
                        name="role_order_once",
                        violation_error_message="Another role has this place in the order.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Recommendation",
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
                    "number",
                    models.PositiveSmallIntegerField(
                        help_text="Its place in the source.", verbose_name="number"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "addressed_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("member_states", "Member States"),
                                ("stakeholders", "stakeholders"),
                                ("network", "the UN network on migration"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="Empty if the source names nobody.",
                        size=None,
                        verbose_name="addressed to",
                    ),
                ),
                (
                    "strength",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("recommended", "recommended"),
                            ("encouraged", "encouraged"),
                            ("urged", "urged"),
                            ("called_upon", "called upon"),
                        ],
                        max_length=12,
                        verbose_name="strength",
                    ),
                ),
                (
                    "follow_up",
                    models.TextField(blank=True, verbose_name="what has been done since"),
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
                    "continues",
                    models.ForeignKey(
                        blank=True,
                        help_text="The recommendation of an earlier cycle that it takes up.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="continued_by",
                        to="roundtables.recommendation",
                        verbose_name="continues",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
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
                    "objectives",
                    models.ManyToManyField(
                        blank=True,
                        related_name="recommendations",
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
                    "roundtable",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty for general recommendations.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recommendations",
                        to="roundtables.roundtable",
                        verbose_name="roundtable",
                    ),
                ),
            ],
            options={
                "verbose_name": "recommendation",
                "verbose_name_plural": "recommendations",
                "ordering": ["code"],
                "permissions": [
                    ("review_recommendation", "Can review recommendations"),
                    ("publish_recommendation", "Can publish and withdraw recommendations"),
                    ("import_recommendation", "Can import recommendations"),
                ],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", '^https?://[^\\s<>\\"]+$'), _connector="OR"
                        ),
                        name="roundtables_recommendation_url_is_http",
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
                        name="roundtables_recommendation_status_known",
                        violation_error_message="There is no such status.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="roundtables_recommendation_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status__in", ["approved", "published"]), _negated=True),
                            models.Q(("approved_by__isnull", False), ("edited_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="roundtables_recommendation_signed_by_somebody",
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
                        name="roundtables_recommendation_published_says_when",
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
                        name="roundtables_recommendation_signed_by_another",
                        violation_error_message="Whoever last edited a record can neither approve nor publish it: ask a colleague.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("code__regex", "^[A-Z]+[0-9]{4}-[A-Z0-9]+-[0-9]{2,}$")
                        ),
                        name="recommendation_code_well_formed",
                        violation_error_message="R and the year, the roundtable or G, and two digits: R2020-RT1-01.",
                    ),
                    models.UniqueConstraint(
                        fields=("cycle", "roundtable", "number"),
                        name="recommendation_number_once",
                        nulls_distinct=False,
                        violation_error_message="Another recommendation of this roundtable has this number.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "strength__in",
                                ["", "recommended", "encouraged", "urged", "called_upon"],
                            ),
                            (
                                "addressed_to__contained_by",
                                ["member_states", "stakeholders", "network"],
                            ),
                        ),
                        name="recommendation_choices_known",
                        violation_error_message="Choose the strength and the addressees from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("continues__isnull", True),
                            models.Q(("continues", models.F("id")), _negated=True),
                            _connector="OR",
                        ),
                        name="recommendation_continues_another",
                        violation_error_message="A recommendation cannot continue itself.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GuidingQuestion",
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
                ("number", models.PositiveSmallIntegerField(verbose_name="number")),
                ("text", models.TextField(verbose_name="question")),
                (
                    "staff_notes",
                    models.TextField(
                        blank=True,
                        help_text="Doubts and remarks. Never public.",
                        verbose_name="notes for staff",
                    ),
                ),
                (
                    "objectives",
                    models.ManyToManyField(
                        blank=True,
                        related_name="guiding_questions",
                        to="objectives.objective",
                        verbose_name="objectives",
                    ),
                ),
                (
                    "roundtable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="questions",
                        to="roundtables.roundtable",
                        verbose_name="roundtable",
                    ),
                ),
            ],
            options={
                "verbose_name": "guiding question",
                "verbose_name_plural": "guiding questions",
                "ordering": ["roundtable", "number"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("roundtable", "number"),
                        name="guidingquestion_number_once",
                        violation_error_message="Another question of this roundtable has this number.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                    "roundtable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="roundtables.roundtable",
                        verbose_name="roundtable",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
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
                        name="roundtables_document_choices_known",
                        violation_error_message="Choose the kind and the language from the lists.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="roundtables_document_sha256_well_formed",
                        violation_error_message="The check sum of a file has 64 hexadecimal digits.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AgendaItem",
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
                ("sort_order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("title", models.CharField(max_length=300, verbose_name="title")),
                (
                    "minutes",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="minutes",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("moderator", "moderator"),
                            ("co_chair", "co-chair"),
                            ("introductory_speaker", "introductory speaker"),
                            ("panellist", "panellist"),
                            ("rapporteur", "rapporteur"),
                        ],
                        max_length=24,
                        verbose_name="led by",
                    ),
                ),
                (
                    "roundtable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="agenda",
                        to="roundtables.roundtable",
                        verbose_name="roundtable",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda item",
                "verbose_name_plural": "agenda items",
                "ordering": ["roundtable", "sort_order"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__range", (1, 600))),
                        name="agendaitem_minutes_plausible",
                        violation_error_message="An agenda item takes from 1 to 600 minutes.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "",
                                    "moderator",
                                    "co_chair",
                                    "introductory_speaker",
                                    "panellist",
                                    "rapporteur",
                                ],
                            )
                        ),
                        name="agendaitem_role_known",
                        violation_error_message="Choose a role from the list.",
                    ),
                    models.UniqueConstraint(
                        fields=("roundtable", "sort_order"),
                        name="agendaitem_order_once",
                        violation_error_message="Another item has this place in the order.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
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
                ("sort_order", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("speaker", models.CharField(blank=True, max_length=300, verbose_name="speaker")),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("fr", "French"), ("ru", "Russian")],
                        default="en",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("text", models.TextField(blank=True, verbose_name="text")),
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
                    "objectives",
                    models.ManyToManyField(
                        blank=True,
                        related_name="statements",
                        to="objectives.objective",
                        verbose_name="objectives",
                    ),
                ),
                (
                    "roundtable",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="statements",
                        to="roundtables.roundtable",
                        verbose_name="roundtable",
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
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ["roundtable", "sort_order"],
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
                        name="roundtables_statement_has_one_party",
                        violation_error_message="Name one party: either a Member State or a stakeholder.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["en", "fr", "ru"])),
                        name="statement_language_known",
                        violation_error_message="The language of a record is English, French or Russian.",
                    ),
                    models.UniqueConstraint(
                        fields=("roundtable", "sort_order"),
                        name="statement_order_once",
                        violation_error_message="Another statement has this place in the order.",
                    ),
                ],
            },
        ),
    ]
