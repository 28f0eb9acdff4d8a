"""`?at=`: every public page can show what was public at a past moment."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.exceptions import BadRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Moment:
    """The moment a page shows: now by the database's clock, or the past moment of `?at=`."""

    def __init__(self, request, asked: str | None = None):
        self.asked = request.GET.get("at", "") if asked is None else asked
        self.state = getattr(request, "state", None)  # of the public record, if it is known
        self.at = _read(self.asked, now=request.moment) if self.asked else request.moment

    @property
    def shown(self) -> date | datetime | None:
        """The past day or moment as it was asked for; None on pages that show the present."""
        if not self.asked:
            return None
        return date.fromisoformat(self.asked) if DAY.fullmatch(self.asked) else self.at

    def address(self, name: str, args: list[Any] | None = None, **asked: Any) -> str:
        """The address of a page that shows the same moment, and what it is asked (filters)."""
        query = urlencode({**asked, "at": self.asked} if self.asked else asked, doseq=True)
        path = reverse(name, args=args)
        return f"{path}?{query}" if query else path


def _read(text: str, *, now: datetime) -> datetime:
    """A day means its end in UTC; anything else is an ISO 8601 moment with its zone."""
    try:
        if DAY.fullmatch(text):
            day = date.fromisoformat(text)
            moment = min(
                datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC),
                now if day <= now.date() else datetime.max.replace(tzinfo=UTC),
            )
        else:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError("no time zone")
            moment = moment.astimezone(UTC)  # PostgreSQL does not know zones so far from UTC
    except (ValueError, OverflowError) as error:
        raise BadRequest(
            _("“at” is a day such as 2024-03-11, or a moment such as 2024-03-11T12:00:00Z.")
        ) from error
    if moment > now:
        raise BadRequest(_("“at” lies in the future: choose a day up to today, or leave it out."))
    return moment
