"""The prices dishes have now: of a published dish what guests pay, of another what its newest draft says."""

import copy
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q
from wagtail.models import Revision

from menu_pages.models import DishPage
from menu_pages.money import rounded
from menu_pages.option_groups import read_groups

Groups = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Prices:
    """A dish's own price, if it has one, and its option groups as they are kept."""

    price: Decimal | None
    groups: Groups

    @property
    def options(self) -> dict[str, tuple[str, Decimal]]:
        """Titles and price differences by the ids of group and option."""
        return {
            f"{group.id}/{option.id}": (option.title, rounded(option.price))
            for group in read_groups(self.groups)
            for option in group.options
        }


def prices_of(dishes: Iterable[DishPage]) -> dict[int, Prices]:
    """By the dishes' ids. One query for the drafts of all that are not published."""
    found = list(dishes)
    drafts: Mapping[int, Revision] = Revision.objects.in_bulk(
        [dish.latest_revision_id for dish in found if not dish.live and dish.latest_revision_id]
    )
    return {
        dish.pk: _of_draft(drafts[dish.latest_revision_id].content)
        if not dish.live and dish.latest_revision_id in drafts
        else Prices(dish.price, _groups(DishPage._meta.get_field("option_groups").value_to_string(dish)))
        for dish in found
    }


def drafts_keep_options(dish: DishPage, present: Prices) -> bool:
    """Whether no draft of the published dish has options of its own, which setting the options would overwrite."""
    if not (dish.live and dish.has_unpublished_changes):
        return True
    revisions = dish.revisions.filter(Q(approved_go_live_at__isnull=False) | Q(pk=dish.latest_revision_id))
    return all(read_groups(_of_draft(revision.content).groups) == read_groups(present.groups) for revision in revisions)


def with_option_prices(groups: Groups, prices: Mapping[str, Decimal]) -> str:
    """The groups with these options' prices, as the page's field takes them."""
    changed = copy.deepcopy(groups)
    for group in changed:
        for option in group["value"]["options"]:
            key = f"{group['id']}/{option['id']}"
            if key in prices:
                option["value"]["price"] = str(prices[key])
    return json.dumps(changed)


def _of_draft(content: Mapping[str, Any]) -> Prices:
    price = content.get("price")
    return Prices(None if price is None else rounded(Decimal(str(price))), _groups(content.get("option_groups")))


def _groups(text: str | None) -> Groups:
    return json.loads(text) if text else []
