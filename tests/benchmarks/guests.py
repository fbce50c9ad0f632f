"""Many guests' requests, prepared, and sent by so many clients at once over lines that stay open."""

import http.client
import itertools
import statistics
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.benchmarks.servers import Load


@dataclass(frozen=True, slots=True)
class Request:
    path: str
    session_key: str = ""
    fields: dict[str, str] = field(default_factory=dict)


def send_all(requests: Sequence[Request], *, port: int, cookie: str, clients: int, expected: int) -> Load:
    """Each request once; raises `RuntimeError` unless every one was answered with the expected status."""
    taken: list[float] = []
    statuses: Counter[int] = Counter()
    turn = itertools.count()

    def client() -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while (number := next(turn)) < len(requests):
            request = requests[number]
            headers = {
                "Origin": f"http://127.0.0.1:{port}",
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": f"{cookie}={request.session_key}",
                # As the script of the page asks: a piece of it instead of a redirect.
                "X-Fragment": "basket_bar",
            }
            start = time.perf_counter()
            line.request("POST", request.path, urlencode(request.fields), headers)
            answer = line.getresponse()
            answer.read()
            taken.append(1000 * (time.perf_counter() - start))
            statuses[answer.status] += 1
        line.close()

    threads = [threading.Thread(target=client) for _ in range(clients)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    whole = time.perf_counter() - began
    if statuses != {expected: len(requests)}:
        raise RuntimeError(f"Answered with {dict(statuses)}, not {len(requests)} times {expected}")
    return Load(rate=len(requests) / whole, p50=statistics.median(taken), p95=statistics.quantiles(taken, n=20)[-1])
