"""Changing a session under its lock: all of it or nothing, and a session where there was none."""

import datetime

import pytest
from django.utils import timezone

from menu_pages.models import PlacePage
from orders.models import Session, Visit
from orders.sessions import SessionStore
from orders.tasks import clear_expired_sessions

pytestmark = pytest.mark.django_db


def stored(key: str) -> dict[str, object]:
    return dict(SessionStore(key).load())


def test_a_change_is_stored_and_seen() -> None:
    store = SessionStore()
    store.create()

    with store.locked() as data:
        data["word"] = "tea"

    assert stored(store.session_key) == {"word": "tea"}
    assert store["word"] == "tea"


def test_it_starts_from_what_is_stored_now_and_not_from_what_was_loaded() -> None:
    store = SessionStore()
    store["count"] = 1
    store.create()
    assert store["count"] == 1
    other = SessionStore(store.session_key)
    with other.locked() as data:
        data["count"] = 5

    with store.locked() as data:
        data["count"] += 1

    assert stored(store.session_key) == {"count": 6}


def test_an_exception_undoes_the_change_and_whatever_was_written_with_it(place_a: PlacePage) -> None:
    store = SessionStore()
    store["word"] = "tea"
    store.create()

    def change() -> None:
        with store.locked() as data:
            data["word"] = "coffee"
            Visit.objects.create(place=place_a)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert stored(store.session_key) == {"word": "tea"}
    assert store["word"] == "tea"
    assert Visit.objects.count() == 0


def test_a_browser_without_a_session_gets_one() -> None:
    store = SessionStore()

    with store.locked() as data:
        data["word"] = "tea"

    assert stored(store.session_key) == {"word": "tea"}
    assert Session.objects.count() == 1


def test_an_exception_in_a_new_session_leaves_none() -> None:
    store = SessionStore()

    def change() -> None:
        with store.locked() as data:
            data["word"] = "tea"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()

    assert store.session_key is None
    assert store.modified is False
    assert store.is_empty()
    assert Session.objects.count() == 0


@pytest.mark.parametrize("key", ["a-key-nobody-has-stored-anywhere", "0" * 32, "short", ""])
def test_a_cookie_of_a_session_that_is_gone_gets_a_new_one(key: str) -> None:
    store = SessionStore(key)

    with store.locked() as data:
        data["word"] = "tea"

    assert store.session_key not in (key, None)
    assert stored(store.session_key) == {"word": "tea"}


def test_an_expired_session_is_not_continued() -> None:
    store = SessionStore()
    store["word"] = "old"
    store.create()
    key = store.session_key
    Session.objects.update(expire_date=timezone.now() - datetime.timedelta(seconds=1))
    returning = SessionStore(key)

    with returning.locked() as data:
        assert data == {}
        data["word"] = "new"

    assert returning.session_key != key
    assert stored(returning.session_key) == {"word": "new"}


def test_using_a_session_puts_its_end_off() -> None:
    store = SessionStore()
    store.create()
    soon = timezone.now() + datetime.timedelta(hours=1)
    Session.objects.update(expire_date=soon)

    with store.locked() as data:
        data["word"] = "tea"

    assert Session.objects.get().expire_date > soon + datetime.timedelta(days=1)


def test_expired_sessions_are_cleared(place_a: PlacePage) -> None:
    for _ in range(2):
        SessionStore().create()
    Session.objects.filter(pk=Session.objects.first().pk).update(expire_date=timezone.now())

    clear_expired_sessions()

    assert Session.objects.count() == 1
