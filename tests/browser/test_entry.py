"""Entering records in a real browser: by keyboard, without scripts, on any screen."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from submissions.models import Pledge, Practice, VoluntaryReport
from tests.browser.test_public_pages import RULES
from tests.factories import PledgeFactory, PracticeFactory, RoleFactory, RoundtableFactory, person
from tests.papers import a_pdf

PDF = a_pdf()


@pytest.fixture
def reference_data(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    call_command("load_reference_data", verbosity=0)


def sign_in(context, live_server, role: str = "Editor") -> None:
    client = Client()
    client.force_login(person(role))
    cookie = client.cookies["sessionid"]
    context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": live_server.url}])


@pytest.fixture
def desk(page, reference_data, live_server):
    """An editor's browser."""
    sign_in(page.context, live_server)
    return page


def add(model) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def change(record) -> str:
    meta = record._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record.pk])


def tab_to(page, selector: str) -> None:
    """Press Tab until this control has the focus."""
    for _ in range(300):
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The keyboard does not reach {selector}")


def pick(page, words: str) -> None:
    """Type into a picker, and take the first that it finds."""
    page.keyboard.type(words)
    page.locator("[role=option]:visible", has_text=words).first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_practice_is_entered_by_keyboard_and_the_next_keeps_cycle_and_party(desk, tmp_path):
    file = tmp_path / "annex.pdf"
    file.write_bytes(PDF)
    desk.goto(add(Practice))

    desk.on("filechooser", lambda chooser: None)  # the browser needs a moment to hand them over
    tab_to(desk, "#id_cycle")
    desk.keyboard.type("RR2024")
    tab_to(desk, "#id_member_state-search")
    pick(desk, "Albania")
    tab_to(desk, "#id_title")
    desk.keyboard.type("Night buses")
    tab_to(desk, "#id_summary")
    desk.keyboard.type("Buses run all night.")
    tab_to(desk, "#id_level")
    desk.keyboard.type("local")
    tab_to(desk, "#id_member_states-search")
    pick(desk, "Albania")
    pick(desk, "Serbia")
    desk.keyboard.press("Backspace")  # takes Serbia away again
    tab_to(desk, "#id_partner_countries-search")
    pick(desk, "Argentina")
    tab_to(desk, "[name=objective_links][value='15']")
    desk.keyboard.press("Space")
    tab_to(desk, "[name=objective_links-primary][value='7']")
    desk.keyboard.press("Space")
    tab_to(desk, "#id_files-0-upload")
    with desk.expect_file_chooser() as chooser:
        desk.keyboard.press("Enter")
    chooser.value.set_files(file)
    tab_to(desk, "[name=_addanother]")
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/add/?**")

    practice = Practice.objects.get()
    assert practice.objective_numbers() == [7, 15]
    assert practice.objective_numbers(primary=True) == [7]
    assert (practice.member_state.iso3, practice.level) == ("ALB", "local")
    assert [state.iso3 for state in practice.member_states.all()] == ["ALB"]
    assert practice.partner_countries == ["ARG"]
    assert [one.title for one in practice.files.all()] == ["annex"]
    assert desk.locator("#id_cycle").input_value() == str(practice.cycle_id)
    assert desk.locator("#id_member_state-search").input_value() == "Albania"
    assert desk.locator("#id_title").input_value() == ""


def test_enter_in_a_picker_waits_for_the_list_and_never_sends_the_form(desk):
    desk.goto(add(Practice))
    field = desk.locator("#id_member_state-search")

    field.focus()
    desk.keyboard.type("Alb")
    desk.keyboard.press("Enter")
    desk.locator("[role=option]:visible", has_text="Albania").wait_for()
    desk.keyboard.press("Enter")

    assert field.input_value() == "Albania"
    assert desk.url.endswith(add(Practice))


def test_picker_says_when_nothing_is_found(desk):
    desk.goto(add(Practice))

    desk.locator("#id_member_state-search").fill("Atlantis")

    desk.locator("[role=option]:visible", has_text="Nothing found").wait_for()


def test_main_aim_is_served_and_what_is_not_served_is_no_main_aim(desk):
    desk.goto(add(Practice))
    served = desk.locator("[name=objective_links][value='7']")
    main = desk.locator("[name=objective_links-primary][value='7']")

    main.check()
    assert served.is_checked()
    served.uncheck()
    assert not main.is_checked()


def test_counter_says_how_long_a_text_is_and_speaks_at_the_limits_only(desk):
    desk.goto(add(Pledge))
    text, counter = desk.locator("#id_text"), desk.locator("#id_text-counter")
    spoken = desk.locator("#id_text-spoken")
    said = []

    for length in (0, 10, 20, 300, 301, 2699, 2700, 2701, 3000, 3001):
        text.fill("😀" + "ж" * (length - 1) if length else "")
        said.append((length, counter.inner_text(), spoken.inner_text()))

    assert [(length, shown) for length, shown, _heard in said] == [
        (0, "0 of 3,000 characters"),
        (10, "10 characters, at least 300 before review"),
        (20, "20 characters, at least 300 before review"),
        (300, "Long enough: 300 of 3,000 characters"),
        (301, "Long enough: 301 of 3,000 characters"),
        (2699, "Long enough: 2,699 of 3,000 characters"),
        (2700, "2,700 of 3,000 characters"),
        (2701, "2,701 of 3,000 characters"),
        (3000, "3,000 of 3,000 characters"),
        (3001, "1 characters too many: shorten the text"),
    ]
    assert list(dict.fromkeys(heard for _length, _shown, heard in said)) == [
        "",
        "10 characters, at least 300 before review",
        "Long enough: 300 of 3,000 characters",
        "300 characters left",
        "1 characters too many: shorten the text",
    ]


def test_what_is_pasted_is_never_cut_off(desk):
    desk.goto(add(Pledge))

    desk.locator("#id_title").fill("ж" * 400)

    assert len(desk.locator("#id_title").input_value()) == 400
    assert desk.locator("#id_title-counter").inner_text() == (
        "100 characters too many: shorten the text"
    )


def test_parts_are_added_with_their_pickers_and_counters(page, reference_data, live_server):
    roundtable = RoundtableFactory()
    sign_in(page.context, live_server, "Roundtable officer")
    page.goto(change(roundtable))
    page.locator("#roles-group summary").first.click()

    for place, name in ((0, "Ana Hoxha"), (1, "Ben Koch")):
        if place:
            page.locator("#roles-group .add-row a").click()
        page.locator(f"#id_roles-{place}-role").select_option("panellist")
        page.locator(f"#id_roles-{place}-person").fill(name)
        page.locator(f"#id_roles-{place}-member_state-search").focus()
        pick(page, "Albania")
    page.locator("[name=_continue]").click()
    page.wait_for_load_state()

    roles = roundtable.roles.values_list("sort_order", "person", "member_state__iso3")
    assert list(roles) == [(1, "Ana Hoxha", "ALB"), (2, "Ben Koch", "ALB")]


def test_records_are_entered_without_scripts(chromium, reference_data, live_server, tmp_path):
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    sign_in(context, live_server)
    page = context.new_page()
    file = tmp_path / "annex.pdf"
    file.write_bytes(PDF)
    page.goto(add(Practice))

    page.locator("#id_cycle").select_option(label="RR2024: Regional review 2024")
    page.locator("[name=member_state-code]").fill("alb")
    page.locator("#id_title").fill("Night buses")
    page.locator("#id_summary").fill("Buses run all night.")
    page.locator("#id_level").select_option("local")
    page.locator("[name=member_states-code]").fill("ALB, SRB")
    page.locator("#id_partner_countries").select_option("ARG")
    page.locator("[name=objective_links-primary][value='7']").check()
    page.locator("#id_files-0-upload").set_input_files(file)
    page.locator("[name=_addanother]").click()

    practice = Practice.objects.get()
    assert page.locator("#id_member_state option:checked").inner_text() == "Albania"
    assert practice.objective_numbers(primary=True) == [7]
    assert sorted(state.iso3 for state in practice.member_states.all()) == ["ALB", "SRB"]
    assert [one.name for one in practice.files.all()] == ["annex.pdf"]
    context.close()


def test_forms_have_no_accessibility_faults_and_never_scroll_sideways(
    page, reference_data, live_server
):
    practice, pledge, roundtable = PracticeFactory(), PledgeFactory(), RoundtableFactory()
    RoleFactory(roundtable=roundtable)
    visits = [
        ("Editor", [change(pledge), add(VoluntaryReport)]),
        ("Roundtable officer", [change(roundtable)]),
        ("Reader", [change(practice)]),
        ("Administrator", [reverse("admin:objectives_reviewcycle_add")]),
    ]
    axe, faults, too_wide = Axe(), {}, []

    for role, paths in visits:
        sign_in(page.context, live_server, role)
        for path in paths:
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    too_wide.append((role, width, path))
            scope = {"include": [["#content-main"]]}
            # `preload` would write the style sheets that others import into the page
            options = {"preload": False, "runOnly": RULES}
            found = axe.run(page, context=scope, options=options)
            for one in found.response["violations"]:
                faults[f"{role} {path} {one['id']}"] = one["nodes"][0]["html"]

    assert faults == {}
    assert too_wide == []
