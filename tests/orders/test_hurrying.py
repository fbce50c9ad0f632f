"""Asking the relay to hurry: once for all who come at the same time, and again for whoever comes afterwards."""

from collections.abc import Callable, Iterator

import pytest

from orders.outbox import hurrying
from orders.tasks import relay_outbox
from tests.faults.processes import wait_for

BURST = 50


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
    """How many questions are in the queue, which is one in memory that nobody empties."""
    app = relay_outbox.app
    monkeypatch.setattr(hurrying._Pause, "until", 0.0)
    monkeypatch.setitem(app.conf, "task_always_eager", False)
    with app.connection_for_read() as connection:
        queue = connection.SimpleQueue(app.conf.task_default_queue)
        queue.clear()
        yield queue.qsize
        queue.clear()


def test_a_busy_evening_asks_a_few_times(waiting: Callable[[], int]) -> None:
    for _ in range(BURST):
        hurrying.hurry_relay()

    assert wait_for(lambda: hurrying._asking is not None and not hurrying._asking.wanted.is_set(), 10)
    # The first is asked for at once, the others together; a slow machine may need a third round.
    assert wait_for(lambda: 1 <= waiting() <= 3, 10)


def test_whoever_comes_after_a_question_is_asked_for_anew(waiting: Callable[[], int]) -> None:
    hurrying.hurry_relay()
    assert wait_for(lambda: waiting() == 1, 10)

    hurrying.hurry_relay()

    assert wait_for(lambda: waiting() == 2, 10)
