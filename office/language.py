"""The language of the office: whatever each person chose, as its addresses have none in them."""

from django.utils import translation

OFFICE = "/admin/"


class OfficeLanguageMiddleware:
    """Comes after Django's, which gives every address without a language the site's first one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.path_info.startswith(OFFICE):
            translation.activate(translation.get_language_from_request(request))
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)
