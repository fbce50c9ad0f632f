"""Asking the worker to look into the outbox now instead of at its next round.

The one place where a broker that is away is met and passed over: a guest's order is in the books already, and the
worker's own rounds find its event without being asked. No guest waits for the broker either: a thread asks, once for
all who have come while it was asking the last time, since a round takes everything that waits.
"""

import logging
import threading
import time
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# A broker that hangs is a broker that is away.
TIMEOUT_SECONDS = 0.3
# After a failure nobody asks again for so long; the rounds do the work meanwhile.
PAUSE_SECONDS = 5.0
# Between two questions: a busy evening's orders come in dozens a second, and each question costs like an order.
BREATH_SECONDS = 0.2
# An older question has been answered by a round.
EXPIRES_SECONDS = 30
# Redis reads the first two, RabbitMQ the others; a folder on this machine needs none.
TRANSPORT = {
    "socket_timeout": TIMEOUT_SECONDS,
    "socket_connect_timeout": TIMEOUT_SECONDS,
    "read_timeout": TIMEOUT_SECONDS,
    "write_timeout": TIMEOUT_SECONDS,
}


class _Pause:
    until = 0.0


class _Asking:
    """The thread of this process that asks. A process that ends takes it along, and the rounds do the work."""

    def __init__(self) -> None:
        self.wanted = threading.Event()
        self.thread = threading.Thread(target=self._keep_asking, name="hurrying", daemon=True)
        self.thread.start()

    def _keep_asking(self) -> None:
        while True:
            self.wanted.wait()
            # First this: who comes from now on is asked for anew.
            self.wanted.clear()
            ask_relay()
            time.sleep(BREATH_SECONDS)


_asking: _Asking | None = None
_lock = threading.Lock()


def hurry_relay() -> None:
    """Have the relay's task put into the queue, which is not waited for."""
    global _asking
    from orders.tasks import relay_outbox

    if time.monotonic() < _Pause.until:
        return
    if relay_outbox.app.conf.task_always_eager:
        # There is no queue: the task runs right here.
        relay_outbox.delay()
        return
    with _lock:
        # A thread does not come along into a child.
        if _asking is None or not _asking.thread.is_alive():
            _asking = _Asking()
    _asking.wanted.set()


def ask_relay() -> None:
    """Put the task into the queue; a queue that cannot be reached is logged, and that is all."""
    from orders.tasks import relay_outbox

    if time.monotonic() < _Pause.until:
        return
    app = relay_outbox.app
    try:
        with app.connection_for_write(connect_timeout=TIMEOUT_SECONDS, transport_options=TRANSPORT) as connection:
            options: dict[str, Any] = {"connection": connection, "retry": False, "expires": EXPIRES_SECONDS}
            relay_outbox.apply_async(**options)
    except (OperationalError, OSError) as away:
        _Pause.until = time.monotonic() + PAUSE_SECONDS
        logger.warning("The queue is away; the outbox waits for the relay's next round: %s", away)
