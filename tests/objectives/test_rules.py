"""The rules of the reference data, and how a refusal is put into words."""

import pytest
from django.db import IntegrityError, connection, transaction

from objectives.models import (
    SDG,
    Cluster,
    Country,
    Doubt,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    MemberStateName,
    Objective,
    Region,
    ReviewCycle,
    SourceDocument,
    StakeholderType,
)
from objectives.rules import explain
from tests.broken_rules import added, changed, name_of, promised, refusal, twice
from tests.factories import (
    Factory,
    PracticeFactory,
    RoundtableFactory,
    cluster,
    cycle,
    member_state,
    objective,
    source_document,
)

pytestmark = pytest.mark.django_db

RegionFactory = Factory(Region, code="BALKANS", name_en="Balkans", kind="group")
ObjectiveFactory = Factory(
    Objective, number=7, cluster="RT4", title_en="Reduce vulnerabilities", short_title_en="7"
)
GoalFactory = Factory(SDG, number=10, name_en="Reduce inequalities")
MemberStateFactory = Factory(
    MemberState,
    iso3="SRB",
    iso2="RS",
    m49="688",
    name_en="Serbia",
    official_name_en="Republic of Serbia",
    subregion="EUROPE",
)
MemberStateNameFactory = Factory(
    MemberStateName, member_state="TUR", name="Turkey", kind="former", used_until="2022-06-01"
)
SourceDocumentFactory = Factory(
    SourceDocument, code="SR2020", kind="summary_report", title_en="Summary report", year=2020
)
ReviewCycleFactory = Factory(
    ReviewCycle,
    code="RR2028",
    kind="regional_review",
    year=2028,
    name_en="Third review",
    starts_on="2028-03-13",
    ends_on="2028-03-14",
    inputs_open_on="2027-06-01",
)
DoubtFactory = Factory(Doubt, table="objectives", code="7", text="Title in Russian not checked.")


def named(model, **values):
    return Factory(model, code="one", name_en="One", **values)


def a_cycle_moved_from_its_roundtable():
    RoundtableFactory(starts_on="2024-03-11")
    return lambda: ReviewCycle.objects.update(starts_on="2024-03-12")


BROKEN = {
    (Region, "objectives_region_code_well_formed"): added(RegionFactory, code="West Balkans"),
    (Region, "region_kind_known"): changed(RegionFactory, kind="empire"),
    (Region, "region_m49_well_formed"): changed(RegionFactory, m49="39"),
    (Region, "code_is_permanent"): changed(RegionFactory, code="BALKAN"),
    (Cluster, "objectives_cluster_code_well_formed"): added(named(Cluster), code="RT 4"),
    (Cluster, "code_is_permanent"): changed(named(Cluster), code="RT5"),
    (Country, "objectives_country_code_well_formed"): added(named(Country), code="*"),
    (Country, "code_is_permanent"): changed(named(Country), code="USA"),
    (Objective, "objective_number_from_one"): added(ObjectiveFactory, number=0),
    (Objective, "code_is_permanent"): changed(ObjectiveFactory, number=8),
    (GuidingPrinciple, "objectives_guidingprinciple_code_well_formed"): added(
        named(GuidingPrinciple), code="people-centred!"
    ),
    (GuidingPrinciple, "code_is_permanent"): changed(named(GuidingPrinciple), code="two"),
    (SDG, "sdg_number_1_to_17"): added(GoalFactory, number=18),
    (SDG, "code_is_permanent"): changed(GoalFactory, number=11),
    (StakeholderType, "objectives_stakeholdertype_code_well_formed"): added(
        named(StakeholderType), code=""
    ),
    (StakeholderType, "code_is_permanent"): changed(named(StakeholderType), code="two"),
    (ImplementerType, "objectives_implementertype_code_well_formed"): added(
        named(ImplementerType), code="État"
    ),
    (ImplementerType, "code_is_permanent"): changed(named(ImplementerType), code="two"),
    (MemberState, "memberstate_iso3_well_formed"): added(MemberStateFactory, iso3="srb"),
    (MemberState, "memberstate_iso2_well_formed"): changed(MemberStateFactory, iso2="R"),
    (MemberState, "memberstate_m49_well_formed"): changed(MemberStateFactory, m49="68"),
    (MemberState, "memberstate_network_known"): changed(
        MemberStateFactory, country_network="none"
    ),
    (MemberState, "code_is_permanent"): changed(MemberStateFactory, iso3="YUG"),
    (MemberStateName, "memberstatename_means_one_state"): lambda: (
        MemberStateNameFactory(),
        added(MemberStateNameFactory, member_state="SRB", name="TURKEY")(),
    )[1],
    (MemberStateName, "memberstatename_kind_known"): changed(
        MemberStateNameFactory, kind="nickname"
    ),
    (MemberStateName, "memberstatename_until_after_from"): changed(
        MemberStateNameFactory, used_from="2022-06-02"
    ),
    (SourceDocument, "sourcedocument_code_well_formed"): added(
        SourceDocumentFactory, code="sr2020"
    ),
    (SourceDocument, "sourcedocument_kind_known"): changed(SourceDocumentFactory, kind="rumour"),
    (SourceDocument, "sourcedocument_url_is_http"): changed(
        SourceDocumentFactory, url="ftp://example.org"
    ),
    (SourceDocument, "code_is_permanent"): changed(SourceDocumentFactory, code="SR2021"),
    (ReviewCycle, "reviewcycle_code_well_formed"): added(ReviewCycleFactory, code="RR-2028"),
    (ReviewCycle, "reviewcycle_kind_known"): changed(ReviewCycleFactory, kind="party"),
    (ReviewCycle, "reviewcycle_format_known"): changed(ReviewCycleFactory, format="by post"),
    (ReviewCycle, "reviewcycle_languages_known"): changed(
        ReviewCycleFactory, languages=["en", "de"]
    ),
    (ReviewCycle, "reviewcycle_ends_after_start"): changed(
        ReviewCycleFactory, ends_on="2028-03-12"
    ),
    (ReviewCycle, "reviewcycle_prepared_before_start"): changed(
        ReviewCycleFactory, preparation_starts_on="2028-03-14"
    ),
    (ReviewCycle, "reviewcycle_inputs_close_after_open"): changed(
        ReviewCycleFactory, inputs_close_on="2027-05-31"
    ),
    (ReviewCycle, "reviewcycle_attendance_in_order"): changed(
        ReviewCycleFactory, attendance_min=133, attendance_max=132
    ),
    (ReviewCycle, "reviewcycle_url_is_http"): changed(
        ReviewCycleFactory, url="https://example.org/a b"
    ),
    (ReviewCycle, "code_is_permanent"): changed(ReviewCycleFactory, code="RR2029"),
    (ReviewCycle, "reviewcycle_contains_its_roundtables"): a_cycle_moved_from_its_roundtable,
    (Doubt, "doubt_one_a_row"): twice(DoubtFactory),
}


@pytest.mark.parametrize("rule", BROKEN, ids=name_of)
def test_reference_data_refuses_what_cannot_be(rule):
    assert refusal(BROKEN[rule]) == promised(*rule)


@pytest.mark.parametrize(
    ("make", "field", "value"),
    [
        (RegionFactory, "code", "BALKANS"),
        (ObjectiveFactory, "number", "7"),
        (GoalFactory, "number", "10"),
        (SourceDocumentFactory, "code", "SR2020"),
        (ReviewCycleFactory, "code", "RR2028"),
    ],
)
def test_codes_are_unique(make, field, value):
    assert refusal(twice(make))[1] == [f"There is already a record with {field} “{value}”."]


@pytest.mark.parametrize("same", ["iso3", "iso2", "m49", "name_en"])
def test_member_states_share_no_code_and_no_name(same):
    state = MemberStateFactory()
    other = {"iso3": "CHE", "iso2": "CH", "m49": "756", "name_en": "Switzerland"}

    refused = refusal(added(MemberStateFactory, **{**other, same: getattr(state, same)}))

    assert refused[1] == [f"There is already a record with {same} “{getattr(state, same)}”."]


# --- Reference rows stay --------------------------------------------------------------------


def test_reference_rows_that_a_record_names_are_not_deleted():
    PracticeFactory(objectives=[7], member_states=["ALB"], sources=["SR2020"])

    for row in (objective(7), member_state("ALB"), cycle("RR2024"), source_document("SR2020")):
        assert refusal(
            lambda row=row: lambda: _delete_by_sql(row)  # past Django's own PROTECT
        )[1] == [
            "The database refused this record (rule “"
            + _foreign_key_to(row)
            + "”). Nothing was saved."
        ]


def _delete_by_sql(row):
    type(row).objects.filter(pk=row.pk)._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def _foreign_key_to(row) -> str:
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        _delete_by_sql(row)
    return caught.value.__cause__.diag.constraint_name


def test_retired_rows_stay_readable_and_are_not_in_use():
    Cluster.objects.bulk_create([Cluster(code="RT5", name_en="Old", retired_on="2024-01-01")])
    current = cluster("RT4")

    assert list(Cluster.objects.in_use()) == [current]
    assert Cluster.objects.count() == 2


# --- Words for people -----------------------------------------------------------------------


def test_explain_says_what_is_wrong_and_names_the_rule():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PracticeFactory(url="javascript:alert(1)")

    error = explain(caught.value)

    assert error.messages == ["A web address begins with http:// or https:// and has no blanks."]
    assert error.code == "submissions_practice_url_is_http"


def test_explain_names_the_value_that_is_taken():
    first = PracticeFactory()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PracticeFactory(code=first.code)

    error = explain(caught.value)
    assert error.messages == [f"There is already a record with code “{first.code}”."]
    assert error.code == "unique"


def test_explain_has_words_for_a_rule_that_it_does_not_know():
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        PracticeFactory(cycle=None)

    error = explain(caught.value)
    assert error.messages == [
        "The database refused this record (rule “NotNullViolation”). Nothing was saved."
    ]
    assert error.code == "integrity"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("", True),
        ("https://example.org/fr?a=1#b", True),
        ("http://example.org", True),
        ("https://xn--e1afmkfd.example/отчёт", True),
        ("javascript:alert(1)", False),
        ("https:example.org", False),
        ("//example.org", False),
        (" https://example.org", False),
        ("https://example.org\njavascript:alert(1)", False),
        ("data:text/html,x", False),
        ('https://example.org/"onclick', False),
        ("https://example.org/<b>", False),
    ],
)
def test_web_addresses_are_http_and_hold_nothing_that_could_run(address, allowed):
    practice = PracticeFactory()

    try:
        with transaction.atomic():
            type(practice).objects.filter(pk=practice.pk).update(url=address)
        accepted = True
    except IntegrityError:
        accepted = False

    assert accepted == allowed
