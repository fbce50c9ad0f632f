"""Lists of what is not a page, in the moderators' admin: one's own rows, to read, never to change."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import IndexView, InspectView

from accounts.models import User
from accounts.permissions import capabilities_by_organisation
from accounts.roles import Capability
from menu_pages.models import PlaceRecord

# Orders, baskets and calls: for those who read statistics or serve tables. Ratings go with statistics.
ORDER_READERS = (Capability.STATISTICS, Capability.DESK)
RATING_READERS = (Capability.STATISTICS,)


def readable_organisations(user: User | AnonymousUser, readers: tuple[Capability, ...]) -> frozenset[int]:
    """Organisations the user may read these rows of; asked once a request, since a list asks for every row."""
    held: dict[int, frozenset[Capability]] | None = user.__dict__.get("_capabilities_held")
    if held is None:
        held = user.__dict__["_capabilities_held"] = capabilities_by_organisation(user)
    return frozenset(key for key, capabilities in held.items() if capabilities.intersection(readers))


class ReadOnlyPermissionHelper(PermissionHelper):
    """Those who read orders may look; orders change on the desk, by their steps."""

    readers: tuple[Capability, ...] = ORDER_READERS

    def user_has_any_permissions(self, user: User) -> bool:
        return self.user_can_list(user)

    def user_can_list(self, user: User) -> bool:
        return user.is_superuser or bool(readable_organisations(user, self.readers))

    def user_can_inspect_obj(self, user: User, obj: Any) -> bool:
        return user.is_superuser or obj.place.record.organisation_id in readable_organisations(user, self.readers)

    def user_can_create(self, user: User) -> bool:
        return False

    def user_can_edit_obj(self, user: User, obj: Any) -> bool:
        return False

    def user_can_delete_obj(self, user: User, obj: Any) -> bool:
        return False


class RatingPermissionHelper(ReadOnlyPermissionHelper):
    readers = RATING_READERS


class PlaceFilter(SimpleListFilter):
    """By place: the user's own ones."""

    title = _("place")
    parameter_name = "place"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, str]]:
        records = PlaceRecord.objects.select_related("place").order_by("place__title")
        if not request.user.is_superuser:
            readers = model_admin.permission_helper_class.readers
            records = records.filter(organisation_id__in=readable_organisations(request.user, readers))
        return [(record.place.slug, record.place.title) for record in records[:200]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(place__slug=self.value()) if self.value() else queryset


class SourceFilter(SimpleListFilter):
    """Where an order came from."""

    title = _("came from")
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> list[tuple[str, Any]]:
        return [("guests", _("guests")), ("till", _("the old till"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in ("guests", "till"):
            return queryset
        return queryset.filter(history_import__isnull=self.value() == "guests")


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


class OwnInspectView(InspectView):
    """One row; of an organisation whose orders the reader may not read it is as missing as one that never was."""

    def __init__(self, model_admin: ModelAdmin, instance_pk: str) -> None:
        if not (instance_pk.isascii() and instance_pk.isdecimal()):
            raise Http404
        super().__init__(model_admin, instance_pk)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.check_action_permitted(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        """What the row says of itself. The package would look whether it is a document, and by importing a model that
        is not installed make Django reckon with its table: no user could be deleted by this process afterwards."""
        named = getattr(self.instance, f"get_{field_name}_display", None)
        value = named() if named else getattr(self.instance, field_name)
        return self.model_admin.get_empty_value_display(field_name) if value in (None, "") else value


class ReadableByMembers(ModelAdmin):
    """Rows of the user's organisations: the default manager knows whose they are."""

    permission_helper_class = ReadOnlyPermissionHelper
    index_view_class = OfferedFiltersIndexView
    inspect_view_class = OwnInspectView
    inspect_view_enabled = True
    history_view_enabled = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request)
        if request.user.is_superuser:
            return queryset
        readers = self.permission_helper_class.readers
        return queryset.filter(place__record__organisation_id__in=readable_organisations(request.user, readers))
