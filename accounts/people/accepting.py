"""The page a letter of invitation leads to. Looking changes nothing: a button stands between, for mail scanners."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Invitation, Membership
from accounts.people import invitations
from accounts.people.forms import NewPersonForm
from accounts.people.invitations import AccountExistsError, InvitationGoneError
from accounts.people.roles_in_words import capabilities_of
from accounts.registration import registering
from accounts.roles import Role

# What each state of an invitation answers with; the page says what to do in each.
STATUSES = {"unknown": 404, "withdrawn": 410, "expired": 410, "used": 410}


@require_http_methods(["GET", "POST"])
@never_cache
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Say who invites where and as what; take the invitation up when the button is pressed."""
    invitation = invitations.find(token)
    state = _state_of(invitation, request.user)
    if invitation is None or request.method == "GET":
        return _page(request, invitation, state)
    try:
        if state in ("ready", "joined"):
            return _join(request, invitation)
        if state == "new":
            return _join_as_new(request, invitation)
    except (InvitationGoneError, AccountExistsError):
        # Another tab, or the owner, was quicker: the page knows what to say to that.
        return redirect("accept_invitation", token)
    return _page(request, invitation, state)


def _state_of(invitation: Invitation | None, user: Any) -> str:
    """What there is to say to this reader."""
    if invitation is None:
        return "unknown"
    if invitation.accepted_at:
        return "joined" if _has_joined(invitation, user) else "used"
    if invitation.withdrawn_at:
        return "withdrawn"
    if invitation.expired:
        return "expired"
    if user.is_authenticated:
        return "ready" if _is_theirs(invitation, user) else "somebody_else"
    return "sign_in" if registering.has_account(invitation.email) else "new"


def _has_joined(invitation: Invitation, user: Any) -> bool:
    if not user.is_authenticated or invitation.accepted_by_id != user.pk:
        return False
    return Membership.objects.filter(organisation_id=invitation.organisation_id, user_id=user.pk).exists()


def _is_theirs(invitation: Invitation, user: Any) -> bool:
    if user.email.lower() == invitation.email:
        return True
    return EmailAddress.objects.filter(user_id=user.pk, email__iexact=invitation.email, verified=True).exists()


def _join(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    membership = invitations.accept(invitation=invitation, user=request.user)  # type: ignore[arg-type]
    if membership.enters_admin:
        text = gettext("You have joined “%(organisation)s”.")
        messages.success(request, text % {"organisation": invitation.organisation.name})
    return redirect(_work_of(membership))


def _join_as_new(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    form = NewPersonForm(request.POST, email=invitation.email)
    if not form.is_valid():
        return _page(request, invitation, "new", form=form, status=422)
    user = invitations.accept_as_new(
        invitation=invitation,
        password=form.cleaned_data["password1"],
        first_name=form.cleaned_data["first_name"],
        last_name=form.cleaned_data["last_name"],
    )
    membership = Membership.objects.get(organisation=invitation.organisation, user=user)
    response: HttpResponse = perform_login(request, user, redirect_url=_work_of(membership))
    return response


def _work_of(membership: Membership) -> str:
    """Where the role works: the admin, or the service desk."""
    return reverse("wagtailadmin_home" if membership.enters_admin else "desk:index")


def _page(
    request: HttpRequest,
    invitation: Invitation | None,
    state: str,
    *,
    form: NewPersonForm | None = None,
    status: int | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"state": state, "invitation": invitation, "here": request.path}
    if invitation:
        role = Role(invitation.role)
        context |= {"organisation": invitation.organisation, "role": role.label, "capabilities": capabilities_of(role)}
        if state == "new":
            context["form"] = form or NewPersonForm(email=invitation.email)
    return render(request, "accounts/people/accept.html", context, status=status or STATUSES.get(state, 200))
