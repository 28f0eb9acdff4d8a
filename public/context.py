"""What every page of the base template knows. It reads no database."""

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _


def page(request) -> dict:
    """The site's name, the same page in each language, and the way home."""
    here = request.get_full_path()
    return {
        "site_name": settings.SITE_NAME,
        "home_url": reverse("public:home"),
        "search_url": reverse("public:search"),
        "rooms": [
            {"url": url, "name": name, "current": request.path.startswith(url)}
            for name, url in ((name, reverse(f"public:{view}")) for view, name in _rooms())
        ],
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


def _rooms() -> list[tuple[str, str]]:
    return [
        ("objectives", _("Objectives")),
        ("member-states", _("Member States")),
        ("practice-list", _("Practices")),
        ("pledge-list", _("Pledges")),
        ("report-list", _("Reports")),
        ("recommendation-list", _("Recommendations")),
        ("reviews", _("Reviews")),
        ("coverage", _("Coverage")),
        ("data", _("Data")),
    ]
