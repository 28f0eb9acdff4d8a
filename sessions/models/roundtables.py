"""Sittings of a review cycle."""

from zoneinfo import available_timezones

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from objectives.models import LANGUAGES, Cluster, Objective, ReviewCycle
from objectives.records import log_links, logged
from objectives.rules import Rule, in_order, well_formed
from office.indexes import name_index
from public.codes import CodeField
from public.documents import RoundtableDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from public.words import RoundtableType
from sessions import documents


def time_zone(name: str) -> None:
    """Refuse what is not a time zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone: write a place, for example Europe/Zurich."),
            params={"name": name},
        )


class RoundtableQuerySet(PublishableQuerySet):
    def for_list(self):
        return self.select_related("cycle", "cluster")

    def for_document(self):
        from sessions.models.sittings import GuidingQuestion, Role, Statement

        return (
            super()
            .for_document()
            .select_related("cycle", "cluster", "part_of")
            .prefetch_related(
                "objectives",
                "agenda",
                "files",
                Prefetch("roles", Role.objects.select_related("member_state", "stakeholder")),
                Prefetch("questions", GuidingQuestion.objects.prefetch_related("objectives")),
                Prefetch(
                    "statements",
                    Statement.objects.select_related(
                        "member_state", "stakeholder"
                    ).prefetch_related("objectives"),
                ),
            )
        )


@logged
class Roundtable(Publishable):
    """One sitting of a cycle. A cluster has other numbers in other cycles: compare objectives."""

    Type = RoundtableType

    kind = "roundtable"
    cycle_path = "cycle"
    region_paths = ("cycle__region",)
    named_by = ("title_en", "title_fr", "title_ru")
    told_by_parts = ("roles", "questions", "statements")

    code = CodeField()
    cycle = models.ForeignKey(
        ReviewCycle,
        on_delete=models.PROTECT,
        related_name="roundtables",
        verbose_name=_("review cycle"),
    )
    part_of = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The sitting that contains this one, if any."),
    )
    type = models.CharField(_("type"), max_length=12, choices=Type, default=Type.ROUNDTABLE)
    number = models.PositiveSmallIntegerField(_("number"), null=True, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300)
    title_fr = models.CharField(_("title in French"), max_length=300, blank=True)
    title_ru = models.CharField(_("title in Russian"), max_length=300, blank=True)
    cluster = models.ForeignKey(
        Cluster,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="roundtables",
        verbose_name=_("cluster"),
    )
    objectives = models.ManyToManyField(
        Objective, blank=True, related_name="roundtables", verbose_name=_("objectives")
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    start_time = models.TimeField(_("begins at"), null=True, blank=True)
    end_time = models.TimeField(_("ends at"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"),
        max_length=60,
        blank=True,
        validators=[time_zone],
        help_text=_("A place, for example Europe/Zurich; empty if the source names none."),
    )
    place = models.CharField(_("place"), max_length=200, blank=True)
    format = models.CharField(_("format"), max_length=10, choices=ReviewCycle.Format, blank=True)
    languages = ArrayField(
        models.CharField(max_length=2, choices=LANGUAGES),
        verbose_name=_("languages"),
        default=list,
        blank=True,
    )
    inferred = models.BooleanField(
        _("inferred"), default=False, help_text=_("No source states that it took place.")
    )

    objects = RoundtableQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("roundtable")
        verbose_name_plural = _("roundtables")
        ordering = ["cycle", "starts_on", "start_time", "number", "code"]
        permissions = [
            ("review_roundtable", "Can review roundtables"),
            ("publish_roundtable", "Can publish and withdraw roundtables"),
            ("import_roundtable", "Can import roundtables"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("roundtable", "cycle"),
            name_index("roundtable", "title_en", "title_fr", "title_ru"),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            well_formed(
                "code",
                r"^[A-Z]+[0-9]{4}-[A-Z0-9]+(-[A-Z0-9]+)*$",
                "roundtable_code_well_formed",
                _("The cycle and a short name in capitals, for example RR2024-S1."),
            ),
            models.CheckConstraint(
                condition=Q(
                    type__in=[
                        "opening",
                        "roundtable",
                        "consultation",
                        "hearing",
                        "side_event",
                        "closing",
                    ]
                )
                & Q(format__in=["", "in_person", "virtual", "hybrid"])
                & Q(languages__contained_by=["en", "fr", "ru"]),
                name="roundtable_choices_known",
                violation_error_message=_(
                    "Choose the type, the format and the languages from the lists."
                ),
            ),
            in_order(
                "starts_on",
                "ends_on",
                "roundtable_ends_after_start",
                _("The last day cannot be before the first day."),
            ),
            models.CheckConstraint(
                condition=Q(start_time__isnull=True, end_time__isnull=True)
                | Q(start_time__isnull=False, end_time__isnull=False, starts_on__isnull=False),
                name="roundtable_times_complete",
                violation_error_message=_("A time needs a day, a beginning and an end."),
            ),
            models.CheckConstraint(
                condition=Q(start_time__isnull=True)
                | Q(ends_on__isnull=False, ends_on__gt=F("starts_on"))
                | Q(end_time__gt=F("start_time")),
                name="roundtable_ends_later_that_day",
                violation_error_message=_("A sitting ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(part_of__isnull=True) | ~Q(part_of=F("id")),
                name="roundtable_part_of_another",
                violation_error_message=_("A sitting cannot contain itself."),
            ),
        ]
        triggers = [
            *Publishable.Meta.triggers,
            Rule(
                name="roundtable_inside_its_cycle",
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("cycle_id", "starts_on", "ends_on"),
                broken="""
                    EXISTS (
                        SELECT FROM objectives_reviewcycle c WHERE c.id = NEW.cycle_id AND (
                            coalesce(NEW.starts_on, NEW.ends_on)
                                < coalesce(c.preparation_starts_on, c.starts_on)
                            OR coalesce(NEW.ends_on, NEW.starts_on) > c.ends_on
                        )
                    )
                """,
                message=gettext_noop(
                    "A roundtable sits between the first day of its cycle, or of its preparation,"
                    " and the last."
                ),
            ),
            Rule(
                name="roundtable_keeps_its_recommendations",
                operation=pgtrigger.UpdateOf("cycle_id"),
                broken="""
                    EXISTS (
                        SELECT FROM roundtables_recommendation r
                        WHERE r.roundtable_id = NEW.id AND r.cycle_id <> NEW.cycle_id
                    )
                """,
                message=gettext_noop(
                    "The recommendations of this roundtable belong to another cycle."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code}: {self.title_en}"

    def document(self) -> RoundtableDocument:
        return documents.of_roundtable(self)

    def named_records(self):
        speakers = [*self.roles.all(), *self.statements.all()]
        return (self.part_of, *(one.stakeholder for one in speakers))


log_links(Roundtable, "objectives", "sources")

# The other side of `roundtable_inside_its_cycle`.
pgtrigger.register(
    Rule(
        name="reviewcycle_contains_its_roundtables",
        operation=pgtrigger.UpdateOf("starts_on", "ends_on", "preparation_starts_on"),
        broken="""
            EXISTS (
                SELECT FROM roundtables_roundtable r WHERE r.cycle_id = NEW.id AND (
                    coalesce(r.starts_on, r.ends_on)
                        < coalesce(NEW.preparation_starts_on, NEW.starts_on)
                    OR coalesce(r.ends_on, r.starts_on) > NEW.ends_on
                )
            )
        """,
        message=gettext_noop("A roundtable of this cycle sits on other days: move it first."),
    )
)(ReviewCycle)
