"""What every answer carries, whoever made it."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.test.client import RequestFactory
from django.urls import reverse

from accounts.models import User
from menu_pages.models import PlacePage
from menusite.headers import HeadersMiddleware
from tests.attacks.header_checks import policy_of, problems_of
from tests.factories.guests import Guest
from tests.factories.people import PASSWORD, signed_in

pytestmark = pytest.mark.attacks


def test_cookies_of_every_kind(https: None, alice: User, guest: Guest) -> None:
    browser = Client(headers={"origin": "https://testserver"})
    table = guest.place.tables.get(number=7)

    answers = [
        browser.get(guest.place.href, {"table": "7", "key": table.key}, secure=True),
        browser.post("/i18n/setlang/", {"language": "ru", "next": "/"}, secure=True),
        browser.get("/accounts/login/", secure=True),
        browser.post("/accounts/login/", {"login": alice.email, "password": PASSWORD}, secure=True),
        browser.post(reverse("themes:install", args=[guest.place.slug, "bar"]), secure=True),
    ]

    assert [wrong for answer in answers for wrong in problems_of(answer)] == []
    names = {name for answer in answers for name in answer.cookies}
    assert names == {f"__Host-{name}" for name in ("sessionid", "csrftoken", "language", "messages", "known-browser")}


def test_pages_that_are_kept(https: None, settings: LazySettings, place_a: PlacePage) -> None:
    """Drawn, kept, not modified: the second and third never reach the middlewares below."""
    settings.PAGES_KEPT = True
    browser = Client()

    drawn = browser.get(place_a.href, secure=True)
    kept = browser.get(place_a.href, secure=True)
    same = browser.get(place_a.href, secure=True, headers={"if-none-match": kept["ETag"]})

    assert (drawn.status_code, kept.status_code, same.status_code) == (200, 200, 304)
    assert problems_of(drawn) == problems_of(kept) == problems_of(same) == []
    # A browser takes these over from a 304: another policy in it would be the kept page's from then on.
    assert same["Content-Security-Policy"] == drawn["Content-Security-Policy"]


def test_errors_static_files_and_uploads(
    https: None, settings: LazySettings, place_a: PlacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Client(raise_request_exception=False)
    asked = {
        400: browser.get("/", secure=True, headers={"host": "elsewhere.example"}),
        403: browser.post(f"{place_a.href}basket/add/", {"dish": "x"}, secure=True, headers={"origin": "https://evil"}),
        404: browser.get("/nothing/of/that/name/", secure=True),
        405: browser.get("/billing/webhook/manual/", secure=True),
        200: browser.get("/static/css/base.css", secure=True),
    }
    monkeypatch.setattr("menusite.health.alive", None)
    monkeypatch.setattr("menu_pages.models.PlacePage.get_context", None)
    asked[500] = browser.get(place_a.href, secure=True)

    assert {status: answer.status_code for status, answer in asked.items()} == {status: status for status in asked}
    assert [wrong for answer in asked.values() for wrong in problems_of(answer)] == []
    assert policy_of(asked[200])["sandbox"] == []


def test_uploads_are_inert_whatever_they_claim_to_be(rf: RequestFactory, https: None) -> None:
    page = HttpResponse("<script>alert(1)</script>", content_type="text/html")

    answer = HeadersMiddleware(lambda _request: page)(rf.get("/media/pictures/x.html"))

    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


def test_previews_alone_may_be_framed_and_are_as_strict_as_the_pages(alice: User, borshch: Any) -> None:
    browser = signed_in(alice)
    place = borshch.place
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[borshch.pk])

    look = browser.get(reverse("themes:preview", args=[place.slug, "classic", ""]))
    draft = browser.get(reverse("wagtailadmin_pages:view_draft", args=[borshch.pk]))
    editor = browser.get(reverse("wagtailadmin_pages:edit", args=[borshch.pk]))
    preview = browser.get(address)

    assert policy_of(look)["frame-ancestors"] == policy_of(preview)["frame-ancestors"] == ["'self'"]
    assert policy_of(draft)["frame-ancestors"] == policy_of(editor)["frame-ancestors"] == ["'none'"]
    assert policy_of(look)["script-src"] == policy_of(draft)["script-src"] == ["'self'"]
    assert policy_of(editor)["script-src"] == ["'self'", "'unsafe-inline'"]


def test_control_without_the_middleware(https: None, settings: LazySettings, place_a: PlacePage) -> None:
    """The checks above see an answer that went out bare."""
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != "menusite.headers.HeadersMiddleware"]

    assert "no policy" in problems_of(Client().get(place_a.href, secure=True))
