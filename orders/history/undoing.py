"""An import taken back: the orders it brought are deleted, piece by piece."""

import time
from functools import partial

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from menu_pages import turns
from menu_pages.pieces import write_in_pieces
from orders.history.telling import tell, write_down
from orders.history.writing import STEP, Progress
from orders.models import Order, OrderImport, OrderImportStatus

FORGET = ("DELETE FROM orders_basket WHERE order_id IN ({numbers})", "DELETE FROM orders_order WHERE id IN ({numbers})")
UNDOABLE = (OrderImportStatus.DONE, OrderImportStatus.FAILED)


def start_undoing(order_import: OrderImport, *, by: User | None) -> None:
    """Hand taking it back to the worker; one that is under way or was taken back stays as it is.

    Raises `turns.AnotherRunsError` or `turns.QueueAwayError`, and then nothing has changed.
    """
    from orders.tasks import import_order_history

    before = order_import.status
    rows = OrderImport.objects.filter(pk=order_import.pk, undoing=False)
    # Stopped is what may be started; what is left to take back is what it brought.
    brought = Order.objects.filter(history_import=order_import).count()
    if not rows.filter(status__in=UNDOABLE).update(
        status=OrderImportStatus.FAILED, undoing=True, undone_by=by, done=0, total=brought, problem=""
    ):
        return
    order_import.refresh_from_db(fields=("status", "undoing", "done", "total"))
    try:
        turns.start(order_import, import_order_history)
    except (turns.AnotherRunsError, turns.QueueAwayError):
        OrderImport.objects.filter(pk=order_import.pk, undoing=True, status=OrderImportStatus.FAILED).update(
            status=before, undoing=False, undone_by=None, done=brought, total=max(brought, order_import.total)
        )
        raise


def carry_on_undoing(
    order_import: OrderImport, ours: "QuerySet[OrderImport]", *, seconds: float | None, progress: Progress | None
) -> bool:
    """Delete what is left of its orders; returns False when `seconds` were not enough."""
    left = list(Order.objects.filter(history_import=order_import).order_by("pk").values_list("pk", flat=True))
    total = max(order_import.total, len(left))
    gone = total - len(left)
    steps = [left[start : start + STEP] for start in range(0, len(left), STEP)]

    def keep(taken: int) -> None:
        done = min(gone + taken * STEP, total)
        turns.keep(ours, done=done, total=total)
        if progress:
            progress(done, total)

    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        finished = write_in_pieces([partial(_delete, step) for step in steps], keep=keep, deadline=deadline)
    except turns.TakenOver:
        return True
    if finished:
        _finish(order_import, ours, total)
    return finished


def _delete(orders: list[int]) -> None:
    """Orders known to be the import's own: asked whose they are once more, a database looks through the whole place.

    In plain SQL: they were never on a desk, so that nothing but their lines speaks of them, and nobody listens to their
    going; Django would read every row to tell.
    """
    numbers = ", ".join(["%s"] * len(orders))
    with connection.cursor() as cursor:
        for statement in FORGET:
            cursor.execute(statement.format(numbers=numbers), orders)


def _finish(order_import: OrderImport, ours: "QuerySet[OrderImport]", total: int) -> None:
    now = timezone.now()
    with transaction.atomic():
        if ours.update(
            status=OrderImportStatus.UNDONE, done=total, total=total, content=b"", moved_at=now, finished_at=now
        ):
            write_down(order_import, by=order_import.undone_by, orders=total, undo=True)
            tell(order_import)
