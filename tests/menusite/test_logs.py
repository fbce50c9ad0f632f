"""The log says what happened and where, and nothing of whom; nobody writes lines of their own into it."""

import io
import json
import logging
from collections.abc import Iterator
from smtplib import SMTPRecipientsRefused
from typing import Any
from unittest import mock

import pytest
from django.conf import LazySettings
from django.core.exceptions import SuspiciousOperation
from django.db import DatabaseError, IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from accounts.letters import sending
from accounts.models import User
from menu_pages.models import DishPage, Table
from menusite import web
from menusite.error_reports import start_reporting, without_people
from menusite.logs import JsonLines, PlainLines
from menusite.request_id import begin, end
from orders.models import Order
from tests.factories.cast import alice, borshch, english, guest, place_a, soups, table_7  # noqa: F401  (fixtures)
from tests.factories.guests import Guest, served
from tests.factories.people import PASSWORD, make_user, signed_in

NAME, ADDRESS, NOTE = "Kanareyka", "kanareyka@quux.example", "allergic to quuxnuts"
LOCATION = "203.0.113.77"


def fails(request: HttpRequest, key: str) -> HttpResponse:
    """What code under a request may come upon: words of the guest in an error, and in the error before it."""
    try:
        raise KeyError(request.POST.get("note"))
    except KeyError as before:
        raise ValueError(f"{request.POST.get('note')} of {ADDRESS} ({key})\n{NAME} fits no dish") from before


def refuses(request: HttpRequest, key: str) -> HttpResponse:
    raise SuspiciousOperation(f"{NAME} tried {key}")


urlpatterns = [
    path("fails/<str:key>/", fails, name="fails"),
    path("refuses/<str:key>/", refuses, name="refuses"),
]


class Log:
    def __init__(self) -> None:
        self.json, self.plain = io.StringIO(), io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.json.getvalue().splitlines()]


@pytest.fixture
def log() -> Iterator[Log]:
    """What both kinds of lines hold, down to INFO: more than is ever written."""
    kept = Log()
    handlers = []
    for stream, formatter in ((kept.json, JsonLines()), (kept.plain, PlainLines())):
        handler = logging.StreamHandler(stream)
        handler.setFormatter(formatter)
        handlers.append(handler)
    loggers = [logging.getLogger(name) for name in ("", "django", "django.request", "django.security.DisallowedHost")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.INFO)
    for handler in handlers:
        loggers[0].addHandler(handler)
        loggers[1].addHandler(handler)
    yield kept
    for handler in handlers:
        loggers[0].removeHandler(handler)
        loggers[1].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_a_guest_and_an_owner_leave_no_trace(
    log: Log,
    guest: Guest,  # noqa: F811
    borshch: DishPage,  # noqa: F811
    table_7: Table,  # noqa: F811
    alice: User,  # noqa: F811
    settings: LazySettings,
) -> None:
    """All the ways on which somebody's words pass through the service, the wrong turns among them."""
    order = walk_as_guest(guest, borshch, table_7, alice)
    token = walk_as_owner(settings)
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(email=ADDRESS.upper(), first_name=NAME)
    sending.logger.warning("Letter %s did not go: %s", 7, SMTPRecipientsRefused({ADDRESS: (550, b"no such " * 2)}))
    logging.getLogger("library").warning("Could not store '%s' for \"%s\" +7 495 765-43-21", NOTE, NAME)
    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] raised unexpected: %(exc)s", {"name": "t", "id": 1, "exc": f"KeyError('{NAME}')"}
    )

    written = log.json.getvalue()
    keys = (table_7.key, order.public_id, guest.client.session.session_key, PASSWORD, token, "quux", NAME, LOCATION)
    assert len(log.lines) >= 6
    assert [word for word in keys if word.lower() in written.lower()] == []
    assert [line for line in log.lines if line["logger"].startswith("django.") and "request_id" not in line] == []
    # It is told what happened all the same.
    assert {line["message"] for line in log.lines} >= {
        "403 POST basket_add",
        "Letter 7 did not go: SMTPRecipientsRefused: {[…]: (550, b[…])}",
        "Could not store […] for […] [number]",
        "Task t[1] raised unexpected: KeyError([…])",
    }


def walk_as_guest(guest: Guest, dish: DishPage, table: Table, owner: User) -> Order:  # noqa: F811
    far = {"REMOTE_ADDR": LOCATION}
    guest.client.get(guest.place.href, {"table": "7", "key": table.key + "x"}, **far)
    guest.add(dish, note=NOTE)
    guest.send(comment=f"{NAME}: {NOTE}")
    order: Order = Order.objects.get()
    guest.status(order)
    guest.client.get(f"{guest.place.href}orders/{order.public_id}0/?name={NAME}", **far)
    guest.call(note=NAME)
    served(order, owner)
    guest.rate(3, text=NOTE)
    guest.client.post(f"{guest.place.href}basket/add/", {"note": NOTE}, headers={"origin": f"https://{NAME}.example"})
    guest.client.get(f"/{NAME}/{NOTE}/", **far)
    guest.client.get("/", headers={"host": f"{NAME}.example"})
    return order


def walk_as_owner(settings: LazySettings) -> str:
    """Gives the token of the letter for a new password."""
    owner = make_user(ADDRESS, first_name=NAME)
    stranger = Client(enforce_csrf_checks=True)
    stranger.post("/accounts/login/", {"login": ADDRESS, "password": PASSWORD}, REMOTE_ADDR=LOCATION)
    for password in ("wrong-quux", PASSWORD):
        Client().post("/accounts/login/", {"login": ADDRESS, "password": password})
    Client().post("/accounts/password/reset/", {"email": ADDRESS})
    Client().get("/accounts/invitations/quux-token-0123456789abcdef/")
    browser = signed_in(owner)
    browser.post("/accounts/profile/", {"first_name": NAME, "last_name": NAME, "phone": "quux"})
    settings.ROOT_URLCONF = "tests.menusite.test_logs"
    token = "quux-4f8z-0c0305e82c3301"
    Client(raise_request_exception=False).post(f"/fails/{token}/?email={ADDRESS}", {"note": NOTE})
    Client(raise_request_exception=False).post(f"/refuses/{token}/")
    settings.ROOT_URLCONF = "menusite.urls"
    return token


def test_a_failed_page_is_told_by_route_and_place(log: Log, settings: LazySettings) -> None:
    settings.ROOT_URLCONF = "tests.menusite.test_logs"

    answer = Client(raise_request_exception=False).post("/fails/quux-key-0123456789/", {"note": NOTE})

    (line,) = [line for line in log.lines if "error" in line]
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "django.request", "500 POST fails")
    assert line["request_id"] == answer["X-Request-ID"]
    assert (line["error"], line["because"]) == ("ValueError", "KeyError")
    assert line["steps"][-1].startswith("tests/menusite/test_logs.py:")
    assert line["steps"][-1].endswith(" fails")
    assert "quux" not in log.json.getvalue()


@pytest.mark.parametrize("sign", ["\n", "\r\n", "\x1b[2K", "\x00", "\u2028", "\x85", "\u202e"])
def test_nobody_forges_a_line(log: Log, sign: str) -> None:
    forged = f"harmless{sign}2026-11-21 ERROR orders: all orders deleted"
    token = begin("0123456789abcdef")
    logging.getLogger("orders").warning("Place %s", forged)
    logging.getLogger("django.request").warning("Not Found: %s", f"/{forged}", extra={"status_code": 404})
    end(token)

    assert (len(log.json.getvalue().splitlines()), len(log.lines)) == (2, 2)
    assert log.lines[0]["request_id"] == "0123456789abcdef"
    assert sign not in log.plain.getvalue().replace("\n2", "").removesuffix("\n").replace("]\n", "]")


def test_an_error_of_the_database_keeps_its_rows_to_itself(log: Log) -> None:
    """PostgreSQL tells in further lines which row it was."""
    wrong = DatabaseError(
        f'duplicate key value violates "user_email"\nDETAIL:  Key (email)=({ADDRESS}) already exists.'
    )
    try:
        raise wrong
    except DatabaseError:
        logging.getLogger("accounts").exception("Registration of user %s could not be completed", 7)

    assert log.lines[0]["message"] == "Registration of user 7 could not be completed"
    assert log.lines[0]["error"] == "DatabaseError: duplicate key value violates […]"
    assert "quux" not in log.json.getvalue()


def test_a_sentence_that_does_not_fit_is_still_written() -> None:
    record = logging.makeLogRecord({"name": "orders", "msg": "Place %s of %d", "args": ("x",), "levelname": "WARNING"})

    assert json.loads(JsonLines().format(record))["message"] == "Place %s of %d"


def test_the_web_server_writes_no_addresses() -> None:
    """Granian's own log of requests would hold keys of tables and of letters."""
    with mock.patch.object(web, "Granian") as server:
        web.serve(host="127.0.0.1", port=1)

    assert server.call_args.kwargs["log_access"] is False


def test_reports_of_errors_name_nobody() -> None:
    event = {
        "event_id": "1",
        "request": {"url": f"https://menu.example/?email={ADDRESS}", "cookies": {"sessionid": "quux"}},
        "user": {"email": ADDRESS, "ip_address": LOCATION},
        "breadcrumbs": [{"message": NAME}],
        "extra": {"sys.argv": [ADDRESS]},
        "logentry": {"message": "Letter %s did not go", "params": [ADDRESS]},
        "exception": {
            "values": [
                {
                    "type": "KeyError",
                    "value": NOTE,
                    "stacktrace": {"frames": [{"function": "add", "vars": {"n": NAME}}]},
                }
            ]
        },
    }

    sent = without_people(event)

    assert [word for word in ("quux", NAME, LOCATION) if word in json.dumps(sent)] == []
    assert sent["exception"]["values"][0]["stacktrace"]["frames"] == [{"function": "add"}]
    assert sent["logentry"] == {"message": "Letter %s did not go"}


def test_without_an_address_to_report_to_nothing_is_loaded() -> None:
    with mock.patch.dict("sys.modules", {"sentry_sdk": None}):
        start_reporting("")
        with pytest.raises(ImportError):
            start_reporting("https://key@sentry.example/1")


def test_reports_reach_their_server_without_people() -> None:
    """Through the library itself, set up as the service does, into a transport that keeps what it is given."""
    import sentry_sdk
    from sentry_sdk.transport import Transport

    sent: list[Any] = []

    class Kept(Transport):
        def capture_envelope(self, envelope: Any) -> None:
            sent.append(envelope.get_event())

    start = sentry_sdk.init
    with mock.patch.object(
        sentry_sdk, "init", lambda **asked: start(**asked, transport=Kept, default_integrations=False)
    ):
        start_reporting("https://key@sentry.example/1")
    try:
        with sentry_sdk.isolation_scope() as scope:
            scope.set_user({"email": ADDRESS})
            note = NOTE
            try:
                raise ValueError(f"{note} of {NAME}")
            except ValueError:
                sentry_sdk.capture_exception()
    finally:
        start()

    assert [event["exception"]["values"][0]["type"] for event in sent] == ["ValueError"]
    assert [word for word in ("quux", NAME) if word in json.dumps(sent[0], default=str)] == []
