"""From cells to what they mean: every mistake of every row is found before anything is written."""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from menu_pages.menu_files.columns import NUMBERS, TEXT_LENGTHS, other_languages
from menu_pages.menu_files.json_files import parse
from menu_pages.menu_files.numbers import WrongNumberError, parse_number
from menu_pages.menu_files.option_cells import WrongOptionsError, parse_options
from menu_pages.menu_files.problems import FileRefused, Findings
from menu_pages.menu_files.tables import RawRow
from menu_pages.menu_files.texts import clean_text, is_text, one_line, same_words, split_path
from menu_pages.vocabulary import Allergen, DietTag, Unit

YES = {"yes", "y", "true", "1", "да", "+"}
NO = {"no", "n", "false", "0", "нет", "-"}
UNITS = {"г": Unit.GRAM, "гр": Unit.GRAM, "мл": Unit.MILLILITRE, "шт": Unit.PIECE}
LONGEST_OPTION_WORDS = 4_000
DEEPEST_PATH = 5


@dataclass(slots=True)
class CheckedRow:
    """A row's values, those the file has columns for: `title`, `price`… as the pages keep them.

    `words` are translations by language; `path_words` the translated category path by language.
    """

    number: int
    path: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    words: dict[str, dict[str, Any]] = field(default_factory=dict)
    path_words: dict[str, tuple[str, ...]] = field(default_factory=dict)


class WrongCellError(ValueError):
    """The message is for the person who wrote the cell."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the rows are checked against."""

    language: str
    currency: str
    # Names of pictures there are, as `menu_pictures` finds them.
    has_picture: Callable[[str], bool]


def check_rows(rows: Iterable[RawRow], expected: Expected, findings: Findings) -> list[CheckedRow]:
    """The rows that are right; problems of the others go to `findings`."""
    checker = _Checker(expected, findings)
    return [row for row in map(checker.check, rows) if row is not None]


class _Checker:
    def __init__(self, expected: Expected, findings: Findings) -> None:
        self.expected = expected
        self.findings = findings
        self.languages = other_languages(expected.language)
        self.allergens = _keys_of(Allergen)
        self.tags = _keys_of(DietTag)

    def check(self, raw: RawRow) -> CheckedRow | None:
        before = self.findings.count
        row = CheckedRow(raw.number)
        for name in ("category", "title", "price"):
            if _is_empty(raw.cells.get(name)):
                self.findings.add(raw.number, name, _("This cell must not be empty."))
        for name, cell in raw.cells.items():
            try:
                self._take(row, name, cell)
            except (WrongCellError, WrongNumberError, WrongOptionsError) as error:
                self.findings.add(raw.number, name, str(error))
        return row if self.findings.count == before else None

    def _take(self, row: CheckedRow, name: str, cell: Any) -> None:
        base, _underscore, code = name.rpartition("_")
        if name == "category":
            row.path = _path(cell, name)
        elif name == "currency":
            self._check_currency(cell)
        elif code in self.languages and base == "category":
            if not _is_empty(cell):
                row.path_words[code] = _path(cell, base)
        elif code in self.languages and base:
            words = _words(cell) if base == "options" else _text(cell, base)
            row.words.setdefault(code, {})[base] = words
        else:
            self._take_value(row, name, cell)

    def _take_value(self, row: CheckedRow, name: str, cell: Any) -> None:
        empty = _is_empty(cell)
        if name in NUMBERS:
            row.values[name] = None if empty else parse_number(cell, *NUMBERS[name])
        elif name in ("title", "description"):
            row.values[name] = _text(cell, name)
        elif name == "options":
            row.values[name] = () if empty else parse_options(cell)
        elif name in ("allergens", "tags"):
            row.values[name] = _choices(cell, self.allergens if name == "allergens" else self.tags)
        elif name == "photo":
            row.values[name] = self._photo(cell)
        elif not empty:  # an empty cell of these says nothing: the dish keeps what it has
            row.values[name] = {"unit": _unit, "available": _yes_or_no, "slug": _slug}[name](cell)

    def _check_currency(self, cell: Any) -> None:
        if not _is_empty(cell) and _text(cell, "currency").upper() != self.expected.currency:
            raise WrongCellError(
                _("The prices of this place are in %(currency)s.") % {"currency": self.expected.currency}
            )

    def _photo(self, cell: Any) -> str:
        name = _text(cell, "photo")
        if "://" in name or name.startswith("//"):
            raise WrongCellError(_("Write the file name of a picture; pictures are not fetched from addresses."))
        if name and not self.expected.has_picture(name):
            raise WrongCellError(
                _("There is no picture “%(name)s”: upload it first, or put it into one .zip archive with this file.")
                % {"name": name[:80]}
            )
        return name


def _is_empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not clean_text(cell)) or (isinstance(cell, list) and not cell)


def _text(cell: Any, name: str) -> str:
    text = clean_text(_as_text(cell))
    if not is_text(text):
        raise WrongCellError(_("There are halves of characters in this text: it was damaged when it was saved."))
    longest = TEXT_LENGTHS.get(name, 255)
    if len(text) > longest:
        raise WrongCellError(
            _("The text is %(length)d characters long; at most %(longest)d fit.")
            % {"length": len(text), "longest": longest}
        )
    return text if name == "description" else one_line(text)


def _as_text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.15g}"
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool) and Decimal(cell).adjusted() < 15:
        return str(cell)
    if isinstance(cell, datetime.date | datetime.time):
        raise WrongCellError(_("The spreadsheet has turned this into a date. Format the cell as text."))
    raise WrongCellError(_("A text is expected here."))


def _path(cell: Any, name: str) -> tuple[str, ...]:
    text = _text(cell, name)
    if not text:
        return ()
    path = split_path(text)
    if not all(path):
        raise WrongCellError(_("A part of the category is empty: write “Drinks / Tea”."))
    if len(path) > DEEPEST_PATH:
        raise WrongCellError(_("Categories are at most %(most)d deep.") % {"most": DEEPEST_PATH})
    return path


def _words(cell: Any) -> dict[str, str]:
    """Translations of option titles."""
    if _is_empty(cell):
        return {}
    if isinstance(cell, str):
        try:
            cell = parse(cell)
        except FileRefused as error:
            raise WrongCellError(error.problems[0].message) from error
    if not isinstance(cell, dict) or not all(isinstance(part, str) for pair in cell.items() for part in pair):
        raise WrongCellError(_('Write {"your word": "its translation"}.'))
    words = {_text(own, "title"): _text(word, "title") for own, word in cell.items()}
    if sum(map(len, [*words, *words.values()])) > LONGEST_OPTION_WORDS:
        raise WrongCellError(_("The text is too long."))
    return {own: word for own, word in words.items() if own and word}


def _keys_of(choices: type[models.TextChoices]) -> dict[str, str]:
    """Every way to write one of these: its key, or its title in a language of the service; in the list's order."""
    found = {choice.value: choice.value for choice in choices}
    for code, _title in settings.LANGUAGES:
        with translation.override(code):
            for choice in choices:
                found.setdefault(same_words(str(choice.label)), choice.value)
    return found


def _choices(cell: Any, keys: dict[str, str]) -> list[str]:
    parts = cell if isinstance(cell, list) else _text(cell, "description").split("|")
    found = []
    for part in parts:
        name = _text(part, "title")
        if name and same_words(name) not in keys:
            known = ", ".join(dict.fromkeys(keys.values()))
            raise WrongCellError(_("“%(name)s” is not on the list: %(known)s.") % {"name": name[:40], "known": known})
        if name:
            found.append(keys[same_words(name)])
    return [key for key in dict.fromkeys(keys.values()) if key in found]


def _unit(cell: Any) -> str:
    text = _text(cell, "unit").lower().rstrip(".")
    if text in Unit.values:
        return text
    if text not in UNITS:
        raise WrongCellError(_("“%(unit)s” is no unit: write g, ml or pcs.") % {"unit": text[:20]})
    return str(UNITS[text].value)


def _yes_or_no(cell: Any) -> bool:
    text = str(cell).lower() if isinstance(cell, bool) else _text(cell, "available").lower()
    if text not in YES | NO:
        raise WrongCellError(_("Write yes or no."))
    return text in YES


def _slug(cell: Any) -> str:
    text = _text(cell, "slug")
    try:
        validate_slug(text)
    except ValidationError as error:
        raise WrongCellError(_("An address is made of Latin letters, figures, hyphens and underscores.")) from error
    return text
