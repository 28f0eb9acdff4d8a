"""The preview: the public page before publication, for staff only, kept nowhere."""

import re

import pytest
from django.urls import reverse

from public.models import Edition, PublicRecord
from tests.factories import (
    RECORD_FACTORIES,
    FigureFactory,
    PledgeFactory,
    PracticeFactory,
    person,
    published,
    take,
)
from tests.public.test_documents import FULL

pytestmark = pytest.mark.django_db


def address(record) -> str:
    return reverse("admin:preview", args=[type(record), record.pk])


@pytest.fixture
def staff(client):
    client.force_login(person("Reader"))
    return client


def main(page) -> str:
    """The page's own part, without the preview's banner."""
    text = page.content.decode()
    text = re.sub(r'<section class="preview-banner".*?</section>', "", text, flags=re.DOTALL)
    text = re.search(r"<main.*</main>", text, flags=re.DOTALL)[0]
    return re.sub(r"\s+", " ", text)


def test_preview_is_the_page_that_publishing_makes(staff):
    PracticeFactory(title="Related", objectives=[7], published=True)
    practice, _document = FULL["practice"]()
    published(practice.stakeholder)

    preview = staff.get(address(practice))
    practice.refresh_from_db()
    published(practice)
    public = staff.get(reverse("public:practice", args=[practice.code]))

    assert main(preview) == main(public)
    assert "Preview for staff: not public" in preview.content.decode()
    assert "Preview" not in public.content.decode()


def test_preview_of_the_next_edition_shows_what_is_saved_not_what_is_public(staff):
    practice = PracticeFactory(title="First", published=True)
    take("revise", practice)
    practice.title = "Second"
    practice.save()

    text = staff.get(address(practice)).content.decode()

    assert '<h1 lang="en">Second</h1>' in text
    assert "edition 2" in text
    assert "First" not in text


@pytest.mark.parametrize("factory", RECORD_FACTORIES, ids=lambda one: one.model.kind)
@pytest.mark.parametrize("status", ["draft", "published"])
def test_every_kind_has_a_preview_that_nobody_keeps(staff, factory, status):
    record = factory(status=status)
    editions = Edition.objects.count()

    answer = staff.get(address(record))

    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))
    assert answer["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in answer.content.decode()
    assert record.code in answer.content.decode()
    assert Edition.objects.count() == editions


@pytest.mark.parametrize("kind", FULL)
def test_full_records_of_every_kind_are_shown(staff, kind):
    record, _document = FULL[kind]()

    assert staff.get(address(record)).status_code == 200


def test_kind_without_a_public_page_is_shown_in_words(staff):
    figure = FigureFactory(member_states=["ALB"])

    answer = staff.get(address(figure))

    assert {line.label: line.values for line in answer.context["lines"]} == {
        "Code": [figure.code],
        "What it counts": ["Country networks"],
        "Language": ["English"],
        "Category": ["UN network on migration"],
        "Value": ["20"],
        "As of the year": ["2024"],
        "Member States": ["Albania"],
    }


def test_what_is_missing_stands_on_top(staff):
    practice = PracticeFactory(objectives=[])
    hidden = PledgeFactory()
    pledge = PledgeFactory(type="matching", matches=hidden)
    ready = PracticeFactory()

    lists = [staff.get(address(one)).context["lacking"] for one in (practice, pledge, ready)]

    assert lists == [
        [
            "This record claims 1 primary objective(s) and has 0: mark the primary objectives, or"
            " correct the claim."
        ],
        [f"{pledge.code} names what is not public then: {hidden.code}. Publish that first."],
        [],
    ]


@pytest.mark.parametrize("language", ["fr", "ru", "xx", ""])
def test_preview_speaks_each_language_of_the_public_pages(staff, language):
    practice = PracticeFactory()

    answer = staff.get(address(practice), {"language": language})

    wanted = language if language in ("fr", "ru") else "en"
    assert f'<html lang="{wanted}">' in answer.content.decode()
    links = re.findall(r'<a href="([^"]+)" hreflang', answer.content.decode())
    assert links == [f"{address(practice)}?language={code}" for code in ("en", "fr", "ru")]


def test_past_moments_are_no_matter_of_the_preview(staff):
    practice = PracticeFactory()

    answer = staff.get(address(practice), {"at": "2020-01-01"})

    assert answer.status_code == 200
    assert "See what is public now" not in answer.content.decode()


@pytest.mark.parametrize("known", [True, False])
def test_anonymous_gets_what_any_unknown_address_gives(client, known):
    practice = PracticeFactory(published=known)

    answers = [
        client.get(address(practice)),
        client.get("/admin/submissions.practice/999999/preview/"),
        client.get("/admin/no/such/page/"),
    ]

    assert [answer.status_code for answer in answers] == [302] * 3
    assert {answer.url.split("?")[0] for answer in answers} == {reverse("admin:login")}
    assert {answer.content for answer in answers} == {b""}


@pytest.mark.parametrize("role", ["Roundtable officer", "Administrator", "Publisher"])
def test_whoever_reads_the_record_reads_its_preview(client, role):
    client.force_login(person(role))

    assert client.get(address(PracticeFactory())).status_code == 200


def test_whoever_may_not_read_the_record_gets_no_preview(client):
    outsider = person("Reader")
    outsider.groups.clear()
    client.force_login(outsider)

    assert client.get(address(PracticeFactory())).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["/admin/submissions.practice/999999/preview/", "/admin/objectives.objective/1/preview/"],
)
def test_unknown_records_and_kinds_without_documents_have_no_preview(staff, path):
    assert staff.get(path).status_code == 404


def test_public_side_does_not_know_the_preview(staff):
    practice = PracticeFactory()

    staff.get(address(practice))

    assert staff.get(reverse("public:practice", args=[practice.code])).status_code == 404
    assert not PublicRecord.objects.exists()


@pytest.mark.parametrize("links", [1, 4])
def test_preview_costs_the_same_with_one_link_and_with_four(
    staff, links, django_assert_num_queries
):
    practice = PracticeFactory(objectives=list(range(1, links + 1)))

    with django_assert_num_queries(21):
        staff.get(address(practice))
