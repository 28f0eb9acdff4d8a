"""When a sitting takes place: the clock at its venue, and the moments that this clock means.

A document tells days and clock times, and the time zone they belong to where a source names it.
Without a zone a clock time is shown as it is and stands for no moment.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from public.documents import AgendaItem, RoundtableDocument

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """Days and clock times of a sitting; None where they are not known.

    `begins` and `ends` are on the venue's clock, and know its zone if the document names one.
    """

    first_day: date | None
    last_day: date | None
    begins: datetime | None
    ends: datetime | None

    @property
    def are_moments(self) -> bool:
        """Whether the clock times can be told on another clock."""
        return self.begins is not None and self.begins.tzinfo is not None

    @property
    def zone(self) -> str:
        """The IANA name of the zone of the clock times, "" if none is known."""
        return str(self.begins.tzinfo) if self.begins and self.begins.tzinfo else ""

    @property
    def zone_words(self) -> str:
        """The zone of the clock times in words, "" without clock times."""
        if self.begins is None:
            return ""
        if not self.zone:
            return _("the source names no time zone")
        return _("time in %(zone)s, %(offset)s") % {
            "zone": self.zone.replace("_", " "),
            "offset": _offset(self.begins),
        }


def times_of(document: RoundtableDocument) -> Times:
    """When a sitting takes place, as far as its document says."""
    first = date.fromisoformat(document.starts_on) if document.starts_on else None
    last = date.fromisoformat(document.ends_on) if document.ends_on else first
    zone = zone_of(document.time_zone)
    return Times(
        first_day=first,
        last_day=last,
        begins=_moment(first, document.start_time, zone),
        ends=_moment(last, document.end_time, zone),
    )


def zone_of(name: str) -> ZoneInfo | None:
    """The time zone of this name; None if there is none, or none that this machine knows."""
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # not found, not a name of a zone, a folder of zones
        return None


def later(moment: datetime, minutes: int) -> datetime:
    """What the clock says so many minutes later, also when summer time begins in between."""
    if moment.tzinfo is None:
        return moment + timedelta(minutes=minutes)
    then = moment.astimezone(UTC) + timedelta(minutes=minutes)
    return then.astimezone(moment.tzinfo)


def agenda_times(
    times: Times, agenda: Sequence[AgendaItem]
) -> list[tuple[datetime | None, datetime | None]]:
    """When each item begins and ends, one after the other from the beginning of the sitting.

    None where the sitting has no clock times, and where it takes longer than a day: nobody knows
    then how long its nights are.
    """
    begins, ends, minutes = times.begins, times.ends, 0
    known = begins and ends and ends - begins < A_DAY
    found: list[tuple[datetime | None, datetime | None]] = []
    for item in agenda:
        found.append(
            (later(begins, minutes), later(begins, minutes + item.minutes))
            if begins and known
            else (None, None)
        )
        minutes += item.minutes
    return found


def overrun(times: Times, agenda: Sequence[AgendaItem]) -> int:
    """By how many minutes the agenda is longer than the sitting; 0 where that is not known."""
    if not agenda or times.ends is None:
        return 0
    _begins, ends = agenda_times(times, agenda)[-1]
    if ends is None:
        return 0
    planned, announced = (one.astimezone(UTC) if one.tzinfo else one for one in (ends, times.ends))
    return max(0, int((planned - announced).total_seconds()) // 60)


def told(moment: datetime | None) -> dict[str, str] | None:
    """A clock time as `components/clock.html` shows it: `moment` is "" where it means none."""
    if moment is None:
        return None
    known = moment.tzinfo is not None
    return {
        "clock": moment.strftime("%H:%M"),
        "moment": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if known else "",
    }


def _moment(day: date | None, clock: str | None, zone: ZoneInfo | None) -> datetime | None:
    if day is None or not clock:
        return None
    return datetime.combine(day, time.fromisoformat(clock), zone)


def _offset(moment: datetime) -> str:
    """How far the clock is ahead of universal time: UTC+1, UTC+5:30, UTC."""
    ahead = moment.utcoffset() or timedelta()
    hours, minutes = divmod(int(abs(ahead).total_seconds()) // 60, 60)
    sign = "" if not ahead else "+" if ahead > timedelta() else "−"
    return f"UTC{sign}{hours or ''}{f':{minutes:02}' if minutes else ''}"
