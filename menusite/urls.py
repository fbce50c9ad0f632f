"""Every address of the service. The guests' own come last but for Wagtail's pages, which take what is left."""

from django.conf import settings
from django.conf.urls.static import static
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail.admin.auth import require_admin_access

from accounts.profile.language import set_language
from accounts.profile.views import AdminAccountView, profile
from accounts.sign_ins.views import SignOut
from menusite import admin_urls, health, robots
from menusite.metrics_view import metrics
from orders.same_origin import from_own_pages

urlpatterns = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("robots.txt", robots.robots, name="robots"),
    # Wagtail's own sign-in knows neither confirmed e-mails nor attempt limits: allauth's is the only door,
    # in and out.
    path(
        "admin/login/", RedirectView.as_view(pattern_name="account_login", query_string=True), name="wagtailadmin_login"
    ),
    path("admin/logout/", SignOut.as_view(), name="wagtailadmin_logout"),
    # Wagtail's own account page keeps a second language and pictures of people.
    path("admin/account/", require_admin_access(AdminAccountView.as_view()), name="wagtailadmin_account"),
    path("admin/", include(admin_urls)),
    path("accounts/profile/", profile, name="profile"),
    path("accounts/", include("accounts.urls")),
    path("billing/", include("accounts.billing.urls")),
    # Found in DEBUG alone, where letters are written to a folder.
    path("mailbox/", include("accounts.letters.urls")),
    # Guests switch languages too, and their forms carry no token.
    path("i18n/setlang/", from_own_pages(set_language), name="set_language"),
    path("staff/", include("orders.desk.urls")),
    # Empty outside DEBUG, where the web server in front serves uploads.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
    path("", include("menu_pages.urls")),
    path("", include("orders.urls")),
    path("", include(admin_urls.page_patterns)),
]
