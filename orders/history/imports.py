"""An import of an old till's orders: looked into, prepared, started, run piece by piece, given up."""

import datetime
import time
import zlib
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.letters.sending import language_of
from accounts.models import User
from menu_pages import turns
from menu_pages.menu_files.problems import FileRefused, Findings, first_words
from menu_pages.models import PlacePage
from menu_pages.pieces import write_in_pieces
from orders.history.checking import TillHistory, check_rows
from orders.history.comparing import Plan, make_plan
from orders.history.reading import read_rows
from orders.history.summaries import summary_of
from orders.history.telling import tell, write_down
from orders.history.undoing import carry_on_undoing
from orders.history.writing import STEP, Progress, Writer
from orders.models import Order, OrderImport, OrderImportStatus

KEPT_UNSTARTED = datetime.timedelta(days=1)
# Text of a till shrinks to a tenth; harder work gains little.
PACKING = 3


def look_into(place: PlacePage, content: bytes, *, import_id: int | None = None) -> tuple[TillHistory, Plan]:
    """The file's orders and what is to be written of them: the dry run. Writes nothing; raises `FileRefused` with
    everything that is wrong in the file."""
    findings = Findings()
    history = check_rows(read_rows(content, findings), place.record, timezone.now(), findings)
    if not history.rows:
        findings.add(0, "", _("There is no order in the file."))
    plan = make_plan(place, history, findings, import_id=import_id)
    findings.raise_if_any()
    return history, plan


def prepare_import(*, place: PlacePage, name: str, content: bytes, by: User | None) -> OrderImport:
    """Check the file and keep it with what it holds, ready to be started; raises `FileRefused`.

    Files of this place that were checked and never imported go after a day.
    """
    history, plan = look_into(place, content)
    OrderImport.objects.filter(
        place=place, status=OrderImportStatus.READY, created_at__lt=timezone.now() - KEPT_UNSTARTED
    ).delete()
    prepared: OrderImport = OrderImport.objects.create(
        place=place,
        file_name=name.replace("\0", "")[-255:],
        content=zlib.compress(content, PACKING),
        summary=summary_of(place, history, plan),
        total=len(plan.missing),
        by=by,
    )
    return prepared


def start_import(order_import: OrderImport) -> None:
    """Hand it to the worker; raises `turns.AnotherRunsError` or `turns.QueueAwayError`, and then nothing has
    changed."""
    from orders.tasks import import_order_history

    turns.start(order_import, import_order_history)


def give_up(order_import: OrderImport) -> None:
    """Forget a file that was checked and not imported; one that was started stays."""
    OrderImport.objects.filter(pk=order_import.pk, status=OrderImportStatus.READY).delete()


def stop(order_import_id: int, problem: str) -> None:
    """Leave an import that runs in this process half-way; it may be started again."""
    under_way = OrderImport.objects.filter(pk=order_import_id, status__in=turns.UNDER_WAY)
    turns.fail(under_way, problem)


def run_turn(order_import_id: int) -> None:
    """Work on it for a while, and ask for another turn if that was not enough."""
    from orders.tasks import import_order_history

    turns.run_turn(OrderImport, order_import_id, run_import, import_order_history)


def run_import(order_import_id: int, *, seconds: float | None = None, progress: Progress | None = None) -> bool:
    """Go on with an import under way; returns False when `seconds` of writing were not enough to finish.

    Safe at any time and in any number of workers: the last to begin takes over, the others can write no more. What is
    there already is known by the orders themselves, so each is written once.
    """
    ours = turns.take_over(OrderImport, order_import_id)
    if ours is None:
        return True
    order_import = OrderImport.objects.select_related("place__record", "by").get(pk=order_import_id)
    if order_import.undoing:
        return carry_on_undoing(order_import, ours, seconds=seconds, progress=progress)
    with translation.override(language_of(order_import.by)):
        try:
            finished = _carry_on(order_import, ours, seconds, progress)
        except turns.TakenOver:
            return True
        except FileRefused as refusal:
            _fail(order_import, ours, first_words(refusal))
            return True
        except IntegrityError:
            _fail(order_import, ours, _("Somebody changed the menu or the orders at the same time."))
            return True
    if finished:
        _finish(order_import, ours)
    return finished


def _carry_on(
    order_import: OrderImport, ours: "QuerySet[OrderImport]", seconds: float | None, progress: Progress | None
) -> bool:
    place: PlacePage = order_import.place
    _history, plan = look_into(place, zlib.decompress(order_import.content), import_id=order_import.pk)
    brought = Order.objects.filter(history_import=order_import).count()
    total = brought + len(plan.missing)
    turns.keep(ours, done=brought, total=total)
    writer = Writer(place=place, order_import=order_import, dishes=plan.dishes)
    steps = [plan.missing[start : start + STEP] for start in range(0, len(plan.missing), STEP)]

    def keep(taken: int) -> None:
        done = min(brought + taken * STEP, total)
        turns.keep(ours, done=done)
        if progress:
            progress(done, total)

    # Reading a long file again is not writing: a turn that only read would never end.
    deadline = None if seconds is None else time.monotonic() + seconds
    return write_in_pieces([partial(writer.write, step) for step in steps], keep=keep, deadline=deadline)


def _finish(order_import: OrderImport, ours: "QuerySet[OrderImport]") -> None:
    now = timezone.now()
    with transaction.atomic():
        if ours.update(status=OrderImportStatus.DONE, done=F("total"), content=b"", moved_at=now, finished_at=now):
            order_import.refresh_from_db(fields=("total",))
            write_down(order_import, by=order_import.by, orders=order_import.total)
            tell(order_import)


def _fail(order_import: OrderImport, ours: "QuerySet[OrderImport]", problem: str) -> None:
    with transaction.atomic():
        turns.fail(ours, problem)
        order_import.refresh_from_db(fields=("status", "done", "total"))
        if order_import.status == OrderImportStatus.FAILED and order_import.done:
            # What was written until then stays, and counts.
            write_down(order_import, by=order_import.by, done=order_import.done, total=order_import.total)
            tell(order_import)
