from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from accounts.permissions import organisation_ids


class AccountAdapter(DefaultAccountAdapter):
    """Where people go after signing in, and who may open an account."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from `create_organisation` and from the operator; there is no public registration."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The admin for those who work there, the service desk for staff, else the front page."""
        user = request.user
        if user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        return reverse("desk:index") if organisation_ids(user) else "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return "/"
