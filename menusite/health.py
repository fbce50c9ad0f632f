"""Whether the process lives, and whether it can serve."""

import logging

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from menusite.heartbeat import is_beating

logger = logging.getLogger(__name__)


@require_safe
@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers at all; asks nothing of anyone."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers, else 503. One query.

    The cache and the worker are named `ok` or `degraded` and take nothing out of service: guests order without them.
    """
    database = _database_answers()
    report = {
        "status": "ok" if database else "unavailable",
        "database": "ok" if database else "unavailable",
        "cache": "ok" if _cache_keeps() else "degraded",
        "worker": "ok" if is_beating() else "degraded",
    }
    return JsonResponse(report, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as wrong:
        logger.error("The database does not answer: %s", wrong)
        return False
    return True


def _cache_keeps() -> bool:
    """Whether what is put into the cache is found there; the backend turns errors into misses."""
    cache.set("readyz", "kept", 10)
    return cache.get("readyz") == "kept"
