"""The menu, the place's clock or its address change while a guest is choosing."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from accounts.models import Organisation, User
from accounts.scope import organisations
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from orders.models import DeskState, GuestEvent, Order
from orders.seatings import close_seating
from tests.factories.guests import Guest, ordered


def test_a_dish_deleted_from_the_menu_does_not_keep_the_rest_from_being_sent(
    guest: Guest, borshch: DishPage, ukha: DishPage
) -> None:
    guest.add(borshch)
    guest.add(ukha)
    borshch.delete()

    first, second = guest.send(), guest.send()

    assert (first.status_code, second.status_code) == (409, 303)
    assert [line.title for line in Order.objects.get().lines.all()] == ["Ukha"]
    added = GuestEvent.objects.filter(kind="dish_added").order_by("number")
    assert [event.dish_id for event in added] == [None, ukha.pk]


def test_the_kitchen_reads_what_the_menu_says_when_the_order_is_sent(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    borshch.title = "Borshch with beef"
    borshch.save_revision().publish()

    response = guest.send()

    assert response.status_code == 303
    assert [line.title for line in Order.objects.get().lines.all()] == ["Borshch with beef"]


def test_numbers_go_on_when_the_business_day_comes_back(guest: Guest, borshch: DishPage) -> None:
    first = ordered(guest, borshch)
    DeskState.objects.update(business_day=first.business_day + datetime.timedelta(days=1), last_number=9)

    second = ordered(guest, borshch)

    assert (second.business_day, second.number) == (first.business_day, first.number + 1)


def test_an_unpublished_place_hides_its_categories_and_dishes(place_a: PlacePage, borshch: DishPage) -> None:
    place_a.unpublish()

    statuses = [Client().get(address).status_code for address in ("/teahouse/soups/", borshch.href)]

    assert statuses == [404, 404]


@pytest.mark.parametrize("header", ["origin", "referer"])
def test_a_header_that_is_no_address_adds_nothing_and_breaks_nothing(
    place_a: PlacePage, borshch: DishPage, header: str
) -> None:
    response = Client(headers={header: "http://[x"}).post("/teahouse/basket/add/", {"dish": borshch.menu_path})

    assert response.status_code == 403
    assert GuestEvent.objects.count() == 0


def test_an_old_address_is_refused_to_an_owner_who_cannot_see_whose_it_was(
    place_a: PlacePage, place_b: PlacePage, bob: User
) -> None:
    place_a.slug = "tearoom"
    place_a.save()
    place_a.old_addresses.create(slug="teahouse")
    record = PlaceRecord.objects.get(pk=place_b.pk)
    place_b.slug = "teahouse"

    with organisations([record.organisation_id]), pytest.raises(ValidationError) as refused:
        place_b.full_clean()

    assert list(refused.value.message_dict) == ["slug"]


def test_basket_left_behind_when_the_table_was_closed_is_saved_at_the_next_scan(
    guest: Guest, borshch: DishPage, charlie: User, organisation_a: Organisation
) -> None:
    guest.add(borshch, 2)
    old = guest.visit
    close_seating(seating_id=old.seating_id, by=charlie)

    guest.scan(old.table)

    assert [(line.title, line.quantity, line.order_id) for line in old.basket_lines.all()] == [("Borshch", 2, None)]
    assert (guest.visit.pk != old.pk, guest.quantities) == (True, {})
