"""Reference data: what a review is about, and who takes part. Public by nature, loaded from files.

Rows are retired, not deleted: old records go on naming them. Staff's doubts about a row are in
`Doubt`, a table of its own, because everything in the others may be read by anyone.
"""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from objectives.records import Record, in_language, log_links, logged
from objectives.rules import WebAddressField, in_order, permanent, web_address, well_formed

LANGUAGES = [("en", _("English")), ("fr", _("French")), ("ru", _("Russian"))]


class ReferenceQuerySet(models.QuerySet):
    def in_use(self):
        """Rows that new records may name."""
        return self.filter(retired_on__isnull=True)


class Reference(Record):
    """A row of reference data. Retired rows stay readable, but new records cannot choose them."""

    retired_on = models.DateField(
        _("retired on"), null=True, blank=True, help_text=_("Empty while it is in use.")
    )

    objects: ClassVar[Any] = ReferenceQuerySet.as_manager()

    class Meta(Record.Meta):
        abstract = True


class Named(Reference):
    """Reference data known by a short code and a name in three languages."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)
    name_en = models.CharField(_("name in English"), max_length=300)
    name_fr = models.CharField(_("name in French"), max_length=300, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=300, blank=True)

    class Meta(Reference.Meta):
        abstract = True
        ordering = ["sort_order", "code"]
        triggers = [*Reference.Meta.triggers, permanent("code")]
        constraints = [
            well_formed(
                "code",
                r"^[A-Za-z0-9][A-Za-z0-9_-]*$",
                "%(app_label)s_%(class)s_code_well_formed",
                _("A code has letters, digits, - and _ only, for example civil_society."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")


@logged
class Region(Named):
    """An area States belong to: a regional commission, an M49 sub-region, a union of States."""

    class Kind(models.TextChoices):
        COMMISSION = "commission", _("regional commission")
        SUBREGION = "subregion", _("sub-region (M49)")
        GROUP = "group", _("group of States")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    m49 = models.CharField(
        "M49",
        max_length=3,
        blank=True,
        help_text=_("Three digits; empty outside the M49 standard."),
    )

    class Meta(Named.Meta):
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            *Named.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["commission", "subregion", "group"]),
                name="region_kind_known",
                violation_error_message=_("Choose what kind of region this is."),
            ),
            well_formed(
                "m49",
                r"^([0-9]{3})?$",
                "region_m49_well_formed",
                _("An M49 code has three digits."),
            ),
        ]


@logged
class Cluster(Named):
    """One of the four groups of objectives that the roundtables of the IMRF use."""

    class Meta(Named.Meta):
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")


@logged
class Objective(Reference):
    """One of the 23 objectives of the Global Compact for Migration (A/RES/73/195)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    cluster = models.ForeignKey(
        Cluster, on_delete=models.PROTECT, related_name="objectives", verbose_name=_("cluster")
    )
    title_en = models.CharField(_("title in English"), max_length=400)
    title_fr = models.CharField(_("title in French"), max_length=400, blank=True)
    title_ru = models.CharField(_("title in Russian"), max_length=400, blank=True)
    short_title_en = models.CharField(_("short title in English"), max_length=80)
    short_title_fr = models.CharField(_("short title in French"), max_length=80, blank=True)
    short_title_ru = models.CharField(_("short title in Russian"), max_length=80, blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("objective")
        verbose_name_plural = _("objectives")
        ordering = ["number"]
        triggers = [*Reference.Meta.triggers, permanent("number")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__gte=1),
                name="objective_number_from_one",
                violation_error_message=_("Objectives are numbered from 1."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.short_title}"

    def get_absolute_url(self):
        return reverse("public:objective", args=[self.number])

    @property
    def title(self) -> str:
        return in_language(self, "title")

    @property
    def short_title(self) -> str:
        return in_language(self, "short_title")


@logged
class GuidingPrinciple(Named):
    """One of the ten cross-cutting principles of the compact."""

    description_en = models.TextField(_("description in English"), blank=True)
    description_fr = models.TextField(_("description in French"), blank=True)
    description_ru = models.TextField(_("description in Russian"), blank=True)

    class Meta(Named.Meta):
        verbose_name = _("guiding principle")
        verbose_name_plural = _("guiding principles")

    @property
    def description(self) -> str:
        return in_language(self, "description")


@logged
class SDG(Reference):
    """One of the 17 Sustainable Development Goals (A/RES/70/1)."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    name_en = models.CharField(_("name in English"), max_length=120)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)

    class Meta(Reference.Meta):
        verbose_name = "SDG"
        verbose_name_plural = "SDGs"
        ordering = ["number"]
        triggers = [*Reference.Meta.triggers, permanent("number")]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__range=(1, 17)),
                name="sdg_number_1_to_17",
                violation_error_message=_("The Sustainable Development Goals go from 1 to 17."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.name}"

    @property
    def name(self) -> str:
        return in_language(self, "name")


@logged
class StakeholderType(Named):
    """What kind of stakeholder an organization is (paragraph 44 of the compact, later lists)."""

    in_gcm_paragraph_44 = models.BooleanField(
        _("named in paragraph 44 of the compact"), default=True
    )

    class Meta(Named.Meta):
        verbose_name = _("stakeholder type")
        verbose_name_plural = _("stakeholder types")


@logged
class ImplementerType(Named):
    """Who carries a practice out: a Member State, the UN, a kind of stakeholder …"""

    stakeholder_type = models.OneToOneField(
        StakeholderType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="implementer_type",
        verbose_name=_("stakeholder type"),
        help_text=_("Empty for Member States, the United Nations and other organizations."),
    )

    class Meta(Named.Meta):
        verbose_name = _("implementer type")
        verbose_name_plural = _("implementer types")


class MemberStateQuerySet(ReferenceQuerySet):
    def known_as(self, name: str):
        """States that this is a code, a name, an official, former or other spelling of."""
        name = " ".join(name.split())
        words = ("name", "official_name")
        by_name = Q()
        for column in (f"{word}_{language}" for word in words for language in ("en", "fr", "ru")):
            by_name |= Q(**{f"{column}__iexact": name})
        return self.filter(
            by_name
            | Q(iso3__iexact=name)
            | Q(iso2__iexact=name)
            | Q(m49=name)
            | Q(other_names__name__iexact=name, other_names__retired_on__isnull=True)
        ).distinct()


@logged
class MemberState(Reference):
    """A State of the region, known by its ISO 3166 alpha-3 code. Names are those of the UN."""

    class Network(models.TextChoices):
        ESTABLISHED = "established", _("established")
        PLANNED = "planned", _("planned")

    iso3 = models.CharField("ISO 3166 alpha-3", max_length=3, unique=True)
    iso2 = models.CharField("ISO 3166 alpha-2", max_length=2, unique=True)
    m49 = models.CharField("M49", max_length=3, unique=True)
    name_en = models.CharField(_("name in English"), max_length=120, unique=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    official_name_en = models.CharField(_("official name in English"), max_length=200)
    official_name_fr = models.CharField(_("official name in French"), max_length=200, blank=True)
    official_name_ru = models.CharField(_("official name in Russian"), max_length=200, blank=True)
    subregion = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="+", verbose_name=_("sub-region")
    )
    regions = models.ManyToManyField(
        Region, related_name="member_states", verbose_name=_("regions")
    )
    champion_country = models.BooleanField(
        _("champion country of the compact"),
        null=True,
        blank=True,
        help_text=_("Empty where no source says so."),
    )
    country_network = models.CharField(
        _("UN network on migration in the country"),
        max_length=12,
        choices=Network,
        blank=True,
        help_text=_("Empty where no source says so."),
    )

    objects: ClassVar[Any] = MemberStateQuerySet.as_manager()

    class Meta(Reference.Meta):
        verbose_name = _("Member State")
        verbose_name_plural = _("Member States")
        ordering = ["name_en"]
        triggers = [*Reference.Meta.triggers, permanent("iso3")]
        constraints = [
            well_formed(
                "iso3",
                r"^[A-Z]{3}$",
                "memberstate_iso3_well_formed",
                _("Three capital letters, e.g. ALB."),
            ),
            well_formed(
                "iso2",
                r"^[A-Z]{2}$",
                "memberstate_iso2_well_formed",
                _("Two capital letters, e.g. AL."),
            ),
            well_formed(
                "m49", r"^[0-9]{3}$", "memberstate_m49_well_formed", _("Three digits, e.g. 008.")
            ),
            models.CheckConstraint(
                condition=Q(country_network__in=["", "established", "planned"]),
                name="memberstate_network_known",
                violation_error_message=_("Choose from the list, or leave it empty."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def official_name(self) -> str:
        return in_language(self, "official_name")


log_links(MemberState, "regions")


@logged
class MemberStateName(Reference):
    """A former name or another spelling of a State; imports and searches accept it."""

    class Kind(models.TextChoices):
        FORMER = "former", _("former name")
        SPELLING = "spelling", _("other spelling")

    member_state = models.ForeignKey(
        MemberState,
        on_delete=models.CASCADE,
        related_name="other_names",
        verbose_name=_("Member State"),
    )
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    used_from = models.DateField(_("used from"), null=True, blank=True)
    used_until = models.DateField(
        _("used until"), null=True, blank=True, help_text=_("Empty if still used or not known.")
    )

    class Meta(Reference.Meta):
        verbose_name = _("other name of a Member State")
        verbose_name_plural = _("other names of Member States")
        ordering = ["member_state", "name"]
        constraints = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="memberstatename_means_one_state",
                violation_error_message=_("This name already stands for a State."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["former", "spelling"]),
                name="memberstatename_kind_known",
                violation_error_message=_("Say whether it is a former name or another spelling."),
            ),
            in_order(
                "used_from",
                "used_until",
                "memberstatename_until_after_from",
                _("A name cannot go out of use before it came into use."),
            ),
        ]

    def __str__(self):
        return self.name


@logged
class Country(Named):
    """A State outside the region that records name as a partner, by its ISO 3166 alpha-3 code."""

    class Meta(Named.Meta):
        verbose_name = _("country outside the region")
        verbose_name_plural = _("countries outside the region")


@logged
class SourceDocument(Reference):
    """A published document that records are taken from, such as a summary report."""

    class Kind(models.TextChoices):
        SUMMARY_REPORT = "summary_report", _("summary report")
        BACKGROUND_NOTE = "background_note", _("background note")
        INFORMATION_BRIEF = "information_brief", _("information brief")
        OTHER = "other", _("other document")

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    title_en = models.CharField(_("title in English"), max_length=300)
    title_fr = models.CharField(_("title in French"), max_length=300, blank=True)
    title_ru = models.CharField(_("title in Russian"), max_length=300, blank=True)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))
    url = WebAddressField(_("web address"))

    class Meta(Reference.Meta):
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")
        ordering = ["year", "code"]
        triggers = [*Reference.Meta.triggers, permanent("code")]
        constraints = [
            well_formed(
                "code",
                r"^[A-Z][A-Z0-9-]*$",
                "sourcedocument_code_well_formed",
                _("Capital letters, digits and -, for example SR2020."),
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=["summary_report", "background_note", "information_brief", "other"]
                ),
                name="sourcedocument_kind_known",
                violation_error_message=_("Choose what kind of document this is."),
            ),
            web_address("url", "sourcedocument_url_is_http"),
        ]

    def __str__(self):
        return self.title

    @property
    def title(self) -> str:
        return in_language(self, "title")


@logged
class ReviewCycle(Reference):
    """A regional review or a forum: the occasion for which States and stakeholders report."""

    class Kind(models.TextChoices):
        REGIONAL_REVIEW = "regional_review", _("regional review")
        IMRF = "imrf", _("International Migration Review Forum")

    class Format(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIRTUAL = "virtual", _("online")
        HYBRID = "hybrid", _("in person and online")

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    year = models.PositiveSmallIntegerField(_("year"))
    region = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="review_cycles",
        verbose_name=_("region"),
        help_text=_("Empty for the forum, which is global."),
    )
    name_en = models.CharField(_("name in English"), max_length=300)
    name_fr = models.CharField(_("name in French"), max_length=300, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=300, blank=True)
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    preparation_starts_on = models.DateField(
        _("first day of preparatory sittings"),
        null=True,
        blank=True,
        help_text=_("If consultations or hearings sit before the first day of the meeting."),
    )
    inputs_open_on = models.DateField(_("call for inputs opens"), null=True, blank=True)
    inputs_close_on = models.DateField(_("call for inputs closes"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=200, blank=True)
    host = models.CharField(_("host"), max_length=200, blank=True)
    format = models.CharField(_("format"), max_length=10, choices=Format, blank=True)
    languages = ArrayField(
        models.CharField(max_length=2, choices=LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    member_state_reports = models.PositiveIntegerField(
        _("reports by Member States"),
        null=True,
        blank=True,
        help_text=_("As the source counts them; empty where none says."),
    )
    stakeholder_reports = models.PositiveIntegerField(
        _("reports by stakeholders"),
        null=True,
        blank=True,
        help_text=_("As the source counts them."),
    )
    attendance_min = models.PositiveIntegerField(
        _("fewest people on a day"), null=True, blank=True
    )
    attendance_max = models.PositiveIntegerField(_("most people on a day"), null=True, blank=True)
    facts = models.TextField(_("facts"), blank=True)
    url = WebAddressField(_("web address"))
    sources = models.ManyToManyField(
        SourceDocument, blank=True, related_name="+", verbose_name=_("sources")
    )
    source_locator = models.CharField(_("place in the source"), max_length=300, blank=True)

    class Meta(Reference.Meta):
        verbose_name = _("review cycle")
        verbose_name_plural = _("review cycles")
        ordering = ["-year", "code"]
        triggers = [*Reference.Meta.triggers, permanent("code")]
        constraints = [
            well_formed(
                "code",
                r"^[A-Z]+[0-9]{4}$",
                "reviewcycle_code_well_formed",
                _("Capital letters and the year, for example RR2024."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["regional_review", "imrf"]),
                name="reviewcycle_kind_known",
                violation_error_message=_("Choose a regional review or a forum."),
            ),
            models.CheckConstraint(
                condition=Q(format__in=["", "in_person", "virtual", "hybrid"]),
                name="reviewcycle_format_known",
                violation_error_message=_("Choose one of the formats, or leave it empty."),
            ),
            models.CheckConstraint(
                condition=Q(languages__contained_by=["en", "fr", "ru"]),
                name="reviewcycle_languages_known",
                violation_error_message=_("Languages are en, fr and ru."),
            ),
            in_order(
                "starts_on",
                "ends_on",
                "reviewcycle_ends_after_start",
                _("The last day cannot be before the first day."),
            ),
            in_order(
                "preparation_starts_on",
                "starts_on",
                "reviewcycle_prepared_before_start",
                _("Preparatory sittings cannot begin after the meeting."),
            ),
            in_order(
                "inputs_open_on",
                "inputs_close_on",
                "reviewcycle_inputs_close_after_open",
                _("The call for inputs cannot close before it opens."),
            ),
            models.CheckConstraint(
                condition=Q(attendance_min__isnull=True)
                | Q(attendance_max__isnull=True)
                | Q(attendance_max__gte=F("attendance_min")),
                name="reviewcycle_attendance_in_order",
                violation_error_message=_("The highest attendance cannot be below the lowest."),
            ),
            web_address("url", "reviewcycle_url_is_http"),
        ]

    def __str__(self):
        return self.code

    @property
    def name(self) -> str:
        return in_language(self, "name")

    @property
    def short_name(self) -> str:
        """Kind and year, for lists."""
        kind = self.get_kind_display()
        return f"{kind[:1].upper()}{kind[1:]} {self.year}"


log_links(ReviewCycle, "sources")


@logged
class Doubt(Record):
    """What staff should check about a row of reference data: for staff only, never public."""

    table = models.CharField(
        _("table"), max_length=40, help_text=_("The reference file, for example objectives.")
    )
    code = models.CharField(_("code"), max_length=200)
    text = models.TextField(_("doubt"))
    settled_on = models.DateField(
        _("settled on"), null=True, blank=True, help_text=_("Empty while it is open.")
    )

    class Meta(Record.Meta):
        verbose_name = _("doubt")
        verbose_name_plural = _("doubts")
        ordering = ["table", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["table", "code"],
                name="doubt_one_a_row",
                violation_error_message=_("There is already a note on this row: add to it."),
            ),
        ]

    def __str__(self):
        return f"{self.table} {self.code}"
