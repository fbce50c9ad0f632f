"""Signing up as a person does: the form, the letter, the link."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import Membership, Organisation
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from tests.factories.letters import links, path_of
from tests.factories.people import PASSWORD
from tests.factories.smtp import PostOffice

Post = Callable[..., HttpResponse]
Committing = Callable[..., AbstractContextManager[Any]]

FORM = {
    "organisation": "Teahouse Ltd",
    "kind": "cafe",
    "email": "dana@example.com",
    "password1": PASSWORD,
    "password2": PASSWORD,
    "consent": "on",
}


def browser(language: str = "en") -> Client:
    return Client(headers={"accept-language": language, "origin": "http://testserver"})


@pytest.fixture
def post(django_capture_on_commit_callbacks: Committing) -> Post:
    """Send a form, and let happen what waits for the commit."""

    def send(client: Client, address: str, **data: str) -> HttpResponse:
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(address, data)  # type: ignore[return-value]

    return send


@pytest.fixture
def sign_up(post: Post, post_office: PostOffice) -> Callable[..., str]:
    """Register in a browser; returns the address of the link in the letter that came."""

    def register(client: Client, **changes: str) -> str:
        response = post(client, "/accounts/signup/", **{**FORM, **changes})
        assert response.status_code == 302
        return path_of(links(post_office.letters[-1])[0])

    return register


def made() -> list[int]:
    """How many organisations there are, with their places, records, members and dishes."""
    return [model.objects.count() for model in (Organisation, PlacePage, PlaceRecord, Membership, DishPage)]


def sign_in(client: Client, email: str = FORM["email"]) -> Any:
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD})


def text_of(response: Any) -> str:
    return response.content.decode()
