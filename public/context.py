"""What every page of the base template knows. It reads no database."""

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _

# view → what the navigation calls it
WAYS = {
    "objectives": _("Objectives"),
    "member-states": _("Member States"),
    "practice-list": _("Practices"),
    "pledge-list": _("Pledges"),
    "report-list": _("Reports"),
    "recommendation-list": _("Recommendations"),
    "reviews": _("Reviews"),
    "coverage": _("Coverage"),
    "data": _("Data"),
}
MORE_WAYS = {
    "roundtable-list": _("Roundtables"),
    "stakeholder-list": _("Stakeholders"),
    "compare": _("Compare States"),
    "search": _("Search"),
    "my-list": _("My list"),
}


def page(request) -> dict:
    """The site's name, the same page in each language, and the way home."""
    here = request.get_full_path()
    return {
        "site_name": settings.SITE_NAME,
        "home_url": reverse("public:home"),
        "search_url": reverse("public:search"),
        "rooms": _rooms(request.path, WAYS),
        "more_rooms": _rooms(request.path, MORE_WAYS),
        "languages": [
            {
                "code": code,
                "name": get_language_info(code)["name_local"].capitalize(),
                "url": translate_url(here, code),
                "current": code == get_language(),
            }
            for code, _name in settings.LANGUAGES
        ],
    }


def _rooms(here: str, ways: dict) -> list[dict]:
    return [
        {"url": url, "name": name, "current": here.startswith(url)}
        for url, name in ((reverse(f"public:{view}"), name) for view, name in ways.items())
    ]
