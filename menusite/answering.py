"""Whether a web process answers: `python -m menusite.answering PORT [HOST]` waits for it, and says so by its status.

For whoever starts or watches one: a start is over when pages are answered, a container is healthy while they are.
"""

import http.client
import os
import sys
import time
from urllib.parse import urlsplit

ANSWER_SECONDS, WAIT_SECONDS, LOOK_SECONDS = 5, 60, 0.2


def answers(host: str, port: int, *, name: str) -> bool:
    """Whether `/healthz` is answered there; `name` is the host name the service knows itself by."""
    connection = http.client.HTTPConnection(host, port, timeout=ANSWER_SECONDS)
    try:
        connection.request("GET", "/healthz", headers={"Host": name})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def main(port: int, host: str = "127.0.0.1") -> int:
    """0 once it answers, 1 when it does not for a minute."""
    name = urlsplit(os.environ.get("SITE_URL", "http://127.0.0.1:8000")).netloc
    deadline = time.monotonic() + WAIT_SECONDS
    while not answers(host, port, name=name):
        if time.monotonic() > deadline:
            sys.stderr.write(f"The web process on {host}:{port} does not answer.\n")
            return 1
        time.sleep(LOOK_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), *sys.argv[2:3]))
