import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.url_routing import RouteResult

from accounts.scope import everyone
from menu_pages.blocks import OPENING_HOURS
from menu_pages.editor_forms import PlaceForm, translation_panels
from menu_pages.filters import MenuFilterForm
from menu_pages.menu import find_page, read_menu
from menu_pages.models.record import PlaceAddress
from menu_pages.models.themed import ThemedPage
from menu_pages.permissions import PlacePermissionTester
from menu_pages.shown_pictures import show_pictures
from menu_pages.slugs import RESERVED_PLACE_SLUGS, refuse_reserved


class PlacePage(ThemedPage, Page):
    """What a place says to its guests; how it works is in its `PlaceRecord`."""

    tagline = models.CharField(_("one line of mood"), max_length=120, blank=True)
    description = models.TextField(_("introduction"), max_length=600, blank=True)
    logo = models.ForeignKey(
        "menu_pages.MenuImage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("logo")
    )
    cover = models.ForeignKey(
        "menu_pages.MenuImage", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("cover")
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    hours = StreamField(OPENING_HOURS, verbose_name=_("opening hours"), blank=True, max_num=14)
    wifi_network = models.CharField(_("Wi-Fi network"), max_length=64, blank=True)
    wifi_password = models.CharField(_("Wi-Fi password"), max_length=64, blank=True)

    content_panels: ClassVar[list[Any]] = [
        FieldPanel("title", heading=_("Name of the place"), help_text=_("As guests read it.")),
        FieldPanel("tagline"),
        FieldPanel("description"),
        FieldRowPanel([FieldPanel("logo"), FieldPanel("cover")]),
        MultiFieldPanel([FieldPanel("address"), FieldPanel("phone")], heading=_("Contacts")),
        FieldPanel("hours"),
        MultiFieldPanel([FieldPanel("wifi_network"), FieldPanel("wifi_password")], heading="Wi-Fi"),
        *translation_panels("title", "tagline", "description"),
    ]
    promote_panels: ClassVar[list[Any]] = [
        FieldPanel(
            "slug",
            heading=_("Address on the service"),
            help_text=_("Latin letters, figures and hyphens. Printed codes keep working after a change."),
        )
    ]
    base_form_class = PlaceForm

    parent_page_types: ClassVar[list[str]] = ["menu_pages.HomePage"]
    subpage_types: ClassVar[list[str]] = ["menu_pages.CategoryPage"]
    # A place comes with its record, group and collection: only `create_place` makes one.
    is_creatable = False
    screen = "place"
    slug_fallback = "place"

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")

    @property
    def place(self) -> "PlacePage":
        return self

    @property
    def translated_tagline(self) -> str:
        return self.translated("tagline")

    @property
    def hours_today(self) -> tuple[datetime.time, datetime.time] | None:
        """The first opening and closing time of today in the place's zone; none when closed or not said."""
        weekday = str(self.record.local_now().isoweekday())
        for block in self.hours:
            if weekday in block.value["weekdays"]:
                return block.value["opens"], block.value["closes"]
        return None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        filter_form = MenuFilterForm(request.GET)
        menu = read_menu(self, at=self.record.local_now())
        show_pictures(self.cover, self.logo)
        return {
            **super().get_context(request, *args, **kwargs),
            "menu": menu,
            "filter_form": filter_form,
            "sections": filter_form.narrow(menu.sections),
            "filtered": filter_form.narrows,
            "unknown_code": request.GET.get("code") == "unknown",
        }

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not path_components:
            return super().route(request, path_components)
        page = find_page(self, path_components)
        if page is None:
            raise Http404
        return RouteResult(page)

    def permissions_for_user(self, user: Any) -> PlacePermissionTester:
        return PlacePermissionTester(user, self)

    def clean(self) -> None:
        super().clean()
        refuse_reserved(self.slug, RESERVED_PLACE_SLUGS)
        with everyone():
            taken = PlaceAddress.objects.filter(slug=self.slug).exclude(place_id=self.pk).exists()
        if taken:
            raise ValidationError({"slug": _("This address belonged to another place and still leads there.")})
