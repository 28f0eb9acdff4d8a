"""Headers of every answer, whoever gives it: pages, errors, redirects, static files, the API."""

import re

from django.conf import settings

# Nothing of this site needs what a browser could give it.
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "hid",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "serial",
        "usb",
        "xr-spatial-tracking",
    )
)


class HeadersMiddleware:
    """Adds what Django does not. Other sites may use the API, the data and embedded pictures."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for_everybody = re.match(settings.CORS_URLS_REGEX, request.path) or getattr(
            response, "xframe_options_exempt", False
        )
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if for_everybody else "same-origin"
        )
        if not getattr(response, "xframe_options_exempt", False):
            response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        return response
