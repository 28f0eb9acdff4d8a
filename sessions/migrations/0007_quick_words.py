"""Words of new rows wait on a short list before they are put into the indexes of words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import public.models

INDEXES = [
    "guidingquestion_words",
    "recommendation_words",
    "role_words",
    "roundtable_names",
    "statement_words",
]
ON = "fastupdate = on, gin_pending_list_limit = 256"
OFF = "fastupdate = off, gin_pending_list_limit = 4096"


def each(options: str) -> list[str]:
    return [f"ALTER INDEX {name} SET ({options})" for name in INDEXES]


class Migration(migrations.Migration):
    dependencies = [
        ("objectives", "0001_initial"),
        ("roundtables", "0006_page_counts"),
        ("submissions", "0007_page_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # as they are: to make them anew would take an hour where there are a million records
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(each(ON), each(OFF))],
            state_operations=[
                migrations.RemoveIndex(
                    model_name="guidingquestion",
                    name="guidingquestion_words",
                ),
                migrations.RemoveIndex(
                    model_name="recommendation",
                    name="recommendation_words",
                ),
                migrations.RemoveIndex(
                    model_name="role",
                    name="role_words",
                ),
                migrations.RemoveIndex(
                    model_name="roundtable",
                    name="roundtable_names",
                ),
                migrations.RemoveIndex(
                    model_name="statement",
                    name="statement_words",
                ),
                migrations.AddIndex(
                    model_name="guidingquestion",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("text"), config="simple"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="guidingquestion_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="recommendation",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("text"),
                            public.models.Fold("follow_up"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="recommendation_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="role",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("person"),
                            public.models.Fold("organization"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="role_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="roundtable",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            public.models.Fold(
                                django.db.models.functions.text.Concat(
                                    "title_en",
                                    models.Value(" "),
                                    "title_fr",
                                    models.Value(" "),
                                    "title_ru",
                                    output_field=models.TextField(),
                                )
                            ),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="roundtable_names",
                    ),
                ),
                migrations.AddIndex(
                    model_name="statement",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("speaker"),
                            public.models.Fold("text"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="statement_words",
                    ),
                ),
            ],
        )
    ]
