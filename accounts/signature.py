"""Signs what staff write through the web: the log says who it was, and in which request."""

import uuid

from accounts.chain import seal_soon
from objectives.records import request_in_hand, signed

READS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class SignatureMiddleware:
    """Makes each writing request of a signed-in person one signed transaction: all or nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        outer = request_in_hand.set(request.request_id)
        try:
            return self.get_response(request)
        finally:
            request_in_hand.reset(outer)

    def process_view(self, request, view, args, kwargs):
        if request.method in READS or not request.user.is_authenticated:
            return None
        with signed(by=request.user, request=request_in_hand.get() or uuid.uuid4().hex):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and not response.is_rendered:
                response.render()
            seal_soon()
        return response
