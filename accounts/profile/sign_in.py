"""Where people change how they sign in: the pages of the accounts, which confirm and count attempts."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class Way(NamedTuple):
    title: Any
    now: Any
    action: Any
    url: str


def ways(user: User, back: str) -> list[Way]:
    """E-mail, password and two-step sign-in; each page is told where to come back to."""
    query = "?" + urlencode({"next": back})
    offered = [
        Way(_("E-mail"), user.email, _("Change the e-mail"), reverse("account_email") + query),
        Way(
            _("Password"),
            _("You are asked for the one you have now."),
            _("Change the password"),
            reverse("account_change_password") + query,
        ),
    ]
    try:
        two_step = reverse("mfa_index")
    except NoReverseMatch:
        return offered
    about = _("A code from your phone beside the password.")
    offered.append(Way(_("Two-step sign-in"), about, _("Set up"), two_step + query))
    about = _("A phone lost, a tablet left behind: sign out there from here.")
    return [*offered, Way(_("Your browsers"), about, _("Where you are signed in"), reverse("sign_ins") + query)]
