"""Everything the service is told from outside, read and checked once, before any setting is made of it."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from menusite.debug_secret import debug_secret

LANGUAGE_CODES = ("en", "ru")
DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
CACHE_SCHEMES = ("redis", "rediss", "unix")
BROKER_SCHEMES = ("redis", "rediss", "amqp", "amqps")
EMAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")
TRUE_WORDS = ("1", "true", "yes", "on")
FALSE_WORDS = ("0", "false", "no", "off")
SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Environment:
    """The checked values. URLs of what is absent are empty: one machine, no Redis."""

    debug: bool
    static_collected: bool
    secret_key: str
    secret_key_fallbacks: list[str]
    site_url: str
    allowed_hosts: list[str]
    database: dict[str, Any]
    cache_url: str
    broker_url: str
    email: dict[str, Any]
    default_from_email: str
    media_root: Path
    statistics_hour: int
    visit_idle_minutes: int
    email_confirmation_hours: int
    language_code: str
    printer_networks: list[str]

    @property
    def https(self) -> bool:
        """Whether guests reach the service over TLS, which cookies and headers must then insist on."""
        return self.site_url.startswith("https://")


def read_environment(source: Mapping[str, str], *, base: Path) -> Environment:
    """Make an `Environment` of the variables in `source`; relative paths are taken from `base`.

    An empty variable counts as absent. In DEBUG without a SECRET_KEY one is made and kept under `base / "var"`.
    Raises ImproperlyConfigured, which names the variable, its value and what is expected.
    """
    given = {name: value.strip() for name, value in source.items() if value.strip()}
    debug = _switch(given, "DEBUG")
    site_url = _site_url(given)
    redis_url = _url(given, "REDIS_URL", CACHE_SCHEMES, "redis://127.0.0.1:6379/0")
    return Environment(
        debug=debug,
        static_collected=not debug or _switch(given, "STATIC_COLLECTED"),
        secret_key=_secret_key(given, debug=debug, base=base),
        secret_key_fallbacks=_former_secrets(given),
        site_url=site_url,
        allowed_hosts=_allowed_hosts(given, site_url=site_url, debug=debug),
        database=_database(given, base=base),
        cache_url=_url(given, "CACHE_URL", CACHE_SCHEMES, "redis://127.0.0.1:6379/1") or redis_url,
        broker_url=_url(given, "BROKER_URL", BROKER_SCHEMES, "redis://127.0.0.1:6379/0") or redis_url,
        email=_email(given, debug=debug, base=base),
        default_from_email=_from_address(given, site_url=site_url),
        media_root=_media_root(given, base=base),
        statistics_hour=_number(given, "STATISTICS_HOUR", default=2, lowest=0, highest=23),
        visit_idle_minutes=_number(given, "VISIT_IDLE_MINUTES", default=30, lowest=1, highest=1440),
        email_confirmation_hours=_number(given, "EMAIL_CONFIRMATION_HOURS", default=48, lowest=1, highest=720),
        language_code=_language(given),
        printer_networks=_networks(given, "PRINTER_NETWORKS"),
    )


def _refuse(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}, but should be {expected}.")


def _switch(given: Mapping[str, str], name: str) -> bool:
    value = given.get(name, "0")
    if value.lower() not in TRUE_WORDS + FALSE_WORDS:
        raise _refuse(name, value, "1 or 0")
    return value.lower() in TRUE_WORDS


def _number(given: Mapping[str, str], name: str, *, default: int, lowest: int, highest: int) -> int:
    value = given.get(name, str(default))
    if not (value.isascii() and value.isdigit() and lowest <= int(value) <= highest):
        raise _refuse(name, value, f"a whole number from {lowest} to {highest}")
    return int(value)


def _secret_key(given: Mapping[str, str], *, debug: bool, base: Path) -> str:
    value = given.get("SECRET_KEY", "")
    if debug:
        return value or debug_secret(base / "var" / "debug-secret")
    if not value:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set: outside DEBUG it has to be a long random text kept from everyone, "
            'for example of python3 -c "import secrets; print(secrets.token_urlsafe(50))".'
        )
    if len(value) < SHORTEST_SECRET:
        # The value itself stays out of the message: it would stand in a log.
        raise ImproperlyConfigured(f"SECRET_KEY is too short: it should have {SHORTEST_SECRET} characters or more.")
    return value


def _former_secrets(given: Mapping[str, str]) -> list[str]:
    """Keys of before, joined by commas: what they signed holds until it expires, nothing new is signed with them."""
    former = [key.strip() for key in given.get("SECRET_KEY_FALLBACKS", "").split(",") if key.strip()]
    if any(len(key) < SHORTEST_SECRET for key in former):
        raise ImproperlyConfigured(
            f"SECRET_KEY_FALLBACKS holds a key that is too short: each needs {SHORTEST_SECRET} characters or more."
        )
    return former


def _site_url(given: Mapping[str, str]) -> str:
    value = given.get("SITE_URL", "http://127.0.0.1:8000")
    expected = "the address guests use, with its scheme and without a path, such as https://menu.example.org"
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as wrong:
        raise _refuse("SITE_URL", value, expected) from wrong
    extra = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not host or extra:
        raise _refuse("SITE_URL", value, expected)
    return f"{parts.scheme}://{parts.netloc}"


def _allowed_hosts(given: Mapping[str, str], *, site_url: str, debug: bool) -> list[str]:
    host = urlsplit(site_url).hostname or ""
    default = [f"[{host}]" if ":" in host else host]
    if debug:
        default += ["localhost", "127.0.0.1", "[::1]"]
    value = given.get("ALLOWED_HOSTS", ",".join(dict.fromkeys(default)))
    hosts = [name.strip() for name in value.split(",") if name.strip()]
    if not hosts or any("/" in name or " " in name for name in hosts):
        raise _refuse("ALLOWED_HOSTS", value, "host names joined by commas, such as menu.example.org,127.0.0.1")
    return hosts


def _url(given: Mapping[str, str], name: str, schemes: tuple[str, ...], example: str) -> str:
    """The URL in `name`, or an empty text when it is absent."""
    value = given.get(name, "")
    if value:
        _check_url(name, value, schemes, example)
    return value


def _check_url(name: str, value: str, schemes: tuple[str, ...], example: str) -> None:
    scheme, separator, _rest = value.partition("://")
    expected = f"a URL that begins with {', '.join(f'{known}://' for known in schemes)}, such as {example}"
    if not separator or scheme not in schemes:
        raise _refuse(name, _without_password(value), expected)
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as wrong:
        raise _refuse(name, _without_password(value), expected) from wrong
    if scheme.startswith(("redis", "amqp", "postgres")) and not host:
        raise _refuse(name, _without_password(value), expected)


def _without_password(url: str) -> str:
    """The URL as it may stand in a message: whatever is before its last @ is dots."""
    scheme, separator, rest = url.partition("://")
    _secret, at, place = rest.rpartition("@")
    return f"{scheme}{separator}{'…@' if at else ''}{place}"


def _database(given: Mapping[str, str], *, base: Path) -> dict[str, Any]:
    return database_from(given.get("DATABASE_URL", f"sqlite:///{base / 'var' / 'db.sqlite3'}"), base=base)


def database_from(value: str, *, base: Path = Path()) -> dict[str, Any]:
    """Django's settings of the database that a DATABASE_URL names; raises ImproperlyConfigured when it names none."""
    _check_url("DATABASE_URL", value, DATABASE_SCHEMES, "postgres://user:password@127.0.0.1:5432/menusite")
    database: dict[str, Any] = environ.Env.db_url_config(value)
    if database["ENGINE"].endswith("sqlite3"):
        if database["NAME"] != ":memory:":
            database["NAME"] = str(base / database["NAME"])
    elif not database["NAME"]:
        raise _refuse("DATABASE_URL", _without_password(value), "a URL that ends with the database's name")
    else:
        # A folder as the host is PostgreSQL's socket: postgres://menusite@%2Frun%2Fpostgresql/menusite
        database["HOST"] = unquote(database["HOST"])
    return database


def _email(given: Mapping[str, str], *, debug: bool, base: Path) -> dict[str, Any]:
    # In DEBUG letters end in a folder, which `/mailbox/` shows.
    value = given.get("EMAIL_URL", f"filemail:///{base / 'var' / 'mailbox'}" if debug else "smtp://127.0.0.1:25")
    _check_url("EMAIL_URL", value, EMAIL_SCHEMES, "smtp+tls://user:password@mail.example.org:587")
    return dict(environ.Env.email_url_config(value))


def _from_address(given: Mapping[str, str], *, site_url: str) -> str:
    value = given.get("DEFAULT_FROM_EMAIL", f"menusite <no-reply@{_mail_domain(site_url)}>")
    address = value.rpartition("<")[2].removesuffix(">") if value.endswith(">") else value
    try:
        validate_email(address)
    except ValidationError as wrong:
        raise _refuse("DEFAULT_FROM_EMAIL", value, "an e-mail address, such as Menu <menu@example.org>") from wrong
    return value


def _mail_domain(site_url: str) -> str:
    host = urlsplit(site_url).hostname or ""
    return host if "." in host and not host.replace(".", "").isdigit() and ":" not in host else "localhost"


def _media_root(given: Mapping[str, str], *, base: Path) -> Path:
    root = base / given.get("MEDIA_ROOT", "var/media")
    if root.exists() and not root.is_dir():
        raise _refuse("MEDIA_ROOT", str(root), "a folder")
    return root


def _language(given: Mapping[str, str]) -> str:
    value = given.get("LANGUAGE_CODE", "ru")
    if value not in LANGUAGE_CODES:
        raise _refuse("LANGUAGE_CODE", value, f"one of {', '.join(LANGUAGE_CODES)}")
    return value


def _networks(given: Mapping[str, str], name: str) -> list[str]:
    """Networks joined by commas, as `ipaddress` writes them; none when the variable is absent."""
    value = given.get(name, "")
    parts = [part.strip() for part in value.split(",") if part.strip()]
    try:
        return [str(ipaddress.ip_network(part)) for part in parts]
    except ValueError as wrong:
        raise _refuse(name, value, "networks joined by commas, such as 192.168.10.0/24,10.0.5.20/32") from wrong
