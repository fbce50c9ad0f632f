"""The worker and the schedule of one machine, in one process: `python -m menusite.worker`.

Tasks run one at a time in the main thread, the schedule ticks in another: Celery's own embedded schedule is a process
that outlives a killed worker and goes on filling the queue. TERM and INT end it after the running task.
"""

import signal
import sys
from types import FrameType
from typing import Any

import django
from celery import beat
from celery.worker import WorkController, state

from menusite.celery import app
from menusite.parent import end_with_parent

# How long a stop waits for the schedule, which is never in the middle of anything that matters.
SCHEDULE_STOP_SECONDS = 2


def work() -> int:
    """Work until told to stop; returns the exit status."""
    django.setup()
    # Typed by hand: for Celery's published types it may be a process as well, which has not the same attributes.
    schedule: Any = beat.EmbeddedService(app, thread=True, scheduler_cls=app.conf.beat_scheduler)

    def stop(number: int, frame: FrameType | None) -> None:
        # Celery's own warm stop: its loop looks at this between two tasks.
        state.should_stop = 0  # type: ignore[assignment]
        schedule.service.stop(wait=False)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker = WorkController(
        app=app,
        pool_cls="solo",
        concurrency=1,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    schedule.start()
    worker.start()
    schedule.service.stop(wait=False)
    schedule.join(SCHEDULE_STOP_SECONDS)
    return int(worker.exitcode or 0)


if __name__ == "__main__":
    if "--with-parent" in sys.argv[1:]:
        end_with_parent()
    sys.exit(work())
