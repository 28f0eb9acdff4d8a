"""The words of records: how similar ones are found, and what they tell about objectives."""

import django.contrib.postgres.fields
from django.db import migrations, models

# The words of a record in its own language; indexes on it stand in the rooms of the records.
RECORD_WORDS = """
CREATE FUNCTION record_words(language text, title text, body text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE language
        WHEN 'fr' THEN to_tsvector('public.reviewhub_fr', title || ' ' || body)
        WHEN 'ru' THEN to_tsvector('public.reviewhub_ru', title || ' ' || body)
        ELSE to_tsvector('public.reviewhub_en', title || ' ' || body)
    END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("public", "0003_public_side"), ("office", "0001_open_records")]

    operations = [
        migrations.RunSQL(RECORD_WORDS, "DROP FUNCTION record_words(text, text, text)"),
        migrations.CreateModel(
            name="TaggedWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="language")),
                (
                    "word",
                    models.TextField(
                        help_text="Its stem; empty stands for any word.", verbose_name="word"
                    ),
                ),
                (
                    "objective",
                    models.PositiveSmallIntegerField(
                        help_text="Its number; empty stands for any objective.",
                        null=True,
                        verbose_name="objective",
                    ),
                ),
                ("records", models.PositiveIntegerField(verbose_name="records")),
                (
                    "examples",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        size=None,
                        verbose_name="examples",
                    ),
                ),
            ],
            options={
                "verbose_name": "word of tagged records",
                "verbose_name_plural": "words of tagged records",
                "default_permissions": (),
                "indexes": [
                    models.Index(models.F("language"), models.F("word"), name="taggedword_by_word")
                ],
            },
        ),
    ]
