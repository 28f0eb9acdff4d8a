"""Who has which record open."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class OpenRecord(models.Model):
    """A person has a record's form open in a browser. Of use for a minute or two; not logged."""

    label = models.CharField(_("kind"), max_length=100)
    row_id = models.BigIntegerField(_("row"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("person"),
    )
    opened_at = models.DateTimeField(_("since"))
    seen_at = models.DateTimeField(_("last seen"))

    class Meta:
        verbose_name = _("open record")
        verbose_name_plural = _("open records")
        ordering = ["opened_at"]
        default_permissions = []
        constraints = [
            models.UniqueConstraint(
                fields=["label", "row_id", "user"],
                name="openrecord_once_a_person",
                violation_error_message=_("This person has this record open already."),
            ),
        ]
        indexes = [models.Index("seen_at", name="openrecord_last_seen")]

    def __str__(self):
        return f"{self.label} {self.row_id}: {self.user}"
