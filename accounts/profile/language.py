"""The language people work in.

`User.language` is what a person chose; it holds on every device, in the areas where people work. Until they choose,
and on guests' pages always, the order is the visitor's: the choice made on this device (a cookie), the device's own
languages, `LANGUAGE_CODE`. Wagtail's own record of a language stays empty and so follows the request's.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import translation
from django.views.i18n import set_language as set_language_of_device

from accounts.models import User

WORK_AREAS = ("/admin/", "/staff/", "/accounts/")


class OwnLanguageMiddleware:
    """Speak the language a signed-in person chose, where people work. Comes after the one that knows the user."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(WORK_AREAS) and request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


def set_language(request: HttpRequest) -> HttpResponseBase:
    """The switch on every page: the device's language; pressed where people work, also the person's own.

    An owner who looks at the menu in English goes on working in Russian.
    """
    response = set_language_of_device(request)
    chosen = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if chosen and request.POST.get("next", "").startswith(WORK_AREAS) and request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen.value)
    return response


def remember(response: HttpResponse, language: str) -> None:
    """Have this device's guest pages speak the language just chosen; without one, what the device asks for."""
    if not language:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_COOKIE_PATH)
        return
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        path=settings.LANGUAGE_COOKIE_PATH,
        domain=settings.LANGUAGE_COOKIE_DOMAIN,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
