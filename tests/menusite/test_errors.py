"""What a visitor reads when something of ours failed: that it did, and nothing of how."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from menusite import urls

WORD = "a-word-of-the-inside"


def failing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    secret = WORD  # stands on the stack, where a trace would show it
    raise RuntimeError(f"{secret}, {settings.SECRET_KEY}")


@pytest.fixture
def urlpatterns() -> Iterator[Any]:
    """The service's own addresses, and before them some that fail, in each of its areas."""
    places = ("menu/", "staff/place/fails/", "admin/fails/", "accounts/fails/", "place/basket/add/")
    with override_settings(ROOT_URLCONF=(*(path(place, failing) for place in places), *urls.urlpatterns)):
        yield [f"/{place}" for place in places]


@pytest.mark.django_db
def test_a_failure_says_nothing_of_the_inside(
    urlpatterns: list[str], admin_client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client = admin_client
    client.raise_request_exception = False

    for address in urlpatterns:
        for method in ("get", "post"):
            response = client.generic(method.upper(), address)
            body = response.content.decode()
            assert response.status_code == 500
            assert [
                word for word in (WORD, settings.SECRET_KEY, "RuntimeError", "Traceback", "failing") if word in body
            ] == []

    errors = [
        record for record in caplog.records if record.name == "django.request" and record.levelno == logging.ERROR
    ]
    assert len(errors) == 2 * len(urlpatterns)
    assert all(record.exc_info for record in errors)
