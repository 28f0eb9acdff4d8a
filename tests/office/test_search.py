"""One search over all records: what leads to them, who sees them, and what nobody can break."""

import pytest
from django.urls import reverse

from objectives.models import MemberStateName
from public.publishable import Publishable
from tests.factories import (
    RECORD_FACTORIES,
    ExcerptFactory,
    FigureFactory,
    GuidingQuestionFactory,
    PledgeFactory,
    PracticeFactory,
    ProgressUpdateFactory,
    RecommendationFactory,
    ReportSectionFactory,
    RoleFactory,
    RoundtableFactory,
    StakeholderFactory,
    StatementFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
    person,
    source_document,
)

pytestmark = pytest.mark.django_db

SEARCH = "/admin/search/"
PRACTICES = "/admin/submissions/practice/"


@pytest.fixture
def staff(client):
    """Somebody who may view every record, and no account."""
    client.force_login(person("Reader"))
    return client


def found(client, q: str) -> dict[str, list[str]]:
    """The codes found, kind by kind."""
    page = client.get(SEARCH, {"q": q})
    return {str(group.name): [hit.code for hit in group.hits] for group in page.context["groups"]}


# --- What leads to a record -----------------------------------------------------------------


@pytest.mark.parametrize(
    "q",
    [
        "Zurich",
        "zürich",
        "ZURI",
        "uric",  # anywhere in a name
        "nurses zurich",
        "nurses, zurich!",
        "of nurses",  # short words beside longer ones do not count
        "diplomas",  # of the text
        "diplo zurich",
        "albania",  # the party
        "albania nurses",
        "Shqiperia",  # another name of it
        "kyrgyzstan",  # carried out in
    ],
)
def test_search_finds_by_name_text_and_party(staff, q):
    practice = PracticeFactory(
        title="Recognition of nurses in Zürich",
        summary="Diplômas are compared.",
        member_state="ALB",
        member_states=["KGZ"],
    )
    MemberStateName.objects.create(
        member_state=member_state("ALB"), name="Shqipëria", kind="spelling"
    )
    PracticeFactory()

    assert found(staff, q)["practices"] == [practice.code]


@pytest.mark.parametrize("q", ["plomas", "nurses geneva", "xyz", "zurich albania"])
def test_search_does_not_find_what_misses_a_word(staff, q):
    PracticeFactory(title="Recognition of nurses in Zürich", summary="Diplomas are compared.")

    assert found(staff, q) == {}


def test_whole_code_comes_first_then_codes_then_names_then_texts(staff):
    text = PracticeFactory(summary="It builds on P-7000.")
    name = PracticeFactory(title="After P-7000", code="P-9001")
    longer = PracticeFactory(code="P-70001")
    whole = PracticeFactory(code="P-7000")

    page = found(staff, "p-7000")

    assert page["practices"] == [whole.code, longer.code, name.code, text.code]


def test_search_finds_the_words_of_parts(staff):
    words = {
        "pledges": ProgressUpdateFactory(text="Lanterns are lit.").pledge,
        "voluntary reports": ReportSectionFactory(text="We lit lanterns.").report,
    }
    roundtable = RoundtableFactory()
    RoleFactory(roundtable=roundtable, person="Vera Lanternova")
    words["roundtables"] = roundtable

    assert found(staff, "lanter") == {kind: [record.code] for kind, record in words.items()}


@pytest.mark.parametrize("factory", [GuidingQuestionFactory, StatementFactory])
def test_search_finds_questions_and_statements(staff, factory):
    part = factory(text="Who lights the lanterns?")

    assert found(staff, "lantern") == {"roundtables": [part.roundtable.code]}


def test_search_finds_every_kind_and_reference_data(staff):
    records = {
        "stakeholders": StakeholderFactory(title="Tessera"),
        "practices": PracticeFactory(title="Tessera"),
        "pledges": PledgeFactory(title="Tessera"),
        "voluntary reports": VoluntaryReportFactory(title="Tessera"),
        "excerpts": ExcerptFactory(text="Tessera"),
        "roundtables": RoundtableFactory(title_en="", title_ru="Tessera"),
        "recommendations": RecommendationFactory(text="Tessera"),
        "figures": FigureFactory(title="Tessera"),
    }
    state, goal, review, source = (
        member_state("CHE"),
        objective(9),
        cycle("RR2020"),
        source_document(),
    )
    for row, column in (
        (state, "official_name_en"),
        (goal, "title_en"),
        (review, "name_en"),
        (source, "title_en"),
    ):
        setattr(row, column, "Tessera")
        row.save()

    assert found(staff, "tessera") == {
        **{kind: [record.code] for kind, record in records.items()},
        "Member States": ["CHE"],
        "objectives": ["9"],
        "review cycles": ["RR2020"],
        "source documents": ["SR2020"],
    }


def test_accounts_are_found_by_administrators_only(client):
    person("Editor")
    accounts = {}
    for role in ("Publisher", "Administrator"):
        client.force_login(person(role))
        accounts[role] = found(client, "editor").get("accounts", [])

    assert accounts == {"Publisher": [], "Administrator": ["editor@secretariat.example"]}


def test_nothing_is_shown_that_a_person_may_not_view(client):
    PracticeFactory(title="Tessera")
    PledgeFactory(title="Tessera")
    user = person("Reader")
    user.groups.get().permissions.filter(codename="view_pledge").delete()
    client.force_login(user)

    assert list(found(client, "tessera")) == ["practices"]


# --- The answer -----------------------------------------------------------------------------


def test_first_few_are_shown_with_status_cycle_and_the_way_to_all(staff):
    PracticeFactory.create_batch(7, title="Tessera")

    (group,) = staff.get(SEARCH, {"q": "tessera"}).context["groups"]

    assert (group.total, len(group.hits), group.is_more) == (7, 5, False)
    assert (group.hits[0].status, group.hits[0].cycle) == ("draft", "RR2024")
    assert staff.get(group.url).context["cl"].result_count == 7


def test_many_are_told_as_more_than_a_hundred(staff, monkeypatch):
    monkeypatch.setattr("office.search.COUNTED", 3)
    PracticeFactory.create_batch(5, title="Tessera", summary="Tessera")

    (group,) = staff.get(SEARCH, {"q": "tessera"}).context["groups"]

    assert group.is_more
    assert "more than 3" in staff.get(SEARCH, {"q": "tessera"}).content.decode()


ODD = [
    "",
    " ",
    "\0",
    "a\0b",
    "%",
    "%%%",
    "___",
    "'",
    '"',
    "'; drop table",
    "\\",
    "a & b | !c",
    "foo:*",
    "ŉ ʼn ½ ﬁ ß",
    "()",
    "<->",
    "П-7 мигра",
    "😀😀😀",
    "one two three four five six seven eight nine ten",
]


@pytest.mark.parametrize("q", [*ODD, "x" * 10_000, "a b " * 5_000])
@pytest.mark.parametrize("address", [SEARCH, PRACTICES])
def test_whatever_is_typed_is_answered(staff, address, q):
    PracticeFactory()

    assert staff.get(address, {"q": q}).status_code == 200


@pytest.mark.parametrize("q", [*ODD, "x" * 10_000])
@pytest.mark.parametrize("picker", ["practice", "member_states"])
def test_pickers_answer_whatever_is_typed(client, q, picker):
    client.force_login(person("Editor"))
    field = {
        "practice": {"model_name": "citation", "field_name": "practice"},
        "member_states": {"model_name": "practice", "field_name": "member_states"},
    }[picker]

    answer = client.get(
        reverse("admin:autocomplete"), {"app_label": "submissions", "term": q, **field}
    )

    assert answer.status_code == 200


@pytest.mark.parametrize("wild", ["%", "_", "100%", "a_b"])
def test_wildcards_mean_themselves(staff, wild):
    PracticeFactory()

    assert found(staff, wild) == {}


def test_what_is_too_long_is_refused_with_the_remedy(staff):
    page = staff.get(SEARCH, {"q": "x" * 201})

    assert "write at most 200 characters" in page.content.decode()
    assert page.context["groups"] == []


# --- Lists and pickers ----------------------------------------------------------------------


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
def test_list_and_picker_search_alike(client, factory):
    client.force_login(person("Editor"))
    title = factory.model.title_column()
    record = factory(**{title: "Tessera of the long road"})
    factory()
    meta = record._meta

    shown = client.get(
        reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist"), {"q": "tess road"}
    )

    assert list(shown.context["cl"].queryset) == [record]


def test_picker_finds_by_code_and_party(client):
    client.force_login(person("Editor"))
    practice = PracticeFactory(code="P-7000", member_state="TUR")
    field = {"app_label": "submissions", "model_name": "citation", "field_name": "practice"}

    answers = [
        client.get(reverse("admin:autocomplete"), {"term": term, **field}).json()["results"]
        for term in ("p-70", "turkiye")
    ]

    assert answers == [[{"id": str(practice.pk), "text": str(practice)}]] * 2


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.__name__)
def test_every_kind_names_real_columns_and_links(factory):
    model = factory.model
    columns = {field.name for field in model._meta.concrete_fields}
    links = {field.name for field in model._meta.get_fields()}

    assert issubclass(model, Publishable)
    assert {*model.named_by, *model.told_in} <= columns
    assert {*model.told_by_parts, *model.parties} <= links
