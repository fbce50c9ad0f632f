"""What pages of a place share: a theme, previews in every theme, translated texts, readable addresses."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageViewRestriction

from menu_pages.option_groups import active_language
from menu_pages.permissions import MenuPermissionTester
from menu_pages.slugs import readable_slug
from menu_pages.themes.links import place_href
from menu_pages.themes.registry import Theme, all_themes, get_theme

if TYPE_CHECKING:
    from wagtail.models import Page as Base

    from menu_pages.models.place import PlacePage
else:
    Base = models.Model


class ThemedPage(Base):
    """A page drawn by the theme of its place."""

    slug: Any
    screen: ClassVar[str]  # the theme's template: place, category or dish
    slug_fallback: ClassVar[str] = "page"

    translations = models.JSONField(_("translations"), default=dict, blank=True, editable=False)

    preview_sizes: ClassVar[list[dict[str, Any]]] = [
        {"name": "mobile", "icon": "mobile-alt", "device_width": 390, "label": _("Preview in mobile size")},
        {"name": "tablet", "icon": "tablet-alt", "device_width": 768, "label": _("Preview in tablet size")},
        {"name": "desktop", "icon": "desktop", "device_width": 1280, "label": _("Preview in desktop size")},
    ]

    class Meta:
        abstract = True

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        return [("", _("Theme of the place")), *((theme.slug, theme.title) for theme in all_themes())]

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return self.preview_theme(mode_name).template(self.screen)

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        # The mode comes from the address and is not checked by Wagtail: unknown ones fall back to the place's theme.
        return {**self.get_context(request), "theme": self.preview_theme(mode_name)}

    def preview_theme(self, mode_name: str) -> Theme:
        known = {theme.slug for theme in all_themes()}
        return get_theme(mode_name if mode_name in known else self.place.record.theme)

    @cached_property
    def place(self) -> "PlacePage":
        """The place this page belongs to, with its record. One query."""
        from menu_pages.models.place import PlacePage

        return PlacePage.objects.ancestor_of(self, inclusive=True).select_related("record").get()

    @property
    def menu_path(self) -> str:
        """The address below the place: `soups/borshch`."""
        return "/".join(self.url_path.strip("/").split("/")[2:])

    @property
    def href(self) -> str:
        return place_href(self.url_path.strip("/").split("/")[1], self.menu_path)

    def translated(self, name: str) -> str:
        """The text in the reader's language where the owner gave one, else as written."""
        words = self.translations.get(active_language(), {})
        return words.get(name) or getattr(self, name)

    @property
    def translated_title(self) -> str:
        return self.translated("title")

    @property
    def translated_description(self) -> str:
        return self.translated("description")

    def get_view_restrictions(self) -> models.QuerySet[Any]:
        """None: a menu is for whoever comes by, and nobody can close a page of it. Wagtail would ask twice a page."""
        return PageViewRestriction.objects.none()

    def permissions_for_user(self, user: Any) -> MenuPermissionTester:
        return MenuPermissionTester(user, self)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return get_theme(self.place.record.theme).template(self.screen)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        record = self.place.record
        return {**context, "place": self.place, "record": record, "theme": get_theme(record.theme)}

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        response.guest_page = self
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        response = super().serve_preview(request, mode_name)
        response.guest_page = self
        return response

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self._make_slug()
        super().full_clean(*args, **kwargs)

    def minimal_clean(self) -> None:
        """What a draft goes through instead."""
        self._make_slug()
        super().minimal_clean()

    def _make_slug(self) -> None:
        if not self.slug and self.title:
            # Wagtail's own rule drops every letter that is not Latin; the browser's transliteration is not there for
            # imports and commands.
            self.slug = self._get_autogenerated_slug(readable_slug(self.title, fallback=self.slug_fallback))
