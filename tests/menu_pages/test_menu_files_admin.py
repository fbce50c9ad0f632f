"""The moderators' page of menu files, as an owner, a waiter and a stranger see it."""

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages import turns
from menu_pages.models import DishPage, ImportStatus, MenuImport, PlacePage
from menu_pages.tasks import import_menu
from tests.factories.menu_files import csv_file, dish_row
from tests.factories.people import make_member, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(alice: User, place_a: PlacePage) -> Client:
    return signed_in(alice)


def url(name: str, place: PlacePage, *args: Any) -> str:
    return reverse(f"files:{name}", args=[place.slug, *args])


def upload(client: Client, place: PlacePage, content: bytes, name: str = "menu.csv", **data: Any) -> HttpResponse:
    return client.post(url("index", place), {"file": SimpleUploadedFile(name, content), **data})


def uploaded(client: Client, place: PlacePage, *rows: dict[str, Any], **data: Any) -> MenuImport:
    response = upload(client, place, csv_file(rows), **data)
    found = MenuImport.objects.filter(place=place).first()
    assert response.status_code == 302, response.content
    assert response["Location"] == url("detail", place, found.public_id)
    return found


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def test_a_file_is_looked_at_then_imported(
    owner: Client, place_a: PlacePage, borshch: DishPage, ukha: DishPage
) -> None:
    found = uploaded(owner, place_a, dish_row(price="400"), dish_row("Shchi"), replace="on")
    page = owner.get(url("detail", place_a, found.public_id))
    assert "Nothing has been written yet." in text(page)
    assert '<code>price</code> <del>390.00</del> <span aria-hidden="true">→</span> <ins>400.00</ins>' in text(page)
    assert (found.counts(), found.by_id is not None) == ({"added": 1, "changed": 1, "withdrawn": 1}, True)
    borshch.refresh_from_db()
    assert borshch.price == 390

    response = owner.post(url("start", place_a, found.public_id), follow=True)

    assert "The file is imported; guests see the new menu." in text(response)
    titles = DishPage.objects.live().descendant_of(place_a).order_by("path").values_list("title", flat=True)
    assert list(titles) == ["Borshch", "Shchi"]
    assert found.file_name in text(owner.get(url("index", place_a)))


def test_a_refused_file_is_answered_with_every_problem(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    response = upload(owner, place_a, csv_file([dish_row(price="x"), dish_row("<b>", unit="kg")]), "<i>.csv")

    assert response.status_code == 422
    assert "There are 2 things to put right in it." in text(response)
    assert '<td class="files-figure">2</td><td><code>price</code></td><td>“x” is no number.</td>' in text(response)
    assert "“&lt;i&gt;.csv” was not imported; the menu is untouched." in text(response)
    assert not MenuImport.objects.exists()


def test_what_is_no_menu_file_is_refused_by_the_form(owner: Client, place_a: PlacePage) -> None:
    assert "Choose a file first." in text(owner.post(url("index", place_a)))
    assert "The file is empty." in text(upload(owner, place_a, b""))
    response = upload(owner, place_a, b"x", "menu.pdf")
    assert response.status_code == 422
    assert "A menu file is .xlsx, .csv or .json" in text(response)
    assert "larger than 10 MB" in text(upload(owner, place_a, b"x" * (10 * 1024 * 1024 + 1)))


def test_a_file_that_changes_nothing_says_so(owner: Client, place_a: PlacePage, borshch: DishPage) -> None:
    found = uploaded(owner, place_a, dish_row())

    page = text(owner.get(url("detail", place_a, found.public_id)))

    assert "There is nothing to import." in page
    assert url("start", place_a, found.public_id) not in page


def test_giving_up_forgets_the_file(owner: Client, place_a: PlacePage) -> None:
    found = uploaded(owner, place_a, dish_row())

    response = owner.post(url("give_up", place_a, found.public_id))

    assert response["Location"] == url("index", place_a)
    assert not MenuImport.objects.exists()
    assert not DishPage.objects.exists()


def test_files_never_imported_go_after_a_day(owner: Client, place_a: PlacePage) -> None:
    old, young = uploaded(owner, place_a, dish_row()), uploaded(owner, place_a, dish_row())
    MenuImport.objects.filter(pk=old.pk).update(created_at=timezone.now() - datetime.timedelta(hours=25))

    newest = uploaded(owner, place_a, dish_row())

    assert set(MenuImport.objects.values_list("pk", flat=True)) == {young.pk, newest.pk}


def test_broker_away_is_said_and_nothing_is_started(
    owner: Client, place_a: PlacePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any) -> None:
        raise OperationalError

    monkeypatch.setattr(import_menu, "delay", refuse)
    found = uploaded(owner, place_a, dish_row())

    page = owner.post(url("start", place_a, found.public_id), follow=True)

    assert "The background worker cannot be reached. Nothing was changed" in text(page)
    found.refresh_from_db()
    assert found.status == ImportStatus.READY
    assert not DishPage.objects.exists()


def test_progress_reloads_itself_and_a_silent_import_can_be_continued(owner: Client, place_a: PlacePage) -> None:
    found = uploaded(owner, place_a, dish_row())
    turns.claim(found)
    page = text(owner.get(url("detail", place_a, found.public_id)))
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in page
    assert 'data-progress="running"' in page
    part = owner.get(url("detail", place_a, found.public_id), headers={"x-fragment": "progress"})
    assert text(part).startswith('<section class="files-state" data-progress="running"')

    # A second press does nothing; another file has to wait.
    owner.post(url("start", place_a, uploaded(owner, place_a, dish_row()).public_id))
    assert not DishPage.objects.exists()

    MenuImport.objects.filter(pk=found.pk).update(moved_at=timezone.now() - datetime.timedelta(minutes=5))
    assert 'http-equiv="refresh"' not in text(owner.get(url("detail", place_a, found.public_id)))
    page = text(owner.post(url("start", place_a, found.public_id), follow=True))
    assert "The file is imported" in page
    assert DishPage.objects.get().title == "Borshch"


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "json"])
def test_the_menu_is_downloaded(owner: Client, place_a: PlacePage, borshch: DishPage, file_format: str) -> None:
    response = owner.get(url("export", place_a, file_format))

    assert response["Content-Disposition"] == f'attachment; filename="teahouse-menu.{file_format}"'
    found = upload(owner, place_a, response.content, f"menu.{file_format}")
    assert found.status_code == 302
    assert MenuImport.objects.get().summary["unchanged"] == 1


def test_nobody_but_the_places_moderators_comes_in(
    owner: Client, place_a: PlacePage, organisation_a: Organisation, bob: User, place_b: PlacePage, charlie: User
) -> None:
    found = uploaded(owner, place_a, dish_row("Secret dish"))
    editor = make_member("editor@example.com", organisation_a, Role.EDITOR)
    detail = url("detail", place_a, found.public_id)
    doors = [
        ("get", url("index", place_a)),
        ("post", url("index", place_a)),
        ("get", url("export", place_a, "csv")),
        ("get", detail),
        ("post", url("start", place_a, found.public_id)),
        ("post", url("give_up", place_a, found.public_id)),
        # The import of one place by the door of another.
        ("get", url("detail", place_b, found.public_id)),
        ("post", url("start", place_b, found.public_id)),
    ]

    for stranger in (signed_in(bob), signed_in(make_member("analyst@example.com", organisation_a, Role.ANALYST))):
        for method, address in doors:
            response = getattr(stranger, method)(address)
            assert response.status_code == 404, (method, address)
            assert "Secret dish" not in text(response)
    waiter = signed_in(charlie)
    assert {getattr(waiter, method)(address).status_code for method, address in doors} <= {302, 404}
    assert Client().get(detail).status_code == 302
    assert signed_in(editor).get(detail).status_code == 200
    found.refresh_from_db()
    assert found.status == ImportStatus.READY
