"""People who sign in."""

from typing import Any

from django.test import Client

from accounts.memberships import set_role
from accounts.models import Organisation, User
from accounts.roles import Role

PASSWORD = "a-long-enough-password"


def make_user(email: str, **fields: Any) -> User:
    """A user with a confirmed address, able to sign in with `PASSWORD`."""
    user = User.objects.create_user(email, PASSWORD, **fields)
    user.emailaddress_set.create(email=user.email, verified=True, primary=True)
    return user


def make_member(email: str, organisation: Organisation, role: Role) -> User:
    user = make_user(email)
    set_role(organisation=organisation, user=user, role=role)
    return user


def signed_in(user: User) -> Client:
    """The browser of a user who has signed in; reads English."""
    client = Client(headers={"origin": "http://testserver", "accept-language": "en"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client
