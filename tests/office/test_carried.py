"""What files carry along is shown to staff: on the record, and before it becomes public."""

import pytest
from django.urls import reverse

from public.file_findings import FileFindings
from public.files import keep
from public.workflow import Status
from submissions.models import Practice, SubmissionFile
from tests.factories import PracticeFactory, brought_to, person
from tests.papers import W, docx, odt, upload
from tests.sent import sent

pytestmark = pytest.mark.django_db

CHANGED = docx(
    '<w:p><w:del w:author="Anna Koci"><w:r><w:delText>the old words</w:delText></w:r></w:del>'
    "</w:p>",
    {"word/comments.xml": f'<w:comments xmlns:w="{W}">{"<w:comment/>" * 9}</w:comments>'},
)
CLEAN = odt("<text:p>Seen</text:p>")


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


def practice_with(*contents: bytes) -> Practice:
    practice = PracticeFactory()
    for number, content in enumerate(contents):
        kept = keep(upload(content, f"paper {number}.docx"))
        SubmissionFile.objects.create(
            practice=practice,
            title=f"Paper {number}",
            file=kept.path,
            name=kept.name,
            media_type=kept.media_type,
            size=kept.size,
            sha256=kept.sha256,
        )
    practice.refresh_from_db()
    return practice


def publish_page(client, *practices: Practice):
    client.force_login(person("Publisher"))
    keys = "&".join(f"id={one.pk}" for one in practices)
    return client.get(f"{reverse('admin:steps', args=[Practice, 'publish'])}?{keys}")


def plain(answer) -> str:
    return " ".join(answer.content.decode().split())


FOUND = (
    "<li>1 tracked change: what was deleted can still be read. <q>the old words</q></li>"
    " <li>9 comments. </li> <li>The name of 1 person: <q>Anna Koci</q></li>"
)
NOTHING = '<p class="quiet">Looked into: nothing hidden was found.</p>'
MANY_CLEAN = [odt(f"<text:p>{number}</text:p>") for number in range(4)]
UNKNOWN = "Nobody has looked into this file yet: choose it again"


def test_publisher_sees_of_each_file_what_becomes_public_with_it(client):
    practice = brought_to(Status.APPROVED, practice_with(CHANGED, CLEAN))

    page = plain(publish_page(client, practice))

    assert [page.count(one) for one in (FOUND, NOTHING, UNKNOWN)] == [1, 1, 0]
    assert page.index("Paper 0") < page.index(FOUND) < page.index("Paper 1") < page.index(NOTHING)


def test_publisher_of_many_records_is_told_which_carry_something(client):
    practices = [brought_to(Status.APPROVED, practice_with(one)) for one in (CHANGED, CLEAN)]

    page = plain(publish_page(client, *practices))

    assert page.count("Its files carry along what nobody sees at first: see below.") == 1
    assert [page.count(one) for one in (FOUND, NOTHING)] == [1, 1]


def test_file_that_nobody_has_looked_into_says_so(client):
    practice = brought_to(Status.APPROVED, practice_with(CHANGED))
    FileFindings.objects.all().delete()

    assert UNKNOWN in plain(publish_page(client, practice))


@pytest.mark.parametrize("files", [1, 4])
def test_publish_page_costs_the_same_for_one_and_for_many_files(
    client, files, django_assert_num_queries
):
    practice = brought_to(Status.APPROVED, practice_with(*MANY_CLEAN[:files]))
    publish_page(client, practice)

    with django_assert_num_queries(25):
        publish_page(client, practice)


@pytest.mark.parametrize("files", [1, 4])
def test_record_shows_what_its_files_carry_along_at_the_same_cost(
    client, files, django_assert_num_queries
):
    practice = practice_with(CHANGED, *MANY_CLEAN[1:files])
    client.force_login(person("Editor"))
    address = reverse("admin:submissions_practice_change", args=[practice.pk])
    client.get(address)

    with django_assert_num_queries(34):
        page = plain(client.get(address))

    assert (page.count(FOUND), page.count(NOTHING)) == (1, files - 1)


def test_reader_of_the_record_sees_it_too(client):
    practice = practice_with(CHANGED)
    client.force_login(person("Reader"))

    page = client.get(reverse("admin:submissions_practice_change", args=[practice.pk]))

    assert FOUND in plain(page)


def test_file_of_a_refused_form_shows_what_it_carries_along(client):
    practice = PracticeFactory()
    client.force_login(person("Editor"))
    address = reverse("admin:submissions_practice_change", args=[practice.pk])
    cells = sent(client.get(address))

    refused = client.post(address, cells | {"title": "", "files-0-upload": upload(CHANGED)})

    assert FOUND in plain(refused)


def test_words_of_a_file_cannot_disturb_the_page(client):
    hostile = docx('<w:p><w:ins w:author="&lt;script&gt;alert(1)&lt;/script&gt;&#x202e;"/></w:p>')
    practice = brought_to(Status.APPROVED, practice_with(hostile))

    assert "<q>&lt;script&gt;alert(1)&lt;/script&gt;</q>" in plain(publish_page(client, practice))
