"""What the public may read: editions of records, each visible for a period.

`publication.publish()` writes an `Edition`, and nothing else does. Everyone reads `PublicRecord`:
the editions whose period has begun and that are not retracted, a view in the database and the one
rule for what is public (docs/adr/0002-what-is-public.md). The public's database role can read that
view and the reference tables, and nothing of the office.
"""

from datetime import datetime

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, models
from django.db.models import F, Func, Q
from django.db.models.fields.json import KeyTransform
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from psycopg2.extras import DateTimeTZRange

from objectives.models import LANGUAGES
from objectives.records import NEVER_EMPTIED, Record, logged
from objectives.rules import Rule
from public.documents import KINDS
from public.file_findings import FileFindings  # noqa: F401  # Django looks for models here
from public.tallies import Tally  # noqa: F401  # and here

# An edition that the public may read: begun, and not retracted. The view and the row-level
# security policy are both made of this text (migration 0003), so the rule stands here only.
PUBLIC_NOW = "lower(visible) <= statement_timestamp() AND retracted_at IS NULL"


class DatabaseNow(models.Func):
    """The time of the database, the only clock that decides what is public."""

    template = "statement_timestamp()"
    output_field = models.DateTimeField()


def database_now() -> datetime:
    """The time of the database, the only clock that decides what is public."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return cursor.fetchone()[0]


class Fold(models.Func):
    """A text without accents and case, for comparing titles and putting them in order."""

    function = "fold"
    output_field = models.TextField()


def codes(label, length: int = 40) -> ArrayField:
    """A list of permanent codes that lists filter by."""
    return ArrayField(
        models.CharField(max_length=length), verbose_name=label, default=list, blank=True
    )


def numbers(label) -> ArrayField:
    """A list of objective or goal numbers that lists filter by."""
    return ArrayField(models.IntegerField(), verbose_name=label, default=list, blank=True)


class EditionColumns(models.Model):
    """One edition of a public record: its document, its period, and what lists filter by."""

    kind = models.CharField(_("kind"), max_length=20, choices=[(kind, kind) for kind in KINDS])
    code = models.CharField(_("code"), max_length=60)
    edition = models.PositiveIntegerField(_("edition"))
    document = models.JSONField(_("document"))
    visible = DateTimeRangeField(
        _("visible"), help_text=_("From its publication until the next edition.")
    )
    retracted_at = models.DateTimeField(
        _("retracted"), null=True, blank=True, help_text=_("Empty while the edition may be cited.")
    )
    first_published_at = models.DateTimeField(_("first published"))

    title = models.TextField(_("title"))
    language = models.CharField(_("language"), max_length=2, choices=LANGUAGES)
    objectives = numbers(_("objectives"))
    primary_objectives = numbers(_("primary objectives"))
    principles = codes(_("guiding principles"))
    sdgs = numbers("SDG")
    member_states = codes(_("Member States"), 3)
    implementer_types = codes(_("implementer types"))
    stakeholder_types = codes(_("stakeholder types"))
    parties = codes(_("parties"))
    sources = codes(_("sources"))
    cycle = models.CharField(_("review cycle"), max_length=20, blank=True)
    level = models.CharField(_("level"), max_length=20, blank=True)
    type = models.CharField(_("type"), max_length=40, blank=True)
    form = models.CharField(_("form"), max_length=40, blank=True)
    stage = models.CharField(_("stage"), max_length=20, blank=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    covid19 = models.BooleanField("COVID-19", default=False)

    class Meta:
        abstract = True

    def __str__(self):
        return f"{self.code} ({self.edition})"

    @property
    def content(self):
        """The typed document of this edition."""
        return KINDS[self.kind].from_json(self.document)


class Edition(EditionColumns):
    """An edition as published. Never changed: the next one or a withdrawal ends its period."""

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ["kind", "code", "-edition"]
        constraints = [
            # An embargo that was called off never happened: the next edition has its number, or
            # a gap between numbers would tell of it.
            models.UniqueConstraint(
                fields=["kind", "code", "edition"],
                condition=Q(visible__isempty=False),
                name="edition_once",
                violation_error_message=_("This record already has an edition of this number."),
            ),
            ExclusionConstraint(
                name="edition_one_visible_at_a_time",
                expressions=[
                    (F("kind"), RangeOperators.EQUAL),
                    (F("code"), RangeOperators.EQUAL),
                    (F("visible"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Two editions of one record cannot be public at one moment."
                ),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(KINDS)),
                name="edition_kind_known",
                violation_error_message=_("There is no such kind of public record."),
            ),
        ]
        indexes = [
            # The newest first, page by page, of one kind. What decides whether an edition is
            # public lies in the index too: to count, or leaf to a late page, reads nothing else.
            models.Index(
                "kind",
                F("first_published_at").desc(),
                "code",
                include=["id", "visible", "retracted_at"],
                name="edition_newest",
            ),
            # The newest of all kinds, for suggestions. By key, not by code: else lists of one kind
            # would be read from here too, past all that other kinds have brought since.
            models.Index(
                F("first_published_at").desc(),
                F("id").desc(),
                include=["kind", "visible", "retracted_at"],
                name="edition_newest_of_all",
            ),
            models.Index(
                "kind",
                Fold("title"),
                "code",
                include=["id", "visible", "retracted_at", "title", "first_published_at"],
                name="edition_by_title",
            ),
            models.Index("code", name="edition_by_code"),
            # any mix of facets; btree_gin lets the kind stand in the same index
            GinIndex(
                fields=["kind", "objectives", "member_states", "principles", "implementer_types"],
                name="edition_facets",
            ),
            GinIndex(fields=["kind", "primary_objectives"], name="edition_primary"),
            GinIndex(fields=["kind", "sdgs"], name="edition_sdgs"),
            GinIndex(fields=["kind", "parties"], name="edition_parties"),
            GinIndex(
                fields=["kind", "cycle", "level", "type", "stage"], name="edition_single_values"
            ),
            # most records have no file: who lists files passes them over
            models.Index(
                fields=["kind", "code"],
                condition=Q(document__files__0__isnull=False),
                name="edition_with_files",
            ),
            # who asks for a file asks which record names it
            GinIndex(
                OpClass(KeyTransform("files", "document"), name="jsonb_path_ops"),
                name="edition_files",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete),
            NEVER_EMPTIED,
            Rule(
                name="edition_never_changed",
                operation=pgtrigger.Update,
                # rebuilding filter columns and upgrading document shapes say so first
                broken="""
                    ((NEW.kind, NEW.code, NEW.edition, NEW.first_published_at)
                        IS DISTINCT FROM (OLD.kind, OLD.code, OLD.edition, OLD.first_published_at))
                    OR NOT (NEW.visible <@ OLD.visible)
                    OR (lower(NEW.visible) IS DISTINCT FROM lower(OLD.visible)
                        AND NOT isempty(NEW.visible))
                    OR (OLD.retracted_at IS NOT NULL
                        AND NEW.retracted_at IS DISTINCT FROM OLD.retracted_at)
                    OR (coalesce(current_setting('reviewhub.rebuild', true), '') <> 'on'
                        AND to_jsonb(NEW) - '{visible,retracted_at}'::text[]
                            <> to_jsonb(OLD) - '{visible,retracted_at}'::text[])
                """,
                message=gettext_noop(
                    "An edition is never changed: publish the next one, or withdraw the record."
                ),
            ),
        ]


class EditionText(models.Model):
    """What search reads of an edition: a narrow table, so that ranking reads few pages."""

    edition = models.OneToOneField(
        Edition, on_delete=models.CASCADE, primary_key=True, related_name="text"
    )
    kind = models.CharField(max_length=20)
    folded_title = models.TextField(_("title without accents and case"))
    title_vector = SearchVectorField()
    vector = SearchVectorField()

    class Meta:
        verbose_name = _("searched text")
        verbose_name_plural = _("searched texts")
        indexes = [
            GinIndex(fields=["vector"], name="editiontext_vector", fastupdate=False),
            GinIndex(fields=["title_vector"], name="editiontext_title_vector", fastupdate=False),
            GinIndex(
                # pg_trgm reads letters of other scripts in some locales only
                OpClass(Func(F("folded_title"), function="latin_letters"), name="gin_trgm_ops"),
                name="editiontext_title_trigrams",
            ),
            # titles in the order of their likeness to a misspelled word, the nearest first
            GistIndex(
                OpClass(
                    Func(F("folded_title"), function="latin_letters"),
                    name="gist_trgm_ops(siglen=256)",
                ),
                name="editiontext_title_nearest",
            ),
        ]

    def __str__(self):
        return self.folded_title


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def standing(self, kind: str, moment: datetime) -> "TombstoneQuerySet":
        """Of records that were withdrawn by this moment and are not public at it, oldest first."""
        public = PublicRecord.objects.visible(moment).of_kind(kind)
        stones = self.filter(kind=kind, withdrawn_at__lte=moment)
        return stones.exclude(code__in=public.values("code")).order_by("withdrawn_at", "code")

    def of_gone(self, kind: str, code: str) -> "Tombstone | None":
        """The last withdrawal of a record that is gone, whatever moment is asked for.

        None for what is public now, or leads to what is: it only was not public at some moment.
        """
        named = {"kind": kind, "code": code}
        found = self.filter(**named).order_by("withdrawn_at").last()
        if (
            found
            and not PublicRecord.objects.visible().filter(**named).exists()
            and not Redirect.objects.filter(**named).exists()
        ):
            return found
        return None


class Tombstone(models.Model):
    """A record that was public once was withdrawn then: its code and the time, nothing else."""

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    withdrawn_at = models.DateTimeField(_("withdrawn"))

    objects = TombstoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("withdrawn record")
        verbose_name_plural = _("withdrawn records")
        ordering = ["-withdrawn_at", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code", "withdrawn_at"],
                name="tombstone_once",
                violation_error_message=_("This record is already withdrawn."),
            ),
        ]
        indexes = [models.Index("kind", "withdrawn_at", name="tombstone_newest")]
        triggers = [
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Update | pgtrigger.Delete),
            NEVER_EMPTIED,
        ]

    def __str__(self):
        return self.code


@logged
class Merged(Record):
    """A code that was public once leads to another record since the two were merged."""

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    target = models.CharField(_("leads to"), max_length=60)

    class Meta(Record.Meta):
        verbose_name = _("merged record")
        verbose_name_plural = _("merged records")
        ordering = ["kind", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "code"],
                name="merged_once",
                violation_error_message=_("This code leads to another record already."),
            ),
        ]
        triggers = [
            *Record.Meta.triggers,
            pgtrigger.Protect(name="kept_for_ever", operation=pgtrigger.Delete),
        ]

    def __str__(self):
        return f"{self.code} → {self.target}"


class RedirectQuerySet(models.QuerySet):
    def target_of(self, kind: str, code: str, at=None) -> str | None:
        """The code of the record that this one leads to, if that is visible at this moment."""
        targets = self.filter(kind=kind, code=code).values("target")
        found = PublicRecord.objects.visible(at).of_kind(kind).filter(code__in=targets)
        return found.values_list("code", flat=True).first()


class Redirect(models.Model):
    """What the public may know of merged records: those that lead to a record public now."""

    kind = models.CharField(_("kind"), max_length=20)
    code = models.CharField(_("code"), max_length=60)
    target = models.CharField(_("leads to"), max_length=60)

    objects = RedirectQuerySet.as_manager()

    class Meta:
        managed = False  # a view over Merged and PublicRecord
        db_table = "public_redirect"

    def __str__(self):
        return f"{self.code} → {self.target}"


class PublicRecordQuerySet(models.QuerySet):
    def visible(self, at=None):
        """Editions that the public may read at this moment; a past one shows what was public.

        None of them was first published later: said for the index that has the newest first, where
        all that is under embargo would have to be passed over.
        """
        moment = at or DatabaseNow()
        return self.filter(visible__contains=moment, first_published_at__lte=moment)

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def touching(self, objective_number: int):
        return self.filter(objectives__contains=[objective_number])

    def with_file(self, sha256: str, name: str):
        """Records that offer this file under this name."""
        return self.filter(document__files__contains=[{"sha256": sha256, "name": name}])

    def for_list(self):
        """Newest first, in a stable order; all that a line needs is in the row itself."""
        return self.order_by(F("first_published_at").desc(), "code")


# kind → the folder of its addresses, of those kinds that have pages: /practices/P-0001/
FOLDERS = {
    "practice": "practices",
    "pledge": "pledges",
    "report": "reports",
    "recommendation": "recommendations",
    "roundtable": "roundtables",
    "stakeholder": "stakeholders",
}


class PublicPeriodField(DateTimeRangeField):
    """A period whose end is told once it has come: before, it would tell of an embargo."""

    def from_db_value(self, value, expression, connection):
        if value and value.upper and value.upper > timezone.now():
            return DateTimeTZRange(value.lower, None)
        return value


class PublicRecord(EditionColumns):
    """An edition that has begun and is not retracted. Public data are read here, only here."""

    visible = PublicPeriodField(
        _("visible"), help_text=_("From its publication until the next edition.")
    )

    objects = PublicRecordQuerySet.as_manager()

    class Meta:
        managed = False  # a view over Edition: migration 0003
        db_table = "public_record"
        verbose_name = _("public record")
        verbose_name_plural = _("public record")
        ordering = ["kind", "code"]

    def get_absolute_url(self):
        return reverse(f"public:{self.kind}", args=[self.code])


class PublicText(models.Model):
    """What search reads of a public record. Belongs to the edition of the same key."""

    edition = models.OneToOneField(
        PublicRecord, on_delete=models.DO_NOTHING, primary_key=True, related_name="text"
    )
    kind = models.CharField(max_length=20)
    folded_title = models.TextField()
    title_vector = SearchVectorField()
    vector = SearchVectorField()
    visible = DateTimeRangeField()

    class Meta:
        managed = False  # a view over EditionText: migration 0003
        db_table = "public_text"

    def __str__(self):
        return self.folded_title
