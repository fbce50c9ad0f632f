"""What a plan would do, in words and figures for the dry run."""

import json
from typing import Any

from django.utils.translation import gettext as _

from menu_pages.menu_files.columns import NUMBERS
from menu_pages.menu_files.numbers import plain_number
from menu_pages.menu_files.option_cells import as_json
from menu_pages.menu_files.pictures_shelf import file_names
from menu_pages.menu_files.planning import CategoryStep, DishStep, Plan

MOST_SHOWN = 200
LONGEST_SHOWN = 160


def summary_of(plan: Plan, notices: list[str]) -> dict[str, Any]:
    """Counts of everything and the first `MOST_SHOWN` of each kind, ready to be stored as JSON."""
    changed = plan.changed
    pictures = file_names(step.dish.picture_id for step in changed[:MOST_SHOWN] if step.dish and step.dish.picture_id)
    withdrawn = [{"title": dish.title, "category": " / ".join(dish.path)} for dish in plan.withdrawn[:MOST_SHOWN]]
    return {
        "categories": _part(plan.categories, [_category(step) for step in plan.categories[:MOST_SHOWN]]),
        "added": _part(plan.added, [_added(step) for step in plan.added[:MOST_SHOWN]]),
        "changed": _part(changed, [_changed(step, pictures) for step in changed[:MOST_SHOWN]]),
        "withdrawn": _part(plan.withdrawn, withdrawn),
        "unchanged": plan.unchanged,
        "notices": notices,
    }


def _part(steps: list[Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(steps), "rows": rows}


def _category(step: CategoryStep) -> dict[str, Any]:
    what = _("new category") if step.id is None else _("published again") if step.publish else _("translated")
    words = ", ".join(f"{code}: {title}" for code, title in step.titles.items() if title)
    return {"row": step.row, "category": " / ".join(step.path), "what": what, "words": words}


def _added(step: DishStep) -> dict[str, Any]:
    price = f"{step.values['price']:.2f}"
    category = " / ".join(step.row.path)
    return {"row": step.row.number, "category": category, "title": step.values["title"], "price": price}


def _changed(step: DishStep, pictures: dict[int, str]) -> dict[str, Any]:
    dish = step.dish
    assert dish is not None  # noqa: S101  (for the type checker: added dishes are told elsewhere)
    fields = [
        _field(name, pictures.get(dish.picture_id or 0, "") if name == "photo" else dish.values[name], value)
        for name, value in step.values.items()
    ]
    for code, words in step.words.items():
        before = dish.words.get(code, {})
        fields += [_field(f"{name}_{code}", before.get(name, ""), text) for name, text in words.items()]
    if step.moves:
        fields.append(_field("category", " / ".join(dish.path), " / ".join(step.row.path)))
    return {
        "row": step.row.number,
        "category": " / ".join(dish.path),
        "title": dish.title,
        "fields": fields,
        "returns": step.publishes,
    }


def _field(column: str, before: Any, after: Any) -> dict[str, str]:
    return {"column": column, "before": _shown(column, before), "after": _shown(column, after)}


def _shown(column: str, value: Any) -> str:
    if value is None or value in ("", [], (), {}):
        return "—"
    if column in ("price", "cost"):
        return f"{value:.2f}"
    if column in NUMBERS:
        return plain_number(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, tuple):
        value = as_json(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
