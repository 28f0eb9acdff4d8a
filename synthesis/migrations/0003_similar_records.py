"""Indexes by which similar records are found: by the letters of the title, and by words."""

from django.db import migrations

# table: what stands for its title, and for its text
TABLES = {
    "synthesis_figure": ("title", "counting_rule"),
}


class Migration(migrations.Migration):
    dependencies = [("synthesis", "0002_merged_records"), ("office", "0002_words")]
    operations = [
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
