"""Words of new rows wait on a short list before they are put into the indexes of words."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import public.models

INDEXES = [
    "excerpt_words",
    "pledge_names",
    "pledge_words",
    "practice_names",
    "practice_words",
    "progressupdate_words",
    "reportsection_words",
    "stakeholder_names",
    "stakeholder_words",
    "voluntaryreport_names",
    "voluntaryreport_words",
]
ON = "fastupdate = on, gin_pending_list_limit = 256"
OFF = "fastupdate = off, gin_pending_list_limit = 4096"


def each(options: str) -> list[str]:
    return [f"ALTER INDEX {name} SET ({options})" for name in INDEXES]


class Migration(migrations.Migration):
    dependencies = [
        ("objectives", "0001_initial"),
        ("submissions", "0007_page_counts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # as they are: to make them anew would take an hour where there are a million records
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(each(ON), each(OFF))],
            state_operations=[
                migrations.RemoveIndex(
                    model_name="excerpt",
                    name="excerpt_words",
                ),
                migrations.RemoveIndex(
                    model_name="pledge",
                    name="pledge_names",
                ),
                migrations.RemoveIndex(
                    model_name="pledge",
                    name="pledge_words",
                ),
                migrations.RemoveIndex(
                    model_name="practice",
                    name="practice_names",
                ),
                migrations.RemoveIndex(
                    model_name="practice",
                    name="practice_words",
                ),
                migrations.RemoveIndex(
                    model_name="progressupdate",
                    name="progressupdate_words",
                ),
                migrations.RemoveIndex(
                    model_name="reportsection",
                    name="reportsection_words",
                ),
                migrations.RemoveIndex(
                    model_name="stakeholder",
                    name="stakeholder_names",
                ),
                migrations.RemoveIndex(
                    model_name="stakeholder",
                    name="stakeholder_words",
                ),
                migrations.RemoveIndex(
                    model_name="voluntaryreport",
                    name="voluntaryreport_names",
                ),
                migrations.RemoveIndex(
                    model_name="voluntaryreport",
                    name="voluntaryreport_words",
                ),
                migrations.AddIndex(
                    model_name="excerpt",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("text"), config="simple"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="excerpt_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="pledge",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            public.models.Fold("title"), name="gin_trgm_ops"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="pledge_names",
                    ),
                ),
                migrations.AddIndex(
                    model_name="pledge",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("text"),
                            public.models.Fold("pledged_by"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="pledge_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="practice",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            public.models.Fold("title"), name="gin_trgm_ops"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="practice_names",
                    ),
                ),
                migrations.AddIndex(
                    model_name="practice",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("summary"),
                            public.models.Fold("lead_implementer"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="practice_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="progressupdate",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("text"), config="simple"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="progressupdate_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="reportsection",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("title"),
                            public.models.Fold("text"),
                            config="simple",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="reportsection_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stakeholder",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            public.models.Fold(
                                django.db.models.functions.text.Concat(
                                    "title",
                                    models.Value(" "),
                                    "acronym",
                                    output_field=models.TextField(),
                                )
                            ),
                            name="gin_trgm_ops",
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="stakeholder_names",
                    ),
                ),
                migrations.AddIndex(
                    model_name="stakeholder",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("description"), config="simple"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="stakeholder_words",
                    ),
                ),
                migrations.AddIndex(
                    model_name="voluntaryreport",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass(
                            public.models.Fold("title"), name="gin_trgm_ops"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="voluntaryreport_names",
                    ),
                ),
                migrations.AddIndex(
                    model_name="voluntaryreport",
                    index=django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector(
                            public.models.Fold("party_name"), config="simple"
                        ),
                        fastupdate=True,
                        gin_pending_list_limit=256,
                        name="voluntaryreport_words",
                    ),
                ),
            ],
        )
    ]
