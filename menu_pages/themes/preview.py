"""A theme walked through before it is put up: the place's own menu in it, as a guest who has just come sees it.

Nothing can be ordered here: a form is answered with nothing, and the guest's session is neither read nor written.
"""

from collections.abc import Callable
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from accounts.roles import Capability
from menu_pages.models import PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from menu_pages.themes.links import Preview, within
from menu_pages.themes.look import clean_settings, look_of
from menu_pages.themes.registry import Theme, known_theme
from menu_pages.themes.stylesheet import stylesheet_response

STYLESHEET = "theme.css"
SALT = "menu_pages.themes.choice"
CHOICE_AGE = 24 * 3600

# What a guest does with the menu belongs to floors above, which draw samples of their own screens: the first part of
# the screen's address → a template and its context.
Sample = Callable[[HttpRequest, PlacePage, Theme], tuple[str, dict[str, Any]]]
samples: dict[str, Sample] = {}


def register_sample(first_part: str, sample: Sample) -> None:
    """Show `sample` at the addresses of a preview that begin with `first_part`: `basket`, `orders`."""
    samples[first_part] = sample


def preview_address(place: PlacePage, theme: Theme) -> str:
    """Where the place can be walked in the theme, with the settings it has for it."""
    return reverse("themes:preview", args=[place.slug, theme.slug, ""])


def choice_address(place: PlacePage, theme: Theme, settings: dict[str, Any]) -> str:
    """Where the place can be walked in the theme with settings that are not saved."""
    choice = signing.dumps(settings, salt=SALT, compress=True)
    return reverse("themes:try", args=[place.slug, theme.slug, choice, ""])


@csrf_exempt  # A form does nothing here, so there is nothing to forge.
def saved(request: ModeratorRequest, place_slug: str, theme_slug: str, path: str) -> HttpResponse:
    place, theme = _place_and_theme(request, place_slug, theme_slug)
    return _draw(request, place, theme, Preview(preview_address(place, theme)), path)


@csrf_exempt
def unsaved(request: ModeratorRequest, place_slug: str, theme_slug: str, choice: str, path: str) -> HttpResponse:
    place, theme = _place_and_theme(request, place_slug, theme_slug)
    try:
        settings = signing.loads(choice, salt=SALT, max_age=CHOICE_AGE)
    except signing.BadSignature:
        raise Http404 from None
    prefix = reverse("themes:try", args=[place.slug, theme.slug, choice, ""])
    return _draw(request, place, theme, Preview(prefix, clean_settings(theme, settings)), path)


def _place_and_theme(request: ModeratorRequest, place_slug: str, theme_slug: str) -> tuple[PlacePage, Theme]:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    theme = known_theme(theme_slug)
    if theme is None:
        raise Http404
    return place, theme


def _draw(request: HttpRequest, place: PlacePage, theme: Theme, preview: Preview, path: str) -> HttpResponse:
    if request.method not in ("GET", "HEAD"):
        # The browser stays on the page it shows, with its script and without.
        return HttpResponse(status=204)
    if path == STYLESHEET:
        settings = place.record.theme_settings if preview.settings is None else {theme.slug: preview.settings}
        response = stylesheet_response(look_of(theme, settings))
    else:
        # Marks the request for everything that fills in a guest's own parts or reads their session.
        request.is_preview = True  # type: ignore[attr-defined]
        request.theme_preview = preview  # type: ignore[attr-defined]
        with within(preview), translation.override(place.record.language):
            response = _page(request, place, theme, path)
    patch_cache_control(response, private=True, no_store=True)
    return response


def _page(request: HttpRequest, place: PlacePage, theme: Theme, path: str) -> HttpResponse:
    parts = [part for part in path.split("/") if part]
    if parts and parts[0] in samples:
        template, context = samples[parts[0]](request, place, theme)
        page: Any = place
    else:
        page = place.route(request, parts).page if parts else place
        template, context = theme.template(page.screen), page.get_context(request)
    body = render_to_string(template, {**context, "theme": theme}, request)
    response = HttpResponse(body)
    response.guest_page = page  # type: ignore[attr-defined]
    return response
