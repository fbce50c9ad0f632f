"""Forgetting files of old tills that were checked or begun, and then left: they hold waiters' names."""

import datetime

from django.conf import settings
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from menu_pages.stale_work import KEPT_UNSTARTED, delete_in_batches
from orders.models import Order, OrderImport, OrderImportStatus


def forget_stale(*, now: datetime.datetime | None = None) -> int:
    """Delete files that were checked and not imported within a day, and those that stopped `KEEP_IMPORT_DAYS` ago
    without bringing an order. One that brought some counts as finished with these from now on, so that it may still be
    taken back, and its file goes. Returns how many files went."""
    now = now or timezone.now()
    unstarted = OrderImport.objects.filter(status=OrderImportStatus.READY, created_at__lt=now - KEPT_UNSTARTED)
    before = now - datetime.timedelta(days=settings.KEEP_IMPORT_DAYS)
    stopped = OrderImport.objects.filter(status=OrderImportStatus.FAILED, moved_at__lt=before)
    brought = Exists(Order.objects.filter(history_import_id=OuterRef("pk")))
    finished = stopped.filter(brought, undoing=False).update(
        status=OrderImportStatus.DONE, total=F("done"), content=b"", problem="", finished_at=now
    )
    return finished + delete_in_batches(unstarted) + delete_in_batches(stopped.exclude(brought))
