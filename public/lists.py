"""A list as somebody asks for it: which records, in which order, and what it is called in words.

Page, CSV, feed, calendar, map and pictures of a list all start from one `Question`, so that they
agree.
"""

from functools import cached_property
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import F
from django.http import QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from public.filters import FILTERS
from public.models import PublicRecord, PublicRecordQuerySet
from public.moments import Moment
from public.names import Names


class Question:
    """What a list's address asks. `BadRequest` names a value that no list knows."""

    def __init__(self, kind: str, asked: QueryDict, moment: Moment, names: Names):
        self.kind = kind
        self.asked = asked
        self.moment = moment
        self.names = names
        records = PublicRecord.objects.visible(moment.at).of_kind(kind)
        self.filters = FILTERS[kind](asked, records)
        if not self.filters.is_valid():
            raise BadRequest(
                " ".join(
                    f"{name}: {error}"
                    for name, errors in self.filters.errors.items()
                    for error in errors
                )
            )

    @property
    def records(self) -> PublicRecordQuerySet:
        """The records that the list shows, in no order."""
        return self.filters.qs

    @property
    def ordered(self) -> PublicRecordQuerySet:
        """The same in the order that was asked for."""
        return self.records.order_by(F("first_published_at").desc(), "code")

    @cached_property
    def count(self) -> int:
        return self.records.count()

    @property
    def chosen(self) -> dict[str, list[Any]]:
        """The filters that are on, by parameter: the values as they stand in the address."""
        return {
            name: [value for value in self.asked.getlist(name) if value]
            for name in self.filters.filters
            if any(self.asked.getlist(name))
        }

    @property
    def query(self) -> str:
        """The filters as they stand in an address, without page, order and moment."""
        return urlencode(self.chosen, doseq=True)

    @property
    def sentence(self) -> str:
        """The list in a sentence that a person would say, with the count."""
        return _("%(count)d records") % {"count": self.count}
