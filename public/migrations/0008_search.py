"""Search knows what a record names, and forgives spelling mistakes in Cyrillic titles too."""

import django.contrib.postgres.indexes
from django.db import migrations, models

# Letter for letter, so that a mistake in one script is one mistake in the other. Signs become what
# folding leaves alone; what matters is only that each has a Latin letter of its own if possible.
LATIN_LETTERS = """
CREATE FUNCTION latin_letters(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT translate($1,
        'абвгдежзийклмнопрстуфхцчшщъыьэюя', 'abvgdewziyklmnoprstufhcqxxjijeua') $$;
"""

# The same as public.marks.marks_of()
MARKS = """
UPDATE public_editiontext t
SET vector = t.vector || array_to_tsvector(
    ARRAY['code=' || lower(e.code)]
    || ARRAY(SELECT 'state=' || s FROM unnest(e.member_states) s)
    || ARRAY(SELECT 'state=' || p FROM unnest(e.parties) p WHERE p ~ '^[A-Z]{3}$')
    || ARRAY(SELECT 'objective=' || o FROM unnest(e.objectives) o)
    || ARRAY(SELECT 'sdg=' || g FROM unnest(e.sdgs) g)
    || CASE WHEN e.cycle = '' THEN '{}' ELSE ARRAY['cycle=' || e.cycle] END
)
FROM public_edition e WHERE e.id = t.edition_id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("public", "0007_file_index"),
    ]

    operations = [
        migrations.RunSQL(LATIN_LETTERS, "DROP FUNCTION latin_letters(text)"),
        migrations.RemoveIndex(model_name="editiontext", name="editiontext_title_trigrams"),
        migrations.AddIndex(
            model_name="editiontext",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass(
                    models.Func(models.F("folded_title"), function="latin_letters"),
                    name="gin_trgm_ops",
                ),
                name="editiontext_title_trigrams",
            ),
        ),
        # marks of more than before do no harm when this is undone
        migrations.RunSQL(MARKS, migrations.RunSQL.noop),
    ]
