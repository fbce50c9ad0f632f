"""Putting a theme up in a place, changing its settings, and taking the last change back. Acts at once for guests and
publishes nobody's draft."""

from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import AuditAction, User
from menu_pages.menu_versions import menu_changed
from menu_pages.models import PlacePage, PlaceRecord, ThemeInstallation
from menu_pages.themes.registry import ThemeError, known_theme

HISTORY_SHOWN = 10


def install_theme(*, place: PlacePage, theme: str, by: User | None) -> ThemeInstallation | None:
    """Show the place's menu in this theme from now on, with the settings it last had in it.

    Raises `ThemeError` for a theme that is not there. The theme that is up already changes nothing and gives None.
    """
    if known_theme(theme) is None:
        raise ThemeError(f"no such theme: {theme}")
    with transaction.atomic():
        record = _locked(place)
        if record.theme == theme:
            return None
        return _change(record, theme, record.theme_settings.get(theme, {}), by)


def change_settings(*, place: PlacePage, theme: str, settings: dict[str, Any], by: User | None) -> bool:
    """Give the installed theme these (already validated) settings; none are the theme's own.

    False, and nothing done, when another theme has been put up meanwhile.
    """
    with transaction.atomic():
        record = _locked(place)
        if record.theme != theme:
            return False
        if record.theme_settings.get(theme, {}) != settings:
            _change(record, theme, settings, by)
    return True


def undo(*, place: PlacePage, seen: int, by: User | None) -> ThemeInstallation | None:
    """Take back the change the reader saw as the last one, settings and all; None when there has been another since.

    Undoing is itself a change: undone once more it comes back.
    """
    with transaction.atomic():
        record = _locked(place)
        last = ThemeInstallation.objects.filter(place=place).first()
        if last is None or last.pk != seen:
            return None
        return _change(record, last.theme_before, last.settings_before, by, is_undo=True)


def history(place: PlacePage) -> list[ThemeInstallation]:
    """The last changes, the newest first. One query."""
    return list(ThemeInstallation.objects.filter(place=place).select_related("by")[:HISTORY_SHOWN])


def _locked(place: PlacePage) -> PlaceRecord:
    record: PlaceRecord = PlaceRecord.objects.select_for_update().get(place_id=place.pk)
    return record


def _change(
    record: PlaceRecord, theme: str, settings: dict[str, Any], by: User | None, *, is_undo: bool = False
) -> ThemeInstallation:
    change = ThemeInstallation.objects.create(
        place_id=record.place_id,
        theme_before=record.theme,
        theme_after=theme,
        settings_before=record.theme_settings.get(record.theme, {}),
        settings_after=settings,
        is_undo=is_undo,
        by=by,
    )
    _write_down(record, change)
    kept = {name: values for name, values in record.theme_settings.items() if name != theme}
    record.theme = theme
    record.theme_settings = {**kept, theme: settings} if settings else kept
    record.save(update_fields=["theme", "theme_settings"])
    menu_changed(record.place_id)
    return change


def _write_down(record: PlaceRecord, change: ThemeInstallation) -> None:
    """Into the audit log: which theme came after which, or what was chosen otherwise in the same one."""
    details: dict[str, Any] = {"undo": change.is_undo}
    if change.changes_theme:
        details |= {"before": change.theme_before, "after": change.theme_after}
    else:
        before, after = _flat(change.settings_before), _flat(change.settings_after)
        names = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        details |= {
            "before": {name: before.get(name) for name in names},
            "after": {name: after.get(name) for name in names},
        }
    audit.record(
        AuditAction.THEME_INSTALLED if change.changes_theme else AuditAction.THEME_EDITED,
        organisation_id=record.organisation_id,
        by=change.by,
        subject=change.theme_after,
        place=record.place.title,
        **details,
    )


def _flat(settings: dict[str, Any]) -> dict[str, Any]:
    """Colours beside the other settings."""
    return {**{name: value for name, value in settings.items() if name != "colours"}, **settings.get("colours", {})}
