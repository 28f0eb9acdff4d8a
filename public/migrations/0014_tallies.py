"""Bits and numbers that lists are counted from: docs/adr/0015-tallies.md.

Editions say by a trigger that they have changed. Tallies are read through two functions, with the
owner's rights, which leave out what has changed since: the public's role may read neither table.
"""

import django.db.models.deletion
from django.db import migrations, models

import public.tallies
from public.fence import ROLE
from public.models import PUBLIC_NOW
from public.tallies import BLOCK, NUMBERED, SETTLED

# What editions are counted under, as it was then: a column that comes later is added by the
# migration that makes it.
COLUMNS = (
    "objectives",
    "primary_objectives",
    "principles",
    "sdgs",
    "member_states",
    "implementer_types",
    "stakeholder_types",
    "parties",
    "sources",
    "cycle",
    "level",
    "type",
    "form",
    "stage",
    "year",
    "covid19",
    "language",
)


def _row(name: str) -> str:
    return ", ".join(f"{name}.{column}" for column in ("kind", *COLUMNS))


TALLIES = f"""
-- read whole, so never compressed, and never out of line
ALTER TABLE public_tally ALTER COLUMN bits SET STORAGE PLAIN;

INSERT INTO public_untallied (edition_id, begins)
SELECT id, coalesce(lower(visible), '-infinity') FROM public_edition;

CREATE VIEW public_untallied_record AS
    SELECT DISTINCT u.edition_id FROM public_untallied u JOIN public_edition e ON e.id = u.edition_id
    WHERE u.begins <= statement_timestamp() AND {PUBLIC_NOW};
GRANT SELECT ON public_untallied_record TO {ROLE};

CREATE FUNCTION public_edition_added() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public_untallied (edition_id, begins)
    SELECT id, coalesce(lower(visible), '-infinity') FROM added;
    RETURN NULL;
END $$;
CREATE TRIGGER untallied_added AFTER INSERT ON public_edition
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION public_edition_added();

-- Tallies tell of an edition where it was, not what: whoever changes what it is counted under, while
-- filter columns are rebuilt, drops the tallies of its kind.
CREATE FUNCTION public_edition_changed() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    moved text[];
BEGIN
    IF NOT EXISTS (SELECT FROM after_it) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public_untallied (edition_id, begins)
    SELECT n.id, '-infinity' FROM after_it n JOIN before_it o USING (id)
    WHERE n.visible <> o.visible OR n.retracted_at IS DISTINCT FROM o.retracted_at;

    SELECT array_agg(DISTINCT n.kind) || array_agg(DISTINCT o.kind) INTO moved
    FROM after_it n JOIN before_it o USING (id)
    WHERE ({_row("n")}) IS DISTINCT FROM ({_row("o")});
    IF moved IS NOT NULL THEN
        LOCK TABLE public_tally IN SHARE ROW EXCLUSIVE MODE;
        INSERT INTO public_untallied (edition_id, begins)
        SELECT e.id, '-infinity' FROM public_edition e
        WHERE e.kind IN (SELECT kind FROM public_tally WHERE kind = ANY(moved));
        DELETE FROM public_tally WHERE kind = ANY(moved);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER untallied_changed AFTER UPDATE ON public_edition
    REFERENCING OLD TABLE AS before_it NEW TABLE AS after_it
    FOR EACH STATEMENT EXECUTE FUNCTION public_edition_changed();

-- What is asked changes no plan, and planning would take longer than counting.
-- Of each pass and block: who is public, has not changed since, and passes the filters.
CREATE FUNCTION public_tally_masks(asked_kind text, asked jsonb)
    RETURNS TABLE (pass text, block int, bits bit varying)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    nothing bit varying := repeat('0', {BLOCK});
BEGIN
    RETURN QUERY WITH settled AS MATERIALIZED (
        SELECT t.block, (t.bits & ~coalesce(c.bits, nothing))::bit varying AS bits
        FROM public.public_tally t LEFT JOIN (
            SELECT (edition_id / {BLOCK})::int AS block,
                bit_or(set_bit(nothing, (edition_id % {BLOCK})::int, 1))::bit varying AS bits
            FROM public.public_untallied
            WHERE begins <= statement_timestamp() AND (edition_id / {BLOCK})::int IN (
                SELECT block FROM public.public_tally WHERE kind = asked_kind AND part = '{SETTLED}'
            ) GROUP BY 1
        ) AS c USING (block)
        WHERE t.kind = asked_kind AND t.part = '{SETTLED}'
    ), passes AS (
        SELECT one->>'name' AS pass, jsonb_array_length(one->'filters') AS filters,
            one->'filters' AS chosen
        FROM jsonb_array_elements(asked) AS one
    ), narrowed AS (  -- each filter by itself: any of its values
        SELECT passes.pass, any_of.block, any_of.bits
        FROM passes, jsonb_array_elements(chosen) AS filter, LATERAL (
            SELECT t.block, bit_or(t.bits) AS bits FROM public.public_tally t
            WHERE t.kind = asked_kind AND t.part = filter->>0
                AND t.value = ANY(ARRAY(SELECT jsonb_array_elements_text(filter->1)))
            GROUP BY t.block
        ) AS any_of
    )
    SELECT passes.pass, s.block, s.bits FROM passes, settled s WHERE filters = 0
    UNION ALL
    SELECT passes.pass, s.block, (s.bits & n.bits)::bit varying
    FROM passes JOIN (
        SELECT pass, block, bit_and(bits)::bit varying AS bits, count(*) AS filters
        FROM narrowed GROUP BY pass, block
    ) AS n USING (pass, filters) JOIN settled s USING (block);
END $$;
REVOKE EXECUTE ON FUNCTION public_tally_masks(text, jsonb) FROM PUBLIC;

-- How many records there are in each pass.
CREATE FUNCTION public_tallied_totals(asked_kind text, asked jsonb)
    RETURNS TABLE (pass text, part text, value text, n bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY SELECT m.pass, NULL::text, NULL::text, sum(bit_count(m.bits))::bigint
    FROM public.public_tally_masks(asked_kind, asked) AS m GROUP BY m.pass;
END $$;

-- The same, and how many have each value of the parts, or any value of a group.
CREATE FUNCTION public_tallied(asked_kind text, asked jsonb)
    RETURNS TABLE (pass text, part text, value text, n bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY WITH masks AS MATERIALIZED (
        SELECT * FROM public.public_tally_masks(asked_kind, asked)
    ), passes AS MATERIALIZED (
        SELECT one->>'name' AS pass, one->'parts' AS parts, one->'groups' AS groups
        FROM jsonb_array_elements(asked) AS one
    ), parts AS MATERIALIZED (
        SELECT passes.pass, one AS part FROM passes, jsonb_array_elements_text(parts) AS one
    )
    SELECT m.pass, NULL::text, NULL::text, sum(bit_count(m.bits))::bigint
    FROM masks m GROUP BY m.pass
    UNION ALL
    SELECT parts.pass, parts.part, has.value::text, has.n
    FROM parts, LATERAL (
        SELECT each.value, sum(each.n)::bigint AS n FROM (
            SELECT t.value, bit_count(t.bits & m.bits) AS n
            FROM masks m JOIN public.public_tally t
                ON t.kind = asked_kind AND t.part = parts.part AND t.block = m.block
            WHERE m.pass = parts.pass
            OFFSET 0  -- counts are put in order, not bits
        ) AS each GROUP BY each.value
    ) AS has
    WHERE parts.part <> '{NUMBERED}'
    UNION ALL
    -- who has several values of a group counts once
    SELECT g.pass, g.name, g.value, sum(bit_count(any_of.bits & m.bits))::bigint
    FROM (
        SELECT passes.pass, one->>0 AS name, one->>1 AS value, one->>2 AS part,
            ARRAY(SELECT jsonb_array_elements_text(one->3)) AS members
        FROM passes, jsonb_array_elements(groups) AS one
    ) AS g, LATERAL (
        SELECT t.block, bit_or(t.bits) AS bits FROM public.public_tally t
        WHERE t.kind = asked_kind AND t.part = g.part AND t.value = ANY(g.members)
        GROUP BY t.block
    ) AS any_of JOIN masks m USING (block)
    WHERE m.pass = g.pass
    GROUP BY g.pass, g.name, g.value
    UNION ALL
    -- of values that are many there are numbers, for a pass without filters
    SELECT parts.pass, t.part::text, t.value::text, t.count::bigint
    FROM parts JOIN public.public_tally t ON t.kind = asked_kind AND t.part = parts.part
    WHERE t.part = '{NUMBERED}'
    UNION ALL
    SELECT parts.pass, parts.part, v, -count(*)
    FROM parts, (
        SELECT DISTINCT edition_id AS id FROM public.public_untallied
        WHERE begins <= statement_timestamp()
    ) AS changed
    JOIN public.public_edition e USING (id)
    JOIN public.public_tally t ON t.kind = asked_kind AND t.part = '{SETTLED}'
        AND t.block = (e.id / {BLOCK})::int AND get_bit(t.bits, (e.id % {BLOCK})::int) = 1,
    unnest(e.{NUMBERED}) AS v
    WHERE parts.part = '{NUMBERED}' AND e.kind = asked_kind
    GROUP BY parts.pass, parts.part, v;
END $$;
REVOKE EXECUTE ON FUNCTION public_tallied(text, jsonb), public_tallied_totals(text, jsonb)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public_tallied(text, jsonb), public_tallied_totals(text, jsonb) TO {ROLE};
"""

TALLIES_BACK = """
DROP FUNCTION public_tallied(text, jsonb);
DROP FUNCTION public_tallied_totals(text, jsonb);
DROP FUNCTION public_tally_masks(text, jsonb);
DROP TRIGGER untallied_changed ON public_edition;
DROP FUNCTION public_edition_changed();
DROP TRIGGER untallied_added ON public_edition;
DROP FUNCTION public_edition_added();
DROP VIEW public_untallied_record;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("public", "0013_state"),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicUntallied",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="public.publicrecord",
                    ),
                ),
            ],
            options={"db_table": "public_untallied_record", "managed": False},
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "part",
                        "block",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("block", models.IntegerField()),
                ("part", models.CharField(max_length=20)),
                ("value", models.CharField(max_length=60)),
                ("bits", public.tallies.Bits(null=True)),
                ("count", models.IntegerField(default=0)),
            ],
            options={"default_permissions": []},
        ),
        migrations.CreateModel(
            name="Untallied",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("begins", models.DateTimeField()),
                (
                    "edition",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="public.edition",
                    ),
                ),
            ],
            options={
                "default_permissions": [],
                "indexes": [models.Index(fields=["begins"], name="untallied_begins")],
            },
        ),
        migrations.RunSQL(TALLIES, TALLIES_BACK),
    ]
