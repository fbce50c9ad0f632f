"""Tax numbers: the ИНН's check digits, and numbers of other countries."""

import pytest
from django.core.exceptions import ValidationError

from accounts.card.tax_number import clean_tax_number


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("7707083893", "7707083893"),
        ("500100732259", "500100732259"),
        (" 7707 083-893 ", "7707083893"),
        ("pl 526-025-02-74", "PL5260250274"),
        ("123456789", "123456789"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_right_numbers_lose_only_their_spaces_and_dashes(typed: str, kept: str) -> None:
    assert clean_tax_number(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(f"{last}" for last in range(7707083890, 7707083900) if last != 7707083893),
        "7707083983",  # two figures that changed places
        "500100732258",
        "500100732269",
        "0000000000",
        "000000000000",
    ],
)
def test_a_slip_in_an_inn_is_found(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_tax_number(typed)

    assert refused.value.code == "inn"


@pytest.mark.parametrize("typed", ["1234", "A" * 21, "PLXYZABC", "7707083893;", "ИНН7707083893", "٧٧٠٧٠٨٣٨٩٣"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(ValidationError) as refused:
        clean_tax_number(typed)

    assert refused.value.code == "tax_number"
