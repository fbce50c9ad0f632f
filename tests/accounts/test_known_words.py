"""Which passwords are refused, and that of what signs they consist is nobody's business."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from accounts.models import Organisation, User


def refusals(password: str, user: User | None = None) -> list[str]:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        return [error.code or "" for error in refused.error_list]
    return []


@pytest.mark.parametrize(
    "password", ["menusite-2026", "Waiter.Waiter", "МенюРесторан1", "admin_kitchen_7", "Qwerty-Demo!"]
)
def test_words_of_the_trade_alone_are_no_password(password: str) -> None:
    assert refusals(password) == ["password_known"]


@pytest.mark.parametrize(
    "password",
    [
        "48217390561742",
        "correct horse battery staple",
        "kettle on the menu",
        "только строчные буквы",
        "  two  spaces  ",
        "🍵🍰🥐🍵🍰🥐🍵🍰",
        "a" * 7 + "b" * 120,
    ],
)
def test_any_signs_make_a_password(password: str) -> None:
    assert refusals(password) == []


def test_short_ones_and_those_of_breaches_are_refused() -> None:
    assert refusals("ж7%kw2q") == ["password_too_short"]
    assert [refusals(password) for password in ("12345678", "iloveyou1", "Football1")] == [["password_too_common"]] * 3


@pytest.mark.django_db
def test_the_organisations_name_is_no_password(alice: User, bob: User, organisation_a: Organisation) -> None:
    password = f"{organisation_a.name.upper()} 2026!"

    assert refusals(password, alice) == ["password_known"]
    assert refusals(password, bob) == []
