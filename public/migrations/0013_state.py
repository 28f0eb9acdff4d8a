"""The state of the public record: a number that moves with each change that the public can see.

What was worked out in one state is true for as long as it lasts (docs/adr/0013). The triggers wait
for the end of their transaction, so that two who publish at once wait for one another as shortly
as can be. A period that begins or ends in the future changes nothing yet, and moves nothing: whoever
asks is told the last moment at which one did (`public_state`).
"""

from django.db import migrations

REFERENCE = (
    "objectives_region",
    "objectives_cluster",
    "objectives_objective",
    "objectives_guidingprinciple",
    "objectives_sdg",
    "objectives_stakeholdertype",
    "objectives_implementertype",
    "objectives_memberstate",
    "objectives_memberstate_regions",
    "objectives_memberstatename",
    "objectives_country",
    "objectives_sourcedocument",
    "objectives_reviewcycle",
    "objectives_reviewcycle_sources",
)
TABLES = ("public_edition", "public_editiontext", "public_tombstone", "public_merged", *REFERENCE)

# A number of microseconds, so that a restored backup never comes to a number that was there before.
STATE = """
CREATE TABLE public_state (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    version bigint NOT NULL
);
INSERT INTO public_state (version)
VALUES ((extract(epoch FROM clock_timestamp()) * 1000000)::bigint);

CREATE INDEX edition_begins ON public_edition (lower(visible));
CREATE INDEX edition_ends ON public_edition (upper(visible)) WHERE NOT upper_inf(visible);

CREATE FUNCTION public_state(moment timestamptz, OUT version bigint, OUT since bigint)
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    SELECT s.version INTO version FROM public.public_state s;
    SELECT coalesce(extract(epoch FROM greatest(
        (SELECT max(lower(e.visible)) FROM public.public_edition e
            WHERE lower(e.visible) <= moment),
        (SELECT max(upper(e.visible)) FROM public.public_edition e
            WHERE NOT upper_inf(e.visible) AND upper(e.visible) <= moment)
    )) * 1000000, 0)::bigint INTO since;
END $$;

-- Of an edition, what nobody has seen yet moves nothing; a minute is for the way to the end of COMMIT.
CREATE FUNCTION public_state_moves() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    soon timestamptz := clock_timestamp() + interval '1 minute';
BEGIN
    IF current_setting('reviewhub.moved', true) = pg_current_xact_id()::text THEN
        RETURN NULL;  -- once for all that one transaction changes
    END IF;
    IF TG_TABLE_NAME = 'public_edition' AND TG_OP IN ('INSERT', 'UPDATE') THEN
        IF coalesce(lower(NEW.visible), 'infinity') > soon
            AND (TG_OP = 'INSERT' OR coalesce(lower(OLD.visible), 'infinity') > soon) THEN
            RETURN NULL;
        END IF;
        IF TG_OP = 'UPDATE'
            AND to_jsonb(NEW) - 'visible' = to_jsonb(OLD) - 'visible'
            AND lower(NEW.visible) = lower(OLD.visible)
            AND coalesce(upper(NEW.visible), 'infinity') > soon
            AND coalesce(upper(OLD.visible), 'infinity') > soon THEN
            RETURN NULL;  -- its end was moved, and has not come
        END IF;
    END IF;
    UPDATE public_state SET version =
        greatest(version + 1, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint);
    PERFORM set_config('reviewhub.moved', pg_current_xact_id()::text, true);
    RETURN NULL;
END $$;
-- The site asks before it takes on the public's role, which may not: accounts/site_role.py.
REVOKE EXECUTE ON FUNCTION public_state(timestamptz) FROM PUBLIC;
"""

STATE += "".join(
    f"""
CREATE CONSTRAINT TRIGGER state_moves AFTER INSERT OR UPDATE OR DELETE ON {table}
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public_state_moves();
"""
    for table in TABLES
    if table != "public_editiontext"
)
# a text is written with its edition, or rebuilt
STATE += """
CREATE CONSTRAINT TRIGGER state_moves AFTER UPDATE OR DELETE ON public_editiontext
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public_state_moves();
"""
STATE += "".join(
    f"""
CREATE TRIGGER state_moves_emptied AFTER TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION public_state_moves();
"""
    for table in TABLES
)

STATE_BACK = "".join(
    f"""
DROP TRIGGER IF EXISTS state_moves ON {table};
DROP TRIGGER IF EXISTS state_moves_emptied ON {table};
"""
    for table in TABLES
)
STATE_BACK += """
DROP FUNCTION public_state_moves();
DROP FUNCTION public_state(timestamptz);
DROP INDEX edition_begins;
DROP INDEX edition_ends;
DROP TABLE public_state;
"""


class Migration(migrations.Migration):
    dependencies = [("public", "0012_short_rows"), ("objectives", "__first__")]
    operations = [migrations.RunSQL(STATE, STATE_BACK)]
