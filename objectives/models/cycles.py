"""Regional reviews and forums."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from objectives.models.reference import LANGUAGES, Reference
from objectives.models.sources import SourceDocument
from objectives.models.states import Region
from objectives.records import in_language, log_links, logged
from objectives.rules import WebAddressField, in_order, permanent, web_address, well_formed


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
