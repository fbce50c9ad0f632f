"""What the service is told from outside of who watches it: the token of `/metrics`, the name a process counts under,
and where errors are reported."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

SHORTEST_TOKEN = 20
# It becomes part of a file's name.
PROCESS = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


@dataclass(frozen=True)
class WatchingEnvironment:
    """Empty texts where nothing is given: metrics are then read on this machine alone and kept by the numbers of
    processes, and no error is reported."""

    metrics_token: str
    metrics_process: str
    sentry_dsn: str


def read_watching_environment(source: Mapping[str, str]) -> WatchingEnvironment:
    """Make it of the variables in `source`; an empty variable counts as absent.

    Raises ImproperlyConfigured, which names the variable and what is expected, and never the secret in it.
    """
    token = source.get("METRICS_TOKEN", "").strip()
    if token and (len(token) < SHORTEST_TOKEN or not token.isascii() or " " in token):
        raise ImproperlyConfigured(
            f"METRICS_TOKEN should be {SHORTEST_TOKEN} characters or more, of ASCII and without spaces."
        )
    process = source.get("METRICS_PROCESS", "").strip()
    if process and not PROCESS.fullmatch(process):
        raise ImproperlyConfigured(
            f"METRICS_PROCESS is {process!r}, but should be a short name of small letters, figures and dashes, "
            "such as web-8000."
        )
    return WatchingEnvironment(
        metrics_token=token, metrics_process=process, sentry_dsn=_dsn(source.get("SENTRY_DSN", "").strip())
    )


def _dsn(value: str) -> str:
    try:
        parts = urlsplit(value)
        whole = parts.scheme in ("http", "https") and parts.username and parts.hostname and parts.path.strip("/")
    except ValueError:
        whole = False
    if value and not whole:
        raise ImproperlyConfigured("SENTRY_DSN should be the address a project gives, https://<key>@<host>/<number>.")
    return value
