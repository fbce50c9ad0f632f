"""A dish's choices (size, doneness, add-ons): reading them from the page and checking what a guest chose."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext, ngettext


class ChoiceError(ValueError):
    """The guest's choice does not fit the dish; the message is for the guest."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `price` is added to the dish's own."""

    id: str
    title: str
    price: Decimal
    default: bool


@dataclass(frozen=True, slots=True)
class OptionGroup:
    """Between `minimum` and `maximum` options are to be chosen."""

    id: str
    title: str
    minimum: int
    maximum: int
    options: tuple[Option, ...]

    @property
    def required(self) -> bool:
        return self.minimum > 0

    @property
    def single(self) -> bool:
        return self.maximum == 1


def read_groups(raw: Iterable[dict[str, Any]], titles: dict[str, str] | None = None) -> tuple[OptionGroup, ...]:
    """Groups from the stream field's raw data; `titles` are a language's words for the titles written by the owner."""
    words = titles or {}
    groups = []
    for block in raw:
        value = block["value"]
        options = tuple(
            Option(
                id=item["id"],
                title=words.get(item["value"]["title"], item["value"]["title"]),
                price=Decimal(str(item["value"]["price"] or 0)),
                default=bool(item["value"]["default"]),
            )
            for item in value["options"]
        )
        title = words.get(value["title"], value["title"])
        groups.append(OptionGroup(block["id"], title, int(value["minimum"]), int(value["maximum"]), options))
    return tuple(groups)


def choose(groups: tuple[OptionGroup, ...], chosen_ids: Iterable[str]) -> tuple[Option, ...]:
    """The chosen options in the menu's order; raises `ChoiceError` when one is unknown, missing or too many."""
    wanted = set(chosen_ids)
    chosen: list[Option] = []
    for group in groups:
        picked = [option for option in group.options if option.id in wanted]
        if len(picked) < group.minimum:
            raise ChoiceError(_too_few(group))
        if len(picked) > group.maximum:
            raise ChoiceError(_too_many(group))
        chosen += picked
    if len(chosen) != len(wanted):
        raise ChoiceError(gettext("This choice is no longer on the menu. Please choose again."))
    return tuple(chosen)


def defaults(groups: tuple[OptionGroup, ...]) -> tuple[Option, ...]:
    return tuple(option for group in groups for option in group.options if option.default)


def active_language() -> str:
    return (get_language() or "").split("-")[0]


def _too_few(group: OptionGroup) -> str:
    if group.minimum == 1:
        return gettext("Choose an option in “%(group)s”.") % {"group": group.title}
    return ngettext(
        "Choose at least %(count)d option in “%(group)s”.",
        "Choose at least %(count)d options in “%(group)s”.",
        group.minimum,
    ) % {"count": group.minimum, "group": group.title}


def _too_many(group: OptionGroup) -> str:
    return ngettext(
        "Choose at most %(count)d option in “%(group)s”.",
        "Choose at most %(count)d options in “%(group)s”.",
        group.maximum,
    ) % {"count": group.maximum, "group": group.title}
