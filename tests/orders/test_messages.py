"""Requests and answers as messages: what an answer says it is, and which of two values of a request counts."""

from typing import Any

import pytest
from django.test import Client

from menu_pages.models import DishPage, PlacePage


@pytest.mark.django_db
def test_every_answer_says_what_it_is(guest: Any, place_a: PlacePage, client: Client) -> None:
    html, text = "text/html; charset=utf-8", "text/plain; charset=utf-8"
    expected = {
        place_a.href: html,
        f"{place_a.href}basket/": html,
        "/accounts/login/": html,
        "/nowhere/": html,
        "/robots.txt": text,
        "/healthz": "application/json",
        "/sitemap.xml": "application/xml; charset=utf-8",
        "/static/css/base.css": 'text/css; charset="utf-8"',
        "/static/js/guest.js": 'text/javascript; charset="utf-8"',
        "/static/img/icon.svg": "image/svg+xml",
    }

    said = {address: guest.client.get(address)["Content-Type"] for address in expected}

    assert said == expected


@pytest.mark.django_db
def test_the_body_counts_and_not_the_address(guest: Any, borshch: DishPage) -> None:
    """A value beside the body adds nothing to it, and of two in the body the last one counts."""
    path = f"{guest.place.href}basket/add/?quantity=9&dish=nothing"
    guest.client.post(path, {"dish": borshch.menu_path, "quantity": ["7", "2"]})

    assert [line["quantity"] for line in guest.lines] == [2]


@pytest.mark.django_db
def test_nothing_of_a_request_is_sent_back(guest: Any, place_a: PlacePage) -> None:
    """TRACE would show a script the cookies that it may not read."""
    for address in (place_a.href, f"{place_a.href}basket/", "/healthz", "/accounts/login/"):
        response = guest.client.trace(address, headers={"x-word": "a-word-of-the-request"})
        assert b"a-word-of-the-request" not in response.content
        assert guest.client.cookies["sessionid"].value.encode() not in response.content


@pytest.mark.django_db
def test_headers_of_any_shape_are_answered(place_a: PlacePage, client: Client) -> None:
    """Long, nested or endless ones; a parser that takes for ever on one of them would hang this test."""
    shapes = (
        {"accept-language": "en-" * 30_000 + "US"},
        {"accept-language": ",".join(f"x{number};q=0.{number}" for number in range(10_000))},
        {"accept": "text/" + "a;" * 50_000},
        {"cookie": "; ".join(f"a{number}=1" for number in range(5_000))},
        {"if-none-match": '"' + '",W/"' * 20_000},
        {"forwarded": "for=" * 20_000, "x-forwarded-for": "1.1.1.1," * 10_000},
    )

    assert [client.get(place_a.href, headers=headers).status_code for headers in shapes] == [200] * len(shapes)
