"""The Celery application: its settings stand in `menusite.settings` under `CELERY_`."""

import os
import time
from typing import Any

from celery import Celery, signals

from menusite.request_id import accepted, current_request_id, new_request_id, remember

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "menusite.settings")

app = Celery("menusite")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["accounts.billing", "analytics.weekly"])

# Sent by the schedule alone, every few seconds: how late it comes tells how late everything comes.
TELLS_LAG = "orders.tasks.escalate_orders"


@signals.worker_init.connect
def show_life(**kwargs: Any) -> None:
    """Let `/readyz` know that a worker runs, however it was started."""
    # Needs the settings, which are not loaded yet when this module is.
    from menusite.heartbeat import start_beating

    start_beating()


@signals.before_task_publish.connect
def send_along(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    """A task is known by the id of the request that sent it, and by when it was sent."""
    if headers is not None:
        headers["menusite"] = {"request_id": current_request_id() or new_request_id(), "sent_at": time.time()}


@signals.task_prerun.connect
def take_up(task: Any = None, **kwargs: Any) -> None:
    # Run where it was sent it has the id already.
    if task.request.is_eager:
        return
    came_with = getattr(task.request, "menusite", None) or {}
    remember(accepted(came_with.get("request_id")))
    if task.name == TELLS_LAG and "sent_at" in came_with:
        from menusite.heartbeat import note_task

        note_task(came_with["sent_at"])


@signals.task_postrun.connect
def put_down(task: Any = None, state: str | None = None, **kwargs: Any) -> None:
    from menusite.metrics import count_task

    count_task(task.name, (state or "unknown").lower())
    if not task.request.is_eager:
        remember("")
