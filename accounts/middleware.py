from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponseBase

from accounts.permissions import organisation_ids
from accounts.scope import everyone, organisations

MEMBERS_AREAS = ("/admin/", "/staff/")
WAYS_THROUGH = ("/admin/login/", "/admin/logout/")


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
        with organisations(organisation_ids(request.user)):
            return self.get_response(request)


class AdminDoorMiddleware:
    """The admin does not exist for those who have nothing to do in it: waiters and kitchen have their desk.

    Wagtail alone would send them to sign in, and signing in would send them back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        inside = request.path_info.startswith("/admin/") and not request.path_info.startswith(WAYS_THROUGH)
        if inside and request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
            raise Http404
