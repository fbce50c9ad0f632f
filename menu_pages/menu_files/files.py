"""A menu file of any kind, read and checked against a place: all that can be known before the menu is touched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from menu_pages.menu_files.archives import Archive, WrongPictureError, open_archive
from menu_pages.menu_files.checking import CheckedRow, Expected, check_rows
from menu_pages.menu_files.csv_files import read_csv
from menu_pages.menu_files.excel_files import read_excel
from menu_pages.menu_files.json_files import read_json
from menu_pages.menu_files.pictures_shelf import PicturesShelf
from menu_pages.menu_files.planning import Plan, make_plan
from menu_pages.menu_files.present import PresentMenu, read_present
from menu_pages.menu_files.problems import Findings, refused
from menu_pages.menu_files.tables import RawRow, RawTable
from menu_pages.models import PlacePage

MEGABYTE = 1024 * 1024
READERS: dict[str, Callable[[bytes, str], RawTable]] = {".csv": read_csv, ".xlsx": read_excel, ".json": read_json}
# How large a file of each kind may be.
MOST_BYTES = {".csv": 10 * MEGABYTE, ".xlsx": 10 * MEGABYTE, ".json": 10 * MEGABYTE, ".zip": 60 * MEGABYTE}


@dataclass(slots=True)
class MenuFile:
    """A file's rows as they were read."""

    raw: list[RawRow]
    archive: Archive | None = None
    # SHA-1 of the pictures that rows name, by name.
    pictures: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    # Problems of cells the reader has found.
    findings: Findings = field(default_factory=Findings)


@dataclass(slots=True)
class Comparison:
    """Rows beside the menu: what is needed to carry the plan out."""

    rows: list[CheckedRow]
    menu: PresentMenu
    shelf: PicturesShelf
    plan: Plan


def check_size(name: str, size: int) -> None:
    """Raises `FileRefused` for a file of another kind than ours, or too large to look into."""
    most = MOST_BYTES.get(PurePath(name).suffix.lower())
    if most is None:
        raise refused(_("A menu file is .xlsx, .csv or .json, or a .zip archive with one of these and pictures."))
    if size > most:
        raise refused(_("The file is larger than %(size)d MB.") % {"size": most // MEGABYTE})


def read_file(place: PlacePage, name: str, content: bytes) -> MenuFile:
    """Read the file whole; raises `FileRefused` when it is none a menu can be read from."""
    check_size(name, len(content))
    language = place.record.language
    archive = open_archive(content) if name.lower().endswith(".zip") else None
    menu_name, menu = (archive.menu_name, archive.menu) if archive else (name, content)
    check_size(menu_name, len(menu))
    table = READERS[PurePath(menu_name).suffix.lower()](menu, language)
    pictures = _check_pictures(table, archive) if archive else {}
    if not table.rows and not table.findings.count:
        raise refused(_("There is no dish in the file."))
    return MenuFile(table.rows, archive, pictures, [*table.notices, *_unused(archive, pictures)], table.findings)


def compare(
    place: PlacePage,
    rows: Sequence[RawRow],
    pictures: dict[str, str] | None = None,
    *,
    replace: bool = False,
    findings: Findings | None = None,
) -> Comparison:
    """What the rows would change now; raises `FileRefused` with everything that is wrong in them, with `findings` of
    their reader, and where they contradict each other or the menu. Three queries for any number of rows."""
    findings = findings or Findings()
    shelf = PicturesShelf(place, pictures)
    expected = Expected(place.record.language, place.record.currency, shelf.has)
    checked = check_rows(rows, expected, findings)
    menu = read_present(place)
    plan = make_plan(checked, menu, shelf, replace=replace, findings=findings)
    findings.raise_if_any()
    return Comparison(checked, menu, shelf, plan)


def _check_pictures(table: RawTable, archive: Archive) -> dict[str, str]:
    """SHA-1 of the archive's pictures that rows name, by name; what is wrong with one is said at its first row."""
    by_name = {name.casefold(): name for name in archive.pictures}
    found: dict[str, str] = {}
    wrong: set[str] = set()
    for row in table.rows:
        name = by_name.get(str(row.cells.get("photo") or "").strip().casefold())
        if name is None or name in found or name in wrong:
            continue
        try:
            found[name] = archive.picture(name).sha1
        except WrongPictureError as error:
            wrong.add(name)
            table.findings.add(row.number, "photo", str(error))
            # Not a missing picture too: the row has one problem, not two.
            found[name] = ""
    return found


def _unused(archive: Archive | None, pictures: dict[str, str]) -> list[str]:
    count = len(archive.pictures) - len(pictures) if archive else 0
    if not count:
        return []
    words = ngettext(
        "%(count)d picture of the archive is named by no row and is left out.",
        "%(count)d pictures of the archive are named by no row and are left out.",
        count,
    )
    return [words % {"count": count}]
