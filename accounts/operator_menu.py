"""Wagtail's menus of settings and reports: what the operator of the service needs of them, and nothing for others.

Most of what they lead to is not routed (`menusite.admin_urls`), so they must not even work out its addresses.
"""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import AdminOnlyMenuItem, reports_menu, settings_menu

reports_menu.register_hook_name = None
settings_menu.register_hook_name = "register_operators_menu_item"


@hooks.register("register_operators_menu_item")
def users_menu_item() -> AdminOnlyMenuItem:
    return AdminOnlyMenuItem(_("Users"), reverse("wagtailusers_users:index"), name="users", icon_name="user", order=600)


@hooks.register("register_admin_menu_item")
def billing_menu_item() -> AdminOnlyMenuItem:
    return AdminOnlyMenuItem(
        _("Payments of the service"),
        reverse("billing_operator:subscriptions"),
        name="billing",
        icon_name="form",
        order=950,
    )


@hooks.register("register_operators_menu_item")
def sites_menu_item() -> AdminOnlyMenuItem:
    return AdminOnlyMenuItem(_("Sites"), reverse("wagtailsites:index"), name="sites", icon_name="site", order=602)
