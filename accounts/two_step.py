"""Two-step sign-in where an organisation asks for it."""

from allauth.mfa.models import Authenticator

from accounts.models import Membership, User
from accounts.scope import everyone


def demands_of(user: User) -> dict[int, bool]:
    """The user's organisations by id, and whether each asks its people for two-step sign-in. One query."""
    with everyone():
        rows = Membership.objects.filter(user_id=user.pk)
        return dict(rows.values_list("organisation_id", "organisation__two_step_required"))


def demands_two_step(user: User) -> bool:
    """Whether any organisation of the user asks for it. One query."""
    return any(demands_of(user).values())


def has_two_step(user: User) -> bool:
    """Whether the user has an app that makes codes; recovery codes alone are none. One query."""
    return Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists()
