"""Searching what is public: what a text means, what it finds, what it never tells."""

import pkgutil
from datetime import timedelta
from importlib import import_module

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from objectives.models import MemberStateName
from public import migrations
from public.models import EditionText, PublicRecord, database_now
from public.publication import withdraw
from public.search import Search, matching, ranked
from public.search_index import by_index
from public.search_results import snippets
from public.workflow import Status
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    RoundtableFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
    person,
    published,
    published_again,
)

pytestmark = pytest.mark.django_db

PAGE = "/search/"
SUGGESTIONS = "/search/suggestions/"


def text(response) -> str:
    return response.content.decode()


def practice(title, summary="Of no matter.", **values):
    return PracticeFactory(published=True, title=title, summary=summary, **values)


def found(asked: str) -> list[str]:
    """The titles that a search finds, in order."""
    return [record.title for record in ranked(PublicRecord.objects.visible(), asked)]


def shown(client, asked: str, **more) -> list[str]:
    """The codes on the page of a search."""
    page = client.get(PAGE, {"q": asked} | more)
    return [line["code"] for line in page.context["page"].object_list]


def suggested(client, asked: str, **more) -> list[str]:
    page = client.get(SUGGESTIONS, {"q": asked} | more)
    return [one["name"] for one in page.context["suggestions"]]


@pytest.fixture
def reference(db):
    """The reference data of the region, with all names."""
    call_command("load_reference_data", verbosity=0)


# --- What a text means ----------------------------------------------------------------------


def test_words_are_found_by_their_stems_in_each_language_without_accents_and_case():
    practice("Workers are informed", language="en")
    practice("Les étudiants protégés", language="fr")
    practice("Приём мигрантов", language="ru")

    answers = {
        asked: found(asked) for asked in ("WORKER informing", "etudiante PROTEGE", "мигрант прием")
    }

    assert answers == {
        "WORKER informing": ["Workers are informed"],
        "etudiante PROTEGE": ["Les étudiants protégés"],
        "мигрант прием": ["Приём мигрантов"],
    }


def test_phrases_exclusion_and_choice_are_understood():
    practice("Labour migration")
    practice("Migration of labour")
    practice("One-stop shops", summary="Housing for workers.")
    every = {"Labour migration", "Migration of labour", "One-stop shops"}

    answers = {
        asked: set(found(asked))
        for asked in (
            "labour migration",
            '"labour migration"',
            "«labour migration",
            "migration -of -housing",
            "labour -“labour migration”",
            "labour OR housing",
            "labour or housing -of",
            "one stop",
            '"one stop"',
            "one-stop",
            "labour AND migration",
            "labour – migration",
            "-labour",
            "housing labour",
            "",
            ' - "" OR !',
        )
    }

    labour = {"Labour migration", "Migration of labour"}
    assert answers == {
        "labour migration": labour,
        '"labour migration"': {"Labour migration"},
        "«labour migration": {"Labour migration"},
        "migration -of -housing": labour,  # "of" is a stop word
        "labour -“labour migration”": {"Migration of labour"},
        "labour OR housing": every,
        "labour or housing -of": every,
        "one stop": {"One-stop shops"},
        '"one stop"': {"One-stop shops"},
        "one-stop": {"One-stop shops"},
        "labour AND migration": labour,
        "labour – migration": labour,
        "-labour": {"One-stop shops"},
        "housing labour": set(),
        "": every,
        ' - "" OR !': every,
    }


def test_excluded_words_are_left_out_as_read_in_any_language():
    practice("Villes", summary="Les politiques des villes.", language="fr")
    practice("Villes et ports", summary="Des ports.", language="fr")

    assert found("ville -politiques") == ["Villes et ports"]


def test_codes_find_their_record_first():
    practice("Zero", code="P-0012")
    practice("One", summary="As in P-0012.", code="P-0013")
    RoundtableFactory(published=True, code="RR2024-S1", title_en="Session")
    RecommendationFactory(published=True, code="R2020-RT1-01")

    answers = {
        asked: [record.code for record in ranked(PublicRecord.objects.visible(), asked)]
        for asked in ("P-0012", "p-0012", "p12", "rr2024-s1", "RR2024", "r2020-rt1-01", "R2020")
    }

    assert answers == {
        "P-0012": ["P-0012", "P-0013"],
        "p-0012": ["P-0012", "P-0013"],
        "p12": ["P-0012"],
        "rr2024-s1": ["RR2024-S1"],
        "RR2024": ["RR2024-S1", "R2020-RT1-01", "P-0013", "P-0012"],  # the rest is of this review
        "r2020-rt1-01": ["R2020-RT1-01"],
        "R2020": ["R2020-RT1-01"],
    }


@pytest.mark.parametrize(
    "asked",
    ["objective 7", "Objectif n° 7", "цель № 7", "goal 7", "obj. 7", "objective 7 centres"],
)
def test_objectives_are_named_by_their_number(client, asked):
    practice("Centres", objectives=[7])
    practice("Centres elsewhere", objectives=[15])

    page = client.get(PAGE, {"q": asked})

    assert [line["title"] for line in page.context["page"].object_list] == ["Centres"]
    assert [place.url for place in page.context["places"]] == ["/objectives/7/"]


def test_goals_of_2030_are_named_by_their_number():
    practice("Work", sdgs=[8], objectives=[6])
    practice("Missing people", objectives=[8])
    practice("Others", objectives=[6])

    answers = {asked: sorted(found(asked)) for asked in ("SDG 8", "ЦУР 8", "goal 8")}

    assert answers == {
        "SDG 8": ["Work"],
        "ЦУР 8": ["Work"],
        "goal 8": ["Missing people", "Work"],
    }


def test_states_are_known_by_each_of_their_names(client, reference):
    practice("Centres", member_states=["TUR"])
    practice("Centres elsewhere", member_states=["ALB"])
    answers = {
        asked: (
            [line["title"] for line in page.context["page"].object_list],
            [place.url for place in page.context["places"]],
        )
        for asked in (
            "Turkey",
            "turkiye",
            "Republic of Türkiye",
            "centres en Turquie",
            "центры в Турции",
            "«Турция»",
            "-Turkey",
        )
        for page in [client.get(PAGE, {"q": asked})]
    }

    turkey = ["Centres"], ["/member-states/TUR/"]
    assert answers == {
        "Turkey": turkey,
        "turkiye": turkey,
        "Republic of Türkiye": turkey,
        "centres en Turquie": turkey,
        "центры в Турции": ([], ["/member-states/TUR/"]),  # no text is in Russian
        "«Турция»": turkey,
        "-Turkey": (["Centres elsewhere"], []),
    }


def test_states_known_by_former_and_short_names_are_offered(client, reference):
    answers = {
        asked: [place.code for place in client.get(PAGE, {"q": asked}).context["places"]]
        for asked in ("Czech Republic", "Moldova", "UK", "tur", "CH", "FYROM OR Holland", "7")
    }

    assert answers == {
        "Czech Republic": ["CZE"],
        "Moldova": ["MDA"],
        "UK": ["GBR"],
        "tur": ["TUR"],
        "CH": ["CHE"],
        "FYROM OR Holland": ["NLD", "MKD"],
        "7": ["7"],
    }


def test_a_name_that_was_retired_means_nothing_any_more():
    name = MemberStateName.objects.create(
        member_state=member_state("TUR"), name="Anatolia", kind="spelling"
    )
    known = Search("Anatolia").wanted[0].marks
    name.retired_on = "2024-01-01"
    name.save()

    assert (known, Search("Anatolia").wanted[0].marks) == (("state=TUR",), ())


@pytest.mark.parametrize(
    "asked", ["RR2020", "rr 2020", "regional review 2020", "2020 Regional Review"]
)
def test_reviews_are_known_by_code_and_by_name(client, asked):
    cycle("RR2024")
    practice("Centres", cycle="RR2020")
    practice("Centres later", cycle="RR2024")

    page = client.get(PAGE, {"q": asked})

    assert [line["title"] for line in page.context["page"].object_list] == ["Centres"]
    assert [place.url for place in page.context["places"]] == ["/reviews/RR2020/"]


def test_pages_are_offered_for_words_that_only_they_have(client, reference):
    page = client.get(PAGE, {"q": "remittances"})
    vague = client.get(PAGE, {"q": "migration"})

    assert [place.url for place in page.context["places"]] == ["/objectives/20/"]
    assert vague.context["places"] == []


def test_pledges_of_a_state_are_found_by_its_name():
    pledge = PledgeFactory(published=True, member_state="ALB", title="Lawyers")

    assert list(matching(PublicRecord.objects.visible(), "Albania").values_list("code")) == [
        (pledge.code,)
    ]


def test_a_search_is_read_up_to_its_200th_character_and_without_nul():
    search = Search("a\x00b " + "c" * 300)

    assert (search.text, search.cut) == ("a b " + "c" * 196, True)


def test_a_long_search_is_read_in_part_and_answered():
    practice("Centres")

    assert found(" ".join(["centres"] * 60)) == ["Centres"]
    assert found(" ".join(["-x"] * 60)) == ["Centres"]
    assert found(" OR ".join(["centres"] * 40)) == ["Centres"]


def test_migration_marks_earlier_editions_as_publishing_does():
    practice("One", member_states=["ALB", "SRB"], objectives=[7, 15], sdgs=[10], cycle="RR2024")
    PledgeFactory(published=True, member_state="ALB")
    RoundtableFactory(published=True)
    before = list(EditionText.objects.order_by("pk").values_list("vector"))
    [name] = [
        one.name
        for one in pkgutil.iter_modules(migrations.__path__)
        if one.name.endswith("_search")
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE public_editiontext SET vector = ts_delete(vector,"
            " ARRAY(SELECT one FROM unnest(tsvector_to_array(vector)) one WHERE one ~ '='))"
        )
        assert list(EditionText.objects.order_by("pk").values_list("vector")) != before
        cursor.execute(import_module(f"public.migrations.{name}").MARKS)

    assert list(EditionText.objects.order_by("pk").values_list("vector")) == before


# --- Order ----------------------------------------------------------------------------------


def test_what_answers_best_comes_first_then_the_newest_then_by_code():
    practice("In its text", summary="Housing.", code="P-0001")
    practice("In its text often", summary="Housing, housing and housing.", code="P-0002")
    practice("Housing", code="P-0003")
    practice("Housing", code="P-0004")

    first = [record.code for record in ranked(PublicRecord.objects.visible(), "housing")]
    newest = [record.code for record in ranked(PublicRecord.objects.visible(), "")]

    assert first == ["P-0004", "P-0003", "P-0002", "P-0001"]
    assert newest == ["P-0004", "P-0003", "P-0002", "P-0001"]


# --- What is not public ---------------------------------------------------------------------

HIDDEN = "Zanzibarian"


def hide(how: str) -> None:
    """A record with a word that nobody may learn."""
    if how == "embargoed":
        published(PracticeFactory(title=HIDDEN, summary=HIDDEN), at=database_now() + timedelta(1))
    elif how == "retracted":
        again = practice(HIDDEN, summary=HIDDEN)
        published_again(again, title="Corrected", summary="Corrected", retract_earlier=True)
    elif how == "withdrawn":
        withdraw(practice(HIDDEN, summary=HIDDEN), by=person("Publisher"), note="Asked for.")
    else:
        PracticeFactory(status=how, title=HIDDEN, summary=HIDDEN)


@pytest.mark.parametrize(
    "how", ["embargoed", "retracted", "withdrawn", Status.DRAFT, Status.IN_REVIEW, Status.APPROVED]
)
def test_nothing_hidden_is_found_suggested_or_known_to_spelling(client, how):
    hide(how)
    code = PracticeFactory.model.objects.get().code
    offered = [line["code"] for line in client.get(PAGE, {"q": code}).context["by_code"]]

    pages = [client.get(PAGE, {"q": asked}) for asked in (HIDDEN, "Zanzibarain")]

    public = [code] if how == "retracted" else []  # its next edition
    assert offered == public
    assert [page.context["sentence"] for page in pages] == [
        f"No record for “{HIDDEN}”",
        "No record for “Zanzibarain”",
    ]
    assert [suggested(client, asked) for asked in (HIDDEN[:5], "Zanzibarain")] == [[], []]
    assert suggested(client, code) == (["Corrected"] if public else [])


def test_search_and_spelling_show_what_was_public_at_a_past_moment(client):
    one = practice("Remittances", code="P-0001")
    then = database_now()
    published_again(one, title="Transfers")

    now = [client.get(PAGE, {"q": "remitances"}).context["sentence"], suggested(client, "remit")]
    past = client.get(PAGE, {"q": "remitances", "at": then.isoformat()})

    assert now == ["No record for “remitances”", []]
    assert past.context["sentence"] == "1 record for “remittances”"
    assert "at=" in past.context["tabs"][0]["url"]
    assert "at=" in past.context["page"].object_list[0]["url"]
    assert suggested(client, "remit", at=then.isoformat()) == ["Remittances"]


# --- Spelling -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("Kyrgystan", "Kyrgyzstan"),
        ("remitances", "remittances"),
        ("traficking", "trafficking"),
        ("migrnats", "migrants"),
        ("дискриминацыи", "дискриминации"),
    ],
)
def test_misspelled_words_are_found_among_the_names_of_reference_data(
    client, reference, typed, known
):
    practice(
        "Centres", summary="Remittances, trafficking of migrants, дискриминация.", language="ru"
    )
    practice("Centres", summary="Remittances, trafficking of migrants.", member_states=["KGZ"])

    page = client.get(PAGE, {"q": f"{typed}"})

    assert page.context["search"].corrections == [(typed, known)]
    assert f"No record says “{typed}”. Showing results for “{known}”." in text(page)
    assert "exact=1" in text(page)
    assert page.context["page"].object_list != []


@pytest.mark.parametrize(
    ("typed", "known"),
    [("apprentiship", "apprenticeship"), ("etudants", "étudiants"), ("общежытие", "общежитие")],
)
def test_misspelled_words_are_found_among_public_titles(client, typed, known):
    practice("Apprenticeship", language="en")
    practice("Étudiants", language="fr")
    practice("Общежитие", language="ru")

    page = client.get(PAGE, {"q": f"{typed} -nothing"})

    assert page.context["search"].text == f"{known} -nothing"
    assert page.context["sentence"] == f"1 record for “{known} -nothing”"


def test_exactly_what_was_typed_is_searched_if_asked_for(client):
    practice("Remittances")

    page = client.get(PAGE, {"q": "remitances", "exact": "1"})

    assert page.context["sentence"] == "No record for “remitances”"
    assert page.context["search"].corrections == []


def test_a_word_that_another_kind_of_record_has_is_right_as_it_is():
    practice("Remittances")
    VoluntaryReportFactory(published=True, title="Remitances")
    practices = PublicRecord.objects.visible().of_kind("practice")

    assert Search("remitances").corrected(practices) is None
    assert Search("remitance").corrected(practices) is None  # the same word
    assert Search("remmittances").corrected(practices).text == "remittances"


def test_a_list_says_what_it_searched_instead():
    practice("Remittances from abroad")
    records = PublicRecord.objects.visible().of_kind("practice")

    search = Search('"from abroad" remitances -zzz').corrected(records)

    assert (search.typed, search.text, search.misspelled) == (
        '"from abroad" remitances -zzz',
        '"from abroad" remittances -zzz',
        "“remitances”",
    )
    assert matching(records, search).count() == 1


def test_small_words_and_codes_are_never_corrected():
    practice("Wither form")

    answers = [
        Search(asked).corrected(PublicRecord.objects.visible())
        for asked in ("with from zzzzz", "P-9999", "frm")
    ]

    assert answers == [None, None, None]


def test_the_database_reads_tables_again_after_it_looked_by_index():
    def setting():
        with connection.cursor() as cursor:
            cursor.execute("SHOW enable_seqscan")
            return cursor.fetchone()[0]

    with by_index(), by_index():
        inside = setting()

    assert (inside, setting()) == ("off", "on")


# --- The page -------------------------------------------------------------------------------


def test_page_mixes_kinds_and_counts_them(client):
    PledgeFactory(published=True, title="Housing for all", code="PL-0001")
    practice("Housing", code="P-0001")
    practice("Elsewhere", code="P-0002", summary="Housing.")

    page = client.get(PAGE, {"q": "housing"})

    assert [line["code"] for line in page.context["page"].object_list] == [
        "P-0001",
        "PL-0001",
        "P-0002",
    ]
    assert page.context["sentence"] == "3 records for “housing”"
    assert page.context["tabs"] == [
        {"name": "All", "count": 3, "url": "?q=housing", "current": True},
        {"name": "Practices", "count": 2, "url": "?q=housing&kind=practice", "current": False},
        {"name": "Pledges", "count": 1, "url": "?q=housing&kind=pledge", "current": False},
    ]
    assert '<meta name="robots" content="noindex">' in text(page)
    assert "<title>3 records for “housing” – " in text(page)


def test_page_of_one_kind_keeps_the_other_counts(client):
    PledgeFactory(published=True, title="Housing for all", code="PL-0001")
    practice("Housing", code="P-0001")

    page = client.get(PAGE, {"q": "housing", "kind": "pledge"})
    none = client.get(PAGE, {"q": "housing", "kind": "report"})

    assert shown(client, "housing", kind="pledge") == ["PL-0001"]
    assert page.context["sentence"] == "Pledges: 1 record for “housing”"
    assert [(tab["name"], tab["count"]) for tab in none.context["tabs"]] == [
        ("All", 2),
        ("Practices", 1),
        ("Pledges", 1),
        ("Reports", 0),
    ]
    assert "Look at all kinds of records" in text(none)


def test_page_leaves_out_what_has_no_page_of_its_own(client):
    from tests.factories import ExcerptFactory, FigureFactory

    ExcerptFactory(published=True, text="Housing.")
    FigureFactory(published=True, title="Housing")

    assert shown(client, "housing") == []
    assert suggested(client, "housing") == []


def test_page_offers_the_record_of_a_code_first(client):
    practice("Zero", code="P-0012")

    page = client.get(PAGE, {"q": "p12"})

    assert [line["url"] for line in page.context["by_code"]] == ["/practices/P-0012/"]


def test_page_marks_what_was_found_and_never_lets_a_text_become_markup(client):
    practice("One", summary='Les "toits" <b & étudiants\x02 \x03logés.', language="fr")

    page = client.get(PAGE, {"q": "etudiant"})

    [line] = page.context["page"].object_list
    assert line["snippet"] == ("Les &quot;toits&quot; &lt;b &amp; <mark>étudiants</mark> logés.")
    assert line["snippet"] in text(page)
    assert "<b " not in text(page)


def test_snippets_are_made_in_the_language_of_each_record():
    practice("One", summary="Workers are informed.", language="en")
    practice("Two", summary="Les travailleurs sont informés.", language="fr")
    records = list(PublicRecord.objects.visible().order_by("title"))

    marked = snippets(records, Search("informed travailleur"))

    assert [marked[record.pk] for record in records] == [
        "Workers are <mark>informed</mark>.",
        "Les <mark>travailleurs</mark> sont informés.",
    ]


def test_snippets_say_where_the_text_goes_on():
    long = "word " * 60
    practice("One", summary=f"{long}housing {long}")
    practice("Two", summary=f"Housing {long}")
    records = list(PublicRecord.objects.visible().order_by("title"))

    marked = snippets(records, Search("housing"))

    assert [marked[record.pk].split("<mark>")[0][:2] for record in records] == ["… ", ""]
    assert [marked[record.pk][-2:] for record in records] == [" …", " …"]


def test_records_without_the_words_in_their_text_show_their_summary(client):
    practice("Housing", summary="Of no matter.")

    [line] = client.get(PAGE, {"q": "housing"}).context["page"].object_list

    assert (line["snippet"], line["summary"]) == ("", "Of no matter.")


def test_pages_of_a_search_follow_one_another(client):
    PracticeFactory.create_batch(26, published=True, title="Housing")

    first, second = (client.get(PAGE, {"q": "housing", "page": page}) for page in "12")

    assert [len(page.context["page"].object_list) for page in (first, second)] == [25, 1]
    assert 'href="?q=housing&amp;page=2"' in text(first)


def test_empty_search_says_how_to_search(client):
    page = client.get(PAGE)

    assert page.status_code == 200
    assert "How to search" in text(page)
    assert "Signs alone find nothing" not in text(page)


@pytest.mark.parametrize("asked", ["--", '"', "-", "OR", "\x00", "!!! & |", "…"])
def test_signs_alone_are_no_search_and_the_page_says_so(client, asked):
    practice("One")

    page = client.get(PAGE, {"q": asked})

    assert page.status_code == 200
    assert "sentence" not in page.context
    assert "Signs alone find nothing" in text(page)


def test_page_that_found_nothing_says_what_to_try(client):
    practice("Housing")

    page = text(client.get(PAGE, {"q": "housing xyzzyq"}))

    assert "<h1>No record for “housing xyzzyq”</h1>" in page
    assert 'href="?q=housing+OR+xyzzyq"' in page


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"q": "x", "kind": "nonsense"}, 400),
        ({"kind": "figure"}, 400),
        ({"q": "x", "at": "yesterday"}, 400),
        ({"q": "x", "page": "2"}, 404),
        ({"q": "x", "page": "\x00"}, 404),
        ({"q": "x" * 10_000}, 200),
        ({"q": "a\x00b"}, 200),
    ],
)
def test_wrong_questions_are_refused(client, asked, status):
    assert client.get(PAGE, asked).status_code == status


# --- Suggestions ----------------------------------------------------------------------------


def test_suggestions_are_states_objectives_reviews_codes_and_titles(client, reference):
    practice("Turkmen language courses", code="P-0007")

    answers = {
        asked: suggested(client, asked)
        for asked in ("turk", "Турц", "objective 1", "p-00", "imrf", "x")
    }

    assert answers == {
        "turk": ["Türkiye", "Turkmenistan", "Turkmen language courses"],
        "Турц": ["Türkiye"],
        "objective 1": [
            "1. Data and evidence",
            "10. Combating trafficking in persons",
            "11. Integrated border management",
            "12. Predictable migration procedures",
        ],
        "p-00": ["Turkmen language courses"],
        "imrf": [
            "International Migration Review Forum 2026",
            "International Migration Review Forum 2022",
        ],
        "x": [],
    }


def test_suggestions_forgive_a_misspelled_name(client, reference):
    assert suggested(client, "Kyrgys") == ["Kyrgyzstan"]


def test_suggestions_are_eight_at_most(client, reference):
    PracticeFactory.create_batch(9, published=True, title="Migration")

    assert len(suggested(client, "migr")) == 8


def test_suggestions_are_a_page_and_a_part_of_it(client):
    practice("One <b> & two", code="P-0001", language="fr")

    whole = text(client.get(SUGGESTIONS, {"q": "two"}))
    part = text(client.get(SUGGESTIONS, {"q": "two", "part": "1"}))

    link = '<a href="/practices/P-0001/"><span lang="fr">One &lt;b&gt; &amp; two</span>'
    assert (link in whole, link in part) == (True, True)
    assert ("<html" in whole, "<html" in part) == (True, False)


# --- Any text -------------------------------------------------------------------------------

ANY_TEXT = st.text(max_size=60) | st.text(
    st.sampled_from("\"“”„«»-−|&!():*'\\<>%_ \x00orORаб7éP0objective№\u0301\u200b"), max_size=40
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ANY_TEXT)
def test_any_text_is_answered(client, django_db_setup, asked):
    if not PublicRecord.objects.exists():
        practice("Centres for newcomers")
    records = PublicRecord.objects.visible()

    pages = [client.get(path, {"q": asked}).status_code for path in (PAGE, SUGGESTIONS)]

    assert pages == [200, 200]
    assert list(ranked(records, asked)) == [] or matching(records, asked).count() == 1


# --- What it costs --------------------------------------------------------------------------


@pytest.mark.parametrize("how_many", [1, 4])
def test_search_costs_the_same_for_one_and_for_many(client, how_many, django_assert_num_queries):
    objective(7)
    PracticeFactory.create_batch(how_many, published=True, title="Housing", summary="Housing.")

    with django_assert_num_queries(15):  # 4 of them are the fence
        client.get(PAGE, {"q": "housing"})


@pytest.mark.parametrize("how_many", [1, 4])
def test_corrected_search_costs_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    PracticeFactory.create_batch(how_many, published=True, title="Housing", summary="Housing.")

    with django_assert_num_queries(27):  # 4 of them are the fence
        client.get(PAGE, {"q": "houssing"})


@pytest.mark.parametrize("how_many", [1, 4])
def test_suggestions_cost_the_same_for_one_and_for_many(
    client, how_many, django_assert_num_queries
):
    PracticeFactory.create_batch(how_many, published=True, title="Housing")

    with django_assert_num_queries(11):  # 4 of them are the fence
        client.get(SUGGESTIONS, {"q": "housing"})
