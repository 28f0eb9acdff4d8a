"""`/.well-known/security.txt` (RFC 9116): whom to tell of a hole in this site."""

from datetime import UTC, datetime, time

from django.conf import settings
from django.http import Http404, HttpResponse

PATH = ".well-known/security.txt"


def page(request) -> HttpResponse:
    """The contact of whoever runs the site; 404 while they have named none."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.combine(settings.SECURITY_EXPIRES, time.min, UTC)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(code for code, _name in settings.LANGUAGES)}",
        f"Canonical: {settings.SITE_URL}/{PATH}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
