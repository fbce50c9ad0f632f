"""What the processes count, for Prometheus.

Labels come from closed sets: names of routes, not addresses. With `PROMETHEUS_MULTIPROC_DIR` set, processes of one host
count into files of that folder, and any of them tells the sum; without it each tells its own.

`METRICS_PROCESS` names the place a process has among those of its host (`web-8000`, `worker`): whoever takes the place
next goes on with its file, so that the folder does not grow with each restart.
"""

import os
import threading
import time
from bisect import bisect_left
from typing import Any

from billiard import current_process
from django.conf import settings
from django.db.models.signals import post_save
from prometheus_client import Counter, Histogram, values

from orders.signals import order_sent

METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def place_of_process() -> str:
    """What no other process of this host is called meanwhile: the given name, with a number in Celery's pool."""
    name = settings.METRICS_PROCESS
    if not name:
        return str(os.getpid())
    number = getattr(current_process(), "index", None)
    return name if number is None else f"{name}-{number}"


if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
    # Before the first metric is made; without it files are called by process ids, of which there are ever new ones.
    values.ValueClass = values.MultiProcessValue(place_of_process)

REQUESTS = Counter("menusite_requests", "Requests answered", ("route", "method", "status"))
SECONDS = Histogram("menusite_request_seconds", "Time to the answer", ("route",), buckets=BUCKETS)
KEPT_PAGES = Counter("menusite_kept_pages", "Menu pages asked for, by whether they were kept", ("found",))
CACHE = Counter("menusite_cache_reads", "Reads of the shared cache: hit, miss, or away", ("found",))
ORDER_STEPS = Counter("menusite_order_steps", "Orders that came into a state", ("state",))
TASKS = Counter("menusite_tasks", "Tasks that ended, by how", ("task", "ended"))

FLUSH_SECONDS = 1.0


class _Pending:
    """Answers of one route, method and status that are not in the metrics yet."""

    __slots__ = ("buckets", "count", "seconds")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.buckets = [0] * (len(BUCKETS) + 1)


# Counting into the metrics themselves takes longer than answering from what is kept: a thread does it each second.
_lock = threading.Lock()
_pending: dict[tuple[str, str, int], _Pending] = {}
_kept: dict[str, int] = {}
_flusher: tuple[int, threading.Thread] | None = None


def count_request(route: str, method: str, status: int, seconds: float, kept: str) -> None:
    """Count an answer; `method` is one of `METHODS` or “other”, `kept` “hit” or “miss” of a menu page, else empty.

    About a microsecond; in the metrics it is a second later at most.
    """
    if _flusher is None or _flusher[0] != os.getpid():
        _start_flusher()
    key = (route, method, status)
    with _lock:
        one = _pending.get(key)
        if one is None:
            one = _pending[key] = _Pending()
        one.count += 1
        one.seconds += seconds
        one.buckets[bisect_left(BUCKETS, seconds)] += 1
        if kept:
            _kept[kept] = _kept.get(kept, 0) + 1


def flush() -> None:
    """Put what was counted into the metrics."""
    with _lock:
        counted, kept = dict(_pending), dict(_kept)
        _pending.clear()
        _kept.clear()
    for (route, method, status), one in counted.items():
        REQUESTS.labels(route, method, status).inc(one.count)
        timer: Any = SECONDS.labels(route)
        timer._sum.inc(one.seconds)
        for bucket, count in zip(timer._buckets, one.buckets, strict=True):
            if count:
                bucket.inc(count)
    for found, count in kept.items():
        KEPT_PAGES.labels(found).inc(count)


def _start_flusher() -> None:
    """In this process: a thread does not come along into a child."""
    global _flusher

    def keep_flushing() -> None:
        while True:
            time.sleep(FLUSH_SECONDS)
            flush()

    with _lock:
        if _flusher is None or _flusher[0] != os.getpid():
            thread = threading.Thread(target=keep_flushing, name="metrics", daemon=True)
            _flusher = (os.getpid(), thread)
            thread.start()


def count_cache_read(found: str) -> None:
    CACHE.labels(found).inc()


def count_task(task: str, ended: str) -> None:
    TASKS.labels(task, ended).inc()


def _count_order_sent(sender: object, **kwargs: Any) -> None:
    ORDER_STEPS.labels("sent").inc()


def _count_order_step(sender: object, instance: Any, created: bool, **kwargs: Any) -> None:
    """Steps that somebody took; those an order takes by itself when it is sent are not among them."""
    if created:
        ORDER_STEPS.labels(instance.after).inc()


order_sent.connect(_count_order_sent, dispatch_uid="menusite.metrics")
post_save.connect(_count_order_step, sender="orders.OrderStatusChange", dispatch_uid="menusite.metrics")
