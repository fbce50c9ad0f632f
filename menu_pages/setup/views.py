"""The page of a place's settings: money, clock, ordering."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.roles import Capability
from menu_pages.models import PlacePage
from menu_pages.permissions import place_or_404
from menu_pages.places_admin import ModeratorRequest
from menu_pages.setup.forms import SettingsForm
from menu_pages.setup.saving import SettingsChangedError, save_settings


@require_http_methods(["GET", "POST"])
@never_cache
def index(request: ModeratorRequest, place_slug: str) -> HttpResponse:
    """Show the settings, or keep what was chosen; settings somebody else saved meanwhile are shown instead."""
    place = place_or_404(request.user, place_slug, Capability.PLACE)
    if request.method == "GET":
        return _page(request, place, SettingsForm(instance=place.record))
    form = SettingsForm(request.POST, instance=place.record)
    if not form.is_valid():
        return _page(request, place, form, status=422)
    try:
        changed = save_settings(place=place, values=form.values, seen=form.cleaned_data["seen"], by=request.user)
    except SettingsChangedError as meanwhile:
        return _page(request, place, SettingsForm(instance=meanwhile.record), status=409, changed_meanwhile=True)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, place, form, status=422)
    if changed:
        messages.success(request, gettext("The settings are saved."))
    else:
        messages.info(request, gettext("Nothing was changed."))
    return redirect("setup:index", place.slug)


def _page(
    request: ModeratorRequest, place: PlacePage, form: SettingsForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"place": place, "form": form}
    return render(request, "menu_pages/setup/index.html", context, status=status)
