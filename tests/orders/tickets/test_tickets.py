"""Tickets: on the desk's screen, as PDF, on a network printer."""

import datetime
import re
import zlib

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone, translation
from django.utils.translation import gettext
from pytest_django import DjangoAssertNumQueries

from accounts.models import Organisation, User
from accounts.roles import Role
from menu_pages.models import CategoryPage, DishPage, PlacePage, PlaceRecord
from orders.models import Delivery, Order, OrderStatus, OutboxEvent, OutboxKind
from orders.order_states import move_order
from orders.outbox.relay import run_relay
from orders.tickets.content import Ticket, TicketLine
from orders.tickets.escpos import COLUMNS, CUT, CYRILLIC, DOUBLE, INITIALISE, escpos
from orders.tickets.pdf import ticket_as_pdf
from tests.factories.guests import Guest, ordered
from tests.factories.menus import make_category, make_dish
from tests.factories.people import make_member, signed_in
from tests.factories.stations import Printer, make_station

COMMANDS = re.compile(rb"\x1b@|\x1bt.|\x1ba.|\x1bE.|\x1d!.|\x1dVB.", re.DOTALL)


def plain(data: bytes) -> str:
    """What the paper shows, without the commands."""
    return COMMANDS.sub(b"", data).decode("cp866")


@pytest.fixture
def order(guest: Guest, tea: DishPage, borshch: DishPage) -> Order:
    PlaceRecord.objects.update(language="en")
    guest.add(borshch, 3, note="no cream")
    guest.add(tea, 2, options=["size-large", "extra-lemon"])
    guest.send(comment="All at once")
    order = Order.objects.get()
    order.sent_at = datetime.datetime(2026, 11, 20, 18, 5, tzinfo=datetime.UTC)
    order.save()
    return order


@pytest.fixture
def bar(place_a: PlacePage, tea: DishPage, soups: CategoryPage) -> object:
    make_station(place_a, "Kitchen", soups)
    return make_station(place_a, "Bar", CategoryPage.objects.get(title="Drinks"))


def address(order: Order, end: str = "") -> str:
    return f"/staff/teahouse/orders/{order.public_id}/ticket/{end}"


def test_the_ticket_says_all_that_the_kitchen_needs(order: Order, charlie: User) -> None:
    body = signed_in(charlie).get(address(order)).content.decode()

    for words in ("Table 7", "Order 1", "21:05, 20.11.2026", "Borshch", "no cream", "Large, Lemon", "All at once"):
        assert words in body
    assert re.findall(r"<b>(\d+) ×</b> <span>(\w+)</span>", body) == [("3", "Borshch"), ("2", "Tea")]
    assert "COPY" not in body


def test_a_station_reads_its_own_lines(bar: object, order: Order, charlie: User) -> None:
    body = signed_in(charlie).get(address(order, f"?station={bar.public_id}")).content.decode()

    assert re.findall(r"<b>(\d+) ×</b> <span>(\w+)</span>", body) == [("2", "Tea")]
    assert "Teahouse · Bar" in body
    assert "All at once" in body


def test_the_page_costs_the_same_for_many_lines(
    order: Order, charlie: User, soups: CategoryPage, guest: Guest, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    browser = signed_in(charlie)
    browser.get(address(order))
    many = ordered(guest, *[make_dish(soups, f"Soup {number}") for number in range(6)])

    for one in (order, many):
        # Session, user, memberships, place, role there, order, stations, lines.
        with django_assert_num_queries(8):
            browser.get(address(one))


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.MANAGER, 200), (Role.WAITER, 200), (Role.KITCHEN, 200), (Role.EDITOR, 404), (Role.ANALYST, 404)],
)
@pytest.mark.parametrize("end", ["", "ticket.pdf"])
def test_who_works_at_the_desk_may_read_it(
    order: Order, organisation_a: Organisation, role: Role, status: int, end: str
) -> None:
    browser = signed_in(make_member("dana@example.com", organisation_a, role))

    assert browser.get(address(order, end)).status_code == status


def test_other_places_and_other_stations_are_not_found(
    order: Order, bob: User, place_b: PlacePage, charlie: User
) -> None:
    elsewhere = make_station(place_b, "Bar")

    assert signed_in(bob).get(address(order)).status_code == 404
    assert signed_in(bob).get(f"/staff/pizzeria/orders/{order.public_id}/ticket/").status_code == 404
    assert signed_in(charlie).get(address(order, f"?station={elsewhere.public_id}")).status_code == 404
    assert signed_in(charlie).get("/staff/teahouse/orders/nothing/ticket/").status_code == 404
    assert signed_in(bob).post(address(order, "again/")).status_code == 404
    assert Client().get(address(order)).status_code == 302
    assert OutboxEvent.objects.filter(kind=OutboxKind.TICKET_AGAIN).count() == 0


def test_what_guests_write_is_text(guest: Guest, borshch: DishPage, charlie: User) -> None:
    guest.add(borshch, note="<script>alert(1)</script>")
    guest.send(comment="<b>now</b>")

    body = signed_in(charlie).get(address(Order.objects.get())).content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in body
    assert "&lt;b&gt;now&lt;/b&gt;" in body


def test_a_copy_is_printed_and_says_so(bar: object, order: Order, charlie: User, printer: Printer) -> None:
    type(bar).objects.filter(pk=bar.pk).update(printer_host="127.0.0.1", printer_port=printer.port)
    run_relay()

    response = signed_in(charlie).post(address(order, "again/"), {"station": bar.public_id})
    run_relay()

    assert (response.status_code, response["Location"]) == (
        302,
        address(order, f"?station={bar.public_id}&copy=1&sent=1"),
    )
    event = OutboxEvent.objects.get(kind=OutboxKind.TICKET_AGAIN)
    assert (event.order, event.payload) == (order, {"station": bar.public_id})
    first, copy = (plain(ticket) for ticket in printer.tickets(2))
    assert ("COPY" in first, "*** COPY ***" in copy) == (False, True)
    body = signed_in(charlie).get(response["Location"]).content.decode()
    assert '<p class="ticket__mark">COPY</p>' in body
    assert "on its way to the printer" in body


def test_a_copy_for_all_stations_goes_to_each_that_prints(
    place_a: PlacePage, soups: CategoryPage, order: Order, charlie: User, printer: Printer
) -> None:
    for title in ("Kitchen", "Pass"):
        make_station(place_a, title, printer=printer)
    OutboxEvent.objects.update(relayed_at=timezone.now())

    signed_in(charlie).post(address(order, "again/"))
    run_relay()

    papers = [plain(ticket).splitlines() for ticket in printer.tickets(2)]
    assert sorted(line for paper in papers for line in paper if line.startswith("Teahouse")) == [
        "Teahouse - Kitchen",
        "Teahouse - Pass",
    ]


def test_marks_are_in_the_language_of_the_place(order: Order, charlie: User) -> None:
    PlaceRecord.objects.update(language="ru")
    with translation.override("ru"):
        copy = gettext("COPY")

    assert copy in signed_in(charlie).get(address(order, "?copy=1")).content.decode()


def test_the_printer_gets_the_ticket_in_its_own_letters(
    guest: Guest, soups: CategoryPage, place_a: PlacePage, printer: Printer
) -> None:
    make_station(place_a, "Кухня", printer=printer)
    dish = make_dish(make_category(place_a, "Супы"), "Щи «суточные» с ёлочкой за 390 ₽")
    guest.add(dish, 2, note="без лука… №1")
    guest.send()

    run_relay()

    (ticket,) = printer.tickets(1)
    assert ticket.startswith(INITIALISE + CYRILLIC)
    assert ticket.endswith(CUT)
    paper = plain(ticket)
    assert "Teahouse - Кухня" in paper
    assert 'Щи "суточные" с ёлочкой за 390 руб.' in " ".join(paper.split())
    assert "! без лука... №1" in paper
    assert DOUBLE + b"2 x " in ticket
    assert all(len(line) <= COLUMNS for line in paper.splitlines())


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("\x1b@\x1dV0 cut", "@ V0 cut"),
        ("one\ntwo\r\x00three", "one two three"),
        ("crème brûlée", "creme brulee"),
        ("寿司 🍣", "?? ?"),
        ("a\u202eb\u200bc", "a b c"),
        ("1½ × 2 – 3", "1 1/2 x 2 - 3"),
    ],
)
def test_no_word_commands_the_printer(typed: str, printed: str) -> None:
    ticket = Ticket("Place", "", "Table 7", "Order 1", "12:00", (TicketLine(1, "Soup", "", typed),), comment=typed)

    data = escpos(ticket)

    assert set(COMMANDS.sub(b"", data)) & set(range(32)) == {10}
    assert f"! {printed}" in plain(data).replace("11/2", "1 1/2")


def test_long_words_are_broken_and_nothing_is_lost() -> None:
    title = "Борщ-" * 40
    data = escpos(
        Ticket("П" * 100, "", "Т" * 60, "№ 1", "12:00", (TicketLine(99, title, "о" * 200, ""),), comment="к" * 280)
    )

    paper = plain(data)
    assert all(len(line) <= COLUMNS for line in paper.splitlines())
    assert (paper.count("Борщ-"), paper.count("о") >= 200, paper.count("к") >= 280) == (40, True, True)


def test_nothing_is_printed_outside_the_networks(
    guest: Guest, borshch: DishPage, place_a: PlacePage, printer: Printer, settings: LazySettings
) -> None:
    make_station(place_a, "Kitchen", printer=printer)
    ordered(guest, borshch)
    settings.PRINTER_NETWORKS = ["192.168.10.0/24"]

    run_relay()

    assert (Delivery.objects.get().status, printer.printed) == ("failed", [])


def test_an_order_cancelled_before_it_was_printed_is_not(
    guest: Guest, borshch: DishPage, place_a: PlacePage, charlie: User, printer: Printer
) -> None:
    make_station(place_a, "Kitchen", printer=printer)
    order = ordered(guest, borshch)
    move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=charlie, reason="changed their mind")

    run_relay()

    assert (Delivery.objects.get().status, printer.printed) == ("done", [])


def test_a_second_attempt_after_one_that_may_have_printed_says_so(
    guest: Guest, borshch: DishPage, place_a: PlacePage, printer: Printer
) -> None:
    PlaceRecord.objects.update(language="en")
    make_station(place_a, "Kitchen", printer=printer)
    ordered(guest, borshch)
    run_relay()
    Delivery.objects.update(status="waiting", next_try_at=timezone.now())

    run_relay()

    first, second = (plain(ticket) for ticket in printer.tickets(2))
    assert ("MAY BE A REPEAT" in first, "MAY BE A REPEAT" in second) == (False, True)


def test_an_attempt_that_never_reached_the_printer_is_no_repeat(
    guest: Guest, borshch: DishPage, place_a: PlacePage, printer: Printer
) -> None:
    from tests.factories.stations import closed_port

    PlaceRecord.objects.update(language="en")
    station = make_station(place_a, "Kitchen", port=closed_port())
    ordered(guest, borshch)
    run_relay()
    type(station).objects.update(printer_port=printer.port)
    Delivery.objects.update(next_try_at=timezone.now())

    run_relay()

    (ticket,) = printer.tickets(1)
    assert "REPEAT" not in plain(ticket)


def test_the_pdf_is_as_wide_as_the_paper(order: Order, charlie: User) -> None:
    response = signed_in(charlie).get(address(order, "ticket.pdf?copy=1"))

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF-")
    (box,) = media_boxes(response.content)
    assert box[2] == pytest.approx(80 / 25.4 * 72, abs=0.1)


def test_a_long_ticket_has_several_pages() -> None:
    lines = tuple(TicketLine(1, "Борщ с пампушками " * 3, "Сметана, чеснок", "без лука") for _ in range(200))
    pdf = ticket_as_pdf(Ticket("Самовар", "Кухня", "Столик 7", "Заказ 1", "12:00", lines, "Спасибо", ("КОПИЯ",)), "ru")

    boxes = media_boxes(pdf)
    assert len(boxes) > 1
    assert all(box[3] < 14400 for box in boxes)


def media_boxes(pdf: bytes) -> list[list[float]]:
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            continue
    found = re.findall(rb"/MediaBox ?\[([^\]]+)\]", b"\n".join(parts))
    return [[float(number) for number in box.split()] for box in found]
