"""The log is its owner's, and its rows make a chain (docs/adr/0011-the-log-has-an-owner.md)."""

from django.db import migrations, models

from accounts.chain import MAKE_FUNCTIONS, MAKE_FUNCTIONS_BACK
from accounts.site_role import MAKE_ROLE

# The names of account holders stood in the log before it became a chain; now it only says that they
# changed, so that an account can be erased. The trigger that would refuse comes back with `migrate`.
FORGET_NAMES = """
DO $$
DECLARE
    refuses name;
BEGIN
    SELECT tgname INTO refuses FROM pg_trigger
    WHERE tgrelid = 'accounts_change'::regclass AND starts_with(tgname, 'pgtrigger_never_changed');
    IF refuses IS NOT NULL THEN
        EXECUTE format('DROP TRIGGER %I ON accounts_change', refuses);
    END IF;
    UPDATE accounts_change SET
        was = CASE WHEN was ? 'name' THEN was || '{"name": "(not logged)"}' ELSE was END,
        now = CASE WHEN now ? 'name' THEN now || '{"name": "(not logged)"}' ELSE now END
    WHERE table_name = 'accounts_user' AND (was ? 'name' OR now ? 'name');
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_token_rights")]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                (
                    "position",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="place"
                    ),
                ),
                ("change_id", models.BigIntegerField(unique=True)),
                ("hash", models.CharField(max_length=64, verbose_name="SHA-256")),
            ],
            options={
                "verbose_name": "seal of the log",
                "verbose_name_plural": "seals of the log",
                "ordering": ["position"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Sealing",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False, default=1)),
                ("settled_at", models.DateTimeField(null=True)),
                ("marked_at", models.DateTimeField(null=True)),
                ("marked_before", models.BigIntegerField(null=True)),
            ],
            options={
                "verbose_name": "state of the sealing",
                "verbose_name_plural": "state of the sealing",
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                "request", name="change_of_request", condition=~models.Q(request="")
            ),
        ),
        migrations.AddIndex(
            model_name="change", index=models.Index(fields=["by", "-id"], name="change_by_person")
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(
                fields=["code", "-id"], name="change_of_code", condition=~models.Q(code="")
            ),
        ),
        migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(FORGET_NAMES, migrations.RunSQL.noop),
        migrations.RunSQL(MAKE_FUNCTIONS, MAKE_FUNCTIONS_BACK),
        migrations.RunSQL("SELECT seal_log()", migrations.RunSQL.noop),
    ]
