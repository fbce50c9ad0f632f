"""What this floor does when something happens elsewhere; each is one call long."""

from typing import Any

from django.db.models.signals import post_delete, post_save, pre_save
from django.dispatch import receiver
from wagtail.signals import page_published, page_slug_changed, post_page_move

from accounts.billing.signals import access_changed
from accounts.models import Membership, Organisation, Registration, User
from accounts.signals import membership_changed, membership_removed, registration_confirmed
from menu_pages import addresses, menu_versions, pictures, places, price_log, provisioning
from menu_pages.models import CategoryPage, DishPage, MenuImage, PlacePage, StopListEntry

# What saving a draft writes on the page itself; guests see nothing of it.
DRAFT_FIELDS = frozenset({"draft_title", "has_unpublished_changes", "latest_revision", "latest_revision_created_at"})


@receiver(registration_confirmed)
def open_registered(sender: type[Registration], registration: Registration, **kwargs: Any) -> None:
    provisioning.open_registered(registration)


@receiver(access_changed)
def show_or_hide_ordering(sender: type[Any], organisation_id: int, **kwargs: Any) -> None:
    places.menus_changed(organisation_id)


@receiver(membership_changed)
def join_groups(sender: type[Membership], membership: Membership, **kwargs: Any) -> None:
    provisioning.place_in_groups(membership)


@receiver(membership_removed)
def leave_groups(sender: type[Membership], organisation: Organisation, user: User, **kwargs: Any) -> None:
    provisioning.take_out_of_groups(organisation, user)


@receiver(page_slug_changed)
def keep_old_address(sender: type[Any], instance: Any, instance_before: Any, **kwargs: Any) -> None:
    if isinstance(instance.specific, PlacePage):
        addresses.keep(place=instance.specific, old_slug=instance_before.slug)


@receiver((post_save, post_delete), sender=CategoryPage)
@receiver((post_save, post_delete), sender=DishPage)
@receiver((post_save, post_delete), sender=PlacePage)
def draw_menu_anew(sender: type[Any], instance: Any, update_fields: Any = None, **kwargs: Any) -> None:
    if update_fields is None or not DRAFT_FIELDS.issuperset(update_fields):
        menu_versions.menu_page_changed(instance.path)


@receiver(post_page_move)
def draw_both_menus_anew(
    sender: type[Any], instance: Any, parent_page_before: Any, parent_page_after: Any, **kwargs: Any
) -> None:
    menu_versions.menu_page_changed(parent_page_before.path)
    menu_versions.menu_page_changed(parent_page_after.path)


@receiver((post_save, post_delete), sender=StopListEntry)
def show_what_is_out(sender: type[StopListEntry], instance: StopListEntry, **kwargs: Any) -> None:
    menu_versions.menu_changed(instance.place_id)


@receiver((post_save, post_delete), sender=MenuImage)
def draw_pictures_anew(sender: type[MenuImage], instance: MenuImage, **kwargs: Any) -> None:
    pictures.show_anew(instance)


@receiver(post_save, sender=MenuImage)
def prepare_renditions(sender: type[MenuImage], instance: MenuImage, **kwargs: Any) -> None:
    pictures.prepare_later(instance)


@receiver(pre_save, sender=DishPage)
def remember_prices(sender: type[DishPage], instance: DishPage, update_fields: Any = None, **kwargs: Any) -> None:
    price_log.remember(instance, update_fields=update_fields)


@receiver(page_published, sender=DishPage)
def record_prices(sender: type[DishPage], instance: DishPage, revision: Any, **kwargs: Any) -> None:
    price_log.record_published(instance, revision)
