"""Why a dish stays as it is: kept as a word of the table below with its figures, said in the reader's language."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from menu_pages.money import format_money


class Why(models.TextChoices):
    # Found by the look.
    SAME = "same", _("the price stays the same")
    ROUNDED_SAME = "rounded_same", _("rounded, the price stays the same")
    FREE = "free", _("costs nothing and goes on costing nothing")
    NO_PRICE = "no_price", _("has no price")
    PUBLISHED = "published", _("is published already")
    HIDDEN = "hidden", _("is not published")
    LOCKED = "locked", _("is locked by another editor")
    # Found while it was applied.
    GONE = "gone", _("is no longer in this menu")
    CHANGED = "changed", _("changed meanwhile: %(before)s → %(found)s, left as it is")
    OPTIONS_CHANGED = "options_changed", _("its options were changed meanwhile, left as it is")
    DRAFT_OPTIONS = "draft_options", _("somebody is changing its options in a draft: publish the draft or discard it")
    EDITED = "edited", _("was edited meanwhile, left as it is")
    REFUSED = "refused", _("does not fit: %(message)s")


def left(item: dict[str, Any], why: Why, **figures: Any) -> dict[str, Any]:
    """A dish left alone, as it is kept."""
    return {"page": item["page"], "title": item["title"], "why": why.value, **figures}


def words_of(found: dict[str, Any], currency: str) -> str:
    why = Why(found["why"])
    if why is Why.CHANGED:
        prices = {name: _price(found[name], currency) for name in ("before", "found")}
        return str(why.label) % prices
    return str(why.label) % {"message": found["message"]} if why is Why.REFUSED else str(why.label)


def _price(text: str | None, currency: str) -> str:
    return format_money(Decimal(text), currency) if text is not None else "—"
