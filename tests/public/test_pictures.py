"""Pictures: that they draw what is counted, say so in every form, and run nothing anywhere."""

import csv
import io
import re
import struct
from collections import Counter
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.http import QueryDict
from django.test import RequestFactory
from openpyxl import load_workbook

from objectives.models import MemberState
from public.lists import Question
from public.models import PublicRecord, database_now
from public.moments import Moment
from public.names import Names
from public.pictures import PICTURES, picture_of, states
from public.pictures.files import COLOURS, png_of, svg_of
from tests.factories import (
    PledgeFactory,
    PracticeFactory,
    RecommendationFactory,
    VoluntaryReportFactory,
    cycle,
    member_state,
    objective,
    published,
)

pytestmark = pytest.mark.django_db

SVG = "{http://www.w3.org/2000/svg}"
ASKED = {name: "member_state=ALB" if name == "profile" else "" for name in PICTURES}
HOSTILE = """<script>alert("x")</script>' onload='&amp; class="step-5"""


def asked(query: str = "") -> tuple[QueryDict, Moment, Names]:
    """What a picture is drawn from, for an address that asks this."""
    request = RequestFactory().get(f"/?{query}")
    request.moment = database_now()
    moment = Moment(request)
    return request.GET, moment, Names(moment)


def picture(name: str, query: str = ""):
    return picture_of(name, *asked(query))


def table(drawn) -> dict:
    """What the table says that is not zero."""
    return {row[0]: row[1] for row in drawn.rows if row[1]}


def address(name: str, form: str = "", query: str = "") -> str:
    ending = f".{form}" if form else "/"
    return f"/pictures/{name}{ending}?{query or ASKED.get(name, '')}"


def text(response) -> str:
    return response.content.decode()


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314  our own, and that it can be read is the test


def asks(url: str | None) -> tuple | None:
    """An address without the order in which it asks."""
    return url and (urlsplit(url).path, dict(parse_qsl(urlsplit(url).query)))


@pytest.fixture
def practices(db):
    """Five practices of three States on three objectives."""
    for number in (7, 15, 23):
        objective(number)
    for iso3 in ("ALB", "CHE", "KGZ", "SRB", "TUR"):
        member_state(iso3)
    for states_of, objectives, year, level, cycle_of in (
        (["ALB"], [7, 15], 2019, "national", "RR2020"),
        (["ALB", "SRB"], [7], 2021, "local", "RR2024"),
        (["SRB"], [23, 7], 2021, "national", "RR2024"),
        (["TUR"], [15], None, "global", "RR2024"),
        ([], [7], 2021, "national", "RR2024"),
    ):
        PracticeFactory(
            member_states=states_of,
            objectives=objectives,
            year_start=year,
            level=level,
            cycle=cycle_of,
            published=True,
        )
    PracticeFactory(member_states=["CHE"], objectives=[7], year_start=2021)  # not published


# --- The figures ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["", "objective=7", "cycle=RR2024&level=national", "member_state=ALB", "year=2021"]
)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("states", lambda record: record.member_states),
        ("objectives", lambda record: record.objectives),
        ("years", lambda record: [record.year or ""]),
        ("cycles", lambda record: [record.cycle]),
        ("levels", lambda record: [record.level]),
    ],
)
def test_pictures_count_the_records_of_their_list(practices, name, values, query):
    records = Question("practice", *asked(query)).records
    plain = Counter(value for record in records for value in values(record))

    drawn = picture(name, query)

    assert {
        key: row[1] for key, row in zip(drawn.keys, drawn.rows, strict=True) if row[1]
    } == dict(plain)


def test_picture_of_states_names_those_that_have_none(practices):
    drawn = picture("states")

    assert list(drawn.rows) == [
        ("Albania", 2),
        ("Kyrgyzstan", 0),
        ("Serbia", 2),
        ("Switzerland", 0),
        ("Türkiye", 1),
    ]
    assert drawn.description == (
        "Most: Albania (2), Serbia (2), Türkiye (1). 2 Member States have none."
    )


def test_picture_of_years_draws_empty_years_and_tells_of_unknown_ones(practices):
    drawn = picture("years")

    assert list(drawn.rows) == [("2019", 1), ("2020", 0), ("2021", 3), ("Year not known", 1)]
    assert [column["number"] for column in drawn.drawing.values["columns"]] == ["1", "", "3"]
    assert drawn.rule == (
        "A practice counts in the year in which it began. Not drawn, because no year is known: 1."
    )


@pytest.mark.parametrize("name", ["states", "objectives", "years", "cycles", "levels"])
@pytest.mark.parametrize("query", ["", "objective=7", "member_state=ALB&member_state=SRB"])
def test_every_shape_leads_to_just_the_records_it_counts(client, practices, name, query):
    drawn = picture(name, query)

    followed = {
        url: (row[1], client.get(url).context["question"].count)
        for row, url in zip(drawn.rows, drawn.links, strict=True)
        if url
    }

    assert {url: counts for url, counts in followed.items() if counts[0] != counts[1]} == {}
    assert followed


def test_shape_beside_the_chosen_ones_has_no_address(practices):
    drawn = picture("states", "member_state=ALB")

    assert list(zip(table(drawn).items(), filter(None, drawn.links), strict=False)) == [
        (("Albania", 2), "/practices/?member_state=ALB")
    ]
    assert table(drawn) == {"Albania": 2, "Serbia": 1}


def test_pictures_draw_other_kinds(practices):
    PledgeFactory(published=True, objectives=[15], stage="planned")
    VoluntaryReportFactory(published=True)
    RecommendationFactory(published=True, objectives=[23])

    assert table(picture("states", "kind=report")) == {"Albania": 1}
    assert table(picture("objectives", "kind=recommendation")) == {"23. Objective 23": 1}
    assert table(picture("stages")) == {"Planned": 1}


def test_profile_counts_one_state_by_kind(practices):
    PledgeFactory(published=True, member_states=["ALB"], objectives=[15])
    PledgeFactory(published=True, member_state="SRB", objectives=[15])

    drawn = picture("profile", "member_state=ALB")

    assert drawn.title == "Albania: practices, pledges and reports by objective"
    assert list(drawn.rows) == [
        ("7. Objective 7", 2, 0, 0),
        ("15. Objective 15", 1, 1, 0),
        ("23. Objective 23", 0, 0, 0),
    ]
    assert drawn.description == "Something on 2 objectives, nothing on 1."
    assert [
        [asks(cell["url"]) for cell in line["cells"]] for line in drawn.drawing.values["lines"]
    ] == [
        [("/practices/", {"member_state": "ALB", "objective": "7"}), None, None],
        [
            ("/practices/", {"member_state": "ALB", "objective": "15"}),
            ("/pledges/", {"member_state": "ALB", "objective": "15"}),
            None,
        ],
        [None, None, None],
    ]


def test_pictures_show_a_past_moment(practices):
    then = database_now()
    PracticeFactory(member_states=["CHE"], objectives=[7], published=True)

    now = picture("states")
    past = picture("states", f"at={then.isoformat().replace('+', '%2B')}")

    assert table(now)["Switzerland"] == 1
    assert table(past) == {"Albania": 2, "Serbia": 2, "Türkiye": 1}
    assert past.as_of == then
    assert all("at=2" in url for url in past.links if url)
    assert "at=2" in past.query


# --- The tile map ---------------------------------------------------------------------------


def test_every_state_of_the_region_has_a_tile_of_its_own():
    call_command("load_reference_data", verbosity=0)

    places = states.placed(list(MemberState.objects.select_related("subregion")))

    assert set(places) == set(states.layout())
    assert len(set(places.values())) == len(places) == 56
    assert max(column for column, _row in places.values()) == states.COLUMNS


def test_states_that_the_layout_does_not_know_stand_in_rows_below(settings, tmp_path):
    settings.REFERENCE_DATA_DIR = tmp_path
    (tmp_path / "tiles.csv").write_text("iso3,column,row\nALB,3,2\n")
    states.layout.cache_clear()
    some = [member_state(iso3) for iso3 in ("ALB", "CHE", "SRB")]

    places = states.placed(some)

    states.layout.cache_clear()
    assert places == {"ALB": (3, 2), "CHE": (1, 3), "SRB": (2, 3)}


def test_tiles_say_their_number(practices):
    drawn = picture("states")
    root = parsed(drawn.drawing.in_page)

    tiles = [
        tuple(part.text for part in tile.iter() if part.tag in (f"{SVG}title", f"{SVG}text"))
        for tile in root
    ]

    assert sorted(tiles) == [
        ("Albania: 2 practices", "ALB", "2"),
        ("Kyrgyzstan: 0 practices", "KGZ", "0"),
        ("Serbia: 2 practices", "SRB", "2"),
        ("Switzerland: 0 practices", "CHE", "0"),
        ("Türkiye: 1 practice", "TUR", "1"),
    ]
    assert [link.get("href") for link in root.iter(f"{SVG}a")] == [
        "/practices/?member_state=SRB",
        "/practices/?member_state=TUR",
        "/practices/?member_state=ALB",
    ]


def test_drawings_in_pages_are_small():
    call_command("load_reference_data", verbosity=0)
    every = MemberState.objects.all()
    PracticeFactory(member_states=list(every), objectives=list(range(1, 24)), published=True)

    sizes = {
        name: len(picture(name, ASKED[name]).drawing.in_page.encode())
        for name in PICTURES
        if name != "coverage"
    }

    assert {name: size for name, size in sizes.items() if size > 25_000} == {}


# --- Files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_picture_as_svg_says_all_that_must_stand_beside_it(client, practices, name):
    response = client.get(address(name, "svg"))

    root = parsed(text(response))
    drawn = picture(name, ASKED[name])
    written = " ".join(part.text or "" for part in root.iter(f"{SVG}text"))
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}.svg"'
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "title description"
    assert root.find(f"{SVG}title").text == drawn.title
    assert root.find(f"{SVG}desc").text == f"{drawn.description} {drawn.rule}"
    assert "Source: reviewhub, http://testserver/" in written
    assert "UTC." in written
    assert not list(root.iter(f"{SVG}a"))
    assert "class=" not in text(response)
    assert "style" not in text(response)


@pytest.mark.parametrize("name", PICTURES)
def test_picture_as_png_is_twice_as_sharp(client, practices, name):
    svg = parsed(text(client.get(address(name, "svg"))))

    response = client.get(address(name, "png"))

    assert response.headers["Content-Type"] == "image/png"
    assert response.content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", response.content[16:24])
    assert (width, height) == (2 * int(svg.get("width")), 2 * int(svg.get("height")))


def test_png_is_written_in_our_letters(client, practices):
    """Letters that are missing would leave as little as a picture without them."""
    drawn = client.get(address("states", "png")).content
    svg = svg_of(picture("states"), "")
    without = png_of(re.sub(r"<text.*?</text>", "", svg))

    assert len(drawn) > 3 * len(without)


def test_picture_as_table_has_codes_and_plain_numbers(client, practices):
    response = client.get(address("states", "csv"))

    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(text(response).removeprefix("\ufeff")))) == [
        ["iso3", "Member State", "Practices"],
        ["ALB", "Albania", "2"],
        ["KGZ", "Kyrgyzstan", "0"],
        ["SRB", "Serbia", "2"],
        ["CHE", "Switzerland", "0"],
        ["TUR", "Türkiye", "1"],
    ]


def test_picture_as_workbook_has_the_same_figures(client, practices):
    response = client.get(address("years", "xlsx"))

    sheet = load_workbook(io.BytesIO(response.content)).active
    assert list(sheet.values) == [
        ("year", "Year", "Practices"),
        (2019, "2019", 1),
        (2020, "2020", 0),
        (2021, "2021", 3),
        (None, "Year not known", 1),
    ]


def test_colours_of_files_are_those_of_the_pages():
    css = Path("static/css")
    known = {}
    for path in (css / "site" / "pictures.css", css / "tokens.css"):
        light = path.read_text().split("prefers-color-scheme: dark", 1)[0]
        known |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))

    assert {name: known.get(name) for name in COLOURS} == COLOURS


# --- Safety ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PICTURES)
def test_hostile_names_stay_text(client, practices, name):
    MemberState.objects.filter(iso3="ALB").update(name_en=HOSTILE)

    page = text(client.get(address(name)))
    bare = text(client.get(address(name, query=f"{ASKED[name]}&embed")))
    svg = client.get(address(name, "svg"))
    png = client.get(address(name, "png"))

    assert "<script>alert" not in page + bare + text(svg)
    parsed(text(svg))
    assert png.content[:4] == b"\x89PNG"


def test_only_the_bare_form_of_a_picture_may_stand_in_a_frame(client, practices):
    answers = {
        path: client.get(path)
        for path in ("/", "/coverage/", "/pictures/states/", "/pictures/states/?embed")
    }

    framed = {
        path: (
            re.search(r"frame-ancestors [^;]+", answer.headers["Content-Security-Policy"])[0],
            answer.headers.get("X-Frame-Options"),
        )
        for path, answer in answers.items()
    }
    assert framed == {
        "/": ("frame-ancestors 'none'", "DENY"),
        "/coverage/": ("frame-ancestors 'none'", "DENY"),
        "/pictures/states/": ("frame-ancestors 'none'", "DENY"),
        "/pictures/states/?embed": ("frame-ancestors *", None),
    }
    bare = answers["/pictures/states/?embed"]
    assert "script-src 'self'" in bare.headers["Content-Security-Policy"]
    assert bare.cookies == {}
    for element in ("<script", "<form", "<input", "<button", 'style="'):
        assert element not in text(bare)


def test_refusals_cannot_be_framed(client, practices):
    for path, status in (
        ("/pictures/nothing/?embed", 404),
        ("/pictures/states/?embed&kind=x", 400),
    ):
        refused = client.get(path)
        assert refused.status_code == status
        assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]


def test_page_gives_the_code_to_embed_it(client, practices):
    page = text(client.get("/pictures/states/?objective=7&objective=15"))

    code = re.search(r"<textarea[^>]*>(.*?)</textarea>", page)[1]
    shown = code.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert shown.startswith(
        '<iframe src="http://testserver/pictures/states/'
        '?kind=practice&amp;objective=7&amp;objective=15&amp;embed" title="'
    )
    assert shown.endswith("></iframe>")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/pictures/nothing/", 404),
        ("/pictures/nothing.svg", 404),
        ("/pictures/states.gif", 404),
        ("/pictures/states/?kind=recommendation", 400),
        ("/pictures/states/?kind=%00", 400),
        ("/pictures/states/?objective=99", 400),
        ("/pictures/states.png?member_state=XXX", 400),
        ("/pictures/years/?at=tomorrow", 400),
        ("/pictures/profile/", 400),
        ("/pictures/profile/?member_state=XXX", 400),
        ("/pictures/profile/?member_state=ALB&member_state=SRB", 400),
        ("/pictures/coverage/?sort=x", 400),
    ],
)
def test_pictures_refuse_what_they_do_not_know(client, practices, path, status):
    assert client.get(path).status_code == status


# --- Nothing, and much ----------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in PICTURES if name != "profile"])
def test_pictures_of_an_empty_database_say_so(client, name):
    page = client.get(address(name))
    svg = client.get(address(name, "svg"))
    png = client.get(address(name, "png"))
    sheet = client.get(address(name, "csv"))

    assert [page.status_code, svg.status_code, png.status_code, sheet.status_code] == [200] * 4
    parsed(text(svg))
    if name != "coverage":
        assert "There is nothing to draw yet." in text(page)


QUERIES = {  # 4 of them are the fence
    "states": 7,
    "objectives": 8,
    "years": 6,
    "cycles": 7,
    "levels": 6,
    "stages": 6,
    "profile": 11,
    "coverage": 9,
}


@pytest.mark.parametrize("how_many", [1, 4])
@pytest.mark.parametrize("name", PICTURES)
def test_pictures_cost_the_same_for_one_and_for_many(
    client, name, how_many, django_assert_num_queries
):
    member_state("ALB")
    PracticeFactory.create_batch(how_many, published=True, member_states=["ALB"])

    with django_assert_num_queries(QUERIES[name]):
        client.get(address(name))


def test_years_far_apart_are_drawn_without_the_time_between(practices):
    PracticeFactory(published=True, year_start=1951)

    drawn = picture("years")

    assert [row[0] for row in drawn.rows] == ["1951", "2019", "2021", "Year not known"]


def test_cycles_stand_in_the_order_of_time(practices):
    cycle("IMRF2022")

    assert list(picture("cycles").keys) == ["RR2020", "IMRF2022", "RR2024"]


def test_embargoed_practices_are_not_drawn(practices):
    published(PracticeFactory(member_states=["CHE"]), at=database_now() + timedelta(days=1))

    assert table(picture("states")) == {"Albania": 2, "Serbia": 2, "Türkiye": 1}
    assert PublicRecord.objects.count() == 5
