"""A dish's options in a file: a JSON array of groups, `[{"title", "min", "max", "options": [{"title", "price",
"default"}]}]`; between it and the dish's stream field."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from menu_pages.menu_files.json_files import parse
from menu_pages.menu_files.numbers import WrongNumberError, parse_number
from menu_pages.menu_files.problems import FileRefused
from menu_pages.menu_files.texts import clean_text, is_text

MOST_GROUPS = 10
MOST_OPTIONS = 20
MOST_CHOSEN = 20
LONGEST_TITLE = 80


class WrongOptionsError(ValueError):
    """Not options a dish can have; the message is for the person who wrote them."""


@dataclass(frozen=True, slots=True)
class OptionCell:
    title: str
    price: Decimal
    default: bool


@dataclass(frozen=True, slots=True)
class GroupCell:
    title: str
    minimum: int
    maximum: int
    options: tuple[OptionCell, ...]


def parse_options(value: Any) -> tuple[GroupCell, ...]:
    """The groups of a cell: JSON text, or the list itself; raises `WrongOptionsError`."""
    if isinstance(value, str):
        try:
            value = parse(value) if value.strip() else []
        except FileRefused as error:
            raise WrongOptionsError(error.problems[0].message) from error
    if not isinstance(value, list):
        raise WrongOptionsError(_("Options are a list of groups: [{…}]."))
    if len(value) > MOST_GROUPS:
        raise WrongOptionsError(_("A dish has at most %(most)d groups of options.") % {"most": MOST_GROUPS})
    return tuple(_group(group) for group in value)


def _group(group: Any) -> GroupCell:
    _expect(group, {"title", "min", "max", "options"})
    title = _title(group)
    options = group.get("options")
    if not isinstance(options, list) or not 1 <= len(options) <= MOST_OPTIONS:
        raise WrongOptionsError(
            _("“%(group)s” must have from 1 to %(most)d options.") % {"group": title, "most": MOST_OPTIONS}
        )
    cells = tuple(_option(option) for option in options)
    cell = GroupCell(title, _count(group, "min", 0), _count(group, "max", 1), cells)
    chosen = sum(option.default for option in cells)
    if cell.maximum < max(cell.minimum, 1) or cell.minimum > len(cells) or chosen > cell.maximum:
        raise WrongOptionsError(
            _("In “%(group)s”, “min”, “max”, the number of options and those chosen from the start do not agree.")
            % {"group": title}
        )
    return cell


def _option(option: Any) -> OptionCell:
    _expect(option, {"title", "price", "default"})
    title, price, default = _title(option), option.get("price"), option.get("default", False)
    if not isinstance(default, bool):
        raise WrongOptionsError(_("“default” of “%(title)s” must be true or false.") % {"title": title})
    try:
        return OptionCell(title, Decimal(0) if price in (None, "") else parse_number(price, 8, 2), default)
    except WrongNumberError as error:
        raise WrongOptionsError(f"“{title}”: {error}") from error


def _expect(found: Any, names: set[str]) -> None:
    if not isinstance(found, dict):
        raise WrongOptionsError(_("Options are a list of groups: [{…}]."))
    unknown = sorted(str(name) for name in found.keys() - names)
    if unknown:
        raise WrongOptionsError(_("Options have no “%(names)s”.") % {"names": "”, “".join(unknown)[:80]})


def _title(found: dict[str, Any]) -> str:
    title = found.get("title")
    cleaned = clean_text(title) if isinstance(title, str) and is_text(title) else ""
    if not 1 <= len(cleaned) <= LONGEST_TITLE:
        raise WrongOptionsError(
            _("Every group and every option needs a title of at most %(most)d characters.") % {"most": LONGEST_TITLE}
        )
    return cleaned


def _count(group: dict[str, Any], name: str, default: int) -> int:
    value = group.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_CHOSEN:
        raise WrongOptionsError(
            _("“%(name)s” must be a whole number from 0 to %(most)d.") % {"name": name, "most": MOST_CHOSEN}
        )
    return value


def cells_of(raw: Iterable[dict[str, Any]]) -> tuple[GroupCell, ...]:
    """The groups in a stream field's raw data."""
    groups = []
    for block in raw:
        value = block["value"]
        options = tuple(
            OptionCell(
                clean_text(item["value"]["title"]),
                Decimal(str(item["value"].get("price") or 0)),
                bool(item["value"].get("default")),
            )
            for item in value["options"]
        )
        groups.append(GroupCell(clean_text(value["title"]), int(value["minimum"]), int(value["maximum"]), options))
    return tuple(groups)


def as_json(groups: Iterable[GroupCell]) -> list[dict[str, Any]]:
    """The groups as a file holds them."""
    return [
        {
            "title": group.title,
            "min": group.minimum,
            "max": group.maximum,
            "options": [
                {"title": option.title, "price": f"{option.price:.2f}", "default": option.default}
                for option in group.options
            ],
        }
        for group in groups
    ]


def raw_of(groups: Iterable[GroupCell], before: Iterable[dict[str, Any]] = ()) -> list[dict[str, Any]]:
    """The groups as a stream field keeps them. What has the title it had before keeps its id: baskets refer to it."""
    known = list(before)
    stream = []
    for group in groups:
        block = _take(known, group.title)
        items = list(block["value"]["options"]) if block else []
        options = []
        for option in group.options:
            item = _take(items, option.title)
            value = {"title": option.title, "price": f"{option.price:.2f}", "default": option.default}
            options.append({"type": "item", "id": _id(item), "value": value})
        value = {"title": group.title, "minimum": group.minimum, "maximum": group.maximum, "options": options}
        stream.append({"type": "group", "id": _id(block), "value": value})
    return stream


def _take(known: list[dict[str, Any]], title: str) -> dict[str, Any] | None:
    """The first block of this title, taken out of `known` so that it is not used twice."""
    for place, block in enumerate(known):
        if clean_text(block["value"]["title"]) == title:
            return known.pop(place)
    return None


def _id(block: dict[str, Any] | None) -> str:
    return str(block["id"]) if block and block.get("id") else str(uuid.uuid4())
