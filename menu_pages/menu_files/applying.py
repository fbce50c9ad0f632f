"""A plan carried out in pieces of under a second, so that guests and desks go on writing between them."""

from collections.abc import Callable
from functools import partial
from itertools import accumulate

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from menu_pages.menu_files.planning import DishStep, Plan
from menu_pages.menu_files.writing import Writer
from menu_pages.pieces import write_in_pieces


class MenuMovedError(Exception):
    """Someone changed the menu in a way the plan did not foresee; what was written until then stays. The message is
    for the moderator: planning again finds the way on."""


def size_of(plan: Plan, row_count: int) -> int:
    """How many steps carrying it out counts: every row, and every dish withdrawn."""
    return row_count + len(plan.withdrawn)


def apply_plan(
    plan: Plan,
    writer: Writer,
    *,
    positions: dict[int, int],
    total: int,
    start_at: int = 0,
    keep: Callable[[int], None] | None = None,
    deadline: float | None = None,
) -> bool:
    """Carry out the plan; returns whether it is finished, False when `deadline` (of `time.monotonic`) came first.

    `positions` says how far the file is done with each row number; steps up to `start_at` are left out. `keep` is
    called with the progress inside each piece's transaction: what it writes is true exactly when the piece is. What it
    raises undoes the piece and ends the run. Raises `MenuMovedError`.
    """
    steps = _steps(plan, writer, positions, total, start_at)
    # How far the file is done after so many steps; categories come first and stand in no row.
    reached = list(accumulate((position for position, _write_step, _where in steps), max, initial=start_at))
    return write_in_pieces(
        [partial(_write, write, where) for _position, write, where in steps],
        keep=(lambda taken: keep(reached[taken])) if keep else None,
        deadline=deadline,
    )


Step = tuple[int, Callable[[], None], str]


def _steps(plan: Plan, writer: Writer, positions: dict[int, int], total: int, start_at: int) -> list[Step]:
    """Each with the progress there is after it, and with words for where it stands."""
    steps: list[Step] = [(0, partial(writer.write_category, step), " / ".join(step.path)) for step in plan.categories]
    steps += [
        (positions[step.row.number], partial(writer.write_dish, step), _row_words(step))
        for step in plan.dishes
        if positions[step.row.number] > start_at
    ]
    first = total - len(plan.withdrawn)
    steps += [
        (position, partial(writer.withdraw, dish), dish.title)
        for position, dish in enumerate(plan.withdrawn, start=first + 1)
    ]
    return steps


def _row_words(step: DishStep) -> str:
    return _("row %(row)d, “%(title)s”") % {"row": step.row.number, "title": step.row.values["title"]}


def _write(write: Callable[[], None], where: str) -> None:
    try:
        write()
    except (ValidationError, IntegrityError, ObjectDoesNotExist) as error:
        why = " ".join(error.messages) if isinstance(error, ValidationError) else ""
        words = _("The menu was changed by someone else at the same time (%(where)s).") % {"where": where}
        raise MenuMovedError(f"{words} {why}".strip()) from error
