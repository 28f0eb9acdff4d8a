"""Error pages that say what is wrong and what to do next."""

from django.shortcuts import render


def bad_request(request, exception):
    """400, with the reason that the code gave."""
    return render(request, "400.html", {"reason": str(exception)}, status=400)
