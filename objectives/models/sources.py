"""Published documents that records are taken from."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from objectives.models.reference import Reference
from objectives.records import in_language, logged
from objectives.rules import WebAddressField, permanent, web_address, well_formed


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
