"""The protections against forged requests and long ones, each taken away: then the attack succeeds."""

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.urls import reverse

from accounts.models import User
from menu_pages.models import DishPage, PlacePage
from tests.attacks.test_forgery import ADDRESSES, leads_to
from tests.factories.guests import Guest
from tests.factories.menus import table_of
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.attacks


def browser() -> Client:
    return Client(headers={"origin": "http://testserver"})


def test_with_any_way_back_taken_people_are_led_away(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.views.i18n.url_has_allowed_host_and_scheme", lambda *_args, **_kwargs: True)

    answer = browser().post("/i18n/setlang/", {"language": "ru", "next": "https://evil.example/"})

    assert list(leads_to(answer)) == ["https://evil.example"]


def test_with_any_host_allowed_a_false_one_is_answered(place_a: PlacePage, settings: LazySettings) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert Client().get(place_a.href, headers={"host": "evil.example"}).status_code == 200


def test_with_every_claim_believed_a_limit_is_reset(settings: LazySettings, db: None) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "3/h/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    address = reverse("account_reset_password")

    answers = [
        browser().post(address, {"email": f"c{n}@example.com"}, headers=headers).status_code
        for n, headers in enumerate(ADDRESSES[:4])
    ]

    assert answers == [302] * 4


def test_with_the_sessions_key_kept_a_planted_one_signs_in(
    alice: User, guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SessionBase, "cycle_key", lambda _session: None)
    victim, planted = browser(), browser()
    victim.get(guest.place.href, {"table": "7", "key": table_of(guest.place, 7).key})
    planted.cookies["sessionid"] = victim.cookies["sessionid"].value

    victim.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})

    assert planted.get("/admin/").status_code == 200


def test_with_no_limit_of_fields_all_of_them_are_read(guest: Guest, borshch: DishPage, settings: LazySettings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = None

    guest.add(borshch, **{f"field{n}": "x" for n in range(11_000)})

    assert guest.quantities == {borshch.menu_path: 1}
