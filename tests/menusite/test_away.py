"""Requests that fail for want of the database or of room on the disk: what the reader gets."""

import errno
from collections.abc import Callable

import pytest
from django.core.handlers.exception import convert_exception_to_response
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from menusite.away import AwayMiddleware

FORM = "application/x-www-form-urlencoded"
DATABASE_AWAY = [OperationalError("server closed the connection unexpectedly"), InterfaceError("already closed")]


def failing(error: Exception) -> Callable[[HttpRequest], HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return AwayMiddleware(convert_exception_to_response(view))


@pytest.mark.parametrize("error", DATABASE_AWAY)
def test_a_database_away_is_a_page_that_tries_again(error: Exception, rf: RequestFactory) -> None:
    answer = failing(error)(rf.get("/teahouse/basket/?x=1", headers={"accept-language": "en"}))

    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"], answer["Content-Language"]) == (503, "2", "en")
    assert 'href="/teahouse/basket/?x=1">Try again</a>' in text
    assert "no-store" in answer["Cache-Control"]


def test_the_page_is_in_the_readers_language(rf: RequestFactory) -> None:
    answer = failing(DATABASE_AWAY[0])(rf.get("/teahouse/", headers={"accept-language": "ru"}))

    assert (answer["Content-Language"], '<html lang="ru">' in answer.content.decode()) == ("ru", True)


def test_what_a_guest_sent_is_sent_again_by_the_page(rf: RequestFactory) -> None:
    sent = {"idempotency_key": "key-of-the-order", "comment": 'no "onion" <please>'}
    request = rf.post("/teahouse/order/", "&".join(f"{k}={v}" for k, v in sent.items()), FORM)

    text = failing(DATABASE_AWAY[0])(request).content.decode()

    assert '<form method="post" action="/teahouse/order/">' in text
    assert 'name="idempotency_key" value="key-of-the-order"' in text
    assert 'value="no &quot;onion&quot; &lt;please&gt;"' in text


@pytest.mark.parametrize("path", ["/accounts/login/", "/admin/account/", "/billing/pay/"])
def test_a_password_is_never_repeated(path: str, rf: RequestFactory) -> None:
    request = rf.post(
        path,
        "login=alice&password=secret-words",
        FORM,
        headers={"host": "testserver", "referer": f"http://testserver{path}"},
    )

    text = failing(DATABASE_AWAY[0])(request).content.decode()

    assert "secret-words" not in text
    assert f'href="{path}"' in text


def test_a_script_gets_the_fragment_it_shows(rf: RequestFactory) -> None:
    request = rf.post("/teahouse/basket/add/", headers={"x-fragment": "basket_bar", "accept-language": "en"})

    answer = failing(DATABASE_AWAY[0])(request)

    assert (answer.status_code, answer.content.decode().startswith('<div class="banner" data-problem>')) == (503, True)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT])
def test_a_full_disk_says_so(number: int, rf: RequestFactory) -> None:
    answer = failing(OSError(number, "no room"))(rf.get("/", headers={"accept-language": "en"}))

    assert (answer.status_code, "There is no room left for files" in answer.content.decode()) == (507, True)


@pytest.mark.parametrize(
    "error", [ValueError("ours"), OperationalError("no such table: dish"), OSError(errno.ENOENT, "no such file")]
)
def test_faults_of_our_own_stay_what_they_are(error: Exception, rf: RequestFactory) -> None:
    assert failing(error)(rf.get("/")).status_code == 500
