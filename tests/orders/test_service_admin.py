"""The owners' and managers' page of a place's service."""

from importlib import import_module

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import CategoryPage, PlacePage, PlaceRecord
from orders.models import Station, StationCategory, Webhook
from orders.service_admin.forms import MOST_STATIONS, MOST_WEBHOOKS
from tests.factories.menus import make_category
from tests.factories.people import make_member, signed_in
from tests.factories.receivers import Receiver, make_webhook
from tests.factories.stations import Printer, closed_port, make_station

PAGE = "/admin/places/teahouse/service/"
RULES = {
    "acceptance": "at_once",
    "acknowledge_seconds": "60",
    "max_line_quantity": "20",
    "max_basket_lines": "30",
    "max_order_items": "100",
    "max_unconfirmed_by_visit": "2",
    "max_unconfirmed_by_table": "5",
    "max_calls_by_table": "6",
}


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


@pytest.mark.parametrize(
    ("role", "opens"),
    [(Role.OWNER, True), (Role.MANAGER, True), (Role.EDITOR, False), (Role.ANALYST, False), (Role.WAITER, False)],
)
def test_who_may_open_it(organisation_a: Organisation, role: Role, opens: bool) -> None:
    browser = signed_in(make_member("dana@example.com", organisation_a, role))

    assert (browser.get(PAGE).status_code == 200) is opens
    browser.post(f"{PAGE}rules/", RULES)
    assert (PlaceRecord.objects.get().acknowledge_seconds == 60) is opens


def test_the_menu_leads_there(owner: Client, organisation_a: Organisation) -> None:
    manager = signed_in(make_member("manager@example.com", organisation_a, Role.MANAGER))

    for browser in (owner, manager):
        assert PAGE in browser.get("/admin/").content.decode()
        assert browser.get("/admin/places/service/")["Location"] == PAGE


def test_another_places_things_are_not_found(owner: Client, place_b: PlacePage) -> None:
    station, webhook = make_station(place_b, "Bar"), make_webhook(place_b, "https://example.com/")

    ends = [
        f"stations/{station.public_id}/",
        f"stations/{station.public_id}/remove/",
        f"stations/{station.public_id}/print/",
        f"webhooks/{webhook.public_id}/remove/",
        f"webhooks/{webhook.public_id}/test/",
    ]
    assert [owner.post(PAGE + end).status_code for end in ends] == [404] * 5
    assert owner.get("/admin/places/pizzeria/service/").status_code == 404
    assert (Station.objects.count(), Webhook.objects.count()) == (1, 1)


def test_rules_are_saved(owner: Client, place_a: PlacePage) -> None:
    response = owner.post(f"{PAGE}rules/", RULES)

    assert (response.status_code, response["Location"]) == (302, PAGE)
    record = PlaceRecord.objects.get(place=place_a)
    assert {name: str(getattr(record, name)) for name in RULES} == RULES


def test_what_others_set_meanwhile_stays(owner: Client, place_a: PlacePage) -> None:
    owner.get(PAGE)
    PlaceRecord.objects.update(currency="EUR", menu_version=77)

    owner.post(f"{PAGE}rules/", RULES)

    record = PlaceRecord.objects.get(place=place_a)
    assert (record.currency, record.menu_version) == ("EUR", 77)


@pytest.mark.parametrize(
    ("field", "value"), [("acceptance", "never"), ("acknowledge_seconds", "5"), ("max_line_quantity", "0")]
)
def test_rules_that_make_no_sense_are_refused(owner: Client, field: str, value: str) -> None:
    response = owner.post(f"{PAGE}rules/", {**RULES, field: value})

    assert response.status_code == 422
    assert PlaceRecord.objects.get().acknowledge_seconds == 90


def test_a_station_is_added_with_its_categories(
    owner: Client, place_a: PlacePage, soups: CategoryPage, settings: LazySettings
) -> None:
    settings.PRINTER_NETWORKS = ["192.168.10.0/24"]
    data = {"title": "Kitchen", "printer_host": "192.168.10.20", "printer_port": "9100", "categories": [str(soups.pk)]}

    response = owner.post(f"{PAGE}stations/add/", data)

    assert (response.status_code, response["Location"]) == (302, PAGE)
    station = Station.objects.get()
    assert (station.place, station.title, station.printer_host) == (place_a, "Kitchen", "192.168.10.20")
    assert list(station.categories.values_list("category__title", flat=True)) == ["Soups"]
    assert "192.168.10.20:9100" in owner.get(PAGE).content.decode()


def test_a_category_moves_from_station_to_station(owner: Client, place_a: PlacePage, soups: CategoryPage) -> None:
    drinks = make_category(place_a, "Drinks")
    kitchen, bar = make_station(place_a, "Kitchen", soups, drinks), make_station(place_a, "Bar")
    body = owner.get(f"{PAGE}stations/{bar.public_id}/").content.decode()
    assert "Soups (Kitchen)" in body

    owner.post(
        f"{PAGE}stations/{bar.public_id}/", {"title": "Bar", "printer_port": "9100", "categories": [str(drinks.pk)]}
    )

    given = StationCategory.objects.order_by("category__title").values_list("category__title", "station__title")
    assert list(given) == [("Drinks", "Bar"), ("Soups", "Kitchen")]
    assert kitchen.categories.count() == 1


def test_another_places_category_is_refused(owner: Client, place_b: PlacePage) -> None:
    foreign = make_category(place_b, "Pizza")

    response = owner.post(
        f"{PAGE}stations/add/", {"title": "Kitchen", "printer_port": "9100", "categories": [str(foreign.pk)]}
    )

    assert (response.status_code, Station.objects.count(), StationCategory.objects.count()) == (422, 0, 0)


@pytest.mark.parametrize("networks", [[], ["192.168.10.0/24"]])
def test_a_printer_outside_the_networks_is_refused(owner: Client, settings: LazySettings, networks: list[str]) -> None:
    settings.PRINTER_NETWORKS = networks

    response = owner.post(
        f"{PAGE}stations/add/", {"title": "Kitchen", "printer_host": "10.0.0.1", "printer_port": "9100"}
    )

    assert (response.status_code, Station.objects.count()) == (422, 0)


def test_a_name_is_given_once(owner: Client, place_a: PlacePage) -> None:
    make_station(place_a, "Bar")

    response = owner.post(f"{PAGE}stations/add/", {"title": "Bar", "printer_port": "9100"})

    assert (response.status_code, Station.objects.count()) == (422, 1)
    assert "The place has a station of this name." in response.content.decode()


def test_stations_and_webhooks_are_not_without_end(owner: Client, place_a: PlacePage) -> None:
    for number in range(MOST_STATIONS):
        make_station(place_a, f"Station {number}")
    for number in range(MOST_WEBHOOKS):
        make_webhook(place_a, f"https://example.com/{number}")

    answers = [
        owner.post(f"{PAGE}stations/add/", {"title": "One more", "printer_port": "9100"}),
        owner.post(f"{PAGE}webhooks/add/", {"url": "https://example.com/more"}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert (Station.objects.count(), Webhook.objects.count()) == (MOST_STATIONS, MOST_WEBHOOKS)


def test_a_station_is_removed(owner: Client, place_a: PlacePage) -> None:
    station = make_station(place_a, "Bar")

    owner.post(f"{PAGE}stations/{station.public_id}/remove/")

    assert Station.objects.count() == 0


def test_a_test_is_printed(owner: Client, place_a: PlacePage, printer: Printer) -> None:
    station = make_station(place_a, "Bar", printer=printer)

    response = owner.post(f"{PAGE}stations/{station.public_id}/print/", follow=True)

    (ticket,) = printer.tickets(1)
    assert "АБВ абв Ёё №" in ticket.decode("cp866")
    assert "The test ticket was sent to the printer of “Bar”." in response.content.decode()


def test_a_printer_that_does_not_answer_is_said(owner: Client, place_a: PlacePage, settings: LazySettings) -> None:
    settings.PRINTER_NETWORKS = ["127.0.0.0/8"]
    station = make_station(place_a, "Bar", port=closed_port())

    response = owner.post(f"{PAGE}stations/{station.public_id}/print/", follow=True)

    assert "The printer does not answer" in response.content.decode()


def test_a_webhook_is_added_shown_and_removed(owner: Client, place_a: PlacePage) -> None:
    owner.post(f"{PAGE}webhooks/add/", {"url": "https://hooks.example.com/menu?x=1"})
    webhook = Webhook.objects.get()
    body = owner.get(PAGE).content.decode()
    assert webhook.place == place_a
    assert "https://hooks.example.com/menu?x=1" in body
    assert (len(webhook.secret) >= 32, webhook.secret in body) == (True, True)

    owner.post(f"{PAGE}webhooks/{webhook.public_id}/remove/")

    assert Webhook.objects.count() == 0


def test_each_webhook_has_a_secret_of_its_own(owner: Client, place_a: PlacePage) -> None:
    for number in range(3):
        owner.post(f"{PAGE}webhooks/add/", {"url": f"https://hooks.example.com/{number}"})

    known = set(Webhook.objects.values_list("secret", flat=True))

    assert len(known) == 3
    assert not any("Webhook" in secret for secret in known)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://user:password@example.com/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest/",
        "nonsense",
        "",
    ],
)
def test_an_address_that_will_not_do_is_refused(owner: Client, url: str) -> None:
    response = owner.post(f"{PAGE}webhooks/add/", {"url": url})

    assert (response.status_code, Webhook.objects.count()) == (422, 0)


def test_an_address_is_there_once(owner: Client, place_a: PlacePage) -> None:
    make_webhook(place_a, "https://example.com/")

    assert owner.post(f"{PAGE}webhooks/add/", {"url": "https://example.com/"}).status_code == 422


def test_a_test_is_sent(owner: Client, place_a: PlacePage, receiver: Receiver) -> None:
    webhook = make_webhook(place_a, receiver.url)

    response = owner.post(f"{PAGE}webhooks/{webhook.public_id}/test/", follow=True)

    assert [call.headers["Menusite-Kind"] for call in receiver.calls] == ["test"]
    assert "Your system has taken the test." in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_many(
    owner: Client, place_a: PlacePage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_station(place_a, f"Station {number}", make_category(place_a, f"Category {number}"))
        make_webhook(place_a, f"https://example.com/{number}")
    owner.get(PAGE)

    with django_assert_num_queries(21):
        owner.get(PAGE)


def test_a_secret_that_everybody_knew_is_replaced(place_a: PlacePage) -> None:
    own = Webhook.objects.create(place=place_a, url="https://hooks.example.com/1", secret="a secret of both sides")
    known = Webhook.objects.create(place=place_a, url="https://hooks.example.com/2", secret="orders.Webhook.public_id")

    import_module("orders.migrations.0006_webhook_secret").give_secrets(apps, None)

    assert Webhook.objects.get(pk=own.pk).secret == "a secret of both sides"
    assert len(Webhook.objects.get(pk=known.pk).secret) == 32
