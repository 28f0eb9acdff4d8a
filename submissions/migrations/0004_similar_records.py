"""Indexes by which similar records are found: by the letters of the title, and by words."""

from django.db import migrations

# table: what stands for its title, and for its text
TABLES = {
    "submissions_stakeholder": ("title", "description"),
    "submissions_practice": ("title", "summary"),
    "submissions_pledge": ("title", "text"),
    "submissions_voluntaryreport": ("title", "''"),
    "submissions_excerpt": ("text", "''"),
}

# whose titles no other index (of the search) folds just so
TITLES = ["submissions_stakeholder", "submissions_excerpt"]


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_merged_records"), ("office", "0002_words")]
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
