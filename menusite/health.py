"""Whether the process lives, and whether it can serve."""

import datetime
import logging

from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.scope import everyone
from menusite.broker import broker_answers
from menusite.heartbeat import is_beating
from menusite.quick_database import NoAnswerError, ask
from orders.outbox.relay import waiting_since

logger = logging.getLogger(__name__)

# The relay looks every few seconds; an event that has waited for so long is waiting for nobody.
OUTBOX_LAG = datetime.timedelta(minutes=1)
OK, DEGRADED, UNAVAILABLE = "ok", "degraded", "unavailable"


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; asks nothing of anyone."""
    return JsonResponse({"status": OK})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers in time and has every table and column this code knows, else 503. Three queries.

    The cache, the queue of tasks, the worker and the outbox are named `ok` or `degraded` and take nothing out of
    service: guests order without them. The answer names parts and nothing about them, since anybody may read it.
    """
    parts = _database_parts() | {
        "cache": OK if _cache_keeps() else DEGRADED,
        "broker": OK if broker_answers() else DEGRADED,
        "worker": OK if is_beating() else DEGRADED,
    }
    served = UNAVAILABLE not in parts.values()
    status = UNAVAILABLE if not served else DEGRADED if DEGRADED in parts.values() else OK
    return JsonResponse({"status": status, **parts}, status=200 if served else 503)


def _database_parts() -> dict[str, str]:
    try:
        migrated, moving = ask(_look)
    except NoAnswerError as wrong:
        logger.error("The database does not answer: %s", wrong)
        return {"database": UNAVAILABLE, "migrations": DEGRADED, "outbox": DEGRADED}
    return {
        "database": OK,
        "migrations": OK if migrated else UNAVAILABLE,
        "outbox": OK if moving else DEGRADED,
    }


def _look() -> tuple[bool, bool]:
    """Whether every migration is applied, and whether events are handed on about as soon as they come."""
    with everyone():
        oldest = waiting_since() if (migrated := _is_migrated()) else None
    return migrated, migrated and (oldest is None or timezone.now() - oldest < OUTBOX_LAG)


_migrated = False


def _is_migrated() -> bool:
    """Whether every migration of this code is applied. Once it was, it stays so as long as this process runs: what is
    asked then is only whether the database answers."""
    global _migrated
    if _migrated:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    else:
        executor = MigrationExecutor(connection)
        _migrated = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    return _migrated


def _cache_keeps() -> bool:
    """Whether what is put into the cache is found there; the backend turns errors into misses."""
    cache.set("readyz", "kept", 10)
    return cache.get("readyz") == "kept"
