"""Signs what staff write through the web, so that the log says who it was."""

import uuid

from objectives.records import signed

READS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class SignatureMiddleware:
    """Makes each writing request of a signed-in person one signed transaction: all or nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.method in READS or not request.user.is_authenticated:
            return None
        with signed(by=request.user, request=uuid.uuid4().hex):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
        return response
