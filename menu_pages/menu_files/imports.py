"""An import from the checked file to the last page written: prepared, started, run piece by piece, given up."""

import datetime
import time
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation

from accounts.audit import record
from accounts.letters.sending import language_of
from accounts.models import AuditAction, User
from menu_pages import turns
from menu_pages.menu_files.applying import MenuMovedError, apply_plan, size_of
from menu_pages.menu_files.files import Comparison, MenuFile, compare, read_file
from menu_pages.menu_files.problems import FileRefused, first_words
from menu_pages.menu_files.summaries import summary_of
from menu_pages.menu_files.tables import RawRow
from menu_pages.menu_files.writing import Writer
from menu_pages.models import ImportStatus, MenuImport, MenuImportPicture, PlacePage

KEPT_UNSTARTED = datetime.timedelta(days=1)

Progress = Callable[[int, int], None]


def look_into(place: PlacePage, name: str, content: bytes, *, replace: bool) -> tuple[MenuFile, Comparison]:
    """The file and what importing it would change: the dry run. Writes nothing; raises `FileRefused`."""
    menu_file = read_file(place, name, content)
    found = compare(place, menu_file.raw, menu_file.pictures, replace=replace, findings=menu_file.findings)
    return menu_file, found


def prepare_import(*, place: PlacePage, name: str, content: bytes, replace: bool, by: User | None) -> MenuImport:
    """Check the file and keep its rows with what they would change, ready to be started; raises `FileRefused`.

    Files of this place that were checked and never imported go after a day.
    """
    menu_file, comparison = look_into(place, name, content, replace=replace)
    MenuImport.objects.filter(
        place=place, status=ImportStatus.READY, created_at__lt=timezone.now() - KEPT_UNSTARTED
    ).delete()
    menu_import = MenuImport.objects.create(
        place=place,
        file_name=name[-255:],
        rows=[[row.number, row.cells] for row in menu_file.raw],
        replace=replace,
        summary=summary_of(comparison.plan, menu_file.notices),
        total=size_of(comparison.plan, len(menu_file.raw)),
        by=by,
    )
    # One by one: together they may be larger than a transaction others wait for should be.
    for picture, sha1 in menu_file.pictures.items():
        if menu_file.archive:
            content = menu_file.archive.picture(picture).drawn.content
            MenuImportPicture.objects.create(menu_import=menu_import, name=picture, sha1=sha1, content=content)
    return menu_import


def start_import(menu_import: MenuImport) -> None:
    """Hand it to the worker; raises `turns.AnotherRunsError` or `turns.QueueAwayError`, and then nothing has
    changed."""
    from menu_pages.tasks import import_menu

    turns.start(menu_import, import_menu)


def give_up(menu_import: MenuImport) -> None:
    """Forget a file that was checked and not imported; one that was started stays."""
    MenuImport.objects.filter(pk=menu_import.pk, status=ImportStatus.READY).delete()


def run_turn(menu_import_id: int) -> None:
    """Work on it for a while, and ask for another turn if that was not enough."""
    from menu_pages.tasks import import_menu

    turns.run_turn(MenuImport, menu_import_id, run_import, import_menu)


def run_import(menu_import_id: int, *, seconds: float | None = None, progress: Progress | None = None) -> bool:
    """Go on with an import under way; returns False when `seconds` were not enough to finish.

    Safe at any time and in any number of workers: the last to begin takes over, the others can write no more. What is
    done is known with each piece written, so a piece is written once.
    """
    ours = turns.take_over(MenuImport, menu_import_id)
    if ours is None:
        return True
    menu_import = MenuImport.objects.select_related("place__record", "by").get(pk=menu_import_id)
    with translation.override(language_of(menu_import.by)):
        try:
            finished = _carry_on(menu_import, ours, seconds, progress)
        except turns.TakenOver:
            return True
        except (MenuMovedError, FileRefused) as error:
            _fail(menu_import, ours, _words_of(error))
            return True
    if finished:
        _finish(menu_import, ours)
    return finished


def _carry_on(
    menu_import: MenuImport, ours: "QuerySet[MenuImport]", seconds: float | None, progress: Progress | None
) -> bool:
    place: PlacePage = menu_import.place
    rows = [RawRow(number, cells) for number, cells in menu_import.rows]
    pictures = dict(menu_import.pictures.values_list("name", "sha1"))
    found = compare(place, rows, pictures, replace=menu_import.replace)
    total = size_of(found.plan, len(rows))
    if menu_import.done:
        # Withdrawn already are no longer in the plan, but they count.
        total = max(total, menu_import.total)
    writer = Writer(place=place, menu=found.menu, shelf=found.shelf, by=menu_import.by, source=menu_import)
    return apply_plan(
        found.plan,
        writer,
        positions={row.number: position for position, row in enumerate(rows, start=1)},
        total=total,
        start_at=menu_import.done,
        keep=partial(_keep, ours, total, progress),
        deadline=None if seconds is None else time.monotonic() + seconds,
    )


def _keep(ours: "QuerySet[MenuImport]", total: int, progress: Progress | None, done: int) -> None:
    turns.keep(ours, done=done, total=total)
    if progress:
        progress(done, total)


def _finish(menu_import: MenuImport, ours: "QuerySet[MenuImport]") -> None:
    now = timezone.now()
    with transaction.atomic():
        if ours.update(status=ImportStatus.DONE, done=F("total"), rows=[], moved_at=now, finished_at=now):
            menu_import.pictures.all().delete()
            _record(menu_import, **menu_import.counts())


def _fail(menu_import: MenuImport, ours: "QuerySet[MenuImport]", problem: str) -> None:
    with transaction.atomic():
        turns.fail(ours, problem)
        menu_import.refresh_from_db(fields=("status", "done", "total"))
        if menu_import.status == ImportStatus.FAILED and menu_import.done:
            # What was written until then stays, prices included.
            _record(menu_import, done=menu_import.done, total=menu_import.total)


def _record(menu_import: MenuImport, **counts: int) -> None:
    place: PlacePage = menu_import.place
    record(
        AuditAction.DATA_IMPORTED,
        organisation_id=place.record.organisation_id,
        by=menu_import.by,
        subject=menu_import.file_name,
        place=place.title,
        **counts,
    )


def _words_of(error: MenuMovedError | FileRefused) -> str:
    return str(error) if isinstance(error, MenuMovedError) else first_words(error)
