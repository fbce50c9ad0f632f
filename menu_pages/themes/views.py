"""The page of themes: each with the place's own menu in it, put up and taken back in one press."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages.models import ThemeInstallation
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from menu_pages.themes.installing import history, install_theme, undo
from menu_pages.themes.preview import preview_address, samples
from menu_pages.themes.registry import all_themes, get_theme, known_theme


@require_GET
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    installed = get_theme(place.record.theme)
    cards = [(theme, preview_address(place, theme)) for theme in all_themes()]
    changes = history(place)
    context = {
        "place": place,
        # What guests see stands first.
        "cards": sorted(cards, key=lambda card: card[0].slug != installed.slug),
        "installed": installed,
        "changes": changes,
        "last": changes[0] if changes else None,
        "zone": place.record.zone,
    }
    return render(request, "menu_pages/themes/index.html", context)


@require_GET
def look(request: ModeratorRequest, place_slug: str, theme_slug: str) -> HttpResponse:
    """The whole screen for one theme, in a phone that can be walked."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    theme = known_theme(theme_slug)
    if theme is None:
        raise Http404
    start = preview_address(place, theme)
    context = {
        "place": place,
        "theme": theme,
        "is_installed": theme.slug == get_theme(place.record.theme).slug,
        "start": start,
        "screens": _screens(start),
    }
    return render(request, "menu_pages/themes/look.html", context)


@require_POST
def install(request: ModeratorRequest, place_slug: str, theme_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    theme = known_theme(theme_slug)
    if theme is None:
        raise Http404
    if install_theme(place=place, theme=theme.slug, by=request.user):
        messages.success(request, gettext("Guests now see the menu in “%(theme)s”.") % {"theme": theme.title})
    else:
        messages.info(request, gettext("The menu is in “%(theme)s” already.") % {"theme": theme.title})
    return redirect("themes:index", place.slug)


@require_POST
def undo_last(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    place = place_or_404(request.user, place_slug, Capability.MENU)
    seen = request.POST.get("seen", "")
    change = undo(place=place, seen=int(seen), by=request.user) if _is_number(seen) else None
    if change is None:
        text = gettext("Someone has changed the theme meanwhile. Look at the list of changes again.")
        messages.warning(request, text)
    else:
        messages.success(request, _undone(change))
    return redirect("themes:index", place.slug)


def _undone(change: ThemeInstallation) -> str:
    if change.changes_theme:
        text = gettext("Taken back: guests see the menu in “%(theme)s” again.")
    else:
        text = gettext("Taken back: “%(theme)s” has its former settings again.")
    return text % {"theme": change.theme_title}


def _screens(start: str) -> list[tuple[str, str]]:
    """The screens the bar of the phone leads to; those of a guest's own are samples."""
    titles = {"basket": gettext("Basket"), "orders": gettext("Order status")}
    paths = {"basket": "basket/", "orders": "orders/sample/"}
    return [(gettext("Menu"), start), *((titles[name], start + paths[name]) for name in titles if name in samples)]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
