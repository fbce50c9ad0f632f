"""The owner's page of people: members with their roles, invitations, two-step sign-in."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages

from accounts.memberships import LastOwnerError, remove_member, set_role
from accounts.models import Invitation, Membership, Organisation, User
from accounts.organisation_admin import tabs
from accounts.organisation_clock import zone_of
from accounts.people import invitations, two_step
from accounts.people.forms import InviteForm, RoleForm
from accounts.people.letters import still_here
from accounts.people.roles_in_words import roles
from accounts.permissions import may, organisation_or_404
from accounts.roles import Capability, Role

MEMBERS_ON_PAGE = 25


class OwnerRequest(HttpRequest):
    """A request that Wagtail's admin has let through."""

    user: User


@require_GET
@never_cache
def index(request: OwnerRequest, slug: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    return _page(request, organisation)


@require_POST
def invite(request: OwnerRequest, slug: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, organisation, form=form, status=422)
    try:
        invitation = invitations.invite(
            organisation=organisation,
            email=form.cleaned_data["email"],
            role=Role(form.cleaned_data["role"]),
            by=request.user,
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _page(request, organisation, form=form, status=422)
    _say_sent(request, invitation)
    return redirect("organisation_people:index", slug)


@require_POST
def send_again(request: OwnerRequest, slug: str, public_id: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    try:
        invitation = invitations.send_again(invitation=_invitation_or_404(organisation, public_id), by=request.user)
    except invitations.InvitationGoneError:
        messages.warning(request, gettext("This invitation is not waiting any more."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    else:
        _say_sent(request, invitation)
    return redirect("organisation_people:index", slug)


@require_POST
def withdraw(request: OwnerRequest, slug: str, public_id: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    invitation = _invitation_or_404(organisation, public_id)
    try:
        invitations.withdraw(invitation=invitation)
    except invitations.InvitationGoneError:
        messages.warning(request, gettext("This invitation is not waiting any more."))
    else:
        text = gettext("The invitation of %(email)s is withdrawn; the link in its letter works no more.")
        messages.success(request, text % {"email": invitation.email})
    return redirect("organisation_people:index", slug)


@require_POST
def change_role(request: OwnerRequest, slug: str) -> HttpResponse:
    """Give a member another role; owners who give up their own are asked first."""
    organisation = organisation_or_404(request.user, slug)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _gone(request, slug)
    membership, role = _member(organisation, form.cleaned_data["member"]), Role(form.cleaned_data["role"])
    if membership is None:
        return _gone(request, slug)
    if membership.user_id == request.user.pk and role != membership.role and not request.POST.get("sure"):
        return _ask(request, organisation, membership, role=role)
    try:
        set_role(organisation=organisation, user=membership.user, role=role, by=request.user)
    except LastOwnerError as refusal:
        messages.error(request, str(refusal))
    else:
        text = gettext("%(person)s: %(role)s. It counts from their next click.")
        messages.success(request, text % {"person": membership.user, "role": role.label})
    return redirect(_after(request.user, organisation))


@require_POST
def remove(request: OwnerRequest, slug: str) -> HttpResponse:
    """Ask first; then take the member out of the organisation."""
    organisation = organisation_or_404(request.user, slug)
    membership = _member(organisation, request.POST.get("member", ""))
    if membership is None:
        return _gone(request, slug)
    if not request.POST.get("sure"):
        return _ask(request, organisation, membership)
    try:
        remove_member(organisation=organisation, user=membership.user, by=request.user)
    except LastOwnerError as refusal:
        messages.error(request, str(refusal))
    else:
        text = gettext("%(person)s is no longer in “%(organisation)s”.")
        messages.success(request, text % {"person": membership.user, "organisation": organisation.name})
    return redirect(_after(request.user, organisation))


@require_POST
def demand_two_step(request: OwnerRequest, slug: str) -> HttpResponse:
    organisation = organisation_or_404(request.user, slug)
    required = request.POST.get("required") == "on"
    try:
        two_step.demand(organisation=organisation, required=required, by=request.user)
    except two_step.NotSetUpError:
        messages.error(request, gettext("Set up two-step sign-in for yourself first, then demand it of everyone."))
    else:
        text = (
            gettext("Everyone now sets up two-step sign-in before going on.")
            if required
            else gettext("Two-step sign-in is now everyone’s own choice.")
        )
        messages.success(request, text)
    return redirect("organisation_people:index", slug)


def _page(
    request: OwnerRequest, organisation: Organisation, *, form: InviteForm | None = None, status: int = 200
) -> HttpResponse:
    members = Membership.objects.filter(organisation=organisation).select_related("user").order_by("created_at", "pk")
    page = Paginator(members, MEMBERS_ON_PAGE).get_page(request.GET.get("p"))
    protected = two_step.who_has([member.user_id for member in page])
    open_ones = Invitation.objects.open().filter(organisation=organisation).select_related("invited_by")
    waiting = list(open_ones[: invitations.MOST_OPEN])
    not_gone = still_here(invitation.email for invitation in waiting)
    context: dict[str, Any] = {
        "organisation": organisation,
        "tabs": tabs("people", organisation),
        "members": page,
        "page_range": page.paginator.get_elided_page_range(page.number),
        "rows": [(member, member.user_id in protected, member.user_id == request.user.pk) for member in page],
        "invitations": [(invitation, invitation.email in not_gone) for invitation in waiting],
        "form": form or InviteForm(),
        "roles": roles(),
        "role_choices": Role.choices,
        "zone": zone_of(organisation.pk),
    }
    return render(request, "accounts/people/index.html", context, status=status)


def _ask(
    request: OwnerRequest, organisation: Organisation, membership: Membership, *, role: Role | None = None
) -> HttpResponse:
    """Whether they are sure; the answer comes to the same address."""
    context = {
        "organisation": organisation,
        "membership": membership,
        "role": role,
        "is_you": membership.user_id == request.user.pk,
    }
    return render(request, "accounts/people/sure.html", context)


def _member(organisation: Organisation, email: str) -> Membership | None:
    found: Membership | None = (
        Membership.objects.filter(organisation=organisation, user__email__iexact=email.replace("\0", ""))
        .select_related("user")
        .first()
    )
    return found


def _gone(request: OwnerRequest, slug: str) -> HttpResponse:
    messages.warning(request, gettext("This person is not among the members any more."))
    return redirect("organisation_people:index", slug)


def _after(user: User, organisation: Organisation) -> str:
    """Back to the people, unless the reader has just given up being an owner; the front door knows where to then."""
    if may(user, organisation.pk, Capability.ORGANISATION):
        return reverse("organisation_people:index", args=[organisation.slug])
    return reverse("account_login")


def _invitation_or_404(organisation: Organisation, public_id: str) -> Invitation:
    found: Invitation | None = Invitation.objects.filter(organisation=organisation, public_id=public_id).first()
    if found is None:
        raise Http404
    return found


def _say_sent(request: OwnerRequest, invitation: Invitation) -> None:
    messages.success(request, gettext("The letter to %(email)s is on its way.") % {"email": invitation.email})
