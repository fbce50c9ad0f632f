"""The interface's translations, compiled without the gettext tools, which a bare machine has not.

`python -m menusite.translations` compiles those under `locale/`.
"""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"


def compile_translations(folder: Path = LOCALE_DIR) -> list[Path]:
    """Make a `.mo` beside each `.po` under `folder` that is newer than its own; returns those made."""
    stale = [source for source in sorted(folder.rglob("*.po")) if _is_stale(source, source.with_suffix(".mo"))]
    return [_compile(source) for source in stale]


def _is_stale(source: Path, compiled: Path) -> bool:
    return not compiled.exists() or compiled.stat().st_mtime <= source.stat().st_mtime


def _compile(source: Path) -> Path:
    compiled = source.with_suffix(".mo")
    with source.open("rb") as texts:
        # Without a language the rule of plurals is left out; a new catalogue does not name its own.
        catalog = read_po(texts, locale=source.parents[1].name, ignore_obsolete=True)
    # Written aside first: a process that starts meanwhile reads the old file or the new one, never a part.
    draft = compiled.with_suffix(".mo.draft")
    with draft.open("wb") as target:
        write_mo(target, catalog)
    draft.replace(compiled)
    return compiled


if __name__ == "__main__":
    compile_translations()
