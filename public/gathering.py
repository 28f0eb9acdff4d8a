"""Reading many records at once with all that their documents tell.

Django's own prefetching makes a model instance for each link and a queryset for each record and
relation, which takes longer than all else of publishing many.
"""

from collections import defaultdict
from typing import Any

from django.db import models


def gathered(records: models.QuerySet) -> list[Any]:
    """The records, with all that `prefetch_related` was told to bring; linked rows are shared.

    Of a plain many-to-many relation the pairs of keys are read, and each row that is named once.
    """
    links = {
        field.name: field
        for field in records.model._meta.many_to_many
        if field.remote_field.through._meta.auto_created
    }
    lookups = records._prefetch_related_lookups  # type: ignore[attr-defined]
    others = [lookup for lookup in lookups if lookup not in links]
    rows = list(records.prefetch_related(None).prefetch_related(*others))
    for lookup in lookups:
        if lookup in links:
            _give(rows, links[lookup])
    return rows


def _give(rows: list[Any], link: Any) -> None:
    """Give each record what it links to, in the order of the linked table."""
    ours, theirs = link.m2m_column_name(), link.m2m_reverse_name()
    pairs = link.remote_field.through._base_manager.filter(
        **{f"{ours}__in": [row.pk for row in rows]}
    )
    linked = defaultdict(set)
    for row, target in pairs.values_list(ours, theirs):
        linked[row].add(target)
    named = set().union(*linked.values())
    model = link.related_model
    targets = list(model._default_manager.filter(pk__in=named)) if named else []
    for row in rows:
        wanted = linked.get(row.pk, ())
        given: Any = models.QuerySet(model)
        given._result_cache = [target for target in targets if target.pk in wanted]
        row.__dict__.setdefault("_prefetched_objects_cache", {})[link.name] = given
