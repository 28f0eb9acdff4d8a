"""Public documents in words: every field has a label, every code a name, in few queries."""

import pytest

from office.document_words import DocumentWords
from tests.factories import RECORD_FACTORIES, PledgeFactory, PracticeFactory, StakeholderFactory
from tests.public.test_documents import FULL

pytestmark = pytest.mark.django_db


def said(lines):
    """Labels and values as a page shows them."""
    return {
        line.label: [said(one["lines"]) if isinstance(one, dict) else one for one in line.values]
        for line in lines
    }


def test_practice_says_everything_in_words():
    record, document = FULL["practice"]()

    words = said(DocumentWords(type(record), [document]).lines(document))

    assert words == {
        "Code": [record.code],
        "Title": ["One-stop centres for newcomers"],
        "Language": ["English"],
        "Sources": ["Summary report"],
        "Place in the source": ["p. 9"],
        "Web address": ["https://example.org/1"],
        "Summary": ["Newcomers find all services in one place."],
        "Party": [f"Migrants' Union ({document.party.stakeholder})"],
        "Lead implementer": ["City of Tirana"],
        "Implementer types": ["member_state"],
        "Carried out in": ["Albania", "Serbia"],
        "Partner countries outside the region": ["CAN", "USA"],
        "Objectives": ["3. Objective 3", "7. Objective 7"],
        "Primary objectives": ["7. Objective 7"],
        "Guiding principles": ["people_centred"],
        "SDGs": ["10. Goal 10"],
        "Level": ["national"],
        "First year": ["2021"],
        "Last year": ["2023"],
        "Review cycle": ["Review of 2024"],
        "Related to COVID-19": ["Yes"],
        "Files": [
            {
                "File name for readers": ["report.pdf"],
                "Title": ["Report"],
                "Kind": ["other document"],
                "Language": ["English"],
                "Media type": ["application/pdf"],
                "Size": ["1\xa0byte"],
                "SHA-256": ["0" * 64],
            }
        ],
    }


@pytest.mark.parametrize("kind", FULL)
def test_every_field_of_every_kind_has_words(kind):
    record, document = FULL[kind]()
    words = DocumentWords(type(record), [document])

    labels = [*said(words.lines(document)), *words.empty(document)]

    fields = len(document.__struct_fields__) + 1  # the source is two lines
    assert len(labels) == len(set(labels)) == fields
    assert "{" not in str(said(words.lines(document))).replace("{'", "")


def test_what_is_empty_is_named():
    document = StakeholderFactory().document()

    words = DocumentWords(StakeholderFactory.model, [document])

    assert words.empty(document) == [
        "Sources",
        "Place in the source",
        "Web address",
        "Acronym",
        "Member States",
        "Description",
    ]


def test_differences_are_told_field_by_field():
    one = PracticeFactory(title="First", objectives=[7])
    other = PracticeFactory(title="Second", objectives=[7, 15])
    was, now = one.document(), other.document()

    found = DocumentWords(type(one), [was, now]).differences(was, now)

    assert [(each.label, each.was.values, each.now.values) for each in found] == [
        ("Code", [one.code], [other.code]),
        ("Title", ["First"], ["Second"]),
        ("Objectives", ["7. Objective 7"], ["7. Objective 7", "15. Objective 15"]),
    ]


def test_records_of_other_kinds_are_named_with_their_titles():
    first = PledgeFactory(title="First of two")
    document = PledgeFactory(type="matching", matches=first).document()

    words = said(DocumentWords(PledgeFactory.model, [document]).lines(document))

    assert words["Matches the pledge"] == [f"{first.code}: First of two"]


@pytest.mark.parametrize("how_many", [1, 4])
def test_words_cost_the_same_for_one_and_for_many(how_many, django_assert_num_queries):
    made = [FULL["practice"]() for _ in range(how_many)]
    documents = [document for _record, document in made]

    with django_assert_num_queries(10):
        words = DocumentWords(PracticeFactory.model, documents)
        for document in documents:
            words.lines(document)


def test_all_kinds_are_tried():
    assert set(FULL) == {factory.model.kind for factory in RECORD_FACTORIES}
