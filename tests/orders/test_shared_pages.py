"""Menu pages answered from what is kept: the same words for everyone, never old ones, never another's."""

import datetime
import gzip
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import brotli
import pytest
from django.conf import LazySettings
from django.db import transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from menu_pages.next_turn import next_turn
from menu_pages.shared_pages import known_places, store
from menu_pages.stopping import return_dish, stop_dish
from menu_pages.themes.installing import install_theme
from orders.models import EventKind
from tests.factories.guests import Guest
from tests.factories.menus import make_category, make_dish, make_picture
from tests.factories.people import signed_in

PLACE = "/teahouse/"
Commit = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(autouse=True)
def kept(settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.PAGES_KEPT = True
    # A slow machine takes longer than the usual second from one request to the next.
    monkeypatch.setattr("menu_pages.shared_pages.known_places.TRUSTED_SECONDS", 600.0)
    store.forget_all()
    known_places.forget_all()
    yield
    store.forget_all()
    known_places.forget_all()


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Commit:
    """What is done inside is committed as far as those who wait for a commit can tell."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


def read(address: str = PLACE, client: Client | None = None, **headers: str) -> str:
    response = (client or Client()).get(address, headers={"accept-language": "en", **headers})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", [PLACE, "/teahouse/soups/", "/teahouse/soups/borshch/"])
def test_the_second_reader_costs_no_query(
    borshch: DishPage, address: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = read(address)

    with django_assert_num_queries(0):
        second = read(address)

    assert second == first
    assert "Borshch" in second


def test_what_is_kept_is_what_is_drawn(borshch: DishPage, settings: LazySettings) -> None:
    kept_pages = [read(), read()]
    settings.PAGES_KEPT = False

    assert kept_pages == [read()] * 2


def test_a_shared_page_sets_no_cookie_and_may_be_asked_again(borshch: DishPage) -> None:
    read()
    response = Client().get(PLACE, headers={"accept-language": "en"})

    assert dict(response.cookies) == {}
    assert response["Cache-Control"] == "no-cache"
    assert {name.strip() for name in response["Vary"].split(",")} >= {"Cookie", "Accept-Language", "Accept-Encoding"}
    assert response["X-Content-Type-Options"] == "nosniff"
    again = Client().get(PLACE, headers={"accept-language": "en", "if-none-match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("accepted", "encoding", "unpack"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ],
)
def test_a_page_travels_packed(
    borshch: DishPage, accepted: str, encoding: str | None, unpack: Callable[[bytes], bytes]
) -> None:
    response = Client().get(PLACE, headers={"accept-language": "en", "accept-encoding": accepted})

    assert response.get("Content-Encoding") == encoding
    assert unpack(response.content).decode() == read()


def test_a_guest_has_their_table_and_basket_in_the_shared_page(
    guest: Guest, borshch: DishPage, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    guest.add(borshch, 2)
    read(client=guest.client)

    with django_assert_num_queries(1):  # their session
        response = guest.client.get(PLACE, headers={"accept-language": "en"})

    assert response["Cache-Control"] == "private, no-store"
    assert "ETag" not in response
    assert "Table 7" in response.content.decode()
    assert 'data-count="2"' in response.content.decode()
    assert "Table 7" not in read()


def test_what_a_guest_looks_at_is_logged_from_a_kept_page_too(guest: Guest, borshch: DishPage) -> None:
    read(borshch.href)
    for _ in range(2):
        read(borshch.href, guest.client)
    read(PLACE, guest.client)
    read(borshch.href, guest.client, **{"sec-purpose": "prefetch"})

    assert [entry["kind"] for entry in guest.state.data["log"]] == [EventKind.PAGE_OPENED, EventKind.DISH_OPENED]


def test_a_session_that_is_gone_reads_as_a_stranger(guest: Guest, borshch: DishPage) -> None:
    client = Client()
    client.cookies["sessionid"] = "x" * 32

    assert read(client=client) == read()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_each_language_has_its_own_page(borshch: DishPage, language: str) -> None:
    for _ in range(2):
        response = Client().get(PLACE, headers={"accept-language": language})
        assert response["Content-Language"] == language
        assert f'<html lang="{language}"' in response.content.decode()


def test_two_places_never_share_a_page(borshch: DishPage, pizza: DishPage) -> None:
    for _ in range(2):
        assert "Borshch" in read()
        assert "Borshch" not in read("/pizzeria/")
        assert pizza.title in read("/pizzeria/")


def test_an_editor_reads_past_what_is_kept(alice: User, borshch: DishPage, committed: Commit) -> None:
    read()
    # Changed behind the product's back: only who reads past what is kept can know.
    DishPage.objects.filter(pk=borshch.pk).update(title="Shchi")

    assert "Shchi" in read(client=signed_in(alice))
    assert "Borshch" in read()


@pytest.mark.parametrize("query", ["?q=borshch", "?code=unknown", "?utm_source=letter"])
def test_a_question_after_the_address_passes_by(borshch: DishPage, query: str) -> None:
    read()
    read(PLACE + query)

    assert "unknown" not in read()


@pytest.mark.parametrize("address", ["/teahouse/basket/", "/teahouse/table/", "/nowhere/", "/teahouse/soups/nothing/"])
def test_what_is_not_a_menu_page_is_not_kept(borshch: DishPage, guest: Guest, address: str) -> None:
    first, second = (guest.client.get(address) for _ in range(2))

    assert first.status_code == second.status_code
    assert "ETag" not in second


def publish(page: Any, **changes: Any) -> None:
    for name, value in changes.items():
        setattr(page, name, value)
    with transaction.atomic():
        page.save_revision().publish()


def rename_dish(dish: DishPage) -> None:
    publish(dish, title="Shchi")


def change_price(dish: DishPage) -> None:
    publish(dish, price="777.00")


def unpublish_dish(dish: DishPage) -> None:
    with transaction.atomic():
        dish.unpublish()


def delete_dish(dish: DishPage) -> None:
    with transaction.atomic():
        dish.delete()


def add_dish(dish: DishPage) -> None:
    with transaction.atomic():
        make_dish(CategoryPage.objects.get(slug="soups"), "Okroshka")


def move_dish(dish: DishPage) -> None:
    with transaction.atomic():
        dish.move(make_category(dish.place, "Starters"), pos="last-child")


def reorder(dish: DishPage) -> None:
    neighbour = DishPage.objects.get(slug="ukha")
    with transaction.atomic():
        DishPage.objects.get(pk=neighbour.pk).move(DishPage.objects.get(pk=dish.pk), pos="left")


def stop(dish: DishPage) -> None:
    stop_dish(dish=dish, by=None)


def change_theme(dish: DishPage) -> None:
    install_theme(place=dish.place, theme="bar", by=None)


def rename_place(dish: DishPage) -> None:
    publish(PlacePage.objects.get(slug="teahouse"), title="Samovar")


def hide_category(dish: DishPage) -> None:
    with transaction.atomic():
        CategoryPage.objects.get(slug="soups").unpublish()


def close_category(dish: DishPage) -> None:
    minute = timezone.localtime(timezone.now(), dish.place.record.zone)
    served_from, served_until = ((minute + datetime.timedelta(hours=hours)).time() for hours in (1, 2))
    publish(CategoryPage.objects.get(slug="soups"), served_from=served_from, served_until=served_until)


def give_picture(dish: DishPage) -> None:
    publish(dish, picture=make_picture(dish.place))


@pytest.mark.parametrize(
    "change",
    [
        rename_dish,
        change_price,
        unpublish_dish,
        delete_dish,
        add_dish,
        move_dish,
        reorder,
        stop,
        change_theme,
        rename_place,
        hide_category,
        close_category,
        give_picture,
    ],
)
@pytest.mark.usefixtures("media")
def test_the_very_next_guest_sees_a_change(
    borshch: DishPage, ukha: DishPage, tea: DishPage, committed: Commit, change: Callable[[DishPage], None]
) -> None:
    before = read()
    dish = DishPage.objects.get(pk=borshch.pk)

    with committed():
        change(dish)
    after = read()

    assert after != before
    assert after == drawn_anew()


def drawn_anew() -> str:
    store.forget_all()
    known_places.forget_all()
    return read()


def test_a_dish_back_on_sale_is_back_at_once(borshch: DishPage, committed: Commit) -> None:
    on_sale = read()
    with committed():
        stop_dish(dish=borshch, by=None)
    assert read() != on_sale

    with committed():
        return_dish(dish=borshch)

    assert read() == on_sale


def test_ordering_that_rests_shows_at_once(borshch: DishPage, alice: User, committed: Commit) -> None:
    from menu_pages.setup.saving import FIELDS, mark_of, save_settings

    before = read()
    record = PlaceRecord.objects.get(place=borshch.place)
    values = {name: getattr(record, name) for name in FIELDS} | {"ordering_enabled": False}

    with committed():
        save_settings(place=borshch.place, values=values, seen=mark_of(record), by=alice)

    assert read() != before


def test_a_renamed_place_leads_on_from_its_old_address(borshch: DishPage, committed: Commit) -> None:
    read()
    with committed():
        publish(PlacePage.objects.get(slug="teahouse"), slug="samovar")

    response = Client().get(PLACE)

    assert (response.status_code, response["Location"]) == (302, "/samovar/")
    assert "Borshch" in read("/samovar/")


def test_a_draft_changes_nothing_and_draws_nothing(
    borshch: DishPage, committed: Commit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = read()
    with committed(), transaction.atomic():
        borshch.title = "Secret"
        borshch.save_revision()

    with django_assert_num_queries(0):
        assert read() == before


def test_a_change_that_is_undone_changes_nothing(borshch: DishPage, committed: Commit) -> None:
    version = PlaceRecord.objects.get(place=borshch.place).menu_version

    with committed(), transaction.atomic():
        rename_dish(borshch)
        transaction.set_rollback(True)

    assert PlaceRecord.objects.get(place=borshch.place).menu_version == version


def test_a_change_by_another_machine_shows_within_a_second(borshch: DishPage, monkeypatch: pytest.MonkeyPatch) -> None:
    read()
    # As another machine does it: the database knows, this machine's slots do not.
    DishPage.objects.filter(pk=borshch.pk).update(title="Shchi")
    PlaceRecord.objects.filter(place=borshch.place).update(menu_version=1000)
    assert "Borshch" in read()

    monkeypatch.setattr("menu_pages.shared_pages.known_places.TRUSTED_SECONDS", 0.0)

    assert "Shchi" in read()


def test_a_menu_turns_at_its_minute(soups: CategoryPage, borshch: DishPage, tea: DishPage) -> None:
    place = soups.place
    zone = place.record.zone
    noon = datetime.datetime(2026, 3, 2, 12, 0, tzinfo=zone)
    publish(soups, served_from=datetime.time(13, 30), served_until=datetime.time(2, 15))

    assert next_turn(place, noon) == noon.replace(hour=13, minute=30)
    assert next_turn(place, noon.replace(hour=14)) == datetime.datetime(2026, 3, 3, 0, 0, tzinfo=zone)
    assert next_turn(place, noon.replace(hour=1)) == noon.replace(hour=2, minute=15)

    stop_dish(dish=tea, by=None, until=timezone.now() + datetime.timedelta(minutes=5))
    soon = next_turn(place, timezone.now())
    assert soon - timezone.now() < datetime.timedelta(minutes=6)


def test_a_page_past_its_turn_is_drawn_anew(
    borshch: DishPage, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    read()
    with django_assert_num_queries(0):
        read()
    later = timezone.now() + datetime.timedelta(days=2)
    monkeypatch.setattr("orders.shared_pages.time.time", later.timestamp)
    DishPage.objects.filter(pk=borshch.pk).update(title="Shchi")

    assert "Shchi" in read()
