from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts import security_log
from accounts.scope import everyone, organisations
from accounts.two_step import demands_of, has_two_step

MEMBERS_AREAS = ("/admin/", "/staff/")
SIGN_IN_AND_OUT = ("/admin/login/", "/admin/logout/")


class TenantScopeMiddleware:
    """Say for each request whose rows it may see, and take it back when the answer is made.

    In the areas of moderators and staff a member sees their organisations and nothing else; public pages belong to
    everyone, and each public view names the place it reads.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(MEMBERS_AREAS) or request.user.is_superuser:
            with everyone():
                return self.get_response(request)
        demands = demands_of(request.user) if request.user.is_authenticated else {}
        request.two_step_demanded = any(demands.values())  # type: ignore[attr-defined]
        with organisations(demands):
            response = self.get_response(request)
            security_log.refused(request, response)
            return response


class TwoStepMiddleware:
    """Those whose organisation asks for two-step sign-in set it up before anything else. Comes after the tenant scope,
    which knows their organisations."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        missing = getattr(request, "two_step_demanded", False) and not has_two_step(request.user)  # type: ignore[arg-type]
        if not missing or request.path_info.startswith(SIGN_IN_AND_OUT):
            return self.get_response(request)
        if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            # A script of an open page could not show where it is led.
            return HttpResponse(status=403)
        return redirect(f"{reverse('mfa_index')}?demanded")
