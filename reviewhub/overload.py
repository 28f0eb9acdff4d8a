"""What a request is told that the site has no time for: 503, when to come back, nothing done."""

from reviewhub.errors import unavailable
from reviewhub.worker import REFUSED

ALWAYS = ("/health/live", "/static/")  # alive under any load; and what the refusal looks like


class OverloadMiddleware:
    """Answers in place of the view, once the form's mark is checked: typed text comes back.

    An upload is not read, as that takes as long as serving it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if not request.META.get(REFUSED) or request.path.startswith(ALWAYS):
            return None
        if request.content_type == "multipart/form-data":
            request.csrf_processing_done = False
        return unavailable(request)
