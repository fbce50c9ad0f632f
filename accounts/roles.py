"""Who may do what in an organisation: one table, read by every door."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    OWNER = "owner", _("owner")
    EDITOR = "editor", _("editor")
    MANAGER = "manager", _("manager")
    WAITER = "waiter", _("waiter")
    KITCHEN = "kitchen", _("kitchen")
    ANALYST = "analyst", _("analyst")


class Capability(models.TextChoices):
    MENU = "menu", _("menu, themes, pictures, QR codes")
    STOP_LIST = "stop_list", _("stop-list")
    DESK = "desk", _("desk: orders, calls, tables")
    ORDERS = "orders", _("desk: orders only")
    STATISTICS = "statistics", _("statistics, exports, ratings")
    PLACE = "place", _("settings of a place: ordering, money, clock")
    ORGANISATION = "organisation", _("people, organisation card, subscription, audit log")


CAPABILITIES: dict[Role, frozenset[Capability]] = {
    Role.OWNER: frozenset(Capability),
    Role.EDITOR: frozenset({Capability.MENU, Capability.STOP_LIST}),
    Role.MANAGER: frozenset(
        {Capability.STOP_LIST, Capability.DESK, Capability.ORDERS, Capability.STATISTICS, Capability.PLACE}
    ),
    Role.WAITER: frozenset({Capability.STOP_LIST, Capability.DESK, Capability.ORDERS}),
    Role.KITCHEN: frozenset({Capability.STOP_LIST, Capability.ORDERS}),
    Role.ANALYST: frozenset({Capability.STATISTICS}),
}

# What is done inside the Wagtail admin; the others never need to enter it.
ADMIN_CAPABILITIES = frozenset({Capability.MENU, Capability.STATISTICS, Capability.PLACE, Capability.ORGANISATION})


def roles_with(capability: Capability) -> list[Role]:
    return [role for role, capabilities in CAPABILITIES.items() if capability in capabilities]
