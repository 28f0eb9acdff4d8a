"""The screens that the staff guide shows. `make pictures` makes its pictures anew."""

import os
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from objectives.models import Objective
from objectives.records import signed
from office.guide import PICTURES
from public import publication
from public.models import database_now
from public.workflow import Status
from submissions.models import Practice
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RoundtableFactory,
    person,
    principle,
    published,
    take,
)
from tests.office.import_journey import csv_of, job_page, previewed

TAKES_PICTURES = os.environ.get("PICTURES") == "1"
WIDTH, HEIGHT, MARGIN = 1100, 1000, 16  # of a picture, at most

CENTRES = "One-stop centres for newcomers in eight towns"
CENTRES_SUMMARY = (
    "Newcomers find registration, language classes, health insurance and advice on work under one"
    " roof, in the evening as well. The towns share one waiting list and count how long people"
    " wait."
)
MENTORS = "Mentors for the first year in a new school"
DIPLOMAS = "One form to have nursing diplomas recognised"
TEXT = (
    "The authorities will give every child who arrives without their family a lawyer and a"
    " guardian within five days, and will publish each year how many children were heard, how long"
    " they waited and what was decided. Guardians are trained before they begin and meet each"
    " child at least once a week. The costs are borne by the national budget."
)


@pytest.fixture
def desk(page, sign_in):
    """Seats somebody of these roles at a browser as wide as the pictures are."""
    call_command("load_reference_data", verbosity=0)
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.emulate_media(color_scheme="light", reduced_motion="reduce")

    def sit_down(*roles: str):
        page.context.add_cookies([sign_in(*roles)])
        return page

    yield sit_down
    # Leaving a form sends word of it: emptying the tables has to wait for the answer.
    page.goto(reverse("admin:search"), wait_until="networkidle")


def show(page, name: str, *headings: str, top: str = "body", bottom: str = "#container") -> None:
    """The screen has these headings, and the guide its picture: from one element to another."""
    for heading in headings:
        page.get_by_role("heading", name=heading).first.wait_for()
    file = PICTURES / f"{name}.png"
    if TAKES_PICTURES:
        page.mouse.move(0, 0)
        page.evaluate("document.activeElement.blur()")
        page.set_viewport_size(
            {"width": WIDTH, "height": 10 * HEIGHT}
        )  # nothing sticks to an edge
        above, below = (page.locator(one).first.bounding_box() for one in (top, bottom))
        begin = max(0, above["y"] - MARGIN)
        end = below["y"] + below["height"] + MARGIN
        clip = {"x": 0, "y": begin, "width": WIDTH, "height": min(end - begin, HEIGHT)}
        file.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=file, clip=clip, animations="disabled")
    assert file.exists(), f"`make pictures` makes {file.name}"


def change(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def centres(**values) -> Practice:
    """A practice whose form is well filled in."""
    return PracticeFactory(
        title=CENTRES,
        summary=CENTRES_SUMMARY,
        level="local",
        year_start=2022,
        lead_implementer="Association of towns",
        objectives=[16, 15],
        principles=[principle("people_centred")],
        **values,
    )


def test_my_work(desk):
    me = person("Reviewer")
    PracticeFactory(title=MENTORS, edited_by=me)
    returned = PracticeFactory(title=DIPLOMAS, edited_by=me, status=Status.SUBMITTED)
    publication.start_review(returned, by=person("Publisher"))
    note = "Say which offices share the form, and since when."
    publication.return_with_note(returned, by=person("Publisher"), note=note)
    PracticeFactory(title="Evening advice desk for orchard workers", status=Status.SUBMITTED)
    published(
        PracticeFactory(title="Letters home, counted", objectives=[20]),
        at=(database_now() + timedelta(days=9)).replace(hour=9, minute=0, second=0, microsecond=0),
    )
    PledgeFactory(title="Counters in harbour towns", text=TEXT, due_on=date(2024, 12, 31))
    page = desk("Reviewer", "Editor", "Publisher")

    page.goto(reverse("admin:index"))
    page.get_by_label("Review cycle").select_option("all")
    page.get_by_label("Review cycle").press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_load_state()

    show(
        page,
        "my-work",
        "Waiting for me",
        "Returned to me",
        "To review",
        "Under embargo",
        "Overdue",
        "Missing",
        top=".at-the-top",
        bottom="section[aria-labelledby=missing]",
    )


def test_practice(desk):
    practice = centres()
    page = desk("Editor")

    page.goto(change(practice))

    show(
        page,
        "practice",
        CENTRES,
        "Where it stands",
        "Objectives",
        top="fieldset:has(.field-objective_links)",
        bottom=".field-primary_objectives_claimed",
    )


def test_roundtable(desk):
    numbers = [4, 8, 9, 10, 11, 13, 21]
    roundtable = RoundtableFactory(
        code="RR2024-RT1",
        number=1,
        title_en="Saving lives, borders and return",
        cluster=Objective.objects.get(number=8).cluster,
        objectives=numbers,
        place="Palais des Nations, Geneva",
        starts_on=date(2024, 3, 11),
        ends_on=date(2024, 3, 11),
        start_time="10:00",
        end_time="11:30",
        time_zone="Europe/Zurich",
    )
    page = desk("Roundtable officer")

    page.goto(change(roundtable))

    show(
        page,
        "roundtable",
        "Which sitting",
        "When and where",
        top=".cluster >> nth=2",
        bottom=".field-place",
    )


def test_publish(desk):
    practice = PracticeFactory(
        title=CENTRES,
        summary="Newcomers find all services under one roof, in the evening as well.",
        level="local",
        objectives=[16],
        status=Status.APPROVED,
    )
    page = desk("Publisher")
    opening = (database_now() + timedelta(days=9)).strftime("%Y-%m-%dT09:00")

    page.goto(f"{reverse('admin:steps', args=[Practice, 'publish'])}?id={practice.pk}")

    page.get_by_label("Date and time in UTC").fill(opening)

    show(
        page,
        "publish",
        "Publish now / at …",
        "What becomes public",
        top="h1",
        bottom=".local-time",
    )


def test_history(desk):
    practice = centres()
    take("submit", practice)
    take("start_review", practice)
    take("return_with_note", practice, note="Say how many towns take part by now.")
    with signed(by=person("Editor")):
        practice.title = CENTRES.replace("eight", "twelve")
        practice.summary = CENTRES_SUMMARY.replace(
            "in the evening", "in the evening and on Saturdays"
        )
        practice.save()
    practice.refresh_from_db()
    take("submit", practice)
    page = desk("Editor")

    page.goto(reverse("admin:history", args=[Practice, practice.pk]))

    show(page, "history", "History", bottom=".events > li >> nth=4")


def test_conflict(desk):
    practice = centres()
    page = desk("Editor")
    page.goto(change(practice))

    with signed(by=person("Reviewer")):
        practice.title = CENTRES.replace("eight", "twelve")
        practice.year_start = 2021
        practice.save()
    page.get_by_label("Title:", exact=True).first.fill(
        CENTRES.replace("newcomers", "everybody who arrives")
    )
    page.get_by_role("button", name="Save and stay here").click()

    show(
        page,
        "conflict",
        "Somebody else saved this record while you had it open",
        "Both of you changed",
        "Only the other person changed: it is kept",
        top=".conflict",
        bottom=".conflict",
    )


def test_import(desk):
    summary = "Three offices share one form, so that each paper is asked for once."
    known = [
        PracticeFactory(title=title, summary=summary, level="local", objectives=[16])
        for title in (DIPLOMAS, MENTORS)
    ]
    same = {"cycle": "RR2024", "level": "local", "primary_objectives_claimed": "1"}
    rows = [
        (known[0].code, DIPLOMAS, summary.replace("Three", "Five"), "16"),
        (known[1].code, MENTORS, summary, "16"),
        ("P-2401", CENTRES, CENTRES_SUMMARY, "16"),
        (
            "P-2402",
            "Helpline in six languages",
            "It answers questions on papers and school.",
            "32",
        ),
    ]
    names = ("code", "title", "summary", "objectives")
    sheet = [
        dict(zip(names, row, strict=True)) | same | {"primary_objectives": row[-1]} for row in rows
    ]
    upload = previewed(person("Editor"), csv_of(sheet), name="practices-2024.csv")
    page = desk("Editor")

    page.goto(job_page(upload))
    page.get_by_role("link", name="all 4").click()

    show(page, "import", "Preview of practices-2024.csv", "Row by row", bottom=".import table")
