"""For whoever runs the site: is the process alive, and can it serve?"""

from django.db import Error, connection
from django.http import HttpResponse


def live(request) -> HttpResponse:
    """The process answers."""
    return HttpResponse("live\n", content_type="text/plain")


def ready(request) -> HttpResponse:
    """The process reaches its database; 503 while it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database\n", status=503, content_type="text/plain")
    return HttpResponse("ready\n", content_type="text/plain")
