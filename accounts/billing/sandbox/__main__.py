"""The sandbox as a process: `python -m accounts.billing.sandbox --port 8090 --webhook URL --file var/sandbox.json`."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from accounts.billing.sandbox.server import Sandbox

LOOK_SECONDS = 0.5


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m accounts.billing.sandbox", description=__doc__)
    options.add_argument("--host", default="127.0.0.1")
    options.add_argument("--port", type=int, default=8090)
    options.add_argument("--webhook", default="", help="where notifications go")
    options.add_argument("--file", type=Path, help="where what it knows is kept")
    given = options.parse_args()
    server = Sandbox((given.host, given.port), webhook_url=given.webhook, file=given.file)
    ended = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    parent = os.getppid()
    # Ends with whoever started it, even when that one is killed outright.
    while not ended.wait(LOOK_SECONDS) and os.getppid() == parent:
        pass
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
