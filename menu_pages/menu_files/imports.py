"""An import from the checked file to the last page written: prepared, started, run piece by piece, given up."""

import datetime
import logging
import time
from collections.abc import Callable
from functools import partial

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from accounts.models import User
from accounts.scope import everyone, organisations
from menu_pages.menu_files.applying import MenuMovedError, apply_plan, size_of
from menu_pages.menu_files.files import Comparison, MenuFile, compare, read_file
from menu_pages.menu_files.problems import FileRefused
from menu_pages.menu_files.summaries import summary_of
from menu_pages.menu_files.tables import RawRow
from menu_pages.menu_files.writing import Writer
from menu_pages.models import ImportStatus, MenuImport, MenuImportPicture, PlacePage, PlaceRecord
from menu_pages.models.menu_import import runner_token

logger = logging.getLogger(__name__)

# A worker that does one thing at a time lets letters and pictures through after so long.
TURN_SECONDS = 15
KEPT_UNSTARTED = datetime.timedelta(days=1)
UNDER_WAY = (ImportStatus.WAITING, ImportStatus.RUNNING)
STARTABLE = (ImportStatus.READY, ImportStatus.FAILED)

Progress = Callable[[int, int], None]


class AnotherRunsError(Exception):
    """The place's menu is being imported already."""


class QueueAwayError(Exception):
    """The queue of tasks cannot be reached; nothing was started."""


class _TakenOver(Exception):
    """Another worker has taken this import over."""


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
            MenuImportPicture.objects.create(
                menu_import=menu_import, name=picture, sha1=sha1, content=menu_file.archive.picture(picture)
            )
    return menu_import


def claim(menu_import: MenuImport) -> None:
    """Make it the place's import under way, waiting for a worker. One that stopped goes on where it was.

    Raises `AnotherRunsError`; an import that lost its worker is nobody's rival, and may itself be claimed again.
    """
    with transaction.atomic():
        PlaceRecord.objects.select_for_update().get(pk=menu_import.place_id)
        menu_import.refresh_from_db(fields=("status", "moved_at"))
        rivals = MenuImport.objects.filter(place_id=menu_import.place_id, status__in=UNDER_WAY)
        if any(not rival.silent for rival in rivals.exclude(pk=menu_import.pk).defer("rows", "summary")):
            raise AnotherRunsError
        if menu_import.status in STARTABLE or menu_import.silent:
            rivals.exclude(pk=menu_import.pk).update(status=ImportStatus.FAILED, runner=runner_token())
            menu_import.status = ImportStatus.WAITING
            menu_import.moved_at = timezone.now()
            menu_import.problem = ""
            menu_import.save(update_fields=("status", "moved_at", "problem"))


def start_import(menu_import: MenuImport) -> None:
    """Hand it to the worker; raises `AnotherRunsError` or `QueueAwayError`, and then nothing has changed."""
    before = menu_import.status
    claim(menu_import)
    try:
        _send(menu_import.pk)
    except QueueAwayError:
        MenuImport.objects.filter(pk=menu_import.pk, status=ImportStatus.WAITING).update(status=before)
        raise


def give_up(menu_import: MenuImport) -> None:
    """Forget a file that was checked and not imported; one that was started stays."""
    MenuImport.objects.filter(pk=menu_import.pk, status=ImportStatus.READY).delete()


def run_turn(menu_import_id: int) -> None:
    """Work on it for a while, and ask for another turn if that was not enough. Sees its own organisation only."""
    with everyone():
        organisation_id = (
            MenuImport.objects.filter(pk=menu_import_id)
            .values_list("place__record__organisation_id", flat=True)
            .first()
        )
    if organisation_id is None:
        return
    with organisations([organisation_id]):
        if run_import(menu_import_id, seconds=TURN_SECONDS):
            return
        try:
            _send(menu_import_id)
        except QueueAwayError:
            logger.warning("The queue is away; menu import %s waits to be continued.", menu_import_id)


def run_import(menu_import_id: int, *, seconds: float | None = None, progress: Progress | None = None) -> bool:
    """Go on with an import under way; returns False when `seconds` were not enough to finish.

    Safe at any time and in any number of workers: the last to begin takes over, the others can write no more. What is
    done is known with each piece written, so a piece is written once.
    """
    token = runner_token()
    ours = MenuImport.objects.filter(pk=menu_import_id, runner=token, status=ImportStatus.RUNNING)
    claimed = MenuImport.objects.filter(pk=menu_import_id, status__in=UNDER_WAY).update(
        runner=token, status=ImportStatus.RUNNING, moved_at=timezone.now()
    )
    if not claimed:
        return True
    menu_import = MenuImport.objects.select_related("place__record", "by").get(pk=menu_import_id)
    with translation.override(menu_import.by.language if menu_import.by else translation.get_language()):
        try:
            finished = _carry_on(menu_import, ours, seconds, progress)
        except _TakenOver:
            return True
        except (MenuMovedError, FileRefused) as error:
            _fail(ours, _words_of(error))
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
    if not ours.update(done=done, total=total, moved_at=timezone.now()):
        raise _TakenOver
    if progress:
        progress(done, total)


def _finish(menu_import: MenuImport, ours: "QuerySet[MenuImport]") -> None:
    now = timezone.now()
    with transaction.atomic():
        if ours.update(status=ImportStatus.DONE, done=F("total"), rows=[], moved_at=now, finished_at=now):
            menu_import.pictures.all().delete()


def _fail(ours: "QuerySet[MenuImport]", problem: str) -> None:
    ours.update(status=ImportStatus.FAILED, problem=problem, moved_at=timezone.now())


def _words_of(error: MenuMovedError | FileRefused) -> str:
    if isinstance(error, MenuMovedError):
        return str(error)
    first = error.problems[0]
    where = _("Row %(row)d, %(column)s: ") % {"row": first.row, "column": first.column} if first.row else ""
    return where + first.message


def _send(menu_import_id: int) -> None:
    from menu_pages.tasks import import_menu

    try:
        import_menu.delay(menu_import_id)
    except (OperationalError, OSError) as error:
        raise QueueAwayError from error
