"""Pledges and what has become of them."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Length
from django.utils.translation import gettext_lazy as _

from objectives.models import (
    LANGUAGES,
    SDG,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    Objective,
    ReviewCycle,
    language_known,
)
from objectives.records import Record, log_links, logged, moves_version_of
from objectives.rules import WebAddressField, in_order, web_address
from office.indexes import name_index, word_index
from public.codes import CodeField, next_code, numbered
from public.documents import PledgeDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import PledgeForm, PledgeType, Stage
from submissions import documents
from submissions.models.objectives import ObjectiveLink, Tagged, has_its_objectives
from submissions.models.parties import Stakeholder, WithParty

models.TextField.register_lookup(Length, "length")

SHORTEST, LONGEST = 300, 3000  # characters of a pledge's text, by the form of the global network


def stage_known(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(stage__in=["planned", "in_progress", "fulfilled", "discontinued"]),
        name=name,
        violation_error_message=_("Choose how far the pledge has come."),
    )


class PledgeQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.select_related("cycle", "member_state", "stakeholder")

    def for_checking(self):
        links = PledgeObjective.objects.select_related("objective")
        return super().for_checking().prefetch_related(Prefetch("objective_links", links))

    def for_document(self):
        return (
            super()
            .for_document()
            .for_checking()
            .select_related("cycle", "member_state", "stakeholder", "implementer_type", "matches")
            .prefetch_related(
                "partner_states",
                "partner_stakeholders",
                "principles",
                "sdgs",
                "member_states",
                "progress_updates",
                "files",
            )
        )


@logged
class Pledge(Tagged, WithParty, Publishable):
    """A measurable commitment that a party announces; not the means it uses to meet it."""

    Type = PledgeType

    Form = PledgeForm

    class Origin(models.TextChoices):
        PARTY = "party", _("handed in by the party")
        DOCUMENT = "document", _("taken from a document")

    kind = "pledge"
    cycle_path = "cycle"
    region_paths = (
        "member_state__regions",
        "member_state__subregion",
        "member_states__regions",
        "member_states__subregion",
    )
    told_in = ("text", "pledged_by")
    told_by_parts = ("progress_updates",)
    parties = ("member_state", "stakeholder", "member_states")

    code = CodeField(blank=True)
    title = models.CharField(_("title"), max_length=300)
    pledged_by = models.CharField(
        _("pledging body"),
        max_length=300,
        blank=True,
        help_text=_("As the party writes it, for example the ministry."),
    )
    partner_states = models.ManyToManyField(
        MemberState, blank=True, related_name="+", verbose_name=_("partner States")
    )
    partner_stakeholders = models.ManyToManyField(
        Stakeholder, blank=True, related_name="+", verbose_name=_("partner stakeholders")
    )
    implementer_type = models.ForeignKey(
        ImplementerType,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("implementer type"),
    )
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="pledges",
        verbose_name=_("review cycle"),
    )
    objectives = models.ManyToManyField(
        Objective, through="PledgeObjective", related_name="pledges", verbose_name=_("objectives")
    )
    principles = models.ManyToManyField(
        GuidingPrinciple, blank=True, related_name="pledges", verbose_name=_("guiding principles")
    )
    sdgs = models.ManyToManyField(SDG, blank=True, related_name="pledges", verbose_name="SDGs")
    member_states = models.ManyToManyField(
        MemberState, blank=True, related_name="pledges_in", verbose_name=_("carried out in")
    )
    type = models.CharField(_("type"), max_length=12, choices=Type, default=Type.INDIVIDUAL)
    form = models.CharField(
        _("form"), max_length=16, choices=Form, blank=True, help_text=_("Empty if not known.")
    )
    matches = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="matched_by",
        verbose_name=_("matches the pledge"),
        help_text=_("For a matching pledge only: the pledge that it adds to."),
    )
    origin = models.CharField(_("origin"), max_length=10, choices=Origin, default=Origin.PARTY)
    text = models.TextField(
        _("text"),
        validators=[MaxLengthValidator(LONGEST)],
        help_text=_("300 to 3,000 characters: what will be done, for whom, how much, by when."),
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage, default=Stage.PLANNED)
    made_on = models.DateField(
        _("made on"), null=True, blank=True, help_text=_("Empty if not known.")
    )
    due_on = models.DateField(
        _("due on"), null=True, blank=True, help_text=_("Empty if it has none.")
    )

    objects = PledgeQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        ordering = ["code"]
        permissions = [
            ("review_pledge", "Can review pledges"),
            ("publish_pledge", "Can publish and withdraw pledges"),
            ("import_pledge", "Can import pledges"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("pledge", "cycle"),
            name_index("pledge", "title"),
            word_index("pledge", "text", "pledged_by"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            *Tagged.Meta.constraints,
            *WithParty.Meta.constraints,
            numbered("PL"),
            models.CheckConstraint(
                condition=Q(type__in=["individual", "common", "partnership", "matching"])
                & Q(form__in=["", "financial", "human_resources", "process", "policy"])
                & Q(origin__in=["party", "document"]),
                name="pledge_choices_known",
                violation_error_message=_("Choose the type, form and origin from the lists."),
            ),
            models.CheckConstraint(
                condition=Q(type="matching", matches__isnull=False)
                | (~Q(type="matching") & Q(matches__isnull=True)),
                name="pledge_matching_names_its_pledge",
                violation_error_message=_(
                    "A matching pledge names the pledge that it matches; no other does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(matches__isnull=True) | ~Q(matches=F("id")),
                name="pledge_matches_another",
                violation_error_message=_("A pledge cannot match itself."),
            ),
            models.CheckConstraint(
                condition=Q(text__length__lte=LONGEST),
                name="pledge_text_not_too_long",
                violation_error_message=_("The text of a pledge has at most 3,000 characters."),
            ),
            models.CheckConstraint(
                condition=Q(origin="document")
                | Q(status__in=["draft", "returned", "withdrawn"])
                | Q(text__length__gte=SHORTEST),
                name="pledge_text_not_too_short",
                violation_error_message=_(
                    "The text of a pledge that a party hands in has at least 300 characters."
                ),
            ),
            in_order(
                "made_on",
                "due_on",
                "pledge_due_after_made",
                _("A pledge is not due before it is made."),
            ),
            stage_known("pledge_stage_known"),
        ]
        triggers = [*Publishable.Meta.triggers, next_code("PL"), has_its_objectives("pledge")]

    def __str__(self):
        return f"{self.code}: {self.title}"

    def document(self) -> PledgeDocument:
        return documents.of_pledge(self)

    def named_records(self):
        return (self.matches, self.stakeholder, *self.partner_stakeholders.all())

    def check_publishable(self):
        errors = self.objective_errors()
        if errors:
            raise ValidationError(errors)


log_links(
    Pledge,
    "partner_states",
    "partner_stakeholders",
    "principles",
    "sdgs",
    "member_states",
    "sources",
)


@logged
class PledgeObjective(ObjectiveLink, Record):
    """A pledge serves this objective, as its main aim or as well."""

    pledge = models.ForeignKey(
        Pledge, on_delete=models.CASCADE, related_name="objective_links", verbose_name=_("pledge")
    )
    objective = models.ForeignKey(
        Objective, on_delete=models.PROTECT, related_name="+", verbose_name=_("objective")
    )

    class Meta(ObjectiveLink.Meta, Record.Meta):
        abstract = False
        verbose_name = _("objective of the pledge")
        verbose_name_plural = _("objectives of the pledge")
        constraints = [
            models.UniqueConstraint(
                fields=["pledge", "objective"],
                name="pledgeobjective_once",
                violation_error_message=_("This objective is already there."),
            ),
        ]
        triggers = [*Record.Meta.triggers, *moves_version_of("submissions_pledge", "pledge_id")]


@logged
class ProgressUpdate(Record):
    """What a party reports of its pledge on a day; public with the pledge's next edition."""

    told_in = ("text",)

    pledge = models.ForeignKey(
        Pledge, on_delete=models.CASCADE, related_name="progress_updates", verbose_name=_("pledge")
    )
    reported_on = models.DateField(_("reported on"))
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    text = models.TextField(_("text"))
    evidence_url = WebAddressField(_("evidence"), help_text=_("Where others can check it."))

    class Meta(Record.Meta):
        verbose_name = _("progress update")
        verbose_name_plural = _("progress updates")
        ordering = ["pledge", "reported_on", "id"]
        indexes = [word_index("progressupdate", "text")]
        constraints = [
            stage_known("progressupdate_stage_known"),
            language_known("progressupdate_language_known"),
            web_address("evidence_url", "progressupdate_evidence_is_http"),
        ]
        triggers = [*Record.Meta.triggers, *moves_version_of("submissions_pledge", "pledge_id")]

    def __str__(self):
        return f"{self.reported_on}: {self.get_stage_display()}"
