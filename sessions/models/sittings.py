"""What belongs to a sitting: who does what, when, which questions, what was said, which papers."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objectives.models import LANGUAGES, Objective, language_known
from objectives.records import Record, log_links, logged, logged_without, moves_version_of
from office.indexes import word_index
from public.words import RoleName
from sessions.models.roundtables import Roundtable
from submissions.models.files import StoredFile
from submissions.models.parties import WithParty

MOVES_ROUNDTABLE = moves_version_of("roundtables_roundtable", "roundtable_id")


ROLES = ["moderator", "co_chair", "introductory_speaker", "panellist", "rapporteur"]


@logged_without("email", "phone", "gender")
class Role(WithParty, Record):
    """A person's part in a sitting, for a party. The name is public, contact data never are."""

    told_in = ("person", "organization")

    roundtable = models.ForeignKey(
        Roundtable, on_delete=models.CASCADE, related_name="roles", verbose_name=_("roundtable")
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=1)
    role = models.CharField(_("role"), max_length=24, choices=RoleName)
    person = models.CharField(_("person"), max_length=200)
    position = models.CharField(_("position"), max_length=300, blank=True)
    organization = models.CharField(_("organization"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("For staff. Never public."))
    phone = models.CharField(
        _("telephone"), max_length=40, blank=True, help_text=_("For staff. Never public.")
    )
    gender = models.CharField(
        _("gender"), max_length=20, blank=True, help_text=_("To balance panels. Never public.")
    )

    class Meta(Record.Meta):
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["roundtable", "sort_order"]
        indexes = [word_index("role", "person", "organization")]
        constraints = [
            *WithParty.Meta.constraints,
            models.CheckConstraint(
                condition=Q(role__in=ROLES),
                name="role_known",
                violation_error_message=_("Choose a role from the list."),
            ),
            models.UniqueConstraint(
                fields=["roundtable", "sort_order"],
                deferrable=models.Deferrable.IMMEDIATE,  # two may change places
                name="role_order_once",
                violation_error_message=_("Another role has this place in the order."),
            ),
        ]
        triggers = [*Record.Meta.triggers, *MOVES_ROUNDTABLE]

    def __str__(self):
        return f"{self.get_role_display()}: {self.person}"


@logged
class AgendaItem(Record):
    """A part of a sitting, with its length in minutes."""

    roundtable = models.ForeignKey(
        Roundtable, on_delete=models.CASCADE, related_name="agenda", verbose_name=_("roundtable")
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=1)
    title = models.CharField(_("title"), max_length=300)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    role = models.CharField(_("led by"), max_length=24, choices=RoleName, blank=True)

    class Meta(Record.Meta):
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["roundtable", "sort_order"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(1, 600)),
                name="agendaitem_minutes_plausible",
                violation_error_message=_("An agenda item takes from 1 to 600 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(role__in=["", *ROLES]),
                name="agendaitem_role_known",
                violation_error_message=_("Choose a role from the list."),
            ),
            models.UniqueConstraint(
                fields=["roundtable", "sort_order"],
                deferrable=models.Deferrable.IMMEDIATE,  # two may change places
                name="agendaitem_order_once",
                violation_error_message=_("Another item has this place in the order."),
            ),
        ]
        triggers = [*Record.Meta.triggers, *MOVES_ROUNDTABLE]

    def __str__(self):
        return self.title


@logged
class GuidingQuestion(Record):
    """A question that the roundtable is asked to discuss."""

    told_in = ("text",)

    roundtable = models.ForeignKey(
        Roundtable,
        on_delete=models.CASCADE,
        related_name="questions",
        verbose_name=_("roundtable"),
    )
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("question"))
    objectives = models.ManyToManyField(
        Objective, blank=True, related_name="guiding_questions", verbose_name=_("objectives")
    )
    staff_notes = models.TextField(
        _("notes for staff"), blank=True, help_text=_("Doubts and remarks. Never public.")
    )

    class Meta(Record.Meta):
        verbose_name = _("guiding question")
        verbose_name_plural = _("guiding questions")
        ordering = ["roundtable", "number"]
        indexes = [word_index("guidingquestion", "text")]
        constraints = [
            models.UniqueConstraint(
                fields=["roundtable", "number"],
                deferrable=models.Deferrable.IMMEDIATE,  # two may change places
                name="guidingquestion_number_once",
                violation_error_message=_("Another question of this roundtable has this number."),
            ),
        ]
        triggers = [*Record.Meta.triggers, *MOVES_ROUNDTABLE]

    def __str__(self):
        return f"{self.number}. {self.text[:60]}"


log_links(GuidingQuestion, "objectives")


@logged
class Statement(WithParty, Record):
    """What a party said at a sitting."""

    told_in = ("speaker", "text")

    roundtable = models.ForeignKey(
        Roundtable,
        on_delete=models.CASCADE,
        related_name="statements",
        verbose_name=_("roundtable"),
    )
    sort_order = models.PositiveSmallIntegerField(_("order"), default=1)
    speaker = models.CharField(_("speaker"), max_length=300, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES, default="en")
    text = models.TextField(_("text"), blank=True)
    objectives = models.ManyToManyField(
        Objective, blank=True, related_name="statements", verbose_name=_("objectives")
    )

    class Meta(Record.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["roundtable", "sort_order"]
        indexes = [word_index("statement", "speaker", "text")]
        constraints = [
            *WithParty.Meta.constraints,
            language_known("statement_language_known"),
            models.UniqueConstraint(
                fields=["roundtable", "sort_order"],
                deferrable=models.Deferrable.IMMEDIATE,  # two may change places
                name="statement_order_once",
                violation_error_message=_("Another statement has this place in the order."),
            ),
        ]
        triggers = [*Record.Meta.triggers, *MOVES_ROUNDTABLE]

    def __str__(self):
        return f"{self.party}: {self.text[:60]}"


log_links(Statement, "objectives")


@logged
class Document(StoredFile):
    """A paper of a sitting: background note, presentation, statement as handed in."""

    roundtable = models.ForeignKey(
        Roundtable, on_delete=models.CASCADE, related_name="files", verbose_name=_("roundtable")
    )

    class Meta(StoredFile.Meta):
        abstract = False
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        triggers = [*StoredFile.Meta.triggers, *MOVES_ROUNDTABLE]
