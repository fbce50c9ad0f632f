"""The table of figures: each benchmark adds its rows, the end of the run writes them down."""

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
HEAD = """# Benchmarks

What `make bench` measured last. Figures are of one busy machine and mean little elsewhere; each stands beside a
reference taken in the same run, and the ratio is what counts.

{machine}

| what | figure | reference in the same run | ratio | target |
|---|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Row:
    what: str
    figure: str
    reference: str = ""
    ratio: float | None = None
    target: str = ""


class Table:
    def __init__(self) -> None:
        self.rows: list[Row] = []

    def add(self, what: str, figure: str, *, reference: str = "", ratio: float | None = None, target: str = "") -> None:
        self.rows.append(Row(what, figure, reference, ratio, target))

    def write(self, page: Path = PAGE) -> None:
        """Write the page; rows of benchmarks that were not run this time stay as they were."""
        new = {row.what: _line(row) for row in self.rows}
        kept = {}
        if page.exists():
            for line in page.read_text("utf-8").splitlines():
                if line.startswith("| ") and not line.startswith("| what"):
                    kept[line.split(" | ")[0].removeprefix("| ")] = line
        lines = {**kept, **new}
        page.write_text(HEAD.format(machine=_machine()) + "".join(f"{line}\n" for line in lines.values()), "utf-8")


def _line(row: Row) -> str:
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
    return f"| {row.what} | {row.figure} | {row.reference} | {ratio} | {row.target} |"


def _machine() -> str:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return (
        f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}; commit {commit or 'unknown'}."
    )
