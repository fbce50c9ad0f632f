"""What may be wrong with a menu file, in words for the person who wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake and where it is: the row as spreadsheets number them (0: the whole file) and the column's name."""

    row: int
    column: str
    message: str


# More are counted but not listed: nobody reads on, and a file of nonsense must not fill the memory.
MOST_LISTED = 500


class FileRefused(Exception):
    """The file cannot be imported; nothing was written. `problems` says why, at least once."""

    def __init__(self, problems: Iterable[Problem], count: int | None = None) -> None:
        found = list(problems)
        self.count = len(found) if count is None else count
        self.problems = found[:MOST_LISTED]
        super().__init__("; ".join(problem.message for problem in self.problems[:3]))


def first_words(refusal: FileRefused) -> str:
    """The first problem and where it is, as one sentence."""
    first = refusal.problems[0]
    where = _("Row %(row)d, %(column)s: ") % {"row": first.row, "column": first.column} if first.row else ""
    return where + first.message


def listing(refusal: FileRefused) -> str:
    """Every problem on a line of its own, for a command: row, column, words."""
    lines = [
        f"row {problem.row}, {problem.column}: {problem.message}"
        if problem.row
        else ": ".join(filter(None, (problem.column, problem.message)))
        for problem in refusal.problems
    ]
    unlisted = refusal.count - len(refusal.problems)
    if unlisted > 0:
        lines.append(f"…and {unlisted} more.")
    return "\n".join(["Nothing was imported.", *lines])


def refused(message: str) -> FileRefused:
    """The whole file is refused, for one reason."""
    return FileRefused([Problem(0, "", message)])


class Findings:
    """Problems as they are found: listed up to `MOST_LISTED`, counted beyond."""

    def __init__(self, problems: Iterable[Problem] = (), count: int | None = None) -> None:
        self.problems = list(problems)
        self.count = len(self.problems) if count is None else count

    def add(self, row: int, column: str, message: str) -> None:
        self.count += 1
        if len(self.problems) < MOST_LISTED:
            self.problems.append(Problem(row, column, message))

    def raise_if_any(self) -> None:
        """Raises `FileRefused`, in the order of the rows."""
        if self.count:
            raise FileRefused(sorted(self.problems, key=lambda problem: problem.row), self.count)
