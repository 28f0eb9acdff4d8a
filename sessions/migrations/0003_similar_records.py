"""Indexes by which similar records are found: by the letters of the title, and by words."""

from django.db import migrations

# table: what stands for its title, and for its text
TABLES = {
    "roundtables_roundtable": ("title_en", "''"),
    "roundtables_recommendation": ("text", "''"),
}

# whose titles no other index (of the search) folds just so
TITLES = ["roundtables_roundtable", "roundtables_recommendation"]


class Migration(migrations.Migration):
    dependencies = [("roundtables", "0002_merged_records"), ("office", "0002_words")]
    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {table}_title_trgm"
            f" ON {table} USING gin (fold({TABLES[table][0]}) gin_trgm_ops)",
            f"DROP INDEX {table}_title_trgm",
        )
        for table in TITLES
    ] + [
        operation
        for table, (title, body) in TABLES.items()
        for operation in (
            migrations.RunSQL(
                f"CREATE INDEX {table}_words"
                f" ON {table} USING gin (record_words(language, {title}, {body}))",
                f"DROP INDEX {table}_words",
            ),
        )
    ]
