import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import Membership, Organisation, User
from accounts.scope import no_scope
from menu_pages.models import PlacePage


def create(*arguments: str, **options: Any) -> str:
    out = StringIO()
    with no_scope():
        call_command("create_organisation", *arguments, stdout=out, **options)
    return out.getvalue()


def test_it_prints_the_place_and_a_working_link(db: None, settings: Any) -> None:
    settings.SITE_URL = "http://testserver"

    printed = create("Teahouse", "Alice@Example.com", place="Чайная", currency="EUR", language="en")

    place = PlacePage.objects.get()
    owner = User.objects.get()
    assert "Place: http://testserver/chaynaya/\n" in printed
    assert (place.title, place.live, place.record.currency, place.record.language) == ("Чайная", True, "EUR", "en")
    assert (owner.email, owner.has_usable_password(), owner.language) == ("alice@example.com", False, "en")
    assert owner.emailaddress_set.get().verified is True

    set_password(re.search(r"Set password: http://testserver(\S+)", printed)[1], "a-new-long-password")
    signed = Client().post("/accounts/login/", {"login": "alice@example.com", "password": "a-new-long-password"})
    assert signed["Location"] == "/admin/"


def set_password(link: str, password: str) -> None:
    browser = Client()
    form = browser.get(link, follow=True)
    browser.post(form.request["PATH_INFO"], {"password1": password, "password2": password})


def test_a_second_organisation_of_a_known_owner_keeps_the_account(db: None) -> None:
    create("Teahouse", "alice@example.com")
    create("Bakery", "alice@example.com")

    assert User.objects.count() == 1
    assert Membership.objects.count() == 2


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("Teahouse", "nonsense"), {}, "valid email"),
        (("Teahouse", "a@example.com"), {"slug": "admin"}, "Choose another"),
        (("Teahouse", "a@example.com"), {"currency": "XXX"}, "XXX"),
        (("Teahouse", "a@example.com"), {"time_zone": "Nowhere/City"}, "Unknown time zone"),
        (("", "a@example.com"), {}, "blank"),
    ],
)
def test_what_does_not_fit_is_said_and_makes_nothing(
    db: None, arguments: tuple[str, str], options: dict[str, str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        create(*arguments, **options)

    assert (Organisation.objects.count(), PlacePage.objects.count(), User.objects.count()) == (0, 0, 0)
