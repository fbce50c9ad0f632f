"""Making an organisation's first place and giving its people their part of the admin."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission

from accounts.memberships import set_role
from accounts.models import Membership, Organisation, Registration, User
from accounts.roles import Capability, Role
from accounts.scope import everyone
from accounts.signals import organisation_activated
from menu_pages import starter_menu
from menu_pages.models import HomePage, PlaceAddress, PlacePage, PlaceRecord
from menu_pages.slugs import RESERVED_PLACE_SLUGS, readable_slug

PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page", "bulk_delete_page", "lock_page", "unlock_page")
IMAGE_PERMISSIONS = ("add_image", "change_image", "choose_image")


def create_organisation(
    *, name: str, owner: User, kind: str = "", place_title: str = "", place_slug: str = "", **settings: Any
) -> PlacePage:
    """An organisation with its owner and its first place, published with an empty menu.

    `settings` are fields of the place's record (currency, time_zone, language…). Raises `ValidationError` with the
    field's name when something does not fit; then nothing is made.
    """
    with everyone(), transaction.atomic():
        organisation = Organisation(name=name, kind=kind)
        organisation.full_clean()
        organisation.save()
        place = create_place(organisation=organisation, title=place_title or name, slug=place_slug, **settings)
        set_role(organisation=organisation, user=owner, role=Role.OWNER)
        organisation_activated.send(Organisation, organisation=organisation, owner=owner, place=place)
    return place


def open_registered(registration: Registration) -> PlacePage:
    """What a confirmed registration asked for: the organisation, its first place and a menu to begin with, as drafts.

    Raises `ValidationError`, and then nothing is made.
    """
    with everyone(), transaction.atomic():
        place = create_organisation(
            name=registration.organisation_name,
            owner=registration.user,
            kind=registration.kind,
            **starter_menu.beginnings(registration.language),
        )
        starter_menu.add_starter_menu(place=place, kind=registration.kind)
    return place


def create_place(*, organisation: Organisation, title: str, slug: str = "", **settings: Any) -> PlacePage:
    """One more place of the organisation, published, with its record; raises `ValidationError`."""
    with transaction.atomic():
        home = HomePage.objects.select_for_update(of=("self",)).get()
        place = PlacePage(title=title, slug=slug or free_place_slug(home, title))
        if home.get_children().filter(slug=place.slug).exists():
            raise ValidationError({"slug": _("This address is taken. Choose another.")})
        home.add_child(instance=place)
        record = PlaceRecord(place=place, organisation=organisation, collection=collection_of(organisation), **settings)
        record.full_clean()
        record.save()
        place.save_revision().publish()
        allow_place(menu_group(organisation), place, record.collection)
    return place


def free_place_slug(home: HomePage, title: str) -> str:
    """A readable address nobody has or had: «chaynaya», then «chaynaya-2»…"""
    stem = readable_slug(title, fallback="place")
    taken = set(home.get_children().filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= set(PlaceAddress.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    taken |= RESERVED_PLACE_SLUGS
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def collection_of(organisation: Organisation) -> Collection:
    """The organisation's collection of pictures."""
    existing = PlaceRecord.objects.filter(organisation=organisation).select_related("collection").first()
    if existing:
        return existing.collection
    return Collection.get_first_root_node().add_child(name=f"{organisation.name} ({organisation.slug})"[:255])


def menu_group(organisation: Organisation) -> Group:
    """Those who edit the organisation's menus."""
    group, created = Group.objects.get_or_create(name=f"menu {organisation.slug}")
    if created:
        group.permissions.add(_admin_access())
    return group


def admin_group() -> Group:
    """Those who enter the admin without editing a menu: statistics only."""
    group, created = Group.objects.get_or_create(name="admin")
    if created:
        group.permissions.add(_admin_access())
    return group


def _admin_access() -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")


def allow_place(group: Group, place: PlacePage, collection: Collection) -> None:
    """Let the group edit this place's pages and this collection's pictures."""
    for codename in PAGE_PERMISSIONS:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=group, page_id=place.pk, permission=permission)
    # Even with an image model of one's own, Wagtail asks for the permissions of its stock model.
    stock = Permission.objects.filter(content_type__app_label="wagtailimages", codename__in=IMAGE_PERMISSIONS)
    for permission in stock:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=collection, permission=permission)


def place_in_groups(membership: Membership) -> None:
    """Put the member into the groups of their role, and out of the others of this organisation."""
    user, group = membership.user, menu_group(membership.organisation)
    if Capability.MENU in membership.capabilities:
        user.groups.add(group)
    else:
        user.groups.remove(group)
    with everyone():
        enters = any(other.enters_admin for other in Membership.objects.filter(user=user))
    if enters:
        user.groups.add(admin_group())
    else:
        user.groups.remove(admin_group())


def take_out_of_groups(organisation: Organisation, user: User) -> None:
    user.groups.remove(menu_group(organisation))
    with everyone():
        enters = any(other.enters_admin for other in Membership.objects.filter(user=user))
    if not enters:
        user.groups.remove(admin_group())
