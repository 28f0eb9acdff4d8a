"""What colleagues have done to records since somebody opened a page on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.text import capfirst

from accounts.models import Change
from public.publishable import Publishable
from public.workflow import LABELS


@dataclass(frozen=True)
class Moved:
    """One record that is no longer as it was read; `record` is None if it has been deleted."""

    record: Publishable | None
    changes: list[dict[str, Any]] = field(default_factory=list)


def moved_on(model, records: Sequence[Publishable], read: Mapping[int, int]) -> list[Moved]:
    """The records whose version is not the one that was read, each with who did what since."""
    stale = {record.pk: record for record in records if record.version != read[record.pk]}
    gone = set(read) - {record.pk for record in records}
    if not stale:
        return [Moved(None) for _key in gone]
    log = Change.objects.filter(
        table_name=model._meta.db_table,
        row_id__in=list(stale),
        version__gt=min(read[key] for key in stale),
    )
    done: dict[int, list[dict[str, Any]]] = {key: [] for key in stale}
    told = dict(read)  # the versions that the log tells of
    for change in log.select_related("by").order_by("id"):
        if change.version and change.version > read[change.row_id]:
            done[change.row_id].append(_told(model, change))
            told[change.row_id] = change.version
    untold = [key for key, record in stale.items() if told[key] < record.version]
    prefetch_related_objects([stale[key] for key in untold], "edited_by")
    for key in untold:  # the last to write wrote a part or a link
        done[key].append(_by_its_editor(stale[key]))
    return [
        *(Moved(record, done[key]) for key, record in stale.items()),
        *(Moved(None) for _key in gone),
    ]


def _told(model, change: Change) -> dict[str, Any]:
    labels = {one.attname: one for one in model._meta.concrete_fields if one.editable}
    names = [
        capfirst(str(labels[name].verbose_name)) for name in change.now or () if name in labels
    ]
    return {
        "who": change.by,
        "at": change.at,
        "step": LABELS.get(change.step, ""),
        "fields": names,
        "why": change.why,
    }


def _by_its_editor(record: Publishable) -> dict[str, Any]:
    """Parts and links are logged where they are; the record only knows who touched them last."""
    at: datetime | None = None
    return {"who": record.edited_by, "at": at, "step": "", "fields": [], "why": ""}
