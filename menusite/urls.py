"""Every address of the service. The guests' own come last but for Wagtail's pages, which take what is left."""

from allauth.account.views import logout as sign_out
from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from menusite import health, robots
from orders.same_origin import from_own_pages

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", robots.robots, name="robots"),
    # Wagtail's own sign-in knows neither confirmed e-mails nor attempt limits: allauth's is the only door,
    # in and out.
    path("admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("admin/logout/", sign_out),
    path("admin/", include(wagtailadmin_urls)),
    path("accounts/", include("allauth.urls")),
    # Guests switch languages too, and their forms carry no token.
    path("i18n/setlang/", from_own_pages(set_language), name="set_language"),
    path("staff/", include("orders.desk.urls")),
    # Empty outside DEBUG, where the web server in front serves uploads.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include("menu_pages.urls")),
    path("", include("orders.urls")),
    path("", include(wagtail_urls)),
]
