"""Lists and facets read short rows; suggestions and corrections read indexes in their order.

Rows of more than 2 kB were cut down to 256 bytes: after its document, its title and its lists of
codes were put out of line too. To count 100,000 practices fetched a million values from elsewhere,
which took ten times as long. Now only the document leaves its row; CLUSTER writes the rows that
are there anew.
"""

import django.contrib.postgres.indexes
from django.db import migrations, models

READ_BY_LISTS = (
    "kind",
    "code",
    "visible",
    "title",
    "language",
    "objectives",
    "primary_objectives",
    "principles",
    "sdgs",
    "member_states",
    "implementer_types",
    "stakeholder_types",
    "parties",
    "sources",
    "cycle",
    "level",
    "type",
    "form",
    "stage",
)


def stored(how: str) -> str:
    changes = ", ".join(f"ALTER COLUMN {column} SET STORAGE {how}" for column in READ_BY_LISTS)
    return f"ALTER TABLE public_edition {changes}"


class Migration(migrations.Migration):
    dependencies = [
        ("public", "0011_edition_numbers"),
    ]

    operations = [
        migrations.RunSQL(stored("MAIN"), stored("EXTENDED")),
        migrations.RunSQL("CLUSTER public_edition USING edition_newest", migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="edition",
            index=models.Index(
                models.OrderBy(models.F("first_published_at"), descending=True),
                models.F("code"),
                include=("id", "kind", "visible", "retracted_at"),
                name="edition_newest_of_all",
            ),
        ),
        migrations.AddIndex(
            model_name="editiontext",
            index=django.contrib.postgres.indexes.GistIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.Func(models.F("folded_title"), function="latin_letters"),
                    name="gist_trgm_ops(siglen=256)",
                ),
                name="editiontext_title_nearest",
            ),
        ),
    ]
