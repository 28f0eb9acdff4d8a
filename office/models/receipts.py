"""What the API has taken in, so that a draft sent twice is added once."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Token


class ApiReceipt(models.Model):
    """A draft that a token has added, under the key that its sender gave it."""

    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    body = models.CharField(max_length=64)  # its check sum
    code = models.CharField(max_length=60)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("receipt of the API")
        verbose_name_plural = _("receipts of the API")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["token", "key"],
                name="apireceipt_once",
                violation_error_message=_("This key was used already."),
            ),
        ]

    def __str__(self):
        return f"{self.key}: {self.code}"
