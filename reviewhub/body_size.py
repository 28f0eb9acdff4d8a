"""How much may be sent at once: asked of the header, before anything is read.

What the header says holds: no server reads more of a request than it has announced.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from office.drafts import LARGEST as LARGEST_DRAFT
from office.language import OFFICE
from reviewhub.errors import bad_request, too_large


class BodySizeMiddleware:
    """Answers 413 to who sends more than there is use for; only staff hand in files.

    Comes after signing in, and before anything that reads what was sent: the check of forms does.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.headers.get("Transfer-Encoding"):  # no browser sends it
            return bad_request(
                request, _("Say how much you send: with the header Content-Length.")
            )
        said = request.META.get("CONTENT_LENGTH") or "0"
        size = int(said) if str(said).isdecimal() else 0
        # who it is costs a query, so only a large body asks
        if size > settings.DATA_UPLOAD_MAX_MEMORY_SIZE or request.path_info.startswith("/api/"):
            most = most_for(request)
            if size > most:
                return too_large(request, size, most)
        return self.get_response(request)


def most_for(request: HttpRequest) -> int:
    """How many bytes of this request would be read."""
    if request.path_info.startswith("/api/"):
        return LARGEST_DRAFT
    if request.path_info.startswith(OFFICE) and request.user.is_authenticated:
        return settings.LARGEST_REQUEST
    return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
