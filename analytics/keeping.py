"""Keeping the figures: a row per morning, written once however often the morning is counted."""

import datetime
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import models

Kept = TypeVar("Kept", bound=models.Model)


def keep(rows: Sequence[Any], *, owner: Sequence[str]) -> dict[Any, datetime.datetime]:
    """Write the rows of one morning, unless they stand there already; returns when each owner's was computed.

    `owner` names the fields that, with the morning, are unique. A row that would say the same keeps the time it was
    computed at. Two queries; to be called in a transaction, under the lock.
    """
    if not rows:
        return {}
    model = type(rows[0])

    def key(row: Any) -> Any:
        return tuple(getattr(row, name) for name in (*owner, "day"))

    wanted = {key(row): row for row in rows}
    first = owner[0]
    standing = model.objects.filter(
        **{f"{first}__in": {getattr(row, first) for row in rows}, "day__in": {row.day for row in rows}}
    )
    computed = {key(row): row.computed_at for row in wanted.values()}
    for row in standing:
        new = wanted.get(key(row))
        if new and (new.currency, new.figures) == (row.currency, row.figures):
            computed[key(row)] = row.computed_at
            del wanted[key(row)]
    model.objects.bulk_create(
        wanted.values(),
        update_conflicts=True,
        unique_fields=(*owner, "day"),
        update_fields=("computed_at", "figures", *(("currency",) if "currency" not in owner else ())),
    )
    return computed
