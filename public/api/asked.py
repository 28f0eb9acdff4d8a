"""What an address of the API asks: every parameter is known, every value possible, or: 400."""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import QueryDict
from django.utils.translation import gettext as _

from public.api.problems import Problem
from public.moments import Moment

PAGE_SIZE = 25
LARGEST_PAGE = 500
DEEPEST_PAGE = 1_000_000
DIGITS = re.compile(r"[0-9]{1,9}", re.ASCII)


def wrong(parameter: str, detail: str, allowed: Iterable[Any] | None = None) -> Problem:
    """The refusal of one parameter."""
    error: dict[str, Any] = {"parameter": parameter, "detail": detail}
    if allowed is not None:
        error["allowed"] = list(allowed)
    return Problem("bad-value", errors=[error])


def only_known(asked: QueryDict, known: Iterable[str]) -> None:
    """Every parameter is one of these; the refusal names all that are not."""
    allowed = sorted(known)
    unknown = sorted(set(asked) - set(allowed))
    if unknown:
        raise Problem(
            "unknown-parameter",
            detail=_("Allowed here: %s.") % ", ".join(allowed),
            errors=[
                {"parameter": name, "detail": _("There is no such parameter."), "allowed": allowed}
                for name in unknown
            ],
        )


def filled(asked: QueryDict) -> QueryDict:
    """What is asked without what is empty: that counts for nothing, as in a form."""
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if some := [value for value in values if value]:
            kept.setlist(name, some)
    return kept


def one(asked: QueryDict, name: str) -> str:
    """The value of a parameter that may be given once; "" if it is not."""
    values = asked.getlist(name)
    if len(values) > 1:
        raise wrong(name, _("Give this parameter once."))
    return values[0] if values else ""


def whole_number(asked: QueryDict, name: str, default: int, most: int) -> int:
    """A number from 1 to `most`."""
    text = one(asked, name)
    if not text:
        return default
    if not DIGITS.fullmatch(text) or not 1 <= int(text) <= most:
        raise wrong(name, _("A whole number from 1 to %d.") % most)
    return int(text)


def listed(asked: QueryDict, name: str, allowed: Sequence[str]) -> list[str]:
    """Names written with commas, repeated parameters taken together; each must be allowed."""
    names = [one for value in asked.getlist(name) for one in value.split(",") if one]
    for one_name in names:
        if one_name not in allowed:
            raise wrong(name, _("There is no “%s” here.") % one_name, allowed)
    return list(dict.fromkeys(names))


def moment_of(request) -> Moment:
    """The moment that `?at=` asks for, else now."""
    try:
        return Moment(request, one(request.GET, "at"))
    except BadRequest as error:
        raise wrong("at", str(error)) from error


def since(asked: QueryDict, name: str) -> datetime | None:
    """A day or a moment with its zone; a day means its beginning in UTC."""
    text = one(asked, name)
    if not text:
        return None
    try:
        if len(text) == len("2024-03-11"):
            day = date.fromisoformat(text)
            return datetime(day.year, day.month, day.day, tzinfo=UTC)
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a + of a zone, not escaped
        if moment.tzinfo is None:
            raise ValueError("no zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        says = _("A day such as 2024-03-11, or a moment such as 2024-03-11T12:00:00Z.")
        raise wrong(name, says) from error


def language(asked: QueryDict) -> str:
    """The language of names that the answer adds, English if none is asked for."""
    known = [code for code, _name in settings.LANGUAGES]
    code = one(asked, "lang") or settings.LANGUAGE_CODE
    if code not in known:
        raise wrong("lang", _("There is no “%s” here.") % code, known)
    return code


@dataclass(frozen=True)
class Column:
    """A column of an order: how the database calls it, and whether it falls."""

    name: str
    falls: bool = False

    @property
    def expression(self) -> str:
        return f"-{self.name}" if self.falls else self.name


def place_of(cursor: str, columns: Sequence[Column]) -> list[Any]:
    """The place in the order that a cursor stands for: a value for each column."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        values = msgspec.json.decode(base64.urlsafe_b64decode(padded))
        if not isinstance(values, list) or len(values) != len(columns):
            raise ValueError("of another order")
        if not all(isinstance(value, str) and "\0" not in value for value in values):
            raise ValueError("not texts")
    except (ValueError, binascii.Error, msgspec.DecodeError, UnicodeError) as error:
        says = _("Take the cursor from the address of the next page, with the same “ordering”.")
        raise wrong("cursor", says) from error
    return values


def cursor_of(values: Sequence[Any]) -> str:
    """The cursor of a place in the order."""
    texts = [value.isoformat() if isinstance(value, datetime) else str(value) for value in values]
    return base64.urlsafe_b64encode(msgspec.json.encode(texts)).decode().rstrip("=")
