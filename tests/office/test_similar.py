"""Records that may be about the same thing: which are found, why, by whom, and at what cost."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from office.likeness import Described, described, similar_to
from office.suggestions import learn
from submissions.models import Practice, Stakeholder, VoluntaryReport
from tests.factories import (
    RECORD_FACTORIES,
    ExcerptFactory,
    PledgeFactory,
    PracticeFactory,
    StakeholderFactory,
    VoluntaryReportFactory,
    member_state,
    person,
    second_factor,
)

pytestmark = pytest.mark.django_db

TITLE = "One-stop centres for newcomers"


def found(title=TITLE, model=Practice, **known) -> list[tuple]:
    return [(one.code, one.reasons) for one in similar_to(model, Described(title=title, **known))]


# --- Which, and why -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        (TITLE, "same title"),
        ("ONE-STOP  centres for newcomers!", "same title"),
        ("Óne-stop centrés for newcomers", "same title"),
        ("Centres for one-stop newcomers", "same title, with its words in another order"),
        ("One-stop centres for students", "same title but for 1 word"),
        ("A one-stop centre for newcomers", "same title but for 2 words"),
        ("Newcomers in one-stop centres", "same title but for 1 word"),
        ("Six centres for newcomers in Albania", "both titles have “centres”, “newcomers”"),
        ("Onestop-centers 4 newcomer", "both titles have “newcomer”"),
    ],
)
def test_titles_are_compared_by_letters_and_by_words(title, reason):
    other = PracticeFactory(title=TITLE)

    assert found(title) == [(other.code, (reason,))]


def test_title_is_found_in_the_text_of_another_record():
    other = PracticeFactory(
        title="Bulletin 7", summary="Legal aid for migrant children was given in all courts."
    )

    assert found("Legal aid to migrant children") == [
        (other.code, ("its text has “Legal”, “aid”, “migrant”, “children”",))
    ]


def test_what_has_nothing_in_common_is_not_shown():
    PracticeFactory(title="Cheaper remittances")

    assert found() == []


@pytest.mark.parametrize("title", ["", "  ", "One", "the of", "'; \\ & | :* <-> ( !", "x" * 5000])
def test_titles_that_say_little_find_nothing(title):
    PracticeFactory()

    assert found(title) == []


def test_kinds_that_tell_of_the_same_things_are_compared():
    practice = PracticeFactory(title=TITLE, cycle="RR2020")
    pledge = PledgeFactory(title=TITLE)
    excerpt = ExcerptFactory(text=TITLE)
    StakeholderFactory(title=TITLE)
    VoluntaryReportFactory(title=TITLE)

    codes = [practice.code, pledge.code, excerpt.code]
    assert sorted(code for code, _reasons in found()) == sorted(codes)


def test_stakeholders_are_found_by_their_names():
    union = StakeholderFactory(title="Union of Migrant Workers")

    assert found("Migrant Workers Union", Stakeholder) == [
        (union.code, ("same title but for 1 word",))
    ]


def test_reports_of_one_party_only_are_alike():
    own = VoluntaryReportFactory(title="Voluntary report", code="VR-2024-ALB")
    VoluntaryReportFactory(title="Voluntary report", code="VR-2024-CHE", member_state="CHE")
    albania = member_state("ALB")
    known = {"states": {albania.pk}, "member_state": albania.pk}

    assert found("Voluntary report", VoluntaryReport, **known) == [
        (own.code, ("same title", "same party: Albania"))
    ]
    assert found("Voluntary report", VoluntaryReport) == []


def test_party_states_and_objectives_raise_what_is_alike_and_are_named():
    albania, serbia = member_state("ALB"), member_state("SRB")
    PracticeFactory(title=TITLE)
    there = PracticeFactory(title=TITLE, member_states=["SRB"], objectives=[7, 15])
    own = PracticeFactory(title=TITLE, member_state="ALB", member_states=["ALB", "SRB"])
    known = {
        "member_state": albania.pk,
        "states": frozenset({albania.pk, serbia.pk}),
        "objectives": frozenset({7, 15, 20}),
    }

    first, second, _third = found(**known)

    assert first == (
        own.code,
        (
            "same title",
            "same party: Albania",
            "same State: Serbia",
            "objective 7 in common",
        ),
    )
    assert second == (
        there.code,
        ("same title", "same State: Serbia", "objectives 7 and 15 in common"),
    )


def test_same_stakeholder_is_the_same_party():
    union = StakeholderFactory()
    other = PracticeFactory(title=TITLE, stakeholder=union)

    assert found(stakeholder=union.pk) == [(other.code, ("same title", "same party"))]


def test_merged_records_and_the_record_itself_are_left_out():
    practice, other = PracticeFactory(title=TITLE), PracticeFactory(title=TITLE)
    gone = PracticeFactory(title=TITLE, status="withdrawn")
    Practice.objects.filter(pk=gone.pk).update(merged_into=other)

    assert [one.code for one in similar_to(Practice, described(practice))] == [other.code]


def test_words_of_other_languages_are_compared_by_their_own_stems():
    other = PracticeFactory(title="Identités légales pour les migrants", language="fr")

    codes = [code for code, _reasons in found("Une identité légale pour migrant", language="fr")]
    assert codes == [other.code]


# --- The part of the form -------------------------------------------------------------------


def address(model=Practice) -> str:
    return reverse("admin:similar", args=[model])


def test_part_shows_what_is_alike_while_somebody_types(client, editor):
    albania = member_state("ALB")
    other = PracticeFactory(title=TITLE, member_states=["ALB"])
    client.force_login(editor)

    answer = client.get(
        address(),
        {"title": TITLE, "member_states": [albania.pk], "objectives": ["7", "15"], "pk": ""},
    )

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert f'href="/admin/submissions/practice/{other.pk}/change/"' in shown
    assert "Same title; same State: Albania; objective 7 in common." in shown
    assert "no-cache" in answer["Cache-Control"]


def test_scripts_send_what_is_not_published_yet_out_of_sight_of_logs(client, editor):
    other = PracticeFactory(title=TITLE)
    client.force_login(editor)

    answer = client.post(address(), {"title": TITLE})

    assert [one.pk for one in answer.context["similar"]["found"]] == [other.pk]


def test_part_offers_to_merge_a_saved_record_with_its_own_kind(client, editor):
    record, other = PracticeFactory(title=TITLE), PracticeFactory(title=TITLE)
    PledgeFactory(title=TITLE)
    client.force_login(editor)

    shown = client.get(address(), {"title": TITLE, "pk": record.pk}).content.decode()

    merge = reverse("admin:merge", args=[Practice, record.pk])
    assert shown.count("?into=") == 1
    assert f'href="{merge}?into={other.pk}"' in shown


def test_only_records_that_the_person_may_view_are_shown(client, editor):
    PracticeFactory(title=TITLE)
    PledgeFactory(title=TITLE)
    narrow = User.objects.create_user("narrow@secretariat.example", name="N", is_staff=True)
    narrow.user_permissions.set(editor.groups.get().permissions.filter(codename="view_practice"))
    client.force_login(second_factor(narrow))

    answer = client.get(address(), {"title": TITLE})

    kinds = {one.kind for one in answer.context["similar"]["found"]}
    assert (answer.status_code, kinds) == (200, {"practice"})
    pledges = reverse("admin:similar", args=["submissions.pledge"])
    assert client.get(pledges, {"title": TITLE}).status_code == 403


def test_strangers_are_sent_to_sign_in(client):
    assert client.get(address()).status_code == 302


@pytest.mark.parametrize(
    "question",
    [
        {"title": "\0"},
        {"objectives": "seven"},
        {"member_state": "-1"},
        {"pk": "9" * 30},
        {"pk": "１"},
        {"language": "de"},
    ],
)
def test_bad_input_is_refused_with_words(client, editor, question):
    client.force_login(editor)

    answer = client.get(address(), {"title": TITLE} | question)

    assert answer.status_code == 400
    assert len(answer.content) > 10


def test_records_of_no_review_are_not_compared(client, administrator):
    client.force_login(administrator)

    assert client.get(reverse("admin:similar", args=[User])).status_code == 400


def test_objectives_are_suggested_with_their_reason(client, editor):
    PracticeFactory.create_batch(30, title="Offices")
    PracticeFactory.create_batch(2, title="Zeppelin", objectives=[15])
    learn()
    client.force_login(editor)

    shown = client.get(address(), {"title": "A zeppelin"}).content.decode()

    assert "Because of “zeppelin”; like <a" in shown
    assert 'data-add-objective="15"' in shown
    given = client.get(address(), {"title": "A zeppelin", "objectives": "15"})
    assert given.context["similar"]["suggested"] == []


@pytest.mark.parametrize("said", ["", "x", "-1", "0", "99999999999", "²"])
def test_record_that_does_not_exist_has_nothing_alike(client, editor, said):
    client.force_login(editor)

    assert client.get(address(), {"of": said}).status_code == 404


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
@pytest.mark.parametrize("role", ["Editor", "Reviewer"])
def test_screens_of_every_kind_show_what_is_alike(client, factory, role):
    record, other = factory(), factory()
    client.force_login(person(role))
    meta = record._meta
    name = f"admin:{meta.app_label}_{meta.model_name}"

    page = client.get(reverse(f"{name}_change", args=[record.pk]))
    looked_up = address(factory.model)
    shown = client.get(looked_up, {"of": record.pk})

    assert f'href="{looked_up}?of={record.pk}"' in page.content.decode()
    assert [one.pk for one in shown.context["similar"]["found"]] == [other.pk]
    if role == "Editor":
        added = client.get(reverse(f"{name}_add"))
        assert 'id="similar"' in added.content.decode()


# --- Cost -----------------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
def test_part_costs_the_same_for_one_and_for_many(
    client, editor, how_many, django_assert_num_queries
):
    for factory in (PracticeFactory, PledgeFactory):
        factory.create_batch(how_many, title=TITLE, member_states=["ALB"])
    known = {"title": TITLE, "member_states": [member_state("ALB").pk], "objectives": [7]}
    client.force_login(editor)
    client.get(address(), known)

    with django_assert_num_queries(14):
        client.get(address(), known)


MANY = """
    INSERT INTO submissions_practice (version, language, url, source_locator, staff_notes,
        created_at, status, status_note, one_person, code, title, cycle_id, lead_implementer,
        partner_countries, level, summary, covid19, primary_objectives_claimed)
    SELECT 1, 'en', '', '', '', now(), 'draft', '', false, 'P-' || 100000 + n,
        md5(n::text) || ' ' || md5((n %% 500)::text), %s, '', '{}', 'national',
        md5((n + 1)::text) || ' labour word' || n %% 200, false, 1
    FROM generate_series(1, 10000) n
"""


def test_planner_finds_them_by_index():
    """By itself, of 10,000 rows; at 90,000 it answers in 0.3 to 1.6 s on two busy cores."""
    one = PracticeFactory()
    with connection.cursor() as cursor:
        # the rows are made quickly: nobody reads their log
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE submissions_practice DISABLE TRIGGER USER")
        cursor.execute(MANY, [one.cycle_id])
        cursor.execute("ANALYZE submissions_practice")
    asked = []

    def watch(execute, sql, params, many, context):
        asked.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        similar_to(Practice, Described(title="Labour centres of word7 kind"), among=[Practice])
    sql, params = next((sql, params) for sql, params in asked if "UNION ALL" in sql)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", params)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Index Cond: (fold((title)::text) %" in plan
    assert "Bitmap Index Scan on submissions_practice_words" in plan
    assert "Seq Scan on submissions_practice " not in plan
