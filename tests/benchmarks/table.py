"""The tables of figures: each benchmark adds its rows, the end of the run writes them down."""

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.targets import Target

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

What `make bench` measured last; the rows of a thousand places are `make bench-scale`’s. Figures are of one machine that
may have been busy and mean little elsewhere; each stands beside a reference taken in the same run, and the ratio is
what counts. The last column is the commit that was measured, “+” with changes not committed.

{machine}
"""
COLUMNS = """| what | figure | reference in the same run | ratio | wanted | holds | commit |
|---|---|---|---|---|---|---|
"""
NOT_YET = "Not measured yet."


@dataclass(frozen=True, slots=True)
class Row:
    """One line; `holds` is None where nothing is promised or nothing could be measured."""

    target: Target
    what: str
    figure: str
    reference: str = ""
    ratio: float | None = None
    wanted: str = ""
    holds: bool | None = None


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(
        self,
        target: Target,
        what: str,
        figure: str,
        *,
        reference: str = "",
        ratio: float | None = None,
        wanted: str = "",
        holds: bool | None = None,
    ) -> None:
        self.rows.append(Row(target, what, figure, reference, ratio, wanted, holds))

    def missing(self, target: Target, what: str, why: str, *, wanted: str = "") -> None:
        """A row for what this machine cannot measure; `why` says what to install."""
        self.rows.append(Row(target, what, f"not measured: {why}", wanted=wanted))

    def write(self, page: Path = PAGE) -> None:
        """Write the page; rows of benchmarks that were not run this time stay as they were, with their own commit."""
        commit = _commit()
        found = _kept(page)
        for row in self.rows:
            found.setdefault(row.target.heading, {})[row.what] = _line(row, commit)
        parts = [HEAD.format(machine=_machine())]
        for target in Target:
            lines = found.get(target.heading, {})
            table = COLUMNS + "".join(f"{line}\n" for line in lines.values()) if lines else f"{NOT_YET}\n"
            parts.append(f"\n## {target.heading}\n\n{target.promise[0].upper()}{target.promise[1:]}.\n\n{table}")
        page.write_text("".join(parts), "utf-8")


def _kept(page: Path) -> dict[str, dict[str, str]]:
    """The lines of the page as it is, by heading and name."""
    found: dict[str, dict[str, str]] = {}
    heading = ""
    for line in page.read_text("utf-8").splitlines() if page.exists() else ():
        if line.startswith("## "):
            heading = line.removeprefix("## ")
        elif line.startswith("| ") and not line.startswith("| what |"):
            found.setdefault(heading, {})[line.split(" | ")[0].removeprefix("| ")] = line
    return found


def _line(row: Row, commit: str) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    holds = {True: "yes", False: "**no**", None: "–"}[row.holds]
    return f"| {row.what} | {row.figure} | {row.reference} | {ratio} | {row.wanted} | {holds} | {commit} |"


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()


def _commit() -> str:
    changed = _git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{PAGE.relative_to(ROOT)}")
    return (_git("rev-parse", "--short", "HEAD") or "unknown") + ("+" if changed else "")


def _machine() -> str:
    python = platform.python_version()
    return f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {python}."
