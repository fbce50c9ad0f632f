"""The audit log's lines of this floor in words, and the clock an organisation's own pages show."""

from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import organisation_clock
from accounts.audit_log.sentences import NOTHING, Sentence, changes_of, reads, shown
from accounts.models import AuditAction, AuditEntry
from menu_pages.models import PlaceRecord
from menu_pages.money import format_money
from menu_pages.themes.options import CARD_PARTS, DENSITIES, HEADERS, PICTURES
from menu_pages.themes.palette import COLOUR_TITLES
from menu_pages.themes.registry import known_theme

# The theme editor's own words.
SETTINGS: dict[str, Any] = {
    **COLOUR_TITLES,
    "fonts": gettext_lazy("Fonts"),
    "density": gettext_lazy("Density"),
    "pictures": gettext_lazy("Pictures of dishes"),
    "header": gettext_lazy("Head of the menu"),
    "card": gettext_lazy("Cards show"),
}
CHOICES: dict[str, Any] = {**DENSITIES, **PICTURES, **HEADERS, **CARD_PARTS}


def zone_of_first_place(organisation_id: int) -> ZoneInfo | None:
    zones = PlaceRecord.objects.filter(organisation_id=organisation_id).order_by("pk")
    name: str | None = zones.values_list("time_zone", flat=True).first()
    return ZoneInfo(name) if name else None


organisation_clock.found_by(zone_of_first_place)


@reads(AuditAction.PRICE_CHANGED)
def _price(entry: AuditEntry) -> Sentence:
    details = entry.details
    if "count" in details:
        # Many at once: the subject says how they were changed.
        count = details["count"]
        dishes = ngettext("%(count)d dish", "%(count)d dishes", count) % {"count": count}
        return Sentence(f"{entry.subject}: {dishes}")

    def money(value: Any) -> str:
        if value is None or "currency" not in details:
            return shown(value)
        return format_money(Decimal(value), details["currency"])

    return Sentence(_("Price: %(dish)s") % {"dish": entry.subject}, changes_of(entry, money))


@reads(AuditAction.THEME_INSTALLED)
def _theme(entry: AuditEntry) -> Sentence:
    text = _("Theme of the menu, taken back") if entry.details.get("undo") else _("Theme of the menu")
    return Sentence(text, changes_of(entry, _theme_title))


@reads(AuditAction.THEME_EDITED)
def _settings(entry: AuditEntry) -> Sentence:
    undone = entry.details.get("undo")
    text = _("Settings of “%(theme)s”, taken back") if undone else _("Settings of “%(theme)s”")
    text %= {"theme": _theme_title(entry.subject)}
    return Sentence(text, changes_of(entry, _setting, lambda name: str(SETTINGS.get(name, name))))


@reads(AuditAction.TABLE_KEY_REPLACED)
def _table(entry: AuditEntry) -> Sentence:
    return Sentence(_("New code of table %(number)s") % {"number": entry.subject})


@reads(AuditAction.ORDERING_SWITCHED)
def _ordering(entry: AuditEntry) -> Sentence:
    return Sentence(_("Ordering by guests"), changes_of(entry))


def _theme_title(slug: Any) -> str:
    theme = known_theme(str(slug))
    return str(theme.title) if theme else shown(slug)


def _setting(value: Any) -> str:
    if value is None:
        return _("the theme’s own")
    if isinstance(value, list):
        return ", ".join(str(CHOICES.get(part, part)) for part in value) or NOTHING
    return str(CHOICES.get(value, value))
