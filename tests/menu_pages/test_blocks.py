"""The editor refuses option groups nobody could choose from."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from wagtail.blocks.struct_block import StructBlockValidationError

from menu_pages.blocks import OpeningHoursBlock, OptionGroupBlock


def cleaned(minimum: int, maximum: int, defaults: list[bool], price: str | None = "0") -> Any:
    block = OptionGroupBlock()
    options = [
        {"title": f"Option {number}", "price": price, "default": default} for number, default in enumerate(defaults)
    ]
    return block.clean(block.to_python({"title": "Size", "minimum": minimum, "maximum": maximum, "options": options}))


def test_a_fitting_group_is_taken() -> None:
    value = cleaned(1, 2, [True, True, False])

    assert (value["minimum"], value["maximum"], len(value["options"])) == (1, 2, 3)


@pytest.mark.parametrize(
    ("minimum", "maximum", "defaults", "field"),
    [
        (2, 1, [False, False], "maximum"),
        (3, 3, [False, False], "minimum"),
        (0, 1, [True, True], "maximum"),
        (-1, 1, [False], "minimum"),
        (0, 0, [False], "maximum"),
        (0, 21, [False], "maximum"),
    ],
)
def test_a_group_nobody_could_choose_from_is_refused(
    minimum: int, maximum: int, defaults: list[bool], field: str
) -> None:
    with pytest.raises(StructBlockValidationError) as refused:
        cleaned(minimum, maximum, defaults)

    assert list(refused.value.block_errors) == [field]


def test_a_group_without_options_is_refused() -> None:
    with pytest.raises(ValidationError):
        cleaned(0, 1, [])


def test_an_option_never_costs_less_than_nothing() -> None:
    with pytest.raises(ValidationError):
        cleaned(0, 1, [False], price="-1")


def test_an_option_may_have_no_price() -> None:
    assert cleaned(0, 1, [False], price=None)["options"][0]["price"] is None


@pytest.mark.parametrize("weekdays", [[], ["8"], ["monday"]])
def test_hours_need_days_of_the_week(weekdays: list[str]) -> None:
    block = OpeningHoursBlock()

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"weekdays": weekdays, "opens": "09:00", "closes": "18:00"}))
