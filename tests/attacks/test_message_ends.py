"""Where one request ends and the next begins: two readings of it let one visitor write another's request."""

import socket
from collections.abc import Iterator

import pytest

from tests.benchmarks.servers import free_port, served

pytestmark = pytest.mark.attacks

HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
LAST = b"Connection: close"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The product's own web server, with its options, before an application that counts bytes."""
    number = free_port()
    options = ("--interface", "wsgi", "--http", "1", "--no-ws", "--host", "127.0.0.1", "--port", str(number))
    with served("-m", "granian", *options, "tests.attacks.echo:application", port=number):
        yield number


def answers(port: int, *lines: bytes, body: bytes = b"") -> tuple[list[bytes], list[bytes]]:
    """Status lines and texts of everything that is answered until the server closes the line."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        line.sendall(b"\r\n".join((b"POST /seen HTTP/1.1", b"Host: x", *lines, b"", body)))
        text = b"".join(iter(lambda: line.recv(65536), b""))
    words = text.replace(b"HTTP/1.1", b"\nHTTP/1.1").split(b"\n")
    return [word.split()[1] for word in words if word.startswith(b"HTTP/1.1")], [
        word.strip() for word in words if word.startswith((b"POST ", b"GET "))
    ]


def test_a_message_of_one_length_is_read_to_it(port: int) -> None:
    """The control: what the tests below would see if something slipped through."""
    assert answers(port, LAST, b"Content-Length: 5", body=b"hello") == ([b"200"], [b"POST /seen 5"])
    assert answers(port, LAST, b"Transfer-Encoding: chunked", body=b"5\r\nhello\r\n0\r\n\r\n") == (
        [b"200"],
        [b"POST /seen 5"],
    )
    assert answers(port, b"Content-Length: 0", body=HIDDEN) == ([b"200", b"200"], [b"POST /seen 0", b"GET /hidden 0"])


@pytest.mark.parametrize(
    "lines",
    [
        (b"Content-Length: 5", b"Content-Length: 0"),
        (b"Content-Length: 5, 0",),
        (b"Content-Length: +5",),
        (b"Content-Length: 0x5",),
        (b"Content-Length: five",),
        (b"Transfer-Encoding: xchunked",),
        (b"Transfer-Encoding: chunked, identity",),
        (b"Transfer-Encoding : chunked",),
        (b"Content-Length: 5\r\n , 6",),
    ],
)
def test_a_length_that_can_be_read_in_two_ways_is_refused(port: int, lines: tuple[bytes, ...]) -> None:
    statuses, texts = answers(port, *lines, body=b"hello" + HIDDEN)

    assert (statuses, texts) == ([b"400"], [])


def test_pieces_count_and_the_length_beside_them_does_not(port: int) -> None:
    whole = b"5\r\nhello\r\n0\r\n\r\n"

    statuses, texts = answers(port, LAST, b"Content-Length: 3", b"Transfer-Encoding: chunked", body=whole)

    assert (statuses, texts) in (([b"400"], []), ([b"200"], [b"POST /seen 5"]))
