"""Orders, baskets, waiter calls and ratings in the moderators' admin: to read, never to change."""

from typing import Any

from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail_modeladmin.options import modeladmin_register

from menu_pages.places_admin import AreaMenuItem
from orders.admin_lists import (
    OfferedFiltersIndexView,
    OwnInspectView,
    PlaceFilter,
    RatingPermissionHelper,
    ReadableByMembers,
    SourceFilter,
)
from orders.history.area import AREA as HISTORY
from orders.models import BasketLine, Order, Rating, WaiterCall
from orders.rating_summary import summary
from orders.service_admin.area import AREA as SERVICE


class RatingsIndexView(OfferedFiltersIndexView):
    """The list with the average and distribution of what it is narrowed to above it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, summary=summary(self.queryset))


# Told of an order only where there is something to tell.
OF_THE_TILL = ("history_import", "till_id", "guests", "waiter", "payment")


class OrderInspectView(OwnInspectView):
    """An order; what only an old till says of its orders is left out of the others."""

    def get_fields_dict(self) -> list[dict[str, Any]]:
        silent = {name for name in OF_THE_TILL if not getattr(self.instance, name)}
        names = [name for name in self.model_admin.get_inspect_view_fields() if name not in silent]
        return [self.get_dict_for_field(name) for name in names]


class OrderAdmin(ReadableByMembers):
    model = Order
    menu_label = _("Orders")
    menu_icon = "clipboard-list"
    menu_order = 300
    menu_item_name = "orders"
    inspect_view_class = OrderInspectView
    list_display = ("number", "sent_text", "place", "table_text", "status", "purchases", "items", "total_text")
    list_filter = ("status", PlaceFilter, SourceFilter, "sent_at")
    search_fields = ("lines__title", "comment")
    list_select_related = ("place__record", "table")
    inspect_template_name = "orders/admin/inspect_order.html"
    inspect_view_fields = (
        *("number", "place", "table_text", "sent_text", "status", "cancel_reason", "comment", "total_text"),
        *OF_THE_TILL,
    )


class BasketAdmin(ReadableByMembers):
    model = BasketLine
    menu_label = _("Baskets")
    menu_icon = "list-ul"
    menu_order = 310
    menu_item_name = "baskets"
    list_display = ("title", "options_text", "quantity", "price_text", "created_text", "place", "order")
    list_filter = (PlaceFilter, "created_at")
    search_fields = ("title",)
    list_select_related = ("place__record", "order")
    inspect_view_fields = ("title", "quantity", "unit_price", "options_price", "note", "created_text", "visit", "order")


class CallAdmin(ReadableByMembers):
    model = WaiterCall
    menu_label = _("Waiter calls")
    menu_icon = "user"
    menu_order = 320
    menu_item_name = "calls"
    list_display = ("asked_text", "kind", "table", "status", "answered_text", "place")
    list_filter = ("status", "kind", PlaceFilter, "asked_at")
    search_fields = ("note",)
    list_select_related = ("place__record", "table")
    inspect_view_fields = ("kind", "place", "table", "status", "payment", "note", "asked_text", "answered_text", "by")


class RatingAdmin(ReadableByMembers):
    model = Rating
    permission_helper_class = RatingPermissionHelper
    index_view_class = RatingsIndexView
    menu_label = _("Ratings")
    menu_icon = "openquote"
    menu_order = 330
    menu_item_name = "ratings"
    list_display = ("stars", "text", "table", "given_text", "place")
    list_filter = ("score", PlaceFilter, "at")
    search_fields = ("text", "dishes__title")
    list_select_related = ("place__record", "table")
    index_template_name = "orders/admin/index_rating.html"
    inspect_template_name = "orders/admin/inspect_rating.html"
    inspect_view_fields = ("stars", "place", "table", "given_text", "text")


for listed in (OrderAdmin, BasketAdmin, CallAdmin, RatingAdmin):
    modeladmin_register(listed)


@hooks.register("register_admin_urls")
def areas() -> list[Any]:
    return [
        path(f"places/<slug:place_slug>/{SERVICE}/", include("orders.service_admin.urls")),
        path(f"places/<slug:place_slug>/{HISTORY}/", include("orders.history.urls")),
    ]


@hooks.register("register_admin_menu_item")
def service_menu_item() -> AreaMenuItem:
    return AreaMenuItem(SERVICE)


@hooks.register("register_admin_menu_item")
def history_menu_item() -> AreaMenuItem:
    return AreaMenuItem(HISTORY)
