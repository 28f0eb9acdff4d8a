"""Who hands in: organizations that are not States, parties, and the people who act for them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.models import MemberState, StakeholderType
from objectives.records import Record, log_links, logged, logged_without
from objectives.rules import one_of
from office.indexes import name_index, word_index
from public.codes import CodeField, next_code, numbered
from public.documents import Party, StakeholderDocument
from public.publishable import Publishable, PublishableQuerySet, waiting_index
from submissions import documents


class StakeholderQuerySet(PublishableQuerySet):
    def for_document(self):
        return (
            super()
            .for_document()
            .select_related("stakeholder_type")
            .prefetch_related("member_states")
        )


@logged_without("contact_email", "contact_phone")
class Stakeholder(Publishable):
    """An organization that takes part and is not a State: a union, a city, a network …"""

    kind = "stakeholder"
    region_paths = ("member_states__regions", "member_states__subregion")
    named_by = ("title", "acronym")
    told_in = ("description",)
    parties = ("member_states",)

    code = CodeField(blank=True)
    title = models.CharField(
        _("name"), max_length=300, help_text=_("The organization's own name, in its own language.")
    )
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    stakeholder_type = models.ForeignKey(
        StakeholderType,
        on_delete=models.PROTECT,
        related_name="stakeholders",
        verbose_name=_("stakeholder type"),
    )
    member_states = models.ManyToManyField(
        MemberState,
        blank=True,
        related_name="stakeholders",
        verbose_name=_("Member States"),
        help_text=_("Where it is based or works; empty for organizations of the whole region."),
    )
    description = models.TextField(_("description"), blank=True)
    contact_email = models.EmailField(
        _("e-mail of the contact"), blank=True, help_text=_("For staff. Never public.")
    )
    contact_phone = models.CharField(
        _("telephone of the contact"),
        max_length=40,
        blank=True,
        help_text=_("For staff. Never public."),
    )

    objects = StakeholderQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")
        ordering = ["title"]
        permissions = [
            ("review_stakeholder", "Can review stakeholders"),
            ("publish_stakeholder", "Can publish and withdraw stakeholders"),
            ("import_stakeholder", "Can import stakeholders"),
        ]
        indexes = [
            *Publishable.Meta.indexes,
            waiting_index("stakeholder"),
            name_index("stakeholder", "title", "acronym"),
            word_index("stakeholder", "description"),
        ]
        constraints = [*Publishable.Meta.constraints, numbered("ST")]
        triggers = [*Publishable.Meta.triggers, next_code("ST")]

    def __str__(self):
        return self.title

    def document(self) -> StakeholderDocument:
        return documents.of_stakeholder(self)


log_links(Stakeholder, "sources", "member_states")


class WithParty(models.Model):
    """What one party hands in, says or promises: one Member State or one stakeholder."""

    member_state = models.ForeignKey(
        MemberState,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("Member State"),
    )
    stakeholder = models.ForeignKey(
        Stakeholder,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("stakeholder"),
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=one_of("member_state", "stakeholder"),
                name="%(app_label)s_%(class)s_has_one_party",
                violation_error_message=_(
                    "Name one party: either a Member State or a stakeholder."
                ),
            ),
        ]

    @property
    def party(self) -> MemberState | Stakeholder | None:
        """Whoever hands it in."""
        return self.member_state or self.stakeholder

    def public_party(self) -> Party:
        """The party by its permanent code."""
        return documents.party(self.member_state, self.stakeholder)


@logged
class FocalPoint(WithParty, Record):
    """A person who acts for a party, with an account to sign in. Never public."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="focal_points",
        verbose_name=_("account"),
    )

    class Meta(Record.Meta):
        verbose_name = _("focal point")
        verbose_name_plural = _("focal points")
        ordering = ["user"]
        constraints = [
            *WithParty.Meta.constraints,
            models.UniqueConstraint(
                fields=["user", "member_state", "stakeholder"],
                nulls_distinct=False,
                name="focalpoint_once",
                violation_error_message=_("This person already acts for this party."),
            ),
        ]

    def __str__(self):
        return f"{self.user}: {self.party}"
