"""The web server of one machine: `python -m menusite.web HOST PORT`, started by `menusite.run`.

One process with a few threads: the process's memory is then the whole site's cache, exact at once, and SQLite's single
writer is waited for by threads, not by processes. A site of several hosts runs granian's own command with more workers.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from granian import Granian
from granian.constants import Interfaces, Loops
from granian.log import LogLevels

from menusite.parent import end_with_parent

# Measured: more threads than this only wait for each other, for the interpreter or for SQLite.
THREADS = min(4, 2 * (os.cpu_count() or 1) + 1)
# A request still running this long after TERM is cut off.
STOP_SECONDS = 3


def load_application(target: str) -> Callable[..., Any]:
    """The WSGI application, loaded in the serving process, which must not outlive granian's own."""
    end_with_parent()
    from menusite.wsgi import application

    return application


def serve(*, host: str, port: int) -> None:
    """Serve until TERM or INT; a serving process that dies ends this one with an error."""
    end_with_parent()
    server = Granian(
        target="menusite.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        loop=Loops.asyncio,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=False,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.serve(target_loader=load_application)


if __name__ == "__main__":
    serve(host=sys.argv[1], port=int(sys.argv[2]))
