"""Keeping a place's settings, and only over settings the reader has seen."""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.audit import record as write_down
from accounts.models import AuditAction, User
from menu_pages.menu_versions import menu_changed
from menu_pages.models import PlacePage, PlaceRecord

FIELDS = (
    "ordering_enabled",
    "max_line_quantity",
    "max_basket_lines",
    "currency",
    "language",
    "time_zone",
    "day_starts_at",
)

# Orders are taken on a floor above, which says here how to ask for them.
_ask: Callable[[int], bool] | None = None


class SettingsChangedError(Exception):
    """Somebody saved the settings after they were shown. Carries them as they are now."""

    def __init__(self, record: PlaceRecord) -> None:
        super().__init__()
        self.record = record


def orders_known_by(ask: Callable[[int], bool]) -> None:
    """Ask `ask` whether the place with this id has ever taken an order."""
    global _ask
    _ask = ask


def has_orders(place_id: int) -> bool:
    """Whether the place has taken orders, so that its currency is settled. One query."""
    return bool(_ask and _ask(place_id))


def mark_of(record: PlaceRecord) -> str:
    """What a form carries to say which settings it showed."""
    values = [getattr(record, name) for name in FIELDS]
    return hashlib.sha256(json.dumps(values, cls=DjangoJSONEncoder).encode()).hexdigest()[:16]


def save_settings(*, place: PlacePage, values: Mapping[str, Any], seen: str, by: User) -> list[str]:
    """Put the values (of `FIELDS`) on the place's record; returns the names of those that changed. Acts at once.

    Ordering switched on or off leaves a line in the audit log. Raises `SettingsChangedError` when the record is no
    longer what `seen` stands for, `ValidationError` for another currency than that of the orders there are; then
    nothing was changed.
    """
    with transaction.atomic():
        record = PlaceRecord.objects.select_for_update().get(place_id=place.pk)
        if mark_of(record) != seen:
            raise SettingsChangedError(record)
        changed = [name for name in FIELDS if values[name] != getattr(record, name)]
        if "currency" in changed and has_orders(place.pk):
            raise ValidationError({"currency": _("The place has taken an order meanwhile: its currency stays.")})
        if not changed:
            return []
        if "ordering_enabled" in changed:
            write_down(
                AuditAction.ORDERING_SWITCHED,
                organisation_id=record.organisation_id,
                by=by,
                place=place.title,
                before=record.ordering_enabled,
                after=values["ordering_enabled"],
            )
        for name in changed:
            setattr(record, name, values[name])
        record.save(update_fields=changed)
        menu_changed(place.pk)
    return changed
