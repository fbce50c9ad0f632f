"""The theme editor: what the installed theme lets its owner choose, with the unsaved choice shown beside it."""

from typing import Any

from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages.models import PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from menu_pages.themes.forms import ThemeSettingsForm
from menu_pages.themes.installing import change_settings
from menu_pages.themes.look import look_of
from menu_pages.themes.palette import COLOURS
from menu_pages.themes.preview import choice_address, preview_address
from menu_pages.themes.registry import Theme, get_theme


@require_http_methods(["GET", "POST"])
def edit(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Looking and saving are the same form; the button pressed says which. A colour offered instead of one that could
    not be read comes as `use`: `text:#595959`."""
    place = place_or_404(request.user, place_slug, Capability.MENU)
    theme = get_theme(place.record.theme)
    saved = look_of(theme, place.record.theme_settings).settings
    if request.method == "GET":
        form = ThemeSettingsForm(theme=theme, saved=saved)
        return _page(request, place, theme, form, preview_address(place, theme))
    if request.POST.get("theme") != theme.slug:
        messages.warning(request, _theme_changed())
        return redirect("themes:edit", place.slug)
    if request.POST.get("action") == "reset":
        return _save(request, place, theme, {})
    form = ThemeSettingsForm(_with_offered(request.POST), theme=theme, saved=saved)
    if request.headers.get("X-Fragment") == "choice":
        return _answer_script(place, theme, form)
    if not form.is_valid():
        return _page(request, place, theme, form, preview_address(place, theme), status=422)
    if request.POST.get("action") == "save":
        return _save(request, place, theme, form.settings())
    return _page(request, place, theme, form, choice_address(place, theme, form.settings()), unsaved=True)


def _with_offered(data: QueryDict) -> QueryDict:
    """The form as sent, with the colour taken over whose button was pressed."""
    name, _colon, colour = data.get("use", "").partition(":")
    if name not in COLOURS:
        return data
    changed = data.copy()
    changed[name] = colour
    return changed


def _answer_script(place: PlacePage, theme: Theme, form: ThemeSettingsForm) -> JsonResponse:
    """Where the choice can be seen, or what is wrong with it, by field."""
    if form.is_valid():
        return JsonResponse({"address": choice_address(place, theme, form.settings()), "problems": {}})
    problems = {
        name: {"message": str(errors[0]), "nearest": form.problems[name].nearest if name in form.problems else None}
        for name, errors in form.errors.items()
    }
    return JsonResponse({"address": None, "problems": problems})


def _save(request: ModeratorRequest, place: PlacePage, theme: Theme, settings: dict[str, Any]) -> HttpResponse:
    if change_settings(place=place, theme=theme.slug, settings=settings, by=request.user):
        messages.success(request, gettext("Saved. Guests see the menu like this now."))
    else:
        messages.warning(request, _theme_changed())
    return redirect("themes:edit", place.slug)


def _theme_changed() -> str:
    return gettext("Another theme has been installed meanwhile, so nothing was saved. These are its settings.")


def _page(
    request: ModeratorRequest,
    place: PlacePage,
    theme: Theme,
    form: ThemeSettingsForm,
    frame: str,
    *,
    unsaved: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"place": place, "theme": theme, "form": form, "frame": frame, "unsaved": unsaved}
    return render(request, "menu_pages/themes/edit.html", context, status=status)
