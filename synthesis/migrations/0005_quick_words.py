"""Words of new rows wait on a short list before they are put into the indexes of words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.conf import settings
from django.db import migrations

import public.models

INDEXES = ["figure_names", "figure_words"]
ON = "fastupdate = on, gin_pending_list_limit = 256"
OFF = "fastupdate = off, gin_pending_list_limit = 4096"


def each(options: str) -> list[str]:
    return [f"ALTER INDEX {name} SET ({options})" for name in INDEXES]


class Migration(migrations.Migration):
    dependencies = [
        ("objectives", "0001_initial"),
        ("synthesis", "0004_search_and_queues"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # as they are: to make them anew would take an hour where there are a million records
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(each(ON), each(OFF))],
            state_operations=[
                migrations.RemoveIndex(
                    model_name="figure",
                    name="figure_names",
                ),
                migrations.RemoveIndex(
                    model_name="figure",
                    name="figure_words",
                ),
                migrations.AddIndex(
                    model_name="figure",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            public.models.Fold("title"), name="gin_trgm_ops"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="figure_names",
                    ),
                ),
                migrations.AddIndex(
                    model_name="figure",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("value"),
                            public.models.Fold("counting_rule"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="figure_words",
                    ),
                ),
            ],
        )
    ]
