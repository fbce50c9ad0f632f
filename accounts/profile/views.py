"""A person's own page: inside the admin for those who work there, and a public one for waiters and kitchen."""

import copy
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.forms.account import LocalePreferencesForm
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, LocaleSettingsPanel, ThemeSettingsPanel
from wagtail.users.models import UserProfile

from accounts.models import User
from accounts.profile.forms import ProfileForm
from accounts.profile.language import remember
from accounts.profile.sign_in import ways
from accounts.profile.weekly_letter import LettersForm, owned_by


class SignedInRequest(HttpRequest):
    user: User


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def profile(request: SignedInRequest) -> HttpResponse:
    """The page outside the admin."""
    # The form writes what was typed on its object: the request's own keeps what is stored.
    form = ProfileForm(request.POST or None, instance=copy.copy(request.user))
    if request.method == "GET" or not form.is_valid():
        context = {
            "form": form,
            "ways": ways(request.user, reverse("profile")),
            "enters_admin": request.user.has_perm("wagtailadmin.access_admin"),
        }
        return render(request, "accounts/profile/page.html", context, status=200 if request.method == "GET" else 422)
    return _saved(request, form.save(), "profile")


class ProfilePanel(BaseSettingsPanel):
    name = "person"
    title = _("About you")
    order = 100
    form_class = ProfileForm

    def __init__(self, request: HttpRequest, user: User, profile: UserProfile) -> None:
        super().__init__(request, copy.copy(user), profile)


class SignInPanel(BaseSettingsPanel):
    name = "sign_in"
    title = _("Signing in")
    order = 200
    template_name = "accounts/profile/_ways.html"
    form_class = forms.Form

    def get_form(self) -> forms.Form:
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        return {"ways": ways(self.user, reverse("wagtailadmin_account"))}


class LettersPanel(BaseSettingsPanel):
    name = "letters"
    title = _("Letters")
    order = 250
    template_name = "accounts/profile/_letters.html"

    def is_active(self) -> bool:
        return bool(owned_by(self.user))

    def get_form(self) -> LettersForm:
        data = self.request.POST if self.request.method == "POST" else None
        return LettersForm(data, user=self.user, prefix=self.name)


class OwnDataPanel(BaseSettingsPanel):
    name = "own_data"
    title = _("Your data")
    order = 900
    template_name = "accounts/profile/_own_data.html"
    form_class = forms.Form

    def get_form(self) -> forms.Form:
        return forms.Form()


class TimeZoneForm(LocalePreferencesForm):
    """Wagtail's form without its language, which would be a second answer to a question asked above."""

    preferred_language = None

    class Meta:
        model = UserProfile
        fields = ("current_time_zone",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = self.fields["current_time_zone"]
        # The machine's list holds names such as «localtime» too, on which browsers stumble.
        zones.choices = [(name, title) for name, title in zones.choices if not name or "/" in name]


class TimeZonePanel(LocaleSettingsPanel):
    title = _("Time zone of dates in the admin")
    form_class = TimeZoneForm


class AdminAccountView(AccountView):
    """Wagtail's account page with our own fields; pictures of people are left out."""

    template_name = "accounts/profile/admin.html"
    page_title = _("Your profile")
    panel_classes = (ProfilePanel, SignInPanel, LettersPanel, TimeZonePanel, ThemeSettingsPanel, OwnDataPanel)

    def get_panels(self) -> list[BaseSettingsPanel]:
        user = self.request.user
        wagtails = UserProfile.get_for_user(user)
        panels = [panel(self.request, user, wagtails) for panel in self.panel_classes]
        return [panel for panel in panels if panel.is_active()]

    def get_menu_items(self) -> list[Any]:
        return []

    def post(self, request: SignedInRequest) -> HttpResponse:
        panels = self.get_panels()
        filled = [form for form in (panel.get_form() for panel in panels) if form.is_bound]
        if not all(form.is_valid() for form in filled):
            return TemplateResponse(request, self.template_name, self.get_context_data(), status=422)
        with transaction.atomic():
            for form in filled:
                form.save()
        return _saved(request, panels[0].user, "wagtailadmin_account")


def _saved(request: SignedInRequest, user: User, where: str) -> HttpResponse:
    with override(user.language or get_language()):
        messages.success(request, gettext("Your profile is saved."))
    response = redirect(where)
    remember(response, user.language)
    return response
