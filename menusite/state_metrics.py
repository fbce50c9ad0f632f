"""What Prometheus is told of the service as it stands, asked when it asks: a few queries, each of them by an index."""

import datetime
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.db.models import Count, Min
from django.utils import timezone
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from accounts.scope import everyone
from menusite.broker import queue_length
from menusite.heartbeat import signs
from menusite.quick_database import NoAnswerError, ask
from orders.models import Delivery, Order
from orders.models.order import ON_DESK
from orders.outbox.relay import waiting_since

# Orders that nobody moved for longer are no longer anybody's work, and would only make the question dear.
LOOKED_BACK = datetime.timedelta(days=1)


class State(NamedTuple):
    on_desk: dict[str, int]
    unacknowledged: int
    unacknowledged_age: float
    outbox_age: float
    deliveries: int


class StateCollector(Collector):
    def collect(self) -> Iterator[Any]:
        try:
            state = ask(look)
        except NoAnswerError:
            state = None
        yield _gauge("database_up", "Whether the database answers in time", float(state is not None))
        if state is not None:
            by_state = GaugeMetricFamily(
                "menusite_orders_on_desk",
                "Orders of the last day that still ask something of the staff",
                labels=["state"],
            )
            for name, count in state.on_desk.items():
                by_state.add_metric([name], count)
            yield by_state
            yield _gauge("orders_unacknowledged", "Of them those nobody has answered", state.unacknowledged)
            yield _gauge("orders_unacknowledged_age_seconds", "How long the oldest waits", state.unacknowledged_age)
            yield _gauge("outbox_age_seconds", "How long the oldest event waits for the relay", state.outbox_age)
            yield _gauge("deliveries_waiting", "Letters, tickets and webhooks on their way", state.deliveries)
        seen = signs()
        yield _gauge("worker_last_seen_timestamp_seconds", "When a worker last said that it lives", seen.worker_seen)
        yield _gauge("schedule_last_seen_timestamp_seconds", "When the schedule last sent a task", seen.schedule_seen)
        yield _gauge("task_lag_seconds", "How long the last task of the schedule waited", seen.task_lag)
        waiting = queue_length()
        yield _gauge("queue_length", "Tasks that wait in Redis", math.nan if waiting is None else waiting)


def look() -> State:
    """Four queries."""
    now = timezone.now()
    with everyone():
        recent = Order.objects.on_desk().filter(sent_at__gt=now - LOOKED_BACK).order_by()
        counted = dict(recent.values_list("status").annotate(Count("pk")))
        unanswered = recent.filter(acknowledged_at=None).aggregate(count=Count("pk"), oldest=Min("sent_at"))
        event = waiting_since()
        deliveries = Delivery.objects.waiting().count()
    return State(
        on_desk={status.value: counted.get(status.value, 0) for status in ON_DESK},
        unacknowledged=unanswered["count"],
        unacknowledged_age=_age(unanswered["oldest"], now),
        outbox_age=_age(event, now),
        deliveries=deliveries,
    )


def _age(moment: datetime.datetime | None, now: datetime.datetime) -> float:
    return max((now - moment).total_seconds(), 0.0) if moment else 0.0


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"menusite_{name}", about, value=value)
