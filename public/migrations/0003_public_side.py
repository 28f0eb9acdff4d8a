"""The view that is the public record, its search, and the database role of the public side."""

from django.db import migrations

from public.fence import READABLE, ROLE
from public.models import PUBLIC_NOW

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
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN
                RAISE EXCEPTION 'The database user % may not create roles.', current_user
                USING HINT = format(
                    'Let the administrator of the server run:'
                    ' CREATE ROLE {ROLE} NOLOGIN NOINHERIT; GRANT {ROLE} TO %I;'
                    ' then migrate again.', current_user);
        END;
    END IF;
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
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
