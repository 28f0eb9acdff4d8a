"""Loading the reference files: what comes in, what a second load does, what stays."""

import datetime
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Change
from objectives.models import (
    SDG,
    Cluster,
    Doubt,
    GuidingPrinciple,
    ImplementerType,
    MemberState,
    MemberStateName,
    Objective,
    Region,
    ReviewCycle,
    StakeholderType,
)
from objectives.records import signed
from objectives.reference_files import DOUBTS, FILES

MODELS = [file.model for file in [*FILES, DOUBTS]]


def counts():
    return {model.__name__: model.objects.count() for model in MODELS}


def happened(lines):
    """The lines of a load without those that say that nothing changed."""
    return [line for line in lines if not line.endswith("rows: nothing changed")]


def versions():
    return [list(model.objects.order_by("pk").values_list("pk", "version")) for model in MODELS]


# --- The region of the Economic Commission for Europe ---------------------------------------


def test_load_brings_the_whole_region(db):
    said = io.StringIO()

    call_command("load_reference_data", stdout=said)

    assert counts() == {
        "Region": 9,
        "Cluster": 4,
        "Objective": 23,
        "GuidingPrinciple": 10,
        "SDG": 17,
        "StakeholderType": 14,
        "ImplementerType": 17,
        "Country": 10,
        "SourceDocument": 5,
        "MemberState": 56,
        "MemberStateName": 69,
        "ReviewCycle": 4,
        "Doubt": 156,
    }
    assert said.getvalue().splitlines() == [
        "regions.csv, 9 rows: 9 added",
        "clusters.csv, 4 rows: 4 added",
        "objectives.csv, 23 rows: 23 added",
        "guiding_principles.csv, 10 rows: 10 added",
        "sdgs.csv, 17 rows: 17 added",
        "stakeholder_types.csv, 14 rows: 14 added",
        "implementer_types.csv, 17 rows: 17 added",
        "source_documents.csv, 5 rows: 5 added",
        "member_states.csv, 56 rows: 56 added",
        "member_state_names.csv, 69 rows: 69 added",
        "countries.csv, 10 rows: 10 added",
        "review_cycles.csv, 4 rows: 4 added",
        "notes of all files, 156 rows: 156 added",
    ]


def test_objectives_stand_in_the_clusters_of_the_roundtables(loaded):
    clusters = {
        cluster.code: list(cluster.objectives.values_list("number", flat=True))
        for cluster in Cluster.objects.all()
    }

    assert clusters == {
        "RT1": [14, 15, 16, 19, 20, 22],
        "RT2": [2, 5, 6, 12, 18],
        "RT3": [4, 8, 9, 10, 11, 13, 21],
        "RT4": [1, 3, 7, 17, 23],
    }


def test_every_reference_name_is_there_in_three_languages(loaded):
    named = [Region, Cluster, GuidingPrinciple, SDG, StakeholderType, ImplementerType, MemberState]
    named += [ReviewCycle]

    empty = [
        f"{model.__name__} {record.pk}"
        for model in named
        for record in model.objects.all()
        if not (record.name_en and record.name_fr and record.name_ru)
    ]
    empty += [
        f"Objective {objective.number}"
        for objective in Objective.objects.all()
        if not all(
            getattr(objective, f"{title}_{language}")
            for title in ("title", "short_title")
            for language in ("en", "fr", "ru")
        )
    ]

    assert empty == []


def test_member_state_has_its_codes_names_and_regions(loaded):
    columns = [f.name for f in MemberState._meta.fields if f.name not in ("id", "version")]

    turkiye = MemberState.objects.values(*columns).get(iso3="TUR")

    assert turkiye == {
        "retired_on": None,
        "iso3": "TUR",
        "iso2": "TR",
        "m49": "792",
        "name_en": "Türkiye",
        "name_fr": "Türkiye",
        "name_ru": "Турция",
        "official_name_en": "Republic of Türkiye",
        "official_name_fr": "République de Türkiye",
        "official_name_ru": "Турецкая Республика",
        "subregion": Region.objects.get(code="western_asia").pk,
        "champion_country": None,
        "country_network": "planned",
    }


def test_regions_hold_their_member_states(loaded):
    held = {region.code: region.member_states.count() for region in Region.objects.all()}
    subregions = {
        region.code: MemberState.objects.filter(subregion=region).count()
        for region in Region.objects.filter(kind="subregion")
    }

    assert {code: number for code, number in held.items() if number} == {"UNECE": 56, "EU": 27}
    assert subregions == {
        "central_asia": 5,
        "eastern_europe": 10,
        "northern_america": 2,
        "northern_europe": 10,
        "southern_europe": 14,
        "western_asia": 6,
        "western_europe": 9,
    }


@pytest.mark.parametrize(
    ("name", "iso3"),
    [
        ("Turkey", ["TUR"]),
        ("Türkiye", ["TUR"]),
        ("republic of türkiye", ["TUR"]),
        ("UK", ["GBR"]),
        ("Great  Britain", ["GBR"]),
        ("Royaume-Uni", ["GBR"]),
        ("The former Yugoslav Republic of Macedonia", ["MKD"]),
        ("Moldova", ["MDA"]),
        ("Молдова", ["MDA"]),
        ("Czech Republic", ["CZE"]),
        ("Kyrgyz Republic", ["KGZ"]),
        ("Byelorussia", ["BLR"]),
        ("the Netherlands", ["NLD"]),
        ("Holland", ["NLD"]),
        ("RUSSIA", ["RUS"]),
        ("США", ["USA"]),
        ("us", ["USA"]),
        ("008", ["ALB"]),
        ("Swaziland", []),
    ],
)
def test_member_state_is_found_by_any_of_its_names(loaded, name, iso3):
    found = MemberState.objects.known_as(name)

    assert [state.iso3 for state in found] == iso3


def test_former_name_has_the_day_on_which_it_ended(loaded):
    columns = ("member_state__iso3", "kind", "used_from", "used_until")

    rows = {
        name: MemberStateName.objects.values_list(*columns).get(name=name)
        for name in ("Turkey", "The former Yugoslav Republic of Macedonia", "Russia")
    }

    assert rows == {
        "Turkey": ("TUR", "former", None, datetime.date(2022, 6, 1)),
        "The former Yugoslav Republic of Macedonia": (
            "MKD",
            "former",
            datetime.date(1993, 4, 8),
            datetime.date(2019, 2, 12),
        ),
        "Russia": ("RUS", "spelling", None, None),
    }


def test_review_cycles_have_their_dates_sources_and_region(loaded):
    columns = ("code", "region__code", "preparation_starts_on", "starts_on", "ends_on")
    columns += ("languages", "sources__code")

    rows = list(ReviewCycle.objects.order_by("year").values_list(*columns))

    day = datetime.date
    november = (day(2020, 11, 9), day(2020, 11, 12), day(2020, 11, 13))
    assert rows == [
        ("RR2020", "UNECE", *november, ["en", "fr", "ru"], "SR2020"),
        ("IMRF2022", None, None, day(2022, 5, 17), day(2022, 5, 20), [], "RIB2024"),
        ("RR2024", "UNECE", None, day(2024, 3, 11), day(2024, 3, 11), [], "RIB2024"),
        ("IMRF2026", None, None, None, None, [], "RIB2024"),
    ]


def test_notes_become_doubts_that_only_staff_see(loaded):
    doubt = Doubt.objects.get(table="objectives", code="20")

    assert (doubt.text, doubt.settled_on) == (
        "fr recalled, not checked; ru recalled, NOT checked: verify against A/RES/73/195 in "
        "Russian before publication. Short titles are ours.",
        None,
    )


# --- Loading again --------------------------------------------------------------------------


def test_second_load_changes_nothing_and_says_so(loaded):
    before = versions(), Change.objects.count()

    lines = loaded.load()

    assert (versions(), Change.objects.count()) == before
    assert happened(lines) == ["Nothing changed."]


def test_second_load_asks_once_for_each_table(loaded, django_assert_num_queries):
    with django_assert_num_queries(22):
        loaded.load()


def test_changed_cells_are_written_and_told(loaded):
    loaded.swap("member_states", "Albanie", "République d’Albanie")
    loaded.swap("objectives", "7,RT4", "7,RT3")
    loaded.swap("review_cycles", "en;fr;ru", "en;fr")
    loaded.swap("review_cycles", "2020-11-09", "")
    before = MemberState.objects.get(iso3="ALB").version

    lines = loaded.load()

    assert happened(lines) == [
        "objectives.csv, 23 rows: 1 cells changed",
        "  7: cluster “RT4” → “RT3”",
        "member_states.csv, 56 rows: 1 cells changed",
        "  ALB: name_fr “Albanie” → “République d’Albanie”",
        "review_cycles.csv, 4 rows: 2 cells changed",
        "  RR2020: preparation_starts_on “2020-11-09” → (empty)",
        "  RR2020: languages en;fr;ru → en;fr",
    ]
    albania = MemberState.objects.get(iso3="ALB")
    assert (albania.name_fr, albania.version) == ("République d’Albanie", before + 1)
    assert Objective.objects.get(number=7).cluster.code == "RT3"
    cycle = ReviewCycle.objects.get(code="RR2020")
    assert (cycle.languages, cycle.preparation_starts_on) == (["en", "fr"], None)
    assert happened(loaded.load()) == ["Nothing changed."]


def test_changed_links_are_written_and_move_the_version_on(loaded):
    loaded.swap("member_states", "western_europe,UNECE;EU", "western_europe,UNECE")
    loaded.swap("member_states", "southern_europe,UNECE,", "southern_europe,EU;UNECE,")
    before = MemberState.objects.get(iso3="AUT").version

    lines = loaded.load()

    assert happened(lines) == [
        "member_states.csv, 56 rows: 2 cells changed",
        "  ALB: regions UNECE → EU;UNECE",
        "  AUT: regions EU;UNECE → UNECE",
    ]
    regions = {
        state.iso3: sorted(region.code for region in state.regions.all())
        for state in MemberState.objects.filter(iso3__in=["ALB", "AUT"])
    }
    assert regions == {"ALB": ["EU", "UNECE"], "AUT": ["UNECE"]}
    assert MemberState.objects.get(iso3="AUT").version == before + 1
    assert happened(loaded.load()) == ["Nothing changed."]


def test_record_that_left_the_files_is_retired_and_comes_back_the_same(loaded):
    whole = (loaded.folder / "member_states.csv").read_bytes()
    names = (loaded.folder / "member_state_names.csv").read_bytes()
    key = MemberState.objects.get(iso3="TUR").pk
    loaded.drop("member_states", "TUR,")
    loaded.drop("member_state_names", "TUR,")

    gone = loaded.load()
    still_gone = loaded.load()
    retired = MemberState.objects.get(iso3="TUR")
    (loaded.folder / "member_states.csv").write_bytes(whole)
    (loaded.folder / "member_state_names.csv").write_bytes(names)
    back = loaded.load()

    assert happened(gone) == [
        "member_states.csv, 55 rows: 1 retired",
        "  retired: TUR",
        "member_state_names.csv, 65 rows: 4 retired",
        "  retired: Republic of Turkey, Turkey, Turkiye, Turquie",
        "notes of all files, 153 rows: 3 retired",
        "  retired: member_states TUR, member_state_names Turkey, member_state_names Turquie",
    ]
    assert happened(still_gone) == ["Nothing changed."]
    assert (retired.pk, retired.retired_on) == (key, timezone.localdate())
    assert happened(back) == [
        "member_states.csv, 56 rows: 1 back in use",
        "  back in use: TUR",
        "member_state_names.csv, 69 rows: 4 back in use",
        "  back in use: Republic of Turkey, Turkey, Turkiye, Turquie",
        "notes of all files, 156 rows: 3 back in use",
        "  back in use: member_states TUR, member_state_names Turkey, member_state_names Turquie",
    ]
    again = MemberState.objects.get(iso3="TUR")
    assert (again.pk, again.retired_on) == (key, None)


def test_retired_name_finds_no_state(loaded):
    loaded.drop("member_state_names", "NLD,Holland")
    loaded.load()

    assert list(MemberState.objects.known_as("Holland")) == []


def test_name_that_only_changes_its_case_stays_one_name(loaded):
    loaded.swap("member_state_names", "FYROM", "fyrom")

    lines = loaded.load()

    assert happened(lines) == [
        "member_state_names.csv, 69 rows: 1 cells changed",
        "  fyrom: name “FYROM” → “fyrom”",
    ]


def test_dry_run_says_what_would_change_and_changes_nothing(loaded):
    loaded.swap("member_states", "Albanie", "Shqipëri")
    before = versions()

    lines = loaded.load("--dry-run")

    assert happened(lines) == [
        "member_states.csv, 56 rows: 1 cells changed",
        "  ALB: name_fr “Albanie” → “Shqipëri”",
        "This was a dry run: nothing was written.",
    ]
    assert versions() == before


def test_log_says_that_the_loader_wrote(loaded):
    steps = Change.objects.values_list("step", "by").distinct()

    assert list(steps.order_by()) == [("load_reference_data", None)]


# --- The office's own work ------------------------------------------------------------------


def office(record, **cells):
    """Somebody in the office edits a record."""
    with signed(by=None, step="edit"):
        for name, value in cells.items():
            setattr(record, name, value)
        record.save()


def test_cell_that_the_office_wrote_last_stays(loaded):
    office(Objective.objects.get(number=20), title_ru="Проверенное название")
    loaded.swap("objectives", "20,RT1", "20,RT2")

    lines = loaded.load()
    again = loaded.load()

    title = (
        "  20: title_ru stays “Проверенное название” as the office wrote it, not “Содействие "
        "более быстрым, безопасным и дешевым денежным переводам и расширению доступа мигрантов к "
        "финансовым услугам”"
    )
    assert happened(lines) == [
        "objectives.csv, 23 rows: 1 cells changed, 1 left as the office wrote them",
        "  20: cluster “RT1” → “RT2”",
        title,
    ]
    assert happened(again) == [
        "objectives.csv, 23 rows: 1 left as the office wrote them",
        title,
        "Nothing changed.",
    ]
    assert Objective.objects.get(number=20).title_ru == "Проверенное название"


def test_links_that_the_office_set_last_stay(loaded):
    with signed(by=None, step="edit"):
        MemberState.objects.get(iso3="GBR").regions.add(Region.objects.get(code="EU"))

    lines = loaded.load()

    assert happened(lines) == [
        "member_states.csv, 56 rows: 1 left as the office wrote them",
        "  GBR: regions stays EU;UNECE as the office wrote it, not UNECE",
        "Nothing changed.",
    ]


def test_record_that_only_the_office_made_stays_in_use(loaded):
    with signed(by=None, step="edit"):
        ReviewCycle.objects.create(
            code="RR2028", kind="regional_review", year=2028, name_en="Third"
        )

    lines = loaded.load()

    assert happened(lines) == ["Nothing changed."]
    assert ReviewCycle.objects.get(code="RR2028").retired_on is None


def test_record_that_the_office_retired_stays_retired(loaded):
    day = datetime.date(2026, 1, 31)
    office(StakeholderType.objects.get(code="media"), retired_on=day)

    lines = loaded.load()

    assert happened(lines) == [
        "stakeholder_types.csv, 14 rows: 1 left as the office wrote them",
        "  media: retired_on stays “2026-01-31” as the office wrote it, not (empty)",
        "Nothing changed.",
    ]
    assert StakeholderType.objects.get(code="media").retired_on == day


def test_doubt_that_staff_settled_stays_settled_until_its_text_changes(loaded):
    day = datetime.date(2026, 1, 31)
    office(Doubt.objects.get(table="clusters", code="RT1"), settled_on=day)

    loaded.load()
    settled = Doubt.objects.get(table="clusters", code="RT1").settled_on
    loaded.swap("clusters", "The name is ours", "The name was ours")
    loaded.load()

    assert settled == day
    doubt = Doubt.objects.get(table="clusters", code="RT1")
    assert (doubt.text[:17], doubt.settled_on) == ("The name was ours", None)


# --- Another region -------------------------------------------------------------------------


@pytest.fixture
def escwa(files):
    """The files of another commission: three States, no cycle yet."""
    ours = {"name_fr": "…", "name_ru": "…"}
    files.write(
        "regions",
        {"code": "ESCWA", "kind": "commission", "sort_order": "1", "name_en": "ESCWA", **ours},
        {"code": "western_asia", "kind": "subregion", "m49": "145", "sort_order": "2"}
        | {"name_en": "Western Asia", "name_fr": "Asie occidentale", "name_ru": "Западная Азия"},
        {"code": "northern_africa", "kind": "subregion", "m49": "015", "sort_order": "3"}
        | {"name_en": "Northern Africa", **ours},
    )
    states = [
        ("EGY", "EG", "818", "Egypt", "Arab Republic of Egypt", "northern_africa"),
        ("JOR", "JO", "400", "Jordan", "Hashemite Kingdom of Jordan", "western_asia"),
        ("LBN", "LB", "422", "Lebanon", "Lebanese Republic", "western_asia"),
    ]
    columns = ("iso3", "iso2", "m49", "name_en", "official_name_en", "subregion")
    files.write(
        "member_states",
        *({**dict(zip(columns, state, strict=True)), "regions": "ESCWA"} for state in states),
    )
    files.write("member_state_names")
    files.write("review_cycles")
    return files


def test_another_region_loads_from_its_own_files(escwa, db):
    escwa.load()

    assert [state.iso3 for state in MemberState.objects.all()] == ["EGY", "JOR", "LBN"]
    assert counts() | {"Doubt": 0} == {
        "Region": 3,
        "Cluster": 4,
        "Objective": 23,
        "GuidingPrinciple": 10,
        "SDG": 17,
        "StakeholderType": 14,
        "ImplementerType": 17,
        "Country": 10,
        "SourceDocument": 5,
        "MemberState": 3,
        "MemberStateName": 0,
        "ReviewCycle": 0,
        "Doubt": 0,
    }


def test_another_region_retires_the_one_before(escwa, db):
    call_command("load_reference_data", stdout=io.StringIO())

    lines = escwa.load()

    in_use = {model.__name__: model.objects.in_use().count() for model in MODELS if model != Doubt}
    assert in_use == {
        "Region": 3,
        "Cluster": 4,
        "Objective": 23,
        "GuidingPrinciple": 10,
        "SDG": 17,
        "StakeholderType": 14,
        "ImplementerType": 17,
        "Country": 10,
        "SourceDocument": 5,
        "MemberState": 3,
        "MemberStateName": 0,
        "ReviewCycle": 0,
    }
    assert (MemberState.objects.count(), ReviewCycle.objects.count()) == (59, 4)
    said = happened(lines)
    assert "member_states.csv, 3 rows: 3 added, 56 retired" in said
    assert "review_cycles.csv, 0 rows: 4 retired" in said
    assert "  retired: RR2020, IMRF2022, RR2024, IMRF2026" in said
