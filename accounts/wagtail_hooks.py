"""The owners' areas in the moderators' admin: one line of addresses per area."""

from typing import Any

from django.templatetags.static import static
from django.urls import include, path
from django.utils.html import format_html
from wagtail import hooks

from accounts import operator_menu, organisation_admin  # noqa: F401  (the menu registers itself)


@hooks.register("register_admin_urls")
def organisation_areas() -> list[Any]:
    return [
        path("organisations/", organisation_admin.choose, name="choose_organisation"),
        path("organisations/<slug:slug>/card/", include("accounts.card.urls")),
        path("organisations/<slug:slug>/people/", include("accounts.people.urls")),
        path("organisations/<slug:slug>/billing/", include("accounts.billing.owner_urls")),
        path("billing/", include("accounts.billing.operator_urls")),
        path("organisations/<slug:slug>/log/", include("accounts.audit_log.urls")),
    ]


@hooks.register("insert_global_admin_css")
def banner_style() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("css/billing_banner.css"))


@hooks.register("register_admin_menu_item")
def organisation_menu_item() -> organisation_admin.OrganisationMenuItem:
    return organisation_admin.OrganisationMenuItem()
