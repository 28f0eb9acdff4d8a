"""The register of surfaces: complete, true about who is let in, and checked by `make check`."""

import logging

import pytest
from django.core.checks.registry import registry
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.http import HttpResponse
from django.test import override_settings
from django.urls import include, path

from public.fence import NAMESPACES
from reviewhub import surface_checks
from reviewhub.surface_checks import addresses, every_surface_is_classified
from reviewhub.surfaces import PAGES, REGISTER, Audience
from reviewhub.urls import urlpatterns as whole_site


def a_page(request):
    return HttpResponse()


def site_with(address):
    """The addresses of the site, and one more."""
    return type("urls", (), {"urlpatterns": [*whole_site, address]})


unnamed = site_with(path("secrets/", a_page))
named = site_with(path("secrets/", a_page, name="secrets"))
again = site_with(path("live", a_page, name="health-live"))
deeper = site_with(path("x/", include(([path("y/", a_page, name="z")], "public"))))


def complaints() -> list[str]:
    return [error.msg for error in every_surface_is_classified()]


def test_every_surface_is_in_the_register_and_nothing_else():
    assert complaints() == []
    assert {what: len(known) > 3 for what, known in REGISTER.items()} == dict.fromkeys(
        ["address", "command", "letter", "log"], True
    )


@pytest.mark.parametrize(
    ("urls", "says"),
    [
        (named, "The address secrets is not in the register of surfaces."),
        (unnamed, "The address secrets/ is not in the register of surfaces."),
        (deeper, "The address public:z is not in the register of surfaces."),
        (again, "2 addresses share the name health-live: the register knows only one."),
    ],
)
def test_address_that_nobody_classified_breaks_the_build(urls, says):
    with override_settings(ROOT_URLCONF=urls):
        assert complaints() == [says]
        with pytest.raises(SystemCheckError, match=r"reviewhub\.E00"):
            call_command("check", tags=[surface_checks.TAG])


@pytest.mark.parametrize("what", ["command", "letter", "log"])
def test_command_letter_or_log_that_nobody_classified_breaks_the_build(monkeypatch, what):
    name = sorted(REGISTER[what])[0]
    monkeypatch.delitem(REGISTER[what], name)

    assert complaints() == [f"The {what} {name} is not in the register of surfaces."]


def test_entry_of_what_is_gone_breaks_the_build(monkeypatch):
    monkeypatch.setitem(PAGES, "public:gone", PAGES["public:home"])

    assert complaints() == [
        "The register of surfaces names the address public:gone, which is not there."
    ]


def test_check_of_surfaces_is_among_those_that_every_check_runs():
    assert every_surface_is_classified in registry.get_checks()


def test_public_addresses_are_those_behind_the_fence():
    """What the register calls public is what the middleware puts behind the role, and the 404."""
    public = {name for name, surface in PAGES.items() if surface.audience is Audience.PUBLIC}
    fenced = {name for name, *_rest in addresses() if name.partition(":")[0] in NAMESPACES}

    assert public - fenced == {"^api/(?:[\\s\\S]*/)?\\Z"}
    assert fenced - public == set()


def test_staff_addresses_are_those_of_the_admin():
    staff = {name for name, surface in PAGES.items() if surface.audience is Audience.STAFF}
    office = {name for name, route, _pattern in addresses() if route.startswith("admin/")}

    assert office - staff == {"set-language"}
    assert staff - office == set()


def test_every_log_of_ours_goes_to_the_console_only():
    handlers = {
        type(handler).__name__
        for name in REGISTER["log"]
        for handler in logging.getLogger(name).handlers
    }

    assert handlers == set()
