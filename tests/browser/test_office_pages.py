"""Every screen of the office in a real browser: readable by everybody, on any screen."""

from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.core.management import call_command
from django.urls import reverse

from accounts.models import Change, Role
from public.models import Edition
from public.publishable import Publishable
from tests import factories
from tests.browser.test_public_pages import RULES

SCREENS = sorted(admin.site._registry, key=lambda model: model._meta.label)
READ_ONLY = {Change, Edition, Role}  # roles are changed, not added

# A field called `matches` hides the method of that name of its form, which axe calls.
UNHIDE = "document.querySelectorAll('[name=matches]').forEach((field) => field.name = '')"
KINDS = [model for model in SCREENS if issubclass(model, Publishable)]
MAKERS = {
    made.model: made for made in vars(factories).values() if isinstance(made, factories.Factory)
}


@pytest.fixture
def office(page, sign_in):
    """Looks at pages as somebody with all rights: gives what one could stumble over there."""
    session = sign_in("Editor", "Publisher", "Administrator")
    page.context.add_cookies([session])
    # Axe writes styles into the page that it looks at, which the site's own policy refuses.
    context = page.context.browser.new_context(base_url=session["url"], bypass_csp=True)
    context.add_cookies([session])
    looked_at = context.new_page()

    def faults_of(address: str) -> list[str]:
        faults = []
        status = page.goto(address).status
        if status != 200 or urlsplit(page.url).path != address:
            return [f"{address}: status {status} at {page.url}"]
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append(f"{address}: scrolls sideways at {width} px")
        looked_at.goto(address)
        looked_at.evaluate(UNHIDE)
        for scheme, rules in (("light", RULES), ("dark", ["color-contrast"])):
            looked_at.emulate_media(color_scheme=scheme)
            options = {"preload": False, "runOnly": rules}
            found = Axe().run(looked_at, options=options).response["violations"]
            faults += [
                f"{address} {scheme} {one['id']}: {node['html'][:300]}"
                for one in found
                for node in one["nodes"][:2]
            ]
        return faults

    yield faults_of
    context.close()


def screen(model, view: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{view}", args=args)


@pytest.mark.parametrize("model", SCREENS, ids=lambda model: model._meta.label_lower)
def test_screens_have_no_faults(office, model):
    call_command("load_reference_data", verbosity=0)
    maker = MAKERS.get(model)
    if model is Edition:
        factories.PracticeFactory(published=True)
    record = maker() if maker else model._default_manager.first()
    addresses = [screen(model, "changelist"), screen(model, "change", record.pk)]
    if model not in READ_ONLY:
        addresses.append(screen(model, "add"))

    assert [fault for address in addresses for fault in office(address)] == []
