"""The owner's page of the organisation card."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages

from accounts.card.forms import CardForm
from accounts.card.saving import TEXTS, CardChangedError, save_card
from accounts.models import Organisation, User
from accounts.organisation_admin import tabs
from accounts.permissions import organisation_or_404


class OwnerRequest(HttpRequest):
    """A request that Wagtail's admin has let through."""

    user: User


@require_http_methods(["GET", "POST"])
@never_cache
def index(request: OwnerRequest, slug: str) -> HttpResponse:
    """Show the card, or keep what was typed; a card somebody else saved meanwhile is shown instead of overwritten."""
    organisation = organisation_or_404(request.user, slug)
    if request.method == "GET":
        return _page(request, organisation, CardForm(instance=organisation))
    form = CardForm(request.POST, request.FILES, instance=organisation_or_404(request.user, slug))
    if not form.is_valid():
        return _page(request, organisation, form, status=422, file_again=bool(form.cleaned_data.get("logo")))
    try:
        changed = save_card(
            organisation=organisation,
            texts=form.texts,
            seen=form.cleaned_data["seen"],
            by=request.user,
            logo=form.cleaned_data["logo"],
            remove_logo=form.cleaned_data.get("remove_logo", False),
        )
    except CardChangedError as meanwhile:
        return _changed_meanwhile(request, meanwhile.organisation, form)
    if changed:
        messages.success(request, gettext("The card is saved."))
    else:
        messages.info(request, gettext("Nothing was changed."))
    return redirect("organisation_card:index", slug)


def _changed_meanwhile(request: OwnerRequest, organisation: Organisation, typed: CardForm) -> HttpResponse:
    """The card as it is now, ready to be saved again, and beside it what the reader typed and it does not say."""
    form = CardForm(instance=organisation)
    differing = [
        (form[name].label, typed.cleaned_data[name])
        for name in TEXTS
        if typed.cleaned_data[name] != getattr(organisation, name)
    ]
    context = {"differing": differing, "changed_meanwhile": True, "file_again": bool(typed.cleaned_data["logo"])}
    return _page(request, organisation, form, status=409, **context)


def _page(
    request: OwnerRequest, organisation: Organisation, form: CardForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    context |= {"organisation": organisation, "form": form, "tabs": tabs("card", organisation)}
    return render(request, "accounts/card/index.html", context, status=status)
