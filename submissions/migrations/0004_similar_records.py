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


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_merged_records"), ("office", "0002_words")]
    operations = [
        operation
        for table, (title, body) in TABLES.items()
        for operation in (
            migrations.RunSQL(
                f"CREATE INDEX IF NOT EXISTS {table}_title_trgm"
                f" ON {table} USING gin (fold({title}) gin_trgm_ops)",
                f"DROP INDEX IF EXISTS {table}_title_trgm",
            ),
            migrations.RunSQL(
                f"CREATE INDEX {table}_words"
                f" ON {table} USING gin (record_words(language, {title}, {body}))",
                f"DROP INDEX {table}_words",
            ),
        )
    ]
