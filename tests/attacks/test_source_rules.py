"""The source keeps the rules of `source_rules`, and each of them sees what it is there for."""

from pathlib import Path

from menusite.run import BASE_DIR
from tests.attacks.source_rules import MARKS_SAFE, MONEY, PUTS_SQL_TOGETHER, RULES, found_in, sources

BAD = Path(__file__).with_name("bad_source.txt").read_text()


def test_the_source_keeps_the_rules() -> None:
    assert [breach for source, path in sources(BASE_DIR) for breach in found_in(source, path)] == []


def test_each_rule_sees_what_it_forbids() -> None:
    """The lines of a file of bad code are found by the rules written behind them, and no others are."""
    expected = {
        f"orders/checkout.py:{number}: {line.rpartition('  # ')[2]}"
        for number, line in enumerate(BAD.splitlines(), start=1)
        if "  # " in line
    }

    found = set(found_in(BAD, "orders/checkout.py"))

    assert found == expected | {"orders/checkout.py:1: runs texts"}
    assert {breach.split(": ", 1)[1] for breach in found} == set(RULES)


def test_exceptions_and_modules_of_money_are_there() -> None:
    named = {*MARKS_SAFE, *PUTS_SQL_TOGETHER, *MONEY}

    assert [path for path in sorted(named) if not (BASE_DIR / path).is_file()] == []
