"""Passwords made of words that everybody guesses first here. The list is also docs/security.md's."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.scope import everyone

# The product's name, what it is about, the roles of its people, and what is always tried; in both languages.
KNOWN_WORDS = (
    "menusite", "menu", "restaurant", "cafe", "bar", "food", "kitchen", "table", "order", "pizza", "sushi", "coffee",
    "owner", "editor", "manager", "waiter", "analyst", "admin", "administrator", "staff", "operator", "guest", "user",
    "password", "passwd", "qwerty", "welcome", "login", "secret", "test", "demo",
    "меню", "ресторан", "кафе", "бар", "еда", "кухня", "столик", "стол", "заказ", "пицца", "суши", "кофе",
    "владелец", "редактор", "менеджер", "официант", "аналитик", "админ", "администратор", "персонал", "гость",
    "пароль", "йцукен", "секрет", "тест", "демо",
)  # fmt: skip
_NO_LETTERS = re.compile(r"[\W\d_]+")


class KnownWordsValidator:
    """Refuses a password of nothing but known words (the service's, or the name of an organisation of the user's) with
    figures and signs between them. What else a password is made of is its owner's affair."""

    def validate(self, password: str, user: User | None = None) -> None:
        letters = _NO_LETTERS.sub("", password.casefold())
        words = sorted({*KNOWN_WORDS, *_names_of(user)}, key=len, reverse=True)
        left = re.sub("|".join(map(re.escape, words)), "", letters)
        if letters and not left:
            raise ValidationError(_("This password is made of words that are guessed first."), code="password_known")

    def get_help_text(self) -> str:
        return _("Your password can’t be just the name of your organisation or a word of the trade.")


def _names_of(user: User | None) -> list[str]:
    """Names of the user's organisations as the password's letters are compared. One query for who has an account."""
    if user is None or user.pk is None:
        return []
    with everyone():
        names = Organisation.objects.filter(memberships__user=user).values_list("name", flat=True)
        return [plain for name in names if (plain := _NO_LETTERS.sub("", name.casefold()))]
