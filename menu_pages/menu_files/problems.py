"""What may be wrong with a menu file, in words for the person who wrote it."""

from collections.abc import Iterable
from dataclasses import dataclass


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
