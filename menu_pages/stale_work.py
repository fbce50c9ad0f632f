"""Forgetting files and changes that were looked at or begun, and then left.

Rows of a file are a copy of the moderator's own; once nobody goes on with them they are of no use to anyone.
"""

import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone

from menu_pages.models import BulkChange, MenuImport
from menu_pages.models.under_way import FAILED, READY

BATCH = 50
# Looked at and not started within a day: the menu has moved on meanwhile.
KEPT_UNSTARTED = datetime.timedelta(days=1)


def forget_stale(*, now: datetime.datetime | None = None) -> int:
    """Delete what was looked at and not started within a day, and what stopped half-way `KEEP_IMPORT_DAYS` ago. What
    was done of it stays done, and is told in the audit log. Returns how many went; each batch is its own statement."""
    now = now or timezone.now()
    stopped = now - datetime.timedelta(days=settings.KEEP_IMPORT_DAYS)
    return sum(
        delete_in_batches(model.objects.filter(status=READY, created_at__lt=now - KEPT_UNSTARTED))
        + delete_in_batches(model.objects.filter(status=FAILED, moved_at__lt=stopped))
        for model in (MenuImport, BulkChange)
    )


def delete_in_batches(rows: "models.QuerySet[models.Model]") -> int:
    """Delete these rows a few at a time, so that nobody waits for all of them; returns how many went."""
    gone = 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        rows.model._base_manager.filter(pk__in=pks).delete()
        gone += len(pks)
    return gone
