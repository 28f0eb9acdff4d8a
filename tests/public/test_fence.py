"""The fence: what the public's database role can read, and that public views are behind it."""

from datetime import timedelta

import pytest
from django.core.signals import request_finished
from django.db import (
    DatabaseError,
    IntegrityError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.utils import ProgrammingError
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.template.response import SimpleTemplateResponse
from django.test import override_settings
from django.urls import include, path, resolve

from objectives.models import Doubt, MemberState
from public import search_spelling
from public.fence import ROLE, PublicSideMiddleware, public_side
from public.models import (
    FOLDERS,
    Edition,
    EditionText,
    PublicRecord,
    Tombstone,
    database_now,
)
from public.search_results import titled
from submissions.models import Practice
from tests.factories import (
    PracticeFactory,
    cycle,
    member_state,
    person,
    published,
    published_again,
)

pytestmark = pytest.mark.django_db

# What the role may read. Everything else answers "permission denied".
READABLE = (
    "public_record",
    "public_text",
    "public_tombstone",
    "public_redirect",
    "public_untallied_record",
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


def asked(sql: str, params=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall() if cursor.description else None


def role_now() -> str:
    return asked("SELECT current_user")[0][0]


def relations() -> list[str]:
    """Every table, view and sequence of this database that is not PostgreSQL's own."""
    rows = asked(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_'"
        " AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') ORDER BY 1"
    )
    return [name for (name,) in rows]


def one_of_each_state():
    """A practice seen, one under embargo, one with a retracted edition, one withdrawn."""
    seen = PracticeFactory(published=True, title="Seen", summary="visible")
    published(
        PracticeFactory(title="Embargoed", summary="embargoed"),
        at=database_now() + timedelta(days=2),
    )
    twice = PracticeFactory(published=True, title="Retracted", summary="retracted")
    published_again(twice, title="Corrected", summary="corrected", retract_earlier=True)
    PracticeFactory(status="withdrawn", title="Withdrawn", summary="withdrawn")
    PracticeFactory(title="Draft", summary="draft")
    return seen, twice


# --- What the role may read -----------------------------------------------------------------


def test_role_can_neither_sign_in_nor_inherit_nor_go_around_row_security():
    rights = asked(
        "SELECT rolcanlogin, rolinherit, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
        " FROM pg_roles WHERE rolname = %s",
        [ROLE],
    )

    assert rights == [(False, False, False, False, False, False)]


def test_role_reads_what_is_named_and_every_other_table_answers_permission_denied():
    readable, refused = [], {}

    with public_side():
        for name in relations():
            try:
                with transaction.atomic():
                    asked(f'SELECT * FROM "{name}" LIMIT 0')
                readable.append(name)
            except ProgrammingError as error:
                refused[name] = str(error)

    assert readable == sorted(READABLE)
    assert len(refused) > 60
    assert [
        name for name, words in refused.items() if not words.startswith("permission denied for")
    ] == []


def test_role_has_no_right_but_to_read_these():
    granted = asked(
        "SELECT DISTINCT c.relname, a.privilege_type FROM pg_class c,"
        " aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee"
        " WHERE r.rolname = %s ORDER BY 1",
        [ROLE],
    )
    to_everybody = asked(
        "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,"
        " aclexplode(c.relacl) a WHERE a.grantee = 0 AND n.nspname = current_schema()"
    )
    by_column = asked(
        "SELECT attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE a.attacl IS NOT NULL AND c.relnamespace = current_schema()::regnamespace"
    )

    assert granted == [(name, "SELECT") for name in sorted(READABLE)]
    assert to_everybody == by_column == []


def test_reference_data_are_readable_and_the_doubts_of_staff_are_not():
    """A new reference table is a decision: it is readable, or it stands here."""
    tables = {name for name in relations() if name.startswith("objectives_")}
    tables = {name for name in tables if not name.endswith("_id_seq")}

    assert tables - set(READABLE) == {"objectives_doubt"}


def test_role_reads_editions_that_have_begun_and_are_not_retracted():
    seen, twice = one_of_each_state()

    with public_side():
        records = list(PublicRecord.objects.order_by("code").values_list("code", "title"))
        texts = asked("SELECT count(*) FROM public_text")
        secret = asked(
            "SELECT count(*) FROM public_text WHERE vector::text ~ 'embargo|retract|withdr|draft'"
        )

    assert records == [(seen.code, "Seen"), (twice.code, "Corrected")]
    assert texts == [(2,)]
    assert secret == [(0,)]


def test_role_reads_earlier_editions_at_their_moment():
    practice = PracticeFactory(published=True, title="First")
    between = database_now()
    published_again(practice, title="Second")

    with public_side() as moment:
        then = PublicRecord.objects.visible(between).get().title
        now = PublicRecord.objects.visible(moment).get().title

    assert (then, now) == ("First", "Second")


def test_role_reads_tombstones_and_names():
    practice = PracticeFactory(status="withdrawn")
    state, review = member_state("ALB"), cycle("RR2024")

    with public_side():
        assert Tombstone.objects.get().code == practice.code
        assert MemberState.objects.get() == state
        assert state.subregion.member_states.count() == 0
        assert list(review.sources.all()) == []


@pytest.mark.parametrize(
    "read",
    [
        lambda: Practice.objects.exists(),
        lambda: Doubt.objects.exists(),
        lambda: Edition.objects.exists(),
        lambda: EditionText.objects.exists(),
        lambda: list(PublicRecord.objects.filter(code__in=Practice.objects.values("code"))),
        lambda: person("Editor"),
        lambda: asked("SELECT nextval('code_p')"),
        lambda: asked("SELECT * FROM pg_authid"),
        lambda: asked("SELECT pg_read_file('postgresql.conf')"),
        lambda: asked("COPY submissions_practice TO STDOUT"),
    ],
)
def test_stray_query_in_a_public_page_fails(read):
    with pytest.raises(ProgrammingError, match="permission denied"), public_side():
        read()

    assert role_now() != ROLE


@pytest.mark.parametrize(
    "words",
    [
        "UPDATE public_record SET title = ''",
        "DELETE FROM public_record",
        "INSERT INTO public_tombstone (kind, code, withdrawn_at) VALUES ('practice', 'P', now())",
        "UPDATE objectives_memberstate SET name_en = ''",
        "DELETE FROM objectives_objective",
        "INSERT INTO accounts_change (at) VALUES (now())",
        "TRUNCATE objectives_sdg",
        "CREATE TABLE mine (id int)",
        "DROP VIEW public_record",
        "ALTER TABLE public_edition DISABLE ROW LEVEL SECURITY",
    ],
)
def test_nothing_is_written_behind_the_fence(words):
    with (
        pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
        public_side(),
    ):
        asked(words)


@pytest.mark.django_db(transaction=True)
def test_fence_of_a_request_is_one_snapshot_that_only_reads():
    with public_side():
        assert asked("SHOW transaction_isolation") == [("repeatable read",)]
        assert asked("SHOW transaction_read_only") == [("on",)]
        with pytest.raises(DatabaseError), transaction.atomic():
            asked("CREATE TEMPORARY TABLE mine (id int)")
    assert role_now() != ROLE
    assert asked("SHOW transaction_read_only") == [("off",)]


# --- Row-level security beneath it ----------------------------------------------------------


def test_granted_tables_still_hide_what_is_not_public():
    """Somebody grants the role the tables under the view: the policies hold what the view held."""
    seen, twice = one_of_each_state()
    asked(f"GRANT SELECT ON public_edition, public_editiontext TO {ROLE}")

    with public_side():
        editions = list(Edition.objects.order_by("code").values_list("code", "title"))
        texts = list(EditionText.objects.order_by("edition__code").values_list("folded_title"))

    assert editions == [(seen.code, "Seen"), (twice.code, "Corrected")]
    assert texts == [("seen",), ("corrected",)]


def test_row_level_security_is_on_for_the_tables_under_the_view():
    secured = asked("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY 1")

    assert secured == [("public_edition",), ("public_editiontext",)]


def test_granted_table_for_writing_is_not_written_either():
    PracticeFactory(published=True)
    asked(f"GRANT ALL ON public_edition TO {ROLE}")

    with public_side():
        written = Edition.objects.update(title="Mine")  # no policy for writing: no row is seen

    assert written == 0
    with pytest.raises(DatabaseError, match="row-level security"), public_side():
        asked("INSERT INTO public_edition SELECT * FROM public_edition")


# --- In and out -----------------------------------------------------------------------------


def test_role_changes_back_after_success():
    before = role_now()

    with public_side():
        assert role_now() == ROLE

    assert role_now() == before


@pytest.mark.parametrize("error", [ZeroDivisionError, DatabaseError])
def test_role_changes_back_after_an_error(error):
    before = role_now()

    with pytest.raises(error), public_side():
        if error is DatabaseError:
            asked("SELECT 1 / 0")
        raise ZeroDivisionError

    assert role_now() == before


def test_role_stays_behind_the_fence_after_an_inner_one():
    with public_side():
        with public_side():
            pass
        assert role_now() == ROLE

        with pytest.raises(ZeroDivisionError), public_side():
            raise ZeroDivisionError
        assert role_now() == ROLE


def test_moment_is_that_of_the_database():
    before = database_now()

    with public_side() as moment:
        pass

    assert before <= moment <= database_now()


# --- Views ----------------------------------------------------------------------------------


def plain(request):
    return HttpResponse(role_now())


def reads_the_office(request):
    return HttpResponse(Practice.objects.count())


def rendered_later(request):
    template = engines["django"].from_string("{{ role }}")
    return SimpleTemplateResponse(template, {"role": role_now})


def streamed(request):
    return StreamingHttpResponse(role_now() for _ in range(2))


def streamed_from_the_office(request):
    def lines():  # asked for while it is sent: a generator expression would ask at once
        for one in Practice.objects.all():
            yield str(one.pk)

    return StreamingHttpResponse(lines())


def a_file(request):
    return FileResponse(open(__file__, "rb"))


def fails(request):
    raise ZeroDivisionError


def writes(request):
    practice = PracticeFactory()
    return HttpResponse(practice.code)


views = [
    path("plain", plain),
    path("office", reads_the_office),
    path("later", rendered_later),
    path("streamed", streamed),
    path("streamed-office", streamed_from_the_office),
    path("file", a_file),
    path("fails", fails),
    path("writes", writes),
    path("deeper/", include(([path("plain", plain)], "deeper"))),
]
urlpatterns = [
    path("public/", include((views, "public"))),
    path("api/", include((views, "public-api"))),
    path("office/", include((views, "office"))),
    path("plain", plain),
]
here = override_settings(ROOT_URLCONF=__name__)


def text_of(response) -> str:
    content = response.getvalue() if response.streaming else response.content
    return content.decode()


@here
@pytest.mark.parametrize("space", ["public", "api"])
@pytest.mark.parametrize(
    ("address", "says"),
    [("plain", ROLE), ("later", ROLE), ("streamed", ROLE * 2), ("deeper/plain", ROLE)],
)
@pytest.mark.parametrize("method", ["get", "post", "put"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_public_views_run_behind_the_fence(client, space, address, says, method, signed_in):
    before = role_now()
    if signed_in:
        client.force_login(person("Editor"))

    response = getattr(client, method)(f"/{space}/{address}")

    assert text_of(response) == says
    assert role_now() == before


@here
@pytest.mark.parametrize("address", ["/office/plain", "/office/later", "/plain"])
def test_other_views_run_in_front_of_it(client, address):
    assert text_of(client.get(address)) == role_now()


@here
@pytest.mark.parametrize("address", ["office", "streamed-office", "writes"])
@pytest.mark.parametrize("signed_in", [False, True])
def test_public_view_that_reads_or_writes_the_office_fails(client, address, signed_in):
    PracticeFactory()
    if signed_in:
        client.force_login(person("Editor"))

    with pytest.raises((ProgrammingError, IntegrityError), match="permission denied"):
        text_of(client.post(f"/public/{address}"))

    assert role_now() != ROLE


@here
def test_role_changes_back_when_a_public_view_fails(client):
    with pytest.raises(ZeroDivisionError):
        client.get("/public/fails")

    assert role_now() != ROLE


@here
def test_role_changes_back_when_the_reader_of_a_stream_leaves(rf):
    request = rf.get("/public/streamed")
    request.resolver_match = resolve("/public/streamed")
    response = PublicSideMiddleware(streamed).process_view(request, streamed, (), {})

    assert next(iter(response.streaming_content)).decode() == role_now() == ROLE
    request_finished.disconnect(close_old_connections)  # the test goes on with this connection
    try:
        response.close()
    finally:
        request_finished.connect(close_old_connections)

    assert role_now() != ROLE


@here
def test_files_are_sent_as_files(client):
    response = client.get("/public/file")

    assert text_of(response).startswith('"""The fence')


@here
@pytest.mark.django_db(transaction=True)
def test_public_views_run_behind_the_fence_without_a_transaction_around(client):
    assert text_of(client.get("/public/plain")) == ROLE
    assert text_of(client.get("/public/later")) == ROLE
    assert text_of(client.get("/public/streamed")) == ROLE * 2
    assert role_now() != ROLE


# --- Speed, as the public role --------------------------------------------------------------

MANY = """
    INSERT INTO public_edition (
        kind, code, edition, document, visible, first_published_at, title, language, objectives,
        primary_objectives, principles, sdgs, member_states, implementer_types, stakeholder_types,
        parties, sources, cycle, level, type, form, stage, year, covid19
    )
    SELECT 'practice', 'P-' || n, 1, jsonb_build_object('text', repeat(md5(n::text), 20)),
        tstzrange(now() - n * interval '1 minute', NULL), now() - n * interval '1 minute',
        md5(n::text), 'en', ARRAY[1 + n % 23, 1 + n % 19], ARRAY[1 + n % 23],
        ARRAY['p' || n % 10], ARRAY[1 + n % 17],
        ARRAY[chr(65 + n % 7) || chr(65 + n % 8) || 'A']::varchar[], ARRAY['t' || n % 9], '{}',
        ARRAY[chr(65 + n % 7) || chr(65 + n % 8) || 'A']::varchar[], '{SR2020}',
        'RR2024', 'national', '', '', '', 2020 + n % 5, false
    FROM generate_series(1, 4000) n;
    INSERT INTO public_editiontext (edition_id, kind, folded_title, title_vector, vector)
    SELECT id, kind, title, to_tsvector('reviewhub_en', title),
        to_tsvector('reviewhub_en', title || ' labour word' || id % 200)
    FROM public_edition;
    ANALYZE public_edition, public_editiontext;
"""


def plan_of(query) -> str:
    """The plan that PostgreSQL makes for the public role, free to choose."""
    sql, params = query.query.sql_with_params()
    return "\n".join(line for (line,) in asked(f"EXPLAIN {sql}", params))


@pytest.fixture
def many():
    asked(MANY)


def test_planner_uses_the_index_of_facets_through_the_view(many):
    with public_side() as moment:
        records = PublicRecord.objects.visible(moment).of_kind("practice")
        plan = plan_of(records.touching(7).filter(member_states__contains=["AAA"]))

    assert "Bitmap Index Scan on edition_facets" in plan
    assert "Seq Scan" not in plan
    assert "objectives @> '{7}'" in plan.split("Bitmap Index Scan on edition_facets")[1]


@pytest.mark.parametrize(
    ("question", "index"),
    [
        ({"primary_objectives__contains": [7]}, "edition_primary"),
        ({"sdgs__contains": [7]}, "edition_sdgs"),
        ({"parties__contains": ["AAA"]}, "edition_parties"),
        ({"code": "P-7"}, "Index Scan using edition_"),
    ],
)
def test_planner_uses_the_index_of_each_question(many, question, index):
    with public_side() as moment:
        plan = plan_of(PublicRecord.objects.visible(moment).of_kind("practice").filter(**question))

    assert index in plan
    assert "Seq Scan" not in plan


def test_planner_reads_the_newest_in_order(many):
    with public_side() as moment:
        plan = plan_of(PublicRecord.objects.visible(moment).of_kind("practice").for_list()[:25])

    assert "Index Scan using edition_newest on" in plan
    assert "Sort" not in plan


def test_planner_reads_the_newest_of_all_kinds_in_order(many):
    with public_side() as moment:
        records = PublicRecord.objects.visible(moment).filter(kind__in=FOLDERS)
        plan = plan_of(records.order_by("-first_published_at", "-pk")[:25])

    assert "edition_newest_of_all" in plan
    assert "Sort" not in plan


def test_planner_finds_a_rare_title_by_its_letters(many):
    with public_side() as moment:
        plan = plan_of(titled(PublicRecord.objects.visible(moment), "rare")[:8])

    assert "editiontext_title_" in plan  # of its two, the one that is smaller
    assert "Seq Scan" not in plan


def test_planner_reads_titles_in_the_order_of_their_likeness(many):
    with public_side() as moment:
        plan = "\n".join(
            line
            for (line,) in asked(
                f"EXPLAIN {search_spelling.NEAREST}", [["migraton"], moment, [*FOLDERS], 40]
            )
        )

    assert "Index Scan using editiontext_title_nearest" in plan
    assert "Sort" not in plan


def test_only_its_document_may_leave_an_edition_s_row():
    """All else is read by lists and facets, of every row: elsewhere it costs ten times as much."""
    columns = asked(
        "SELECT attname FROM pg_attribute"
        " WHERE attrelid = 'public_edition'::regclass AND attlen = -1 AND attstorage <> 'm'"
    )

    assert columns == [("document",)]


def test_planner_uses_the_index_of_words_through_the_view(many):
    with public_side():
        plan = "\n".join(
            line
            for (line,) in asked(
                "EXPLAIN SELECT edition_id FROM public_text"
                " WHERE kind = 'practice' AND vector @@ to_tsquery('reviewhub_en', 'word7')"
            )
        )

    assert "Bitmap Index Scan on editiontext_vector" in plan


def test_planner_cannot_use_the_index_under_row_level_security_alone(many):
    """Why there is a view: ADR 0002. If this fails one day, the view is no longer needed."""
    asked(f"GRANT SELECT ON public_edition TO {ROLE}")

    with public_side():
        plan = plan_of(Edition.objects.filter(kind="practice", objectives__contains=[7]))

    assert "objectives @> '{7}'" not in "".join(
        line for line in plan.splitlines(keepends=True) if "Index Cond" in line
    )
