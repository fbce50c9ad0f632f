"""One id for everything that one request set off: the answer's header, the log's lines, the tasks it sent."""

import random
import re
from contextvars import ContextVar, Token

HEADER = "X-Request-ID"
# What proxies make: hexadecimal numbers and UUIDs. Nothing else gets into a log or an answer.
WELL_FORMED = re.compile(r"[0-9a-fA-F-]{16,64}", re.ASCII)

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_request_id() -> str:
    """The id of the request or task under way; empty outside of both."""
    return _current.get()


def new_request_id() -> str:
    # To be told apart, not to be kept secret: the system's own randomness takes several times as long.
    return f"{random.getrandbits(128):032x}"


def accepted(said: object) -> str:
    """The id somebody gave, if it is well-formed; else a new one."""
    return said if isinstance(said, str) and WELL_FORMED.fullmatch(said) else new_request_id()


def begin(value: str) -> Token[str]:
    """Let everything after this in the thread be known by the id, until `end` is called with what this returns."""
    return _current.set(value)


def end(token: Token[str]) -> None:
    _current.reset(token)


def remember(value: str) -> None:
    """The same for those who cannot keep what `begin` returns, such as signals before and after a task."""
    _current.set(value)
