"""Asking the worker to look into the outbox now instead of at its next round.

The one place where a broker that is away is met and passed over: a guest's order is in the books already, and the
worker's own rounds find its event without being asked.
"""

import logging
import time
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

# What asking may cost the guest: a broker that hangs is a broker that is away.
TIMEOUT_SECONDS = 0.3
# After a failure nobody asks again for so long; the rounds do the work meanwhile.
PAUSE_SECONDS = 5.0
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


def hurry_relay() -> None:
    """Put the relay's task into the queue; a queue that cannot be reached is logged, and that is all."""
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
