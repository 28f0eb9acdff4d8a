"""What staff should check about reference data."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.records import Record, logged


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
