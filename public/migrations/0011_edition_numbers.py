"""The number of an embargo that was called off is given again, so that no gap tells of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("public", "0010_file_findings")]

    operations = [
        migrations.RemoveConstraint(model_name="edition", name="edition_once"),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("visible__isempty", False)),
                fields=("kind", "code", "edition"),
                name="edition_once",
                violation_error_message="This record already has an edition of this number.",
            ),
        ),
    ]
