"""A dish or a category made from one line."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Page

from accounts.models import User
from menu_pages.board.addresses import free_address
from menu_pages.board.ordering import lock_order
from menu_pages.board.values import read_values
from menu_pages.models import CategoryPage, DishPage, PlacePage


def add_dish(*, place: PlacePage, category: CategoryPage, title: str, price: str, by: User) -> DishPage:
    """A dish at the end of the category: published with a price, a draft that waits for its price without one.

    Raises `ValidationError` by field.
    """
    values = read_values({"title": title, "price": price})
    return _add(place=place, parent=category, page=DishPage(**values, live=values["price"] is not None), by=by)


def add_category(*, place: PlacePage, parent: PlacePage | CategoryPage, title: str, by: User) -> CategoryPage:
    """A published category at the end of the menu or of another category; raises `ValidationError` by field."""
    return _add(place=place, parent=parent, page=CategoryPage(**read_values({"title": title})), by=by)


def _add(*, place: PlacePage, parent: Any, page: Any, by: User) -> Any:
    with transaction.atomic():
        lock_order(place)
        # Fresh and locked, as an import does it: a page is put behind the last one there is at this moment.
        type(parent).objects.select_for_update(of=("self",)).filter(pk=parent.pk).order_by().first()
        parent = type(parent).objects.get(pk=parent.pk)
        permissions = parent.permissions_for_user(by)
        if not permissions.can_add_subpage() or (page.live and not permissions.can_publish_subpage()):
            raise PermissionDenied(_("You may not add to “%(title)s”.") % {"title": parent.draft_title})
        page.owner = by
        page.slug = free_address(Page.objects.get(pk=parent.pk), page.title, kind=type(page))
        publish = page.live
        parent.add_child(instance=page)
        revision = page.save_revision(user=by, clean=False, log_action=not publish)
        if publish:
            revision.publish(user=by, skip_permission_checks=True)
        page.refresh_from_db()
    return page
