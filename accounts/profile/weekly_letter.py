"""Whether an owner gets the week in a letter: a switch in the profile, and a link in each letter that needs no
signing in. Looking changes nothing: a button stands between, for mail scanners."""

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.scope import everyone

SALT = "accounts.weekly_letter"


def switch_address(membership: Membership) -> str:
    """The link of a letter; it works as long as the person owns the organisation."""
    token = signing.dumps(membership.pk, salt=SALT)
    return settings.SITE_URL + reverse("weekly_letter", args=[token])


@require_http_methods(["GET", "POST"])
@never_cache
def weekly_letter(request: HttpRequest, token: str) -> HttpResponse:
    """Say whether the letter is on, and switch it when the button is pressed."""
    membership = _find(token)
    if membership is None:
        return render(request, "accounts/profile/weekly_letter.html", status=404)
    if request.method == "POST":
        _switch(membership, request.POST.get("wanted") == "1")
        return redirect("weekly_letter", token)
    return render(request, "accounts/profile/weekly_letter.html", {"membership": membership})


class LettersForm(forms.Form):
    """A switch for each organisation that the person owns."""

    # Boxes that are not ticked are not sent: this tells them from a form without boxes.
    shown = forms.BooleanField(required=False, initial=True, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.memberships = owned_by(user)
        for membership in self.memberships:
            self.fields[membership.organisation.slug] = forms.BooleanField(
                label=gettext("Last week’s figures of “%(organisation)s”, every Monday")
                % {"organisation": membership.organisation.name},
                required=False,
                initial=membership.weekly_letter,
            )

    def save(self) -> None:
        if self.cleaned_data["shown"]:
            for membership in self.memberships:
                _switch(membership, self.cleaned_data[membership.organisation.slug])


def owned_by(user: User) -> list[Membership]:
    """The person's memberships as an owner. One query."""
    with everyone():
        own = Membership.objects.filter(user=user, role=Role.OWNER).select_related("organisation")
        return list(own.order_by("organisation__name", "pk"))


def _switch(membership: Membership, wanted: bool) -> None:
    with everyone():
        Membership.objects.filter(pk=membership.pk).update(weekly_letter=wanted)


def _find(token: str) -> Membership | None:
    try:
        membership_id = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    with everyone():
        own = Membership.objects.filter(pk=membership_id, role=Role.OWNER)
        found: Membership | None = own.select_related("organisation").first()
    return found
