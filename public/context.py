"""What every page of the base template knows. It reads no database."""

from django.conf import settings
from django.urls import reverse, translate_url
from django.utils.translation import get_language, get_language_info


def page(request) -> dict:
    """The site's name, the same page in each language, and the way home."""
    here = request.get_full_path()
    return {
        "site_name": settings.SITE_NAME,
        "home_url": reverse("public:home"),
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
