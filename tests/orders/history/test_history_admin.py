"""The moderators' page of order history, as an owner, a manager, a waiter and a stranger see it."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages import turns
from menu_pages.models import DishPage, PlacePage
from orders.models import Order, OrderImport, OrderImportStatus
from orders.tasks import import_order_history
from tests.factories.people import make_member, signed_in
from tests.factories.tills import import_orders, many_orders, prepared, till_file, till_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


def url(name: str, place: PlacePage, *args: Any) -> str:
    return reverse(f"history:{name}", args=[place.slug, *args])


def upload(client: Client, place: PlacePage, content: bytes, name: str = "till.csv") -> HttpResponse:
    return client.post(url("index", place), {"file": SimpleUploadedFile(name, content)})


def uploaded(client: Client, place: PlacePage, content: bytes) -> OrderImport:
    response = upload(client, place, content)
    found: OrderImport = OrderImport.objects.filter(place=place)[0]
    assert response.status_code == 302, response.content
    assert response["Location"] == url("detail", place, found.public_id)
    return found


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_a_file_is_looked_at_imported_and_taken_back(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    rows = [till_row("1"), till_row("1", "Okroshka", quantity="2"), till_row("2", datetime="2023-12-31 23:00")]
    found = uploaded(owner, place_a, till_file(rows))
    page = text(owner.get(url("detail", place_a, found.public_id)))
    assert "Nothing has been written yet." in page
    assert "From 31 December 2023 to 5 March 2024" in page
    assert "Import 2 orders" in page
    assert "1 dish is on your menu under the same name. 1 dish is not and is kept by its name." in page
    assert '<td><b>Okroshka</b></td><td class="files-figure">2</td>' in page
    assert Order.objects.count() == 0

    page = text(owner.post(url("start", place_a, found.public_id), follow=True))
    assert "2 orders are in. The statistics are counted anew right away." in page
    assert f'href="{reverse("wagtailadmin_home")}">Look at the statistics' in page
    assert Order.objects.count() == 2
    assert text(owner.get(url("index", place_a))).count("till.csv") == 1

    page = text(owner.post(url("take_back", place_a, found.public_id), follow=True))
    assert "2 orders of this file were taken back" in page
    assert Order.objects.count() == 0


def test_a_refused_file_is_answered_with_every_problem(owner: Client, place_a: PlacePage) -> None:
    response = upload(owner, place_a, till_file([till_row(quantity="x"), till_row(dish="")]), "<i>.csv")

    assert response.status_code == 422
    assert "There are 2 things to put right in it." in text(response)
    assert '<td class="files-figure">2</td><td><code>quantity</code></td><td>“x” is no number.</td>' in text(response)
    assert "“&lt;i&gt;.csv” was not imported; nothing was written." in text(response)
    assert not OrderImport.objects.exists()


def test_what_is_no_file_of_orders_is_refused(owner: Client, place_a: PlacePage) -> None:
    assert "Choose a file first." in text(owner.post(url("index", place_a)))
    assert "The file is empty." in text(upload(owner, place_a, b""))
    response = upload(owner, place_a, b"PK\x03\x04 and so on", "till.xlsx")
    assert response.status_code == 422
    assert "This is an Excel workbook or a .zip archive." in text(response)


def test_a_file_that_brings_nothing_says_so(owner: Client, place_a: PlacePage) -> None:
    import_orders(place_a, many_orders(2))

    found = uploaded(owner, place_a, many_orders(2))

    page = text(owner.get(url("detail", place_a, found.public_id)))
    assert "All orders of this file are there already." in page
    assert url("start", place_a, found.public_id) not in page


def test_giving_up_forgets_the_file_and_so_does_a_day(owner: Client, place_a: PlacePage) -> None:
    old, given_up = uploaded(owner, place_a, many_orders(1)), uploaded(owner, place_a, many_orders(1))
    OrderImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(hours=25))

    response = owner.post(url("give_up", place_a, given_up.public_id))
    newest = uploaded(owner, place_a, many_orders(1))

    assert response["Location"] == url("index", place_a)
    assert list(OrderImport.objects.values_list("pk", flat=True)) == [newest.pk]


def test_broker_away_is_said_and_nothing_is_started(
    owner: Client, place_a: PlacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError

    done = import_orders(place_a, many_orders(2))
    found = uploaded(owner, place_a, many_orders(3))
    monkeypatch.setattr(import_order_history, "delay", refuse)

    started = owner.post(url("start", place_a, found.public_id), follow=True)
    undone = owner.post(url("take_back", place_a, done.public_id), follow=True)

    for page in (started, undone):
        assert "The background worker cannot be reached. Nothing was changed" in text(page)
    found.refresh_from_db()
    done.refresh_from_db()
    assert (found.status, done.status, done.undoing) == (OrderImportStatus.READY, OrderImportStatus.DONE, False)
    assert Order.objects.count() == 2


def test_progress_reloads_itself_and_a_silent_import_can_be_continued(owner: Client, place_a: PlacePage) -> None:
    found, other = uploaded(owner, place_a, many_orders(2)), uploaded(owner, place_a, many_orders(3))
    turns.claim(found)
    page = text(owner.get(url("detail", place_a, found.public_id)))
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    part = owner.get(url("detail", place_a, found.public_id), headers={"x-fragment": "progress"})
    assert text(part).startswith('<section class="files-state" data-progress="running"')
    page = text(owner.post(url("start", place_a, other.public_id), follow=True))
    assert "Another file of orders is being worked on." in page
    assert Order.objects.count() == 0

    OrderImport.objects.filter(pk=found.pk).update(moved_at=timezone.now() - datetime.timedelta(minutes=5))
    assert 'http-equiv="refresh"' not in text(owner.get(url("detail", place_a, found.public_id)))
    assert "2 orders are in." in text(owner.post(url("start", place_a, found.public_id), follow=True))


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_imports(
    owner: Client, place_a: PlacePage, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(count):
        prepared(place_a, many_orders(1))
    owner.get(url("index", place_a))

    with django_assert_num_queries(18):
        response = owner.get(url("index", place_a))

    assert text(response).count("checked, not imported") == count


def test_old_imports_are_on_further_pages(owner: Client, place_a: PlacePage) -> None:
    for number in range(21):
        prepared(place_a, many_orders(1), name=f"file-{number}.csv")

    assert "file-0.csv" not in text(owner.get(url("index", place_a)))
    assert "file-0.csv" in text(owner.get(url("index", place_a), {"p": "2"}))
    assert owner.get(url("index", place_a), {"p": "x"}).status_code == 200


def test_the_currency_of_imported_orders_is_settled(owner: Client, place_a: PlacePage) -> None:
    import_orders(place_a, many_orders(1))

    page = owner.get(reverse("setup:index", args=[place_a.slug]))

    assert page.context["form"].fields["currency"].disabled


def test_nobody_but_those_who_run_the_place_comes_in(
    owner: Client, place_a: PlacePage, organisation_a: Organisation, bob: User, place_b: PlacePage
) -> None:
    found = uploaded(owner, place_a, till_file([till_row(dish="Secret dish")]))
    doors = [
        ("get", url("index", place_a)),
        ("post", url("index", place_a)),
        ("get", url("detail", place_a, found.public_id)),
        ("post", url("start", place_a, found.public_id)),
        ("post", url("give_up", place_a, found.public_id)),
        ("post", url("take_back", place_a, found.public_id)),
        # The import of one place by the door of another.
        ("get", url("detail", place_b, found.public_id)),
        ("post", url("start", place_b, found.public_id)),
    ]

    staff = [make_member(f"{role}@example.com", organisation_a, role) for role in (Role.ANALYST, Role.EDITOR)]
    for stranger in (bob, *staff):
        for method, address in doors:
            response = getattr(signed_in(stranger), method)(address)
            assert response.status_code == 404, (stranger, method, address)
            assert "Secret dish" not in text(response)
    manager = signed_in(make_member("manager@example.com", organisation_a, Role.MANAGER))
    assert "Secret dish" in text(manager.get(url("detail", place_a, found.public_id)))
    assert manager.get("/admin/places/history/")["Location"] == url("index", place_a)
    assert "Order history" in text(manager.get(reverse("wagtailadmin_home")))
    found.refresh_from_db()
    assert found.status == OrderImportStatus.READY
