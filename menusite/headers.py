"""Headers every answer carries, whoever made it: a view, a kept page, a static file or an error."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from menusite import policies

POLICY = "Content-Security-Policy"
FRAMES = "X-Frame-Options"
PAGE = "text/html"
FILES = {"application/pdf": "pdf", "application/xml": "xml", "text/xml": "xml"}
# What a menu and a desk have no use for. The desk may keep its screen awake and make a sound.
NOT_USED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
# Views whose answer the admin shows in a frame of its own.
PREVIEWS = frozenset(
    {
        "mailbox:letter_html",
        "themes:preview",
        "themes:try",
        "wagtailadmin_block_preview",
        "wagtailadmin_pages:preview_on_add",
        "wagtailadmin_pages:preview_on_edit",
    }
)


class HeadersMiddleware:
    """Stands before all that answer, so that nothing is answered without its headers.

    A page kept whole has one set of headers for all its readers; the first of them has these written into it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.always = {
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": str(settings.SECURE_REFERRER_POLICY),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": ", ".join(f"{name}=()" for name in NOT_USED),
        }
        if settings.SECURE_HSTS_SECONDS:
            self.always["Strict-Transport-Security"] = (
                f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
            )
        kinds = {
            "pages": policies.pages(),
            "admin": policies.admin(),
            "paying": policies.paying(),
            "technical": policies.technical(),
            "files": policies.FILES,
            "pdf": policies.PDF,
            "xml": policies.XML,
        }
        self.policies = {name: policies.written(policy) for name, policy in kinds.items()}
        self.framed = {name: policies.written(policies.framed(policy)) for name, policy in kinds.items()}
        self.file_paths = tuple(str(url) for url in (settings.STATIC_URL, settings.MEDIA_URL))

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # A request that a preview makes of itself: whoever answers the real one has the say.
        if getattr(request, "is_dummy", False) or "Permissions-Policy" in response.headers:
            return response
        for name, value in self.always.items():
            response.headers.setdefault(name, value)
        kind = self._kind(request, response)
        view = request.resolver_match.view_name if request.resolver_match else ""
        shown_in_a_frame = view in PREVIEWS
        response.headers.setdefault(POLICY, (self.framed if shown_in_a_frame else self.policies)[kind])
        response.headers[FRAMES] = "SAMEORIGIN" if shown_in_a_frame else "DENY"
        return response

    def _kind(self, request: HttpRequest, response: HttpResponseBase) -> str:
        if request.path_info.startswith(self.file_paths):
            return "files"
        content, _semicolon, _charset = response.headers.get("Content-Type", PAGE).partition(";")
        if content != PAGE:
            return FILES.get(content, "files")
        if settings.DEBUG and response.status_code in (404, 500):
            return "technical"
        # A menu page shown from within the admin is as strict there as it is for guests.
        if not request.path_info.startswith("/admin/") or hasattr(response, "guest_page"):
            return "pages"
        view = request.resolver_match.view_name if request.resolver_match else ""
        return "paying" if view.startswith("organisation_billing:") else "admin"
