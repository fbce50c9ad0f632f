"""Whether the static files that are there have been collected and packed already."""

import hashlib
from pathlib import Path


def state_of(base: Path) -> str:
    """A digest that changes when there is something to collect anew: a file of ours or a package's version."""
    digest = hashlib.blake2b((base / "requirements.txt").read_bytes(), digest_size=16)
    for path in sorted((base / "static").rglob("*")):
        if path.is_file():
            digest.update(f"{path.relative_to(base)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return digest.hexdigest()


def is_collected(base: Path) -> bool:
    mark = _mark(base)
    return mark.is_file() and mark.read_text("utf-8") == state_of(base)


def mark_collected(base: Path, state: str) -> None:
    """Remember that the files as they were in `state` are collected."""
    _mark(base).write_text(state, "utf-8")


def _mark(base: Path) -> Path:
    return base / "var" / "static" / ".collected"
