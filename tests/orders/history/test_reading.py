"""Files of orders as tills write them: every way to write one is read the same."""

import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from menu_pages.menu_files.problems import FileRefused, Findings
from menu_pages.models import PlaceRecord
from orders.history.checking import TillHistory, TillOrder, check_rows
from orders.history.reading import read_rows
from tests.factories.tills import till_file, till_row

UTC = datetime.UTC
MOSCOW = PlaceRecord(time_zone="Europe/Moscow")
BERLIN = PlaceRecord(time_zone="Europe/Berlin")


def read(content: bytes, record: PlaceRecord = MOSCOW) -> TillHistory:
    findings = Findings()
    history = check_rows(read_rows(content, findings), record, timezone.now(), findings)
    findings.raise_if_any()
    return history


def only_order(content: bytes, record: PlaceRecord = MOSCOW) -> TillOrder:
    (order,) = read(content, record).orders.values()
    return order


def refusal(content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(FileRefused) as refused:
        read(content)
    return [(problem.row, problem.column, problem.message) for problem in refused.value.problems]


ROWS = [till_row("17", "Борщ", category="Супы", guests="2"), till_row("17", "Чай", unit_price="150,50", quantity="2")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1251"])
def test_every_delimiter_and_encoding(delimiter: str, encoding: str) -> None:
    order = only_order(till_file(ROWS, delimiter=delimiter, encoding=encoding))

    assert [(line.title, line.quantity, line.unit_price, line.category) for line in order.lines] == [
        ("Борщ", 1, Decimal("390.00"), "Супы"),
        ("Чай", 2, Decimal("150.50"), ""),
    ]
    assert (order.till_id, order.table, order.guests) == ("17", "7", 2)
    assert (order.items, order.total) == (3, Decimal("691.00"))
    assert order.sent_at == datetime.datetime(2024, 3, 5, 10, 10, tzinfo=UTC)


def test_names_of_columns_in_any_order_and_case() -> None:
    content = (
        b'\n Unit Price ;DISH;Quantity;order-id;"DateTime";Table;;\n16;Pizza;2.0;A/1;2024-01-02T03:04;;;\n;;;;;;\n'
    )

    order = only_order(content)

    assert (order.till_id, order.table, order.total) == ("A/1", "", Decimal("32.00"))


def test_line_ends_of_old_macintoshes_and_quoted_line_ends() -> None:
    content = b'order_id,datetime,table,dish,quantity,unit_price\r1,2024-01-02 03:04,1,"Two\nlines",1,0\r'

    assert [line.title for line in only_order(content).lines] == ["Two lines"]


def test_french_is_not_taken_for_russian() -> None:
    (problem,) = refusal(till_file([till_row(dish="Crème brûlée"), till_row(dish="Pâté")], encoding="latin-1"))

    assert problem == (
        0,
        "",
        "Row 2 is not in UTF-8. In a spreadsheet program, save the file as “CSV UTF-8”.",
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b" \n\n", "The file is empty."),
        (b"PK\x03\x04rest", "an Excel workbook or a .zip archive"),
        (b"\xd0\xcf\x11\xe0rest", "an old Excel workbook"),
        ("order_id".encode("utf-16"), "UTF-16"),
        (b"order_id\0", "no text file"),
        (till_file([till_row(dish='"never closed')]).replace(b'""never closed"', b"never closed"), "quotation mark"),
    ],
)
def test_what_is_no_file_of_orders_is_told_in_words(content: bytes, words: str) -> None:
    ((row, column, message),) = refusal(content)

    assert (row, column) == (0, "")
    assert words in message


def test_columns_unknown_double_and_missing_are_named() -> None:
    assert refusal(b"order_id,datetime,table,dish,quantity,Tip amount,dish\n1,2,3,4,5,6,7\n") == [
        (1, "Tip amount", "There is no such column in a file of orders."),
        (1, "dish", "This column is there twice."),
        (1, "unit_price", "This column is missing. The first row must hold the names of the columns."),
    ]


def test_a_cell_under_no_name_is_told() -> None:
    content = till_file([till_row()]).replace(b"390.00", b"390,00")

    assert refusal(content) == [(2, "7", "This cell stands under no column name: “00”.")]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-03-05 13:10:00", (2024, 3, 5, 10, 10)),
        ("2024-03-05T13:10", (2024, 3, 5, 10, 10)),
        ("2024-03-05 13:10:00.250", (2024, 3, 5, 10, 10, 0, 250000)),
        ("2024-03-05T13:10:00Z", (2024, 3, 5, 13, 10)),
        ("2024-03-05t13:10:00z", (2024, 3, 5, 13, 10)),
        ("2024-03-05 13:10:00+07:00", (2024, 3, 5, 6, 10)),
        ("2024-03-05 13:10:00 -0330", (2024, 3, 5, 16, 40)),
        ("20240305T131000", (2024, 3, 5, 10, 10)),
        ("2024-03-05", (2024, 3, 4, 21)),
    ],
)
def test_moments(written: str, moment: tuple[int, ...]) -> None:
    assert only_order(till_file([till_row(datetime=written)])).sent_at == datetime.datetime(*moment, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        # Never was: 2:00 became 3:00.
        ("2024-03-31 02:30", (2024, 3, 31, 1, 30)),
        # Was twice: in summer time first.
        ("2024-10-27 02:30", (2024, 10, 27, 0, 30)),
        ("2024-10-27 02:30+01:00", (2024, 10, 27, 1, 30)),
    ],
)
def test_moments_when_clocks_change(written: str, moment: tuple[int, ...]) -> None:
    order = only_order(till_file([till_row(datetime=written)]), BERLIN)

    assert order.sent_at == datetime.datetime(*moment, tzinfo=UTC)


def test_a_bare_date_belongs_to_that_business_day() -> None:
    bar = PlaceRecord(time_zone="Europe/Moscow", day_starts_at=datetime.time(5))

    order = only_order(till_file([till_row(datetime="2024-03-05")]), bar)

    assert bar.business_day(order.sent_at) == datetime.date(2024, 3, 5)


@pytest.mark.parametrize(
    ("written", "price"),
    [("0", "0"), ("16", "16"), ("16.5", "16.50"), ("1 250,50", "1250.50"), ("1\u202f250\u00a0000,5", "1250000.50")],
)
def test_prices(written: str, price: str) -> None:
    (line,) = only_order(till_file([till_row(unit_price=written)])).lines

    assert line.unit_price == Decimal(price)


def test_rows_of_one_number_make_one_order_wherever_they_stand() -> None:
    content = till_file(
        [
            till_row("1", "Tea", datetime="2024-03-05 13:20", table=""),
            till_row("2", "Soup"),
            till_row("1", "Tea", datetime="2024-03-05 13:05", table="Bar", waiter="Anna"),
            till_row("1", "Tea", datetime="2024-03-05 13:30", table="9", waiter="Anna"),
        ]
    )

    history = read(content)

    order = history.orders["1"]
    assert list(history.orders) == ["1", "2"]
    # Two rows of one dish are two lines.
    assert [line.title for line in order.lines] == ["Tea", "Tea", "Tea"]
    assert order.sent_at == datetime.datetime(2024, 3, 5, 10, 5, tzinfo=UTC)
    assert (order.table, order.waiter) == ("Bar", "Anna")
    assert (history.contradicting.count, history.contradicting.first) == (1, ["1"])
    assert history.far_apart.count == 0


def test_numbers_that_begin_anew_are_noticed() -> None:
    days = ["2024-03-05 13:00", "2024-03-06 13:00", "2024-03-07 14:00"]

    history = read(till_file([till_row("1", datetime=day) for day in days] + [till_row("2")]))

    assert (history.far_apart.count, history.far_apart.first) == (1, ["1"])


def test_what_is_wrong_is_told_by_row_and_column() -> None:
    tomorrow = (timezone.now() + datetime.timedelta(days=2)).date().isoformat()
    wrong = [
        {"order_id": " "},
        {"order_id": "x" * 65},
        {"datetime": "05.03.2024 13:10"},
        {"datetime": "2024-02-30 10:00"},
        {"datetime": "0001-01-01 00:00"},
        {"datetime": "٢٠٢٤-03-05 13:10"},
        {"datetime": tomorrow},
        {"dish": ""},
        {"dish": "x" * 256},
        {"quantity": "0"},
        {"quantity": "-1"},
        {"quantity": "0.5"},
        {"quantity": "٣"},
        {"quantity": "40000"},
        {"unit_price": ""},
        {"unit_price": "-5"},
        {"unit_price": "12.345"},
        {"unit_price": "1,250"},
        {"unit_price": "1e9"},
        {"unit_price": "NaN"},
        {"table": "x" * 41},
        {"guests": "many"},
        {"guests": "1.5"},
        {"quantity": "", "unit_price": "x"},
    ]
    rows = [till_row(str(place), guests="2") | cells for place, cells in enumerate(wrong)]

    found = refusal(till_file(rows))

    assert [(row, column) for row, column, _message in found] == [
        (place, column) for place, cells in enumerate(wrong, start=2) for column in cells
    ]
    messages = [message for _row, _column, message in found]
    assert messages[2] == "“05.03.2024 13:10” is no date and time. Write it as 2024-12-31 18:05:00."
    assert messages[6] == f"“{tomorrow}” is in the future."
    assert messages[9] == "A quantity is 1 or more. Leave returns and cancelled dishes out of the file."
    assert messages[11] == "“0.5” is no whole number. What is sold by weight is 1 piece at the price of that weight."
    assert messages[16] == "“12.345” has more than 2 digits after the point."
    assert messages[17] == "“1,250” can be read in two ways. Write the price without a sign between thousands."


def test_an_order_that_costs_too_much_is_told_at_its_first_row() -> None:
    rows = [till_row("1")] + [till_row("2", unit_price="99999999.99", quantity="101") for _ in range(2)]

    assert refusal(till_file(rows)) == [(3, "unit_price", "The order “2” costs too much.")]


def test_nobody_counted_the_guests() -> None:
    assert only_order(till_file([till_row(guests="0"), till_row(guests="3")])).guests == 3


def test_many_problems_are_counted_and_not_all_listed() -> None:
    with pytest.raises(FileRefused) as refused:
        read(till_file(till_row(str(number), quantity="x") for number in range(700)))

    assert (refused.value.count, len(refused.value.problems)) == (700, 500)


def test_a_file_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orders.history.reading.MOST_ROWS", 2)
    assert read(till_file([till_row("1"), till_row("2")])).rows == 2
    ((_row, _column, message),) = refusal(till_file([till_row("1"), till_row("2"), till_row("3")]))
    assert message == "The file has more than 2 rows. Import it in parts, a year at a time."

    monkeypatch.setattr("orders.history.reading.MOST_BYTES", 10)
    assert "larger than 0 MB" in refusal(till_file([till_row()]))[0][2]
