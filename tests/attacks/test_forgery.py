"""Requests made in somebody's name, from somewhere else, or under a false address."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import LazySettings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from menu_pages.models import DishPage, PlacePage, PlaceRecord
from orders.models import BasketLine, Order
from tests.factories.guests import Guest
from tests.factories.menus import table_of
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.attacks

OTHER_SITES = (
    *("//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http://evil.example/"),
    *("https:evil.example", "http:/evil.example", "https:/evil.example", "//evil.example/%2f..", "/\\evil.example"),
    *("\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example", "\t//evil.example"),
    *(" //evil.example", "\x00//evil.example", "//evil.example\\@testserver", "https://testserver@evil.example"),
    *("https://testserver.evil.example", "//evil.example#@testserver", "javascript:alert(1)", "JaVaScRiPt:alert(1)"),
    *(
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox",
        "//evil%E3%80%82example",
        "//xn--e1afmkfd.example",
    ),
    *(
        "http://[::1",
        "//google.com:80:80",
        "https://evil.example/testserver",
        "http:///evil.example",
        "ftp://testserver/",
    ),
)


def leads_to(response: HttpResponse) -> Iterator[str]:
    """Where a browser would go that took the answer's address as browsers do."""
    location = response.headers.get("Location")
    if location is not None:
        as_browsers_read = location.replace("\\", "/").replace("\t", "").replace("\n", "").strip()
        address = urlsplit(urljoin("http://testserver/", as_browsers_read))
        yield f"{address.scheme}://{address.netloc}"


def test_nothing_leads_to_another_site(alice: User, guest: Guest, borshch: DishPage) -> None:
    found = []
    for elsewhere in OTHER_SITES:
        browser = Client(headers={"origin": "http://testserver"})
        answers = [
            browser.post("/i18n/setlang/", {"language": "ru", "next": elsewhere}),
            browser.post("/i18n/setlang/", {"language": "ru"}, headers={"referer": elsewhere.replace("\n", "")}),
            browser.get("/admin/login/", {"next": elsewhere}),
            browser.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD, "next": elsewhere}),
            browser.get(reverse("account_login"), {"next": elsewhere}),
            browser.get("/admin/pages/add/", {"next": elsewhere}),
            browser.post(reverse("account_logout"), {"next": elsewhere}),
            guest.add(borshch, next=elsewhere),
            guest.post("call", {"kind": "come", "next": elsewhere}),
            guest.client.get(f"/{elsewhere}/".replace("\n", "").replace("\x00", "")),
        ]
        found += [(elsewhere, end) for answer in answers for end in leads_to(answer) if end != "http://testserver"]

    assert found == []


@pytest.mark.parametrize("https_too", [False, True])
def test_a_false_host_gets_nothing(place_a: PlacePage, settings: LazySettings, https_too: bool) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.PAGES_KEPT = https_too
    hosts = ("evil.example", "testserver.evil.example", "testserver@evil.example", "testserver:80@evil.example", "")
    hosts += ("testserver\x00.evil.example", "evil.example#testserver", "[::1]evil", "testserver/evil", "x" * 300)

    answers = [Client().get(path, headers={"host": host}) for host in hosts for path in ("/", place_a.href)]
    claimed = Client().get(place_a.href, headers={"x-forwarded-host": "evil.example", "x-host": "evil.example"})

    assert {answer.status_code for answer in answers} == {400}
    assert b"evil" not in b"".join([*(answer.content for answer in answers), claimed.content])


ADDRESSES = (
    *({"x-forwarded-for": f"192.0.2.{n}"} for n in range(4)),
    {"x-forwarded-for": "127.0.0.1, 192.0.2.9"},
    {"x-forwarded-for": "::1"},
    {"x-forwarded-for": "unknown"},
    {"x-forwarded-for": "' or 1=1"},
    {"x-forwarded-for": ", ".join(["10.0.0.1"] * 50)},
    {"x_forwarded_for": "192.0.2.20"},
    *({name: "192.0.2.30"} for name in ("x-real-ip", "x-client-ip", "client-ip", "true-client-ip", "cf-connecting-ip")),
    {"forwarded": "for=192.0.2.40"},
    {"x-originating-ip": "192.0.2.41"},
    {"x-remote-addr": "192.0.2.42"},
    {"x-cluster-client-ip": "192.0.2.43"},
    {"via": "192.0.2.44"},
)


def test_a_claimed_address_does_not_reset_a_limit(settings: LazySettings, db: None) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "3/h/ip"}
    address = reverse("account_reset_password")

    answers = [
        Client(headers={"origin": "http://testserver"}).post(address, {"email": f"a{n}@example.com"}, headers=headers)
        for n, headers in enumerate(ADDRESSES)
    ]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429] * (len(ADDRESSES) - 3)


def test_behind_our_proxy_only_what_it_says_counts(settings: LazySettings, db: None) -> None:
    """The proxy adds the address it sees at the end; the neighbours' addresses of one household are one in IPv6."""
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "3/h/ip"}
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    address = reverse("account_reset_password")

    def asked(*addresses: str) -> list[int]:
        return [
            Client(headers={"origin": "http://testserver", "x-forwarded-for": seen})
            .post(address, {"email": f"b{n}@example.com"})
            .status_code
            for n, seen in enumerate(addresses)
        ]

    spoofed = asked(*(f"192.0.2.{n}, 203.0.113.7" for n in range(5)))
    neighbours = asked(*(f"2001:db8:1:2::{n}" for n in range(1, 6)))
    strangers = asked("203.0.113.8", "2001:db8:1:3::1")

    assert (spoofed, neighbours, strangers) == ([302] * 3 + [429] * 2, [302] * 3 + [429] * 2, [302] * 2)


@pytest.mark.parametrize("door", ["/accounts/login/", "/admin/login/", "/django-admin/", "/django-admin/login/"])
def test_no_door_takes_more_than_ten_guesses(alice: User, door: str) -> None:
    def guess(word: str) -> str:
        browser = Client(headers={"origin": "http://testserver"})
        fields = {"login": alice.email, "username": alice.email, "password": word}
        browser.post(door, fields, follow=True)
        browser.post("/accounts/login/", fields) if door == "/admin/login/" else None
        return str(browser.session.get("_auth_user_id", ""))

    guesses = [guess(f"wrong-{n}") for n in range(10)]

    assert {*guesses, guess(PASSWORD)} == {""}


TAMPERED = (
    "NaN",
    "Infinity",
    "-1",
    "1e9",
    "1E2",
    "٣",
    "３",
    "0x10",
    "1_000",
    "1.5",
    "1,5",
    "+2",
    " 2 ",
    "0",
    "99999999999",
)
FIELDS = (
    *("price", "unit_price", "total", "total_price", "discount", "currency", "tax", "status", "paid", "is_paid"),
    *("place", "place_id", "organisation", "table", "table_id", "seating", "visit", "session", "order", "number"),
    *("options_price", "option_price", "dish_id", "id", "pk", "public_id", "sent_at", "accepted", "role", "is_demo"),
)


def test_no_field_changes_what_an_order_costs(guest: Guest, borshch: DishPage) -> None:
    """Mass assignment at every step: added, changed, sent; with each field alone it would be the same code."""
    extra = dict.fromkeys(FIELDS, "0.01")

    guest.add(borshch, 2, **extra)
    guest.change(guest.only_line(), quantity="3", **extra)
    guest.send(**extra)

    order = Order.objects.get()
    assert (order.total, order.status, order.place_id) == (borshch.price * 3, "sent", guest.place.pk)
    assert order.lines.get().unit_price == borshch.price
    assert order.visit == guest.visit


def test_a_quantity_is_a_number_of_dishes(guest: Guest, borshch: DishPage) -> None:
    answers = {quantity: guest.add(borshch, quantity).status_code for quantity in TAMPERED}
    guest.add(borshch, 1)
    line = guest.only_line()
    changed = {quantity: guest.change(line, quantity=quantity).status_code for quantity in TAMPERED if quantity != "0"}

    assert set(answers.values()) == set(changed.values()) == {400}
    assert guest.quantities == {"soups/borshch": 1}


def test_scores_kinds_and_payments_out_of_the_list(guest: Guest) -> None:
    answers = [guest.rate(score).status_code for score in (*TAMPERED, "6")]
    answers += [guest.call(kind).status_code for kind in ("", "COME", "admin", "come\x00")]
    answers += [guest.call("bill", payment=way).status_code for way in ("free", "CASH", "cash\x00")]

    assert set(answers) == {400}


def test_orders_are_not_found_by_guessing(guest: Guest, borshch: DishPage) -> None:
    guest.add(borshch)
    guest.send()
    order, line = Order.objects.get(), BasketLine.objects.get()
    stranger = Guest(guest.place)
    stranger.scan(table_of(guest.place, 3))
    whole = order.public_id
    guesses = [order.pk, order.number, line.pk, whole[:-1], f"{whole[:-1]}x", whole.swapcase(), f"{whole}%00", "0", "*"]

    answers = [stranger.client.get(f"{guest.place.href}orders/{guess}/") for guess in (*guesses, whole)]
    own = guest.status(order)

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers[:-1]}) >= 1
    assert own.status_code == 200


def test_a_planted_session_is_not_the_one_that_signs_in(alice: User, guest: Guest) -> None:
    """By the table's code, by the password; and an address sets none."""
    browser = Client(headers={"origin": "http://testserver"})
    browser.get(guest.place.href, {"table": "7", "key": table_of(guest.place, 7).key})
    before = browser.cookies["sessionid"].value
    planted = Client(headers={"origin": "http://testserver"})
    planted.cookies["sessionid"] = before

    browser.post(reverse("account_login"), {"login": alice.email, "password": PASSWORD})
    by_address = Client().get(f"/admin/?sessionid={browser.cookies['sessionid'].value}")

    assert browser.cookies["sessionid"].value != before
    assert planted.get("/admin/").status_code == by_address.status_code == 302


def test_each_of_these_fields_alone_changes_nothing_either(guest: Guest, borshch: DishPage) -> None:
    """What is read by its name is read alone too: added, changed and sent with one field at a time."""
    PlaceRecord.objects.update(max_unconfirmed_by_visit=100, max_unconfirmed_by_table=100)
    for field in FIELDS:
        guest.add(borshch, 1, **{field: "0.01"})
        guest.change(guest.only_line(), quantity="2", **{field: "0.01"})
        guest.send(**{field: "0.01"})

    orders = Order.objects.all()
    assert {(order.total, order.status, order.table_id, order.visit_id) for order in orders} == {
        (borshch.price * 2, "sent", table_of(guest.place, 7).pk, guest.visit.public_id)
    }
    assert len(orders) == len(FIELDS)
