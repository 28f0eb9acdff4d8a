"""What people write in cells and headings, and how an import understands it."""

import pytest
from django.core.exceptions import ValidationError

from objectives.models import SDG, MemberState, MemberStateName, Objective, ReviewCycle
from office.imports.cells import cell_for
from office.imports.codes import Codes
from office.imports.headings import heading, headings_of
from office.imports.resources import resources_of
from public.publishable import Publishable
from public.sheets import unguard
from sessions.models import Roundtable
from submissions.models import Practice, Stakeholder
from submissions.resources import PracticeResource
from tests.factories import StakeholderFactory, cycle, member_state, objective, sdg


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("'=1+1", "=1+1"),
        ("'+49 30 1234", "+49 30 1234"),
        ("'-5", "-5"),
        ("'@SUM(A1)", "@SUM(A1)"),
        ("'\t=1", "\t=1"),
        ("'\r=1", "\r=1"),
        ("'\tblank", "\tblank"),
        ("'＝1", "＝1"),
        ("'＋1", "＋1"),
        ("'－1", "－1"),
        ("'＠A", "＠A"),
        ("'  =1", "  =1"),
        ("'\ufeff=1", "\ufeff=1"),
        ("'\x01=1", "\x01=1"),
        ("'\u200b\u00a0=1", "\u200b\u00a0=1"),
        ("''=1", "'=1"),  # a text that began with an apostrophe itself
        ("'tis the season", "'tis the season"),
        ("'", "'"),
        ("=1+1", "=1+1"),
        ("", ""),
        ("It's = 1", "It's = 1"),
    ],
)
def test_unguard_takes_back_what_keeps_a_text_from_running(cell, text):
    assert unguard(cell) == text


@pytest.fixture
def names(db):
    """Records that people call by many names."""
    for number in (7, 15):
        one = objective(number)
        one.title_fr, one.short_title_ru = f"Objectif long {number}", f"Короткое {number}"
        one.save()
    state = member_state("TUR")
    state.name_fr, state.name_ru = "Turquie", "Турция"
    state.official_name_en = "Republic of Türkiye"
    state.save()
    for name, kind in [("Turkey", "former"), ("Turkiye", "spelling")]:
        MemberStateName.objects.create(member_state=state, name=name, kind=kind)
    sdg(10)
    cycle("RR2024")
    StakeholderFactory(code="ST-0001", title="Migrants' Union", acronym="MU")


@pytest.mark.parametrize(
    ("model", "said", "key"),
    [
        *((MemberState, said, "TUR") for said in ["TUR", "tur", "TR", "792", "Türkiye", "Turkey"]),
        *((MemberState, said, "TUR") for said in ["TURKIYE", "Republic of  Türkiye", "Турция"]),
        *((Objective, said, 7) for said in ["7", "Objective 7", "OBJECTIVE 7", "obj. 7", "Obj 7"]),
        *((Objective, said, 7) for said in ["Objectif 7", "objectif n° 7", "Цель 7", "цель № 7"]),
        *((Objective, said, 7) for said in ["Objectif long 7", "короткое 7", "7. Objective 7"]),
        *((SDG, said, 10) for said in ["10", "SDG 10", "goal 10", "ODD 10", "ЦУР 10", "Goal 10"]),
        *((ReviewCycle, said, "RR2024") for said in ["RR2024", "rr2024", "Review of 2024"]),
        *((Stakeholder, said, "ST-0001") for said in ["ST-0001", "Migrants' Union", "MU"]),
    ],
)
def test_records_are_found_by_every_name(names, model, said, key):
    found = Codes().find(model, said)

    assert getattr(found, {MemberState: "iso3", Objective: "number", SDG: "number"}.get(
        model, "code"
    )) == key  # fmt: skip


def test_names_of_states_are_those_that_known_as_knows(names):
    for said in ["TUR", "TR", "792", "Türkiye", "Turkey", "turquie", "Republic of Türkiye"]:
        assert [Codes().find(MemberState, said)] == list(MemberState.objects.known_as(said))


def test_lists_of_codes_may_stand_between_commas(names):
    codes = Codes()

    assert [one.number for one in codes.find_all(Objective, ["7, 15"])] == [7, 15]
    with pytest.raises(ValidationError) as refusal:
        codes.find_all(Objective, ["7, 99", "8"])
    assert refusal.value.messages == [
        "There is no objective “99”.",
        "There is no objective “8”.",
    ]


def test_many_words_are_learnt_in_one_query(names, django_assert_num_queries):
    codes = Codes()

    with django_assert_num_queries(1):
        codes.learn(Stakeholder, ["ST-0001", "MU", "Nobody"])
        found = [codes.find(Stakeholder, said) for said in ("ST-0001", "MU")]

    assert [one.code for one in found] == ["ST-0001", "ST-0001"]


@pytest.mark.parametrize(
    ("name", "said", "value"),
    [
        ("level", "national", "national"),
        ("level", "National", "national"),
        ("level", "NATIONAL ", "national"),
        ("level", "Infranational", None),
        ("language", "English", "en"),
        ("language", "français", "fr"),
        ("language", "русский", "ru"),
        ("covid19", "Oui", True),
        ("covid19", "ЛОЖЬ", False),
        ("covid19", "VRAI", True),
        ("covid19", "no", False),
        ("covid19", "1", True),
    ],
)
def test_choices_are_codes_or_labels_in_any_language(name, said, value):
    cell = cell_for(Practice._meta.get_field(name))

    if value is None:
        with pytest.raises(ValidationError):
            cell.clean(said, codes=Codes())
    else:
        assert cell.clean(said.strip(), codes=Codes()) == value


def test_lists_of_choices_take_labels_too():
    cell = cell_for(Roundtable._meta.get_field("languages"))

    assert cell.clean("English; Français\nru", codes=Codes()) == ["en", "fr", "ru"]


@pytest.mark.parametrize(
    ("written", "column"),
    [
        ("code", "code"),
        (" CODE * ", "code"),
        ("Member_States", "member_states"),
        ("member states", "member_states"),
        ("carried out in", "member_states"),
        ("Lieux de mise en œuvre", "member_states"),
        ("Где осуществляется:", "member_states"),
        ("Primary objectives", "primary_objectives"),
        ("\ufeffcode", "code"),
        ("country", None),
    ],
)
def test_headings_are_codes_or_labels_in_any_language(written, column):
    assert headings_of(PracticeResource).get(heading(written)) == column


def test_no_label_hides_the_code_of_another_column(apps_with_resources):
    """A heading that is the code of one column never stands for another."""
    for resource in apps_with_resources:
        known = headings_of(resource)
        assert {known[heading(name)] for name in resource.columns()} == set(resource.columns())


@pytest.fixture
def apps_with_resources():
    from django.apps import apps

    kinds = [model for model in apps.get_models() if issubclass(model, Publishable)]
    return [resource for kind in kinds for resource in resources_of(kind).values()]


def test_every_kind_and_every_part_can_be_imported(apps_with_resources):
    assert sorted(
        (one.publishable()._meta.label_lower, one._meta.model._meta.model_name)
        for one in apps_with_resources
    ) == [
        ("roundtables.recommendation", "recommendation"),
        ("roundtables.roundtable", "agendaitem"),
        ("roundtables.roundtable", "guidingquestion"),
        ("roundtables.roundtable", "role"),
        ("roundtables.roundtable", "roundtable"),
        ("roundtables.roundtable", "statement"),
        ("submissions.excerpt", "citation"),
        ("submissions.excerpt", "excerpt"),
        ("submissions.pledge", "citation"),
        ("submissions.pledge", "pledge"),
        ("submissions.pledge", "progressupdate"),
        ("submissions.practice", "citation"),
        ("submissions.practice", "practice"),
        ("submissions.stakeholder", "stakeholder"),
        ("submissions.voluntaryreport", "citation"),
        ("submissions.voluntaryreport", "reportsection"),
        ("submissions.voluntaryreport", "voluntaryreport"),
        ("synthesis.figure", "figure"),
    ]
