"""What the service is told from outside of the machines it runs on: folders, the road to the database, the pictures'
store. All of it has a default that suits one machine; docs/deployment.md says when to change what."""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from menusite.environment import FALSE_WORDS, TRUE_WORDS

# A request's statement has an end; a day is more than any migration takes.
STATEMENT_SECONDS, LONGEST_STATEMENT_SECONDS = 30, 24 * 3600
LOCK_SECONDS, LONGEST_LOCK_SECONDS = 4, 600
# A host that vanished is noticed within half a minute, also by what waits without a limit of its own: the worker.
NOTICING_THE_DEAD = {
    "connect_timeout": 4,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 25_000,
}
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class ServingEnvironment:
    """`media_bucket` are the options of the pictures' store; empty where pictures are files of MEDIA_ROOT."""

    var_dir: Path
    static_root: Path
    media_url: str
    media_bucket: dict[str, Any]
    database_pooled: bool
    statement_seconds: int
    lock_seconds: int

    @property
    def postgresql(self) -> dict[str, Any]:
        """What of `DATABASES` depends on the road to PostgreSQL.

        A connection is kept for ten minutes and asked for its health first. No request waits for a lock longer than a
        few seconds, and a forgotten transaction holds none. A pooler hands each transaction to another connection:
        no cursor outlives one there, and the bounds are the database role's, see docs/deployment.md.
        """
        # Django's own engine, waiting no longer than a request may; see `menusite.patience`.
        kept: dict[str, Any] = {"ENGINE": "menusite.postgresql", "CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
        if self.database_pooled:
            return {**kept, "DISABLE_SERVER_SIDE_CURSORS": True, "OPTIONS": {**NOTICING_THE_DEAD}}
        bounds = {
            "lock_timeout": f"{self.lock_seconds}s",
            "statement_timeout": f"{self.statement_seconds}s",
            "idle_in_transaction_session_timeout": "30s",
        }
        told = " ".join(f"-c {name}={value}" for name, value in bounds.items())
        return {**kept, "OPTIONS": {**NOTICING_THE_DEAD, "options": told}}


def read_serving_environment(source: Mapping[str, str], *, base: Path) -> ServingEnvironment:
    """Make it of the variables in `source`; an empty one counts as absent, relative paths are taken from `base`.

    Raises ImproperlyConfigured, which names the variable and what is expected; a secret is never in the message.
    """
    given = {name: value.strip() for name, value in source.items() if value.strip()}
    var_dir = _folder(given, "VAR_DIR", base / "var", base=base)
    media_url = _media_url(given)
    return ServingEnvironment(
        var_dir=var_dir,
        static_root=_folder(given, "STATIC_ROOT", var_dir / "static", base=base),
        media_url=media_url,
        media_bucket=_bucket(given, media_url=media_url),
        database_pooled=_switch(given, "DATABASE_POOLED"),
        statement_seconds=_seconds(
            given, "STATEMENT_SECONDS", STATEMENT_SECONDS, lowest=0, highest=LONGEST_STATEMENT_SECONDS
        ),
        lock_seconds=_seconds(given, "LOCK_SECONDS", LOCK_SECONDS, lowest=1, highest=LONGEST_LOCK_SECONDS),
    )


def _refuse(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}, but should be {expected}.")


def _folder(given: Mapping[str, str], name: str, default: Path, *, base: Path) -> Path:
    folder = base / given[name] if name in given else default
    if folder.exists() and not folder.is_dir():
        raise _refuse(name, str(folder), "a folder")
    return folder


def _switch(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "0")
    if value.lower() not in TRUE_WORDS + FALSE_WORDS:
        raise _refuse(name, value, "1 or 0")
    return value.lower() in TRUE_WORDS


def _seconds(given: Mapping[str, str], name: str, default: int, *, lowest: int, highest: int) -> int:
    """A whole number of seconds; where it may be 0 that is no end."""
    value = given.get(name, str(default))
    if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
        no_end = " (no end)" if lowest == 0 else ""
        raise _refuse(name, value, f"a whole number from {lowest}{no_end} to {highest}")
    return int(value)


def _media_url(given: Mapping[str, str]) -> str:
    value = given.get("MEDIA_URL", "/media/")
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    elsewhere = parts.scheme == "https" and host and not (parts.query or parts.fragment or parts.username)
    here = value.startswith("/") and not value.startswith("//") and len(value) > 1
    if not (elsewhere or here) or not value.endswith("/"):
        raise _refuse(
            "MEDIA_URL", value, "/media/ or a whole address that ends with /, such as https://pictures.example.org/"
        )
    return value


def _bucket(given: Mapping[str, str], *, media_url: str) -> dict[str, Any]:
    """Options of django-storages' S3 store from `s3://KEY:SECRET@ENDPOINT/BUCKET?region`; none when absent."""
    value = given.get("MEDIA_BUCKET", "")
    if not value:
        return {}
    try:
        parts = urlsplit(value)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not host or not bucket or "/" in bucket or bool(parts.username) != bool(parts.password):
        raise ImproperlyConfigured(
            "MEDIA_BUCKET should be s3://KEY:SECRET@ENDPOINT/BUCKET?REGION, "
            "such as s3://KEY:SECRET@storage.example.org/pictures?eu-1."
        )
    address = urlsplit(media_url)
    if not address.netloc:
        raise ImproperlyConfigured("MEDIA_BUCKET needs MEDIA_URL, the address from which browsers fetch its pictures.")
    if importlib.util.find_spec("storages") is None:
        raise ImproperlyConfigured(
            "MEDIA_BUCKET needs django-storages: pip install --no-deps -r deploy/requirements-s3.txt."
        )
    return {
        "bucket_name": bucket,
        "endpoint_url": f"https://{host}:{port}" if port else f"https://{host}",
        "region_name": unquote(parts.query) or None,
        "access_key": unquote(parts.username) if parts.username else None,
        "secret_key": unquote(parts.password) if parts.password else None,
        # A name is never given twice, which is what lets a picture be kept for ever by whoever fetched it.
        "file_overwrite": False,
        "object_parameters": {"CacheControl": f"public, max-age={A_YEAR}, immutable"},
        "default_acl": None,
        "querystring_auth": False,
        "custom_domain": f"{address.netloc}{address.path.rstrip('/')}",
    }
