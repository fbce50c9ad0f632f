"""A place's own stylesheet, by an address that changes with it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from menu_pages.models import PlaceRecord
from menu_pages.themes.look import Look, look_of
from menu_pages.themes.registry import all_themes, get_theme

YEAR = 365 * 24 * 3600


@require_safe
def place_stylesheet(request: HttpRequest, place_slug: str, version: str) -> HttpResponse:
    """The stylesheet of this version, to be kept for ever; 404 for a place that is not there. One query.

    A page kept from before a change may ask for a version that is gone: it gets today's, not to be kept.
    """
    record = PlaceRecord.objects.filter(place__slug=place_slug, place__live=True).first()
    if record is None:
        raise Http404
    today = look_of(get_theme(record.theme), record.theme_settings)
    looks = [today, *(look_of(theme, record.theme_settings) for theme in all_themes())]
    asked = next((look for look in looks if look.version == version), None)
    response = stylesheet_response(asked or today)
    if asked:
        patch_cache_control(response, public=True, max_age=YEAR, immutable=True)
    else:
        patch_cache_control(response, no_cache=True)
    return response


def stylesheet_response(look: Look) -> HttpResponse:
    return HttpResponse(look.css, content_type="text/css; charset=utf-8")
