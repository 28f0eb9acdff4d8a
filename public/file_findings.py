"""What was found in a file when it came in, by the sum of its bytes."""

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from objectives.rules import well_formed
from public.file_words import Told, told


class FileFindings(models.Model):
    """What a file carries along that nobody sees at first: comments, hidden text, names.

    Written when the bytes come in, and the same for ever: the same bytes hold the same. For staff
    only, and no fault: it is shown before the file becomes public. Bytes without a row have not
    been looked into; `manage.py inspect_files` does that.
    """

    sha256 = models.CharField("SHA-256", max_length=64, primary_key=True)
    found = models.JSONField(_("what was found"), default=list)  # [kind, how often, samples]
    inspected_at = models.DateTimeField(_("looked into"), auto_now=True)

    class Meta:
        verbose_name = _("findings in a file")
        verbose_name_plural = _("findings in files")
        default_permissions = []
        constraints = [
            well_formed(
                "sha256",
                "^[0-9a-f]{64}$",
                "file_findings_sha256_well_formed",
                _("The check sum of a file has 64 hexadecimal digits."),
            ),
        ]

    def __str__(self):
        return self.sha256


def with_findings(files: models.QuerySet) -> models.QuerySet:
    """Rows with a `sha256`, each with `found`: what was found in its bytes, None if unknown."""
    known = FileFindings.objects.filter(pk=models.OuterRef("sha256"))
    return files.annotate(found=models.Subquery(known.values("found")))


def findings_of(check_sums: Iterable[str]) -> dict[str, list[Told]]:
    """What was found in each of these files, in words; files not looked into are left out."""
    rows = FileFindings.objects.filter(pk__in=set(check_sums)).values_list("pk", "found")
    return {sha256: told(found) for sha256, found in rows}
