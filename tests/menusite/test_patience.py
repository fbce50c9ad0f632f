"""Who asks a database that was found away, and when."""

import socket
import time
from collections.abc import Iterator

import psycopg2
import pytest

from menusite import patience


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience._Rest, "until", 0.0)
    monkeypatch.setattr(patience._request, "left", patience.REQUEST_SECONDS)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])


def found_silent() -> None:
    with (
        pytest.raises(patience.DatabaseSilentError),
        patience.asking_whether_it_is_there(patience.HEALTH_SECONDS),
    ):
        raise patience.DatabaseSilentError


def test_a_silent_database_is_left_alone_then_one_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    found_silent()
    during = patience.is_resting()
    monkeypatch.setattr(patience._Rest, "until", time.monotonic() - 1)

    assert (during, patience.is_resting(), patience.is_resting()) == (True, False, True)


def test_an_answer_ends_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    found_silent()
    with patience.asking_whether_it_is_there(patience.HEALTH_SECONDS):
        pass

    assert [patience.is_resting() for _ in range(3)] == [False] * 3


def test_a_refused_connection_is_no_silence() -> None:
    with pytest.raises(psycopg2.OperationalError), patience.asking_whether_it_is_there(patience.CONNECT_SECONDS):
        raise psycopg2.OperationalError("refused")

    assert patience.is_resting() is False


def test_a_request_that_has_waited_long_finds_nobody_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience._request, "left", 0.01)
    found_silent()

    assert patience.is_resting() is False


def test_waiting_ends_where_no_answer_comes(silent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the callback psycopg2 would wait here for ever."""
    monkeypatch.setattr(patience._request, "left", 0.05)
    psycopg2.extensions.set_wait_callback(patience.wait)
    try:
        with pytest.raises(patience.DatabaseSilentError):
            psycopg2.connect(host="127.0.0.1", port=silent, user="nobody")
    finally:
        psycopg2.extensions.set_wait_callback(None)
    assert patience._request.left <= 0
