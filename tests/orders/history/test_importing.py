"""An old till's orders written: once, whole, and as the till had them."""

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.audit_log.sentences import sentence_of
from accounts.models import AuditAction, AuditEntry, User
from menu_pages import pieces, turns
from menu_pages.menu_files.problems import FileRefused
from menu_pages.models import DishPage, PlacePage
from orders.history import imports, writing
from orders.models import BasketLine, Order, OrderImport, OrderImportStatus, OrderStatus, OrderStatusChange, OutboxEvent
from orders.models.visit import Visit
from orders.signals import order_history_changed
from orders.tasks import import_order_history
from tests.factories.menus import make_category, make_dish
from tests.factories.tills import import_orders, many_orders, prepared, till_file, till_row

pytestmark = pytest.mark.django_db
UTC = datetime.UTC
# What a row of the file decides.
ORDER_COLUMNS = {
    *("id", "public_id", "place_id", "history_import_id", "till_id", "table_label", "guests", "waiter", "payment"),
    *("business_day", "number", "status", "currency", "purchases", "items", "total", "sent_at", "shown_at"),
    *("acknowledged_at", "idempotency_key", "payload_sha256"),
}
LINE_COLUMNS = {
    *("id", "place_id", "order_id", "key", "position", "dish_id", "title", "category", "quantity", "unit_price"),
    "created_at",
}


def messages(place: PlacePage, content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(FileRefused) as refused:
        prepared(place, content)
    return [(problem.row, problem.column, problem.message) for problem in refused.value.problems]


def test_orders_are_as_the_till_had_them(place_a: PlacePage, borshch: DishPage, alice: User) -> None:
    content = till_file(
        [
            till_row("2015-17", guests="2", waiter="Анна", payment="card"),
            till_row("2015-17", "Окрошка", category="Старое меню", quantity="3", unit_price="0"),
            till_row("2015-18", datetime="2024-03-05 09:00", table="", unit_price="300"),
        ]
    )

    found = import_orders(place_a, content, by=alice)

    late, early = Order.objects.order_by("-sent_at")
    assert (found.status, found.done, found.total, bytes(found.content)) == (OrderImportStatus.DONE, 2, 2, b"")
    assert (late.till_id, late.table_label, late.guests) == ("2015-17", "7", 2)
    assert (late.waiter, late.payment) == ("Анна", "card")
    assert (late.purchases, late.items, late.total, late.currency) == (2, 4, Decimal("390.00"), "RUB")
    moment = datetime.datetime(2024, 3, 5, 10, 10, tzinfo=UTC)
    assert (late.sent_at, late.shown_at, late.acknowledged_at) == (moment, moment, moment)
    assert (late.business_day, late.number, early.number) == (datetime.date(2024, 3, 5), 2, 1)
    assert (late.status, late.visit, late.seating, late.table) == (OrderStatus.CLOSED, None, None, None)
    assert list(late.lines.values_list("title", "dish", "category", "quantity", "unit_price", "created_at")) == [
        ("Borshch", borshch.pk, "", 1, Decimal("390.00"), moment),
        ("Окрошка", None, "Старое меню", 3, Decimal("0.00"), moment),
    ]
    assert late.history_import == found


def test_nobody_here_hears_of_it(place_a: PlacePage) -> None:
    import_orders(place_a, many_orders(3))

    for model in (OutboxEvent, OrderStatusChange, Visit):
        assert model.objects.count() == 0
    assert Order.objects.unacknowledged().count() == 0


def test_looking_writes_nothing(place_a: PlacePage, borshch: DishPage) -> None:
    content = till_file([till_row("1"), till_row("1", "Okroshka", quantity="2"), till_row("2", table="Bar")])

    found = prepared(place_a, content)

    assert Order.objects.count() == BasketLine.objects.count() == 0
    assert found.status == OrderImportStatus.READY
    summary = found.summary
    assert {name: summary[name] for name in ("orders", "lines", "items", "revenue", "there", "missing")} == {
        "orders": 2,
        "lines": 3,
        "items": 4,
        "revenue": "1560.00",
        "there": 0,
        "missing": 2,
    }
    assert summary["tables"] == {"count": 2, "names": ["7", "Bar"]}
    assert summary["dishes"] == {"on_menu": 1, "by_name": 1, "names": [{"title": "Okroshka", "quantity": 2}]}
    assert summary["years"] == [{"year": 2024, "orders": 2, "revenue": "1560.00"}]
    assert summary["first"] == "2024-03-05T13:10:00+03:00"


def test_the_business_day_begins_when_the_place_says(place_a: PlacePage) -> None:
    place_a.record.day_starts_at = datetime.time(5)
    place_a.record.save()

    import_orders(
        place_a, till_file([till_row("1", datetime="2024-03-06 02:00"), till_row("2", datetime="2024-03-06 05:00")])
    )

    assert list(Order.objects.order_by("sent_at").values_list("business_day", "number")) == [
        (datetime.date(2024, 3, 5), 1),
        (datetime.date(2024, 3, 6), 1),
    ]


def test_a_title_means_the_dish_that_has_it(place_a: PlacePage, borshch: DishPage, place_b: PlacePage) -> None:
    drinks = make_category(place_a, "Drinks")
    cold = make_dish(drinks, "Kvass")
    hot = make_dish(make_category(place_a, "Hot"), "Kvass")
    gone = make_dish(drinks, "Mors", live=False, first_published_at=timezone.now())
    make_dish(drinks, "Sbiten", live=False)
    make_dish(make_category(place_b, "Foreign"), "Pie")
    wanted = {
        ("Kvass", "Drinks"): cold.pk,
        ("Kvass", "Hot"): hot.pk,
        ("Kvass", ""): None,
        ("Borshch", "Anything"): borshch.pk,
        ("borshch", ""): None,
        ("Mors", ""): gone.pk,
        ("Sbiten", ""): None,
        ("Pie", "Foreign"): None,
    }

    import_orders(place_a, till_file(till_row("1", title, category=category) for title, category in wanted))

    lines = BasketLine.objects.values_list("title", "category", "dish")
    assert {(title, category): pk for title, category, pk in lines} == wanted


def test_the_same_file_twice_adds_nothing(place_a: PlacePage, place_b: PlacePage) -> None:
    content = many_orders(30)
    import_orders(place_a, content)

    again = import_orders(place_a, content)

    assert (again.summary["there"], again.summary["missing"], again.total) == (30, 0, 0)
    assert (Order.objects.count(), BasketLine.objects.count()) == (30, 60)
    # Another place has orders of its own.
    import_orders(place_b, content)
    assert Order.objects.filter(place=place_b).count() == 30


def test_a_longer_file_adds_what_is_new(place_a: PlacePage) -> None:
    first = import_orders(place_a, many_orders(10))

    second = import_orders(place_a, many_orders(25))

    assert (second.summary["there"], second.total) == (10, 15)
    assert (first.orders.count(), second.orders.count()) == (10, 15)


def test_a_number_that_is_there_with_other_contents_is_an_error(place_a: PlacePage) -> None:
    import_orders(place_a, till_file([till_row("16"), till_row("17"), till_row("17", "Tea")]))
    # In another order, written otherwise: the same.
    import_orders(place_a, till_file([till_row("17", "Tea"), till_row("17", unit_price="390")]))

    found = messages(place_a, till_file([till_row("16"), till_row("17", quantity="2")]))

    assert found == [
        (
            3,
            "order_id",
            (
                "The order “17” is there already with another time, table or dishes. Take the earlier import back "
                "first; if it is another order, its number must differ."
            ),
        )
    ]


def test_numbers_of_the_day_go_on_behind_those_of_other_imports(place_a: PlacePage) -> None:
    import_orders(place_a, till_file([till_row("1"), till_row("2")]))

    import_orders(place_a, till_file([till_row("1"), till_row("3"), till_row("4", datetime="2024-03-05 08:00")]))

    assert dict(Order.objects.values_list("till_id", "number")) == {"1": 1, "2": 2, "4": 3, "3": 4}


def test_an_import_goes_on_where_it_was_killed(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "STEP", 10)
    monkeypatch.setattr(imports, "STEP", 10)
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    found = prepared(place_a, many_orders(35))
    turns.claim(found)
    write = writing.Writer.write
    left = [2]

    def die(*args: object) -> None:
        if not left[0]:
            raise MemoryError
        left[0] -= 1
        write(*args)

    with monkeypatch.context() as patch:
        patch.setattr(writing.Writer, "write", die)
        with pytest.raises(MemoryError):
            imports.run_import(found.pk)
    found.refresh_from_db()
    assert (found.status, found.done, Order.objects.count()) == (OrderImportStatus.RUNNING, 20, 20)

    assert imports.run_import(found.pk)

    found.refresh_from_db()
    assert (found.status, found.done) == (OrderImportStatus.DONE, 35)
    assert (Order.objects.count(), BasketLine.objects.count()) == (35, 70)
    days = Order.objects.order_by("business_day", "sent_at", "pk").values_list("business_day", "number")
    assert len(set(days)) == 35


def test_a_turn_that_is_over_asks_for_another(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "STEP", 10)
    monkeypatch.setattr(turns, "TURN_SECONDS", 0)
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 0)
    found = prepared(place_a, many_orders(5))
    turns.claim(found)

    assert imports.run_import(found.pk, seconds=-1) is False
    assert Order.objects.count() == 0
    assert imports.run_import(found.pk, seconds=5) is True
    assert Order.objects.count() == 5


def test_one_import_of_a_place_at_a_time(place_a: PlacePage) -> None:
    first, second = prepared(place_a, many_orders(2)), prepared(place_a, many_orders(2))
    turns.claim(first)

    with pytest.raises(turns.AnotherRunsError):
        turns.claim(second)

    assert imports.run_import(first.pk)
    turns.claim(second)
    # It was looked into when nothing was there.
    assert imports.run_import(second.pk)
    second.refresh_from_db()
    assert (second.status, second.total, Order.objects.count()) == (OrderImportStatus.DONE, 0, 2)


def test_orders_that_came_in_meanwhile_with_other_contents_stop_it(place_a: PlacePage) -> None:
    first, second = prepared(place_a, till_file([till_row()])), prepared(place_a, till_file([till_row(quantity="2")]))
    turns.claim(first)
    imports.run_import(first.pk)
    turns.claim(second)

    assert imports.run_import(second.pk)

    second.refresh_from_db()
    assert second.status == OrderImportStatus.FAILED
    assert second.problem.startswith("Row 2, order_id: The order “1” is there already")


def test_the_database_refuses_an_order_twice(place_a: PlacePage) -> None:
    found = import_orders(place_a, till_file([till_row()]))
    order = Order.objects.get()
    order.pk, order.public_id, order.number = None, "another", 2

    with pytest.raises(IntegrityError, match=r"order_key_once|idempotency_key"):
        order.save(force_insert=True)
    assert found.status == OrderImportStatus.DONE


def test_queries_grow_with_pieces_only(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "PIECE_SECONDS", 60)

    def queries(count: int, since: int) -> int:
        content = many_orders(count, since=since)
        with CaptureQueriesContext(connection) as asked:
            import_orders(place_a, content)
        # Rows are written by the hundred: SQLite takes few values at a time, PostgreSQL is asked for ids.
        by_step = ("INSERT", "COPY", "SELECT nextval")
        return sum(not query["sql"].startswith(by_step) for query in asked.captured_queries)

    # What a process asks once: ids of content types.
    import_orders(place_a, many_orders(1, since=5_000))

    assert queries(2500, since=10_000) == queries(1, since=1)


@pytest.mark.parametrize(
    "title",
    [
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script>",
        "'; DROP TABLE orders_order; --",
        "{{ 7 * 7 }}",
        "Пи\u0301цца 🍕",
        "\u202egnp",
        "% s %(x)s %d",
        "\\N",
        "١٢٣",
    ],
)
def test_titles_are_kept_letter_by_letter(place_a: PlacePage, title: str) -> None:
    import_orders(place_a, till_file([till_row(title, title, table=title[:40], waiter=title, category=title)]))

    line = BasketLine.objects.select_related("order").get()
    assert (line.title, line.category, line.order.till_id, line.order.waiter) == (title, title, title, title)
    assert line.order.table_label == title[:40]


def test_the_audit_log_and_the_floors_above_hear_of_it(
    place_a: PlacePage, alice: User, django_capture_on_commit_callbacks: Any
) -> None:
    heard: list[int] = []

    def hear(place_id: int, **kwargs: object) -> None:
        heard.append(place_id)

    order_history_changed.connect(hear)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            import_orders(place_a, many_orders(2), by=alice)
    finally:
        order_history_changed.disconnect(hear)

    entry = AuditEntry.objects.get(action=AuditAction.DATA_IMPORTED)
    assert heard == [place_a.pk]
    assert (entry.by, entry.details) == (alice, {"what": "orders", "orders": 2})
    assert sentence_of(entry).text == "Orders of an old till: till.csv, 2 orders"


def test_the_worker_sees_the_places_organisation_only(place_a: PlacePage, place_b: PlacePage) -> None:
    found = prepared(place_a, many_orders(3))
    imports.start_import(found)

    found.refresh_from_db()
    assert found.status == OrderImportStatus.DONE
    # Delivered again: there is nothing left to do.
    import_order_history(found.pk)
    assert Order.objects.filter(place=place_a).count() == 3
    assert OrderImport.objects.count() == 1


def test_every_other_column_is_as_a_model_makes_it(place_a: PlacePage) -> None:
    """However the database takes the rows, signs that mean something to it included."""
    title = "Soup \\N “of the\\tday”"
    words = {"category": "\\.", "waiter": "O'Neil\\", "payment": "{}", "table": '"7"'}
    import_orders(place_a, till_file([till_row("1", title, **words), till_row("1\\n", title, **words)]))

    orders = list(Order.objects.order_by("till_id"))
    assert [order.till_id for order in orders] == ["1", "1\\n"]
    assert len({order.public_id for order in orders}) == len({order.pk for order in orders}) == 2
    for order in orders:
        (line,) = order.lines.all()
        assert line.title == title
        kept = {"waiter": order.waiter, "payment": order.payment, "table": order.table_label}
        assert {"category": line.category, **kept} == words
        for row, given in ((order, ORDER_COLUMNS), (line, LINE_COLUMNS)):
            others = [field for field in row._meta.concrete_fields if field.attname not in given]
            assert {field.attname: getattr(row, field.attname) for field in others} == {
                field.attname: field.get_default() for field in others
            }
    # The next order of this place gets an id of its own.
    assert import_orders(place_a, till_file([till_row("3")])).orders.get().pk not in {order.pk for order in orders}
