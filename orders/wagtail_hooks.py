"""Orders and their lines in the moderators' admin: to read, never to change."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin, modeladmin_register
from wagtail_modeladmin.views import IndexView, InspectView

from accounts.models import User
from accounts.permissions import organisation_ids
from accounts.roles import Capability
from menu_pages.models import PlaceRecord
from orders.models import BasketLine, Order

READERS = (Capability.STATISTICS, Capability.DESK)


def readable_organisations(user: User | AnonymousUser) -> frozenset[int]:
    """Organisations whose orders the user may read; asked once a request, since a list asks for every row."""
    known: frozenset[int] | None = user.__dict__.get("_readable_organisations")
    if known is None:
        known = frozenset().union(*(organisation_ids(user, capability) for capability in READERS))
        user.__dict__["_readable_organisations"] = known
    return known


class ReadOnlyPermissionHelper(PermissionHelper):
    """Those who read statistics or serve tables may look; orders change on the desk, by their steps."""

    def user_has_any_permissions(self, user: User) -> bool:
        return self.user_can_list(user)

    def user_can_list(self, user: User) -> bool:
        return user.is_superuser or bool(readable_organisations(user))

    def user_can_inspect_obj(self, user: User, obj: Any) -> bool:
        return user.is_superuser or obj.place.record.organisation_id in readable_organisations(user)

    def user_can_create(self, user: User) -> bool:
        return False

    def user_can_edit_obj(self, user: User, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: User, obj: Any) -> bool:
        return False


class PlaceFilter(SimpleListFilter):
    """By place: the user's own ones."""

    title = _("place")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        records = PlaceRecord.objects.select_related("place").order_by("place__title")[:200]
        return [(record.place.slug, record.place.title) for record in records]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(place__slug=self.value()) if self.value() else queryset


class OfferedFiltersIndexView(IndexView):
    """A list narrowed by the filters it offers and by no other lookup.

    The package applies whatever the address says: `?place__…__password__startswith=a` would spell out, letter by
    letter, rows that its reader may not see.
    """

    def get_filters(self, request: HttpRequest) -> tuple[list[Any], bool, dict[str, Any], bool]:
        specs, has_filters, _other_lookups, use_distinct = super().get_filters(request)
        return specs, has_filters, {}, use_distinct

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if "\0" in request.META.get("QUERY_STRING", "") or "%00" in request.META.get("QUERY_STRING", ""):
            return redirect(self.index_url)  # PostgreSQL refuses the character
        try:
            return super().dispatch(request, *args, **kwargs)
        except IncorrectLookupParameters:
            # A mangled address: the list without filters, as Django's own admin does.
            return redirect(self.index_url)


class NumberedInspectView(InspectView):
    def __init__(self, model_admin: ModelAdmin, instance_pk: str) -> None:
        if not instance_pk.isdecimal():
            raise Http404
        super().__init__(model_admin, instance_pk)


class ReadableByMembers(ModelAdmin):
    """Rows of the user's organisations: the default manager knows whose they are."""

    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = OfferedFiltersIndexView
    inspect_view_class = NumberedInspectView
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if request.user.is_superuser:
            return queryset
        return queryset.filter(place__record__organisation_id__in=readable_organisations(request.user))


class OrderAdmin(ReadableByMembers):
    model = Order
    menu_label = _("Orders")
    menu_icon = "clipboard-list"
    menu_order = 300
    menu_item_name = "orders"
    list_display = ("number", "sent_text", "place", "table", "status", "purchases", "items", "total_text")
    list_filter = ("status", PlaceFilter, "sent_at")
    search_fields = ("lines__title", "comment")
    list_select_related = ("place__record", "table")
    inspect_template_name = "orders/admin/inspect_order.html"
    inspect_view_fields = ("number", "place", "table", "sent_text", "status", "cancel_reason", "comment", "total_text")


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


modeladmin_register(OrderAdmin)
modeladmin_register(BasketAdmin)
