"""The view that is the public record, its search, and the database role of the public side."""

from django.db import migrations

from public.fence import ROLE
from public.models import PUBLIC_NOW

# As they were then: a table that comes later is granted by the migration that makes it.
READABLE = (
    "public_record",
    "public_text",
    "public_tombstone",
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

SEARCH = """
CREATE FUNCTION fold(text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
    AS $$ SELECT lower(public.unaccent('public.unaccent', $1)) $$;

CREATE TEXT SEARCH CONFIGURATION reviewhub_en (COPY = english);
ALTER TEXT SEARCH CONFIGURATION reviewhub_en
    ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword, hword_asciipart
    WITH unaccent, english_stem;
CREATE TEXT SEARCH CONFIGURATION reviewhub_fr (COPY = french);
ALTER TEXT SEARCH CONFIGURATION reviewhub_fr
    ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword, hword_asciipart
    WITH unaccent, french_stem;
CREATE TEXT SEARCH CONFIGURATION reviewhub_ru (COPY = russian);
ALTER TEXT SEARCH CONFIGURATION reviewhub_ru
    ALTER MAPPING FOR word, hword, hword_part WITH unaccent, russian_stem;
ALTER TEXT SEARCH CONFIGURATION reviewhub_ru
    ALTER MAPPING FOR asciiword, asciihword, hword_asciipart WITH unaccent, english_stem;
"""

SEARCH_BACK = """
DROP TEXT SEARCH CONFIGURATION reviewhub_en;
DROP TEXT SEARCH CONFIGURATION reviewhub_fr;
DROP TEXT SEARCH CONFIGURATION reviewhub_ru;
DROP FUNCTION fold(text);
"""

# Documents lie out of line, so that lists and facets read short rows; vectors stay in line, so that
# ranking reads no other page.
STORAGE = """
ALTER TABLE public_edition SET (toast_tuple_target = 256);
ALTER TABLE public_editiontext ALTER COLUMN vector SET STORAGE MAIN;
ALTER TABLE public_editiontext ALTER COLUMN title_vector SET STORAGE MAIN;
"""

STORAGE_BACK = """
ALTER TABLE public_edition RESET (toast_tuple_target);
"""

# Owner's rights, and no security barrier: the planner may use every index (ADR 0002 has the figures).
VIEWS = f"""
CREATE VIEW public_record AS SELECT * FROM public_edition WHERE {PUBLIC_NOW};
CREATE VIEW public_text AS
    SELECT t.*, e.visible FROM public_editiontext t JOIN public_edition e ON e.id = t.edition_id
    WHERE {PUBLIC_NOW};
"""

VIEWS_BACK = "DROP VIEW public_text; DROP VIEW public_record;"

# The role belongs to the server, the rights to this database. Two migrations may run at once on one
# server (test databases), and the migrating user may lack the right to make roles: then the role must
# be there already, and the message says how.
MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        BEGIN
            CREATE ROLE {ROLE} NOLOGIN NOINHERIT;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
        END;
    END IF;
    -- From 16 on, whoever makes a role is a member of it that may not yet act as it.
    IF NOT pg_has_role(current_user, '{ROLE}', CASE
        WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER'
    END) THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
EXCEPTION WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'The database user "%" may not make the role {ROLE} or grant it.', current_user
    USING HINT = format(
        'Let the administrator of the server run once, then migrate again:'
        ' CREATE ROLE {ROLE} NOLOGIN NOINHERIT (unless it is there); GRANT {ROLE} TO %I;',
        current_user);
END
$$;
"""

FENCE = f"""
GRANT USAGE ON SCHEMA public TO {ROLE};
GRANT SELECT ON {", ".join(READABLE)} TO {ROLE};
ALTER TABLE public_edition ENABLE ROW LEVEL SECURITY;
CREATE POLICY what_is_public ON public_edition FOR SELECT TO {ROLE} USING ({PUBLIC_NOW});
ALTER TABLE public_editiontext ENABLE ROW LEVEL SECURITY;
CREATE POLICY what_is_public ON public_editiontext FOR SELECT TO {ROLE} USING (
    EXISTS (SELECT FROM public_edition e WHERE e.id = edition_id AND {PUBLIC_NOW})
);
"""

FENCE_BACK = f"""
DROP POLICY what_is_public ON public_editiontext;
ALTER TABLE public_editiontext DISABLE ROW LEVEL SECURITY;
DROP POLICY what_is_public ON public_edition;
ALTER TABLE public_edition DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON {", ".join(READABLE)} FROM {ROLE};
REVOKE USAGE ON SCHEMA public FROM {ROLE};
"""


class Migration(migrations.Migration):
    dependencies = [("public", "0002_initial")]
    operations = [
        migrations.RunSQL(SEARCH, SEARCH_BACK),
        migrations.RunSQL(STORAGE, STORAGE_BACK),
        migrations.RunSQL(VIEWS, VIEWS_BACK),
        migrations.RunSQL(MAKE_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(FENCE, FENCE_BACK),
    ]
