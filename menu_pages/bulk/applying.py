"""One dish of a bulk change: compared with the look under its lock, then changed, or left as it is with a reason."""

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Revision

from accounts.models import User
from menu_pages.bulk.looking import draft_of
from menu_pages.bulk.present import Prices, drafts_keep_options, prices_of, with_option_prices
from menu_pages.bulk.reasons import Why, left
from menu_pages.editing import edit_page, locked_by_another
from menu_pages.models import BulkAction, DishPage, PlacePage

Item = dict[str, Any]


def apply_item(*, place: PlacePage, action: str, item: Item, by: User | None) -> Item | None:
    """Change the dish with a revision and a log entry; returns why it was left as it is, if it was.

    Belongs in a transaction: the dish stays locked until its end.
    """
    dish = locked_dish(place, item["page"])
    if dish is None:
        return left(item, Why.GONE)
    if locked_by_another(dish, by):
        return left(item, Why.LOCKED)
    try:
        with transaction.atomic():
            if action == BulkAction.PRICES:
                return _reprice(dish, item, by)
            if action == BulkAction.PUBLISH:
                return _publish(dish, item, by)
            return _unpublish(dish, item, by)
    except ValidationError as error:
        return left(item, Why.REFUSED, message=" ".join(error.messages))


def locked_dish(place: PlacePage, pk: int) -> DishPage | None:
    """The dish as it is now, kept so until the transaction ends: an edit of it waits, or has been seen."""
    found: DishPage | None = (
        DishPage.objects.select_for_update(of=("self",)).descendant_of(place).filter(pk=pk).order_by().first()
    )
    return found


def _reprice(dish: DishPage, item: Item, by: User | None) -> Item | None:
    present = prices_of([dish])[dish.pk]
    if present.price != Decimal(item["before"]):
        return left(item, Why.CHANGED, before=item["before"], found=_text(present.price))
    changes: dict[str, Any] = {}
    if item["after"] != item["before"]:
        changes["price"] = Decimal(item["after"])
    if item["options"]:
        why = _options_problem(dish, present, item)
        if why:
            return left(item, why)
        prices = {id_: Decimal(after) for id_, _title, _before, after in item["options"]}
        changes["option_groups"] = with_option_prices(present.groups, prices)
    edit_page(dish, changes, by, audit=False)
    return None


def _options_problem(dish: DishPage, present: Prices, item: Item) -> Why | None:
    now = {id_: price for id_, (_title, price) in present.options.items()}
    if any(now.get(id_) != Decimal(before) for id_, _title, before, _after in item["options"]):
        return Why.OPTIONS_CHANGED
    return None if drafts_keep_options(dish, present) else Why.DRAFT_OPTIONS


def _publish(dish: DishPage, item: Item, by: User | None) -> Item | None:
    if dish.live:
        return left(item, Why.PUBLISHED)
    if prices_of([dish])[dish.pk].price is None:
        return left(item, Why.NO_PRICE)
    if item.get("draft"):
        # It had a draft when it was unpublished: what was published comes back, and the draft stays a draft.
        published, newest = item["draft"]
        revision = Revision.objects.filter(pk=published).first()
        if revision is None or dish.latest_revision_id != newest:
            return left(item, Why.EDITED)
        revision.publish(user=by, skip_permission_checks=True)
    else:
        # A price that was changed while guests could not see the dish is written to the audit log here.
        edit_page(dish, {}, by, publish=True)
    return None


def _unpublish(dish: DishPage, item: Item, by: User | None) -> Item | None:
    if not dish.live:
        return left(item, Why.HIDDEN)
    if draft_of(dish) != item["draft"]:
        return left(item, Why.EDITED)
    dish.unpublish(user=by)
    return None


def _text(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:f}"
