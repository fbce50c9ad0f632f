"""The product as a process that has just been started: it remembers no page, and has each from Redis."""

from collections.abc import Callable, Iterable
from typing import Any

from menu_pages.shared_pages.store import forget_all
from menusite.wsgi import application as product


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    forget_all()
    return product(environ, start_response)
