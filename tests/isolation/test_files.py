"""Files of menus, in and out; orders and what guests hold."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.billing.models import Invoice
from menu_pages.models import DishPage, MenuImport, Table
from tests.factories.guests import guest_at
from tests.factories.menu_files import csv_file, dish_row, import_file
from tests.factories.menus import table_of
from tests.isolation.bodies import attacked
from tests.isolation.canaries import fingerprint, leaks_in
from tests.isolation.probing import ask
from tests.isolation.world import World

pytestmark = pytest.mark.isolation


def rows_of_anothers(world: World) -> list[dict[str, Any]]:
    """A file that says of a dish everything B's own file would say of it."""
    b = world.b
    return [dish_row(b.dish.title, category=b.category.title, slug=b.dish.slug, price="1")]


def test_a_file_that_names_anothers_dishes_makes_ones_own(world: World) -> None:
    before = fingerprint(world.b.rows)

    import_file(world.a.place, csv_file(rows_of_anothers(world)), by=world.a.owner, replace=True)

    assert fingerprint(world.b.rows) == before
    made = DishPage.objects.descendant_of(world.a.place).get(slug=world.b.dish.slug)
    assert made.price == 1


@pytest.mark.parametrize("part", ["title", "file name"])
def test_a_file_takes_no_picture_of_anothers(world: World, part: str) -> None:
    picture = world.b.picture
    photo = picture.title if part == "title" else picture.file.name.rsplit("/", 1)[1]
    file = SimpleUploadedFile("menu.csv", csv_file([dish_row("Soup", photo=photo)]), "text/csv")
    url = reverse("files:index", args=[world.a.place.slug])

    response = ask(world.browser("owner"), "post", url, {"file": file})

    assert response.status_code == 422
    assert leaks_in(response, world.b.canaries, asked=[photo]) == []


def test_ones_own_picture_is_taken(world: World) -> None:
    file = SimpleUploadedFile("menu.csv", csv_file([dish_row("Soup", photo=world.a.picture.title)]), "text/csv")
    url = reverse("files:index", args=[world.a.place.slug])

    assert ask(world.browser("owner"), "post", url, {"file": file}).status_code == 302


@pytest.mark.parametrize("file_format", ["xlsx", "csv", "json"])
def test_what_goes_out_is_ones_own(world: World, file_format: str) -> None:
    response = ask(world.browser("owner"), "get", reverse("files:export", args=[world.a.place.slug, file_format]))

    assert response.status_code == 200
    assert leaks_in(response, [world.a.word]) != []
    assert leaks_in(response, world.b.canaries) == []


def test_an_invoice_is_ones_own(world: World) -> None:
    """It is read as its reader sees it; the bytes of a document hold no plain words."""
    invoice = world.a.one(Invoice)
    url = reverse("organisation_billing:invoice", args=[world.a.organisation.slug, invoice.public_id])

    response = ask(world.browser("owner"), "get", url)

    assert response["Content-Type"] == "application/pdf"
    assert leaks_in(response, [world.a.word]) != []
    assert leaks_in(response, world.b.canaries) == []


def test_an_import_that_was_looked_at_stays_in_its_place(world: World) -> None:
    """By the number of the other's import, in one's own place and in one's other place."""
    theirs = world.b.one(MenuImport).public_id
    browser = world.browser("owner")

    for place in (world.a.place, world.a.second):
        for name in ("start", "give_up"):
            url = reverse(f"files:{name}", args=[place.slug, theirs])
            assert attacked(browser, url, world.b, {}) == []
            assert ask(browser, "post", url).status_code == 404


def test_a_tables_key_opens_no_table_of_another_place(world: World) -> None:
    """The same number in both places; the key is what tells them apart."""
    a, b = (Table.objects.get(place=side.place, number=1) for side in (world.a, world.b))
    browser = world.browser("anonymous")

    response = ask(browser, "get", world.a.place.href, {"table": a.number, "key": b.key})

    assert response.status_code == 303
    assert response["Location"] == f"{world.a.place.href}?code=unknown"


def test_a_key_of_anothers_order_sends_nothing(world: World) -> None:
    guest = guest_at(table_of(world.a.place, 3))
    guest.add(world.a.dish)

    for place in (world.a.place, world.b.place):
        response = ask(guest.client, "post", f"{place.href}order/", {"idempotency_key": world.b.order.idempotency_key})

        assert world.b.order.public_id not in response.get("Location", "")
        assert leaks_in(response, [world.b.order.public_id]) == []


def test_a_dish_of_anothers_is_not_ordered_here(world: World) -> None:
    guest = guest_at(table_of(world.a.place, 3))

    response = guest.add(world.b.dish.menu_path)

    assert response.status_code == 404
    assert guest.lines == []
