"""A place's settings: who sets them, what is refused, what acts at once, and two people at the same time."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.audit_log.sentences import sentence_of
from accounts.models import AuditEntry, Organisation, User
from accounts.roles import Role
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from menu_pages.setup.saving import FIELDS, mark_of, save_settings
from tests.factories.guests import Guest, ordered
from tests.factories.people import make_member, signed_in

PAGE = "/admin/places/teahouse/setup/"


@pytest.fixture
def manager(organisation_a: Organisation) -> Client:
    return signed_in(make_member("dana@example.com", organisation_a, Role.MANAGER))


def record_of(place: PlacePage) -> PlaceRecord:
    return PlaceRecord.objects.get(place=place)


def typed(place: PlacePage, **changes: Any) -> dict[str, Any]:
    """The form as a browser sends it back."""
    record = record_of(place)
    values = {name: getattr(record, name) for name in FIELDS} | {"day_starts_at": "00:00", "ordering_enabled": "on"}
    found = {**values, "seen": mark_of(record), **changes}
    return {name: value for name, value in found.items() if value is not None}


def test_a_manager_sets_them_and_the_menu_is_drawn_anew(manager: Client, place_a: PlacePage) -> None:
    before = record_of(place_a).menu_version

    response = manager.post(
        PAGE,
        typed(place_a, currency="EUR", language="en", time_zone="Asia/Yekaterinburg", day_starts_at="05:00")
        | {"max_line_quantity": "9", "max_basket_lines": "20"},
    )

    record = record_of(place_a)
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert (record.currency, record.language, record.time_zone) == ("EUR", "en", "Asia/Yekaterinburg")
    assert record.day_starts_at == datetime.time(5)
    assert (record.max_line_quantity, record.max_basket_lines, record.ordering_enabled) == (9, 20, True)
    assert record.menu_version == before + 1
    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    ("role", "status"), [("editor", 404), ("analyst", 404), ("waiter", 404), ("kitchen", 404), ("manager", 200)]
)
def test_editors_and_staff_find_nothing(organisation_a: Organisation, role: str, status: int) -> None:
    browser = signed_in(make_member("eve@example.com", organisation_a, Role(role)))

    assert browser.get(PAGE).status_code == status
    assert (PAGE in browser.get("/admin/").content.decode()) is (status == 200)


def test_another_owner_finds_nothing(place_a: PlacePage, place_b: PlacePage, bob: User) -> None:
    browser = signed_in(bob)

    assert browser.get(PAGE).status_code == 404
    assert browser.post(PAGE, typed(place_a, currency="EUR")).status_code == 404
    assert record_of(place_a).currency == "RUB"


def test_ordering_switched_off_is_written_down_and_seen_by_guests(
    alice: User, manager: Client, place_a: PlacePage, borshch: DishPage, guest: Guest
) -> None:
    assert "basket/add/" in guest.client.get(borshch.href).content.decode()

    manager.post(PAGE, typed(place_a, ordering_enabled=None))

    assert "basket/add/" not in guest.client.get(borshch.href).content.decode()
    (entry,) = AuditEntry.objects.all()
    sentence = sentence_of(entry)
    assert (entry.by_name, entry.place_title, sentence.text) == ("dana@example.com", "Teahouse", "Ordering by guests")
    assert [(change.before, change.after) for change in sentence.changes] == [("on", "off")]


def test_the_currency_of_orders_stays(alice: User, place_a: PlacePage, borshch: DishPage, guest: Guest) -> None:
    form = typed(place_a, currency="EUR", max_line_quantity="9")
    ordered(guest, borshch)
    browser = signed_in(alice)

    page = browser.get(PAGE)
    browser.post(PAGE, form)

    assert page.context["form"]["currency"].field.disabled
    assert "It stays: sums in two currencies cannot be added up." in page.content.decode()
    assert (record_of(place_a).currency, record_of(place_a).max_line_quantity) == ("RUB", 9)


def test_an_order_that_comes_between_looking_and_saving_settles_the_currency(
    alice: User, place_a: PlacePage, borshch: DishPage, guest: Guest
) -> None:
    record = record_of(place_a)
    values = {name: getattr(record, name) for name in FIELDS} | {"currency": "EUR"}
    ordered(guest, borshch)

    with pytest.raises(ValidationError):
        save_settings(place=place_a, values=values, seen=mark_of(record), by=alice)

    assert record_of(place_a).currency == "RUB"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("time_zone", "Mars/Olympus"),
        ("time_zone", "localtime"),
        ("currency", "XXX"),
        ("language", "tlh"),
        ("day_starts_at", "25:00"),
        ("max_line_quantity", "0"),
        ("max_line_quantity", "-1"),
        ("max_basket_lines", "100000"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    manager: Client, place_a: PlacePage, field: str, value: str
) -> None:
    before = PlaceRecord.objects.values().get(place=place_a)

    response = manager.post(PAGE, typed(place_a, **{field: value}))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert PlaceRecord.objects.values().get(place=place_a) == before


def test_settings_saved_meanwhile_are_shown_and_not_overwritten(
    alice: User, manager: Client, place_a: PlacePage
) -> None:
    mine = typed(place_a, max_basket_lines="10")
    signed_in(alice).post(PAGE, typed(place_a, max_basket_lines="20"))

    response = manager.post(PAGE, mine)

    assert response.status_code == 409
    assert response.context["form"]["max_basket_lines"].value() == 20
    assert record_of(place_a).max_basket_lines == 20
    again = manager.post(PAGE, mine | {"seen": response.context["form"]["seen"].value()})
    assert (again.status_code, record_of(place_a).max_basket_lines) == (302, 10)


def test_nothing_changed_changes_nothing(manager: Client, place_a: PlacePage) -> None:
    before = record_of(place_a).menu_version

    manager.post(PAGE, typed(place_a))

    assert record_of(place_a).menu_version == before
