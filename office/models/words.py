"""What the words of tagged records tell about objectives."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class TaggedWord(models.Model):
    """In how many tagged records a word stands: all of them, or those of one objective.

    Counted by `manage.py learn_objectives` from all records, and never by hand.
    """

    language = models.CharField(_("language"), max_length=2)
    word = models.TextField(_("word"), help_text=_("Its stem; empty stands for any word."))
    objective = models.PositiveSmallIntegerField(
        _("objective"), null=True, help_text=_("Its number; empty stands for any objective.")
    )
    records = models.PositiveIntegerField(_("records"))
    examples = ArrayField(models.CharField(max_length=60), verbose_name=_("examples"))

    class Meta:
        verbose_name = _("word of tagged records")
        verbose_name_plural = _("words of tagged records")
        default_permissions = ()
        indexes = [models.Index("language", "word", name="taggedword_by_word")]

    def __str__(self):
        return f"{self.word} {self.objective}: {self.records}"
