"""Choosing options, against a model of its own."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menu_pages.option_groups import ChoiceError, Option, OptionGroup, choose, defaults, read_groups
from tests.factories.menus import option_group

SIZE = option_group("Size", {"Small": "0", "Large": "120.50"}, minimum=1, default="Small")
EXTRA = option_group("Extra", {"Lemon": "30", "Honey": "60", "Mint": "0"}, maximum=2)


def group(number: int, minimum: int, maximum: int, count: int) -> OptionGroup:
    options = tuple(Option(f"{number}-{place}", f"option {place}", Decimal(place), False) for place in range(count))
    return OptionGroup(f"group {number}", f"Group {number}", minimum, maximum, options)


@st.composite
def groups_and_choice(draw: st.DrawFn) -> tuple[tuple[OptionGroup, ...], list[str]]:
    groups = []
    for number in range(draw(st.integers(0, 3))):
        minimum = draw(st.integers(0, 2))
        groups.append(group(number, minimum, draw(st.integers(max(minimum, 1), 3)), draw(st.integers(1, 4))))
    known = [option.id for one in groups for option in one.options]
    ids = st.sampled_from([*known, "stranger"])
    return tuple(groups), draw(st.lists(ids, max_size=6))


@given(groups_and_choice())
def test_choice_is_taken_exactly_when_the_rules_hold(case: tuple[tuple[OptionGroup, ...], list[str]]) -> None:
    groups, ids = case
    wanted = set(ids)
    fits = "stranger" not in wanted and all(
        one.minimum <= sum(option.id in wanted for option in one.options) <= one.maximum for one in groups
    )

    try:
        chosen = choose(groups, ids)
    except ChoiceError:
        assert not fits
    else:
        assert fits
        assert {option.id for option in chosen} == wanted
        assert [option.id for option in chosen] == sorted(wanted)


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        ([], "Choose an option in “Size”."),
        (["extra-lemon"], "Choose an option in “Size”."),
        (["size-small", "size-large"], "Choose at most 1 option in “Size”."),
        (["size-small", "extra-lemon", "extra-honey", "extra-mint"], "Choose at most 2 options in “Extra”."),
        (["size-small", "gold"], "This choice is no longer on the menu. Please choose again."),
    ],
)
def test_the_guest_is_told_what_is_wrong(ids: list[str], message: str) -> None:
    with pytest.raises(ChoiceError) as refused:
        choose(read_groups([SIZE, EXTRA]), ids)

    assert str(refused.value) == message


def test_several_missing_options_are_counted() -> None:
    with pytest.raises(ChoiceError) as refused:
        choose((group(1, 2, 3, 4),), ["1-0"])

    assert str(refused.value) == "Choose at least 2 options in “Group 1”."


def test_the_same_option_twice_is_one() -> None:
    chosen = choose(read_groups([SIZE]), ["size-large", "size-large"])

    assert [(option.title, option.price) for option in chosen] == [("Large", Decimal("120.50"))]


def test_titles_are_read_in_the_readers_words() -> None:
    (size,) = read_groups([SIZE], {"Size": "Размер", "Large": "Большой"})

    assert size.title == "Размер"
    assert [option.title for option in size.options] == ["Small", "Большой"]


def test_an_empty_price_is_no_difference() -> None:
    empty = option_group("Size", {"Small": ""})
    empty["value"]["options"][0]["value"]["price"] = None

    assert read_groups([empty])[0].options[0].price == Decimal(0)


def test_what_a_group_says_of_itself() -> None:
    size, extra = read_groups([SIZE, EXTRA])

    assert (size.required, size.single) == (True, True)
    assert (extra.required, extra.single) == (False, False)
    assert [option.id for option in defaults((size, extra))] == ["size-small"]
