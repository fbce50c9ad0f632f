"""What this floor does when something happens elsewhere; each is one call long."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.signals import page_slug_changed

from accounts.models import Membership, Organisation, User
from accounts.signals import membership_changed, membership_removed
from menu_pages import addresses, pictures, provisioning
from menu_pages.models import MenuImage, PlacePage


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


@receiver(post_save, sender=MenuImage)
def prepare_renditions(sender: type[MenuImage], instance: MenuImage, **kwargs: Any) -> None:
    pictures.prepare_later(instance)
