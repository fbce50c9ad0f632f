"""Lines of the log: for programs in production, for eyes in DEBUG. A record is one line, whatever is in it."""

import datetime
import json
import logging
import re
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

from menusite.log_scrubbing import OURS, error_in_words, scrubbed, without_quotes
from menusite.request_id import current_request_id

BASE_DIR = Path(__file__).resolve().parent.parent
# Everything that moves on a line, ends it, or turns it round: a visitor may put these into an address.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]")
DEEPEST = 40


def words_of(record: logging.LogRecord) -> str:
    """What the record says, without what was said to us."""
    request = getattr(record, "request", None)
    if record.name.startswith("django.security"):
        # Its words quote the request: the name says what kind of attempt it was.
        return f"Refused: {record.name.rpartition('.')[2]} ({_route(request)})"
    if record.name.startswith("django.request") and request is not None:
        return f"{getattr(record, 'status_code', 'Failed')} {_method(request)} {_route(request)}"
    ours = record.name.partition(".")[0] in OURS
    clean = scrubbed if ours else without_quotes
    args: Any = record.args
    if isinstance(args, dict):
        args = {name: _argument(value) for name, value in args.items()}
    elif args:
        args = tuple(_argument(value) for value in args)
    try:
        text = str(record.msg) % args if args else str(record.msg)
    except (TypeError, ValueError, KeyError):
        # A sentence and its words that do not fit are somebody's mistake, and no reason to lose the line.
        text = str(record.msg)
    return clean(text)


def _argument(value: Any) -> Any:
    if isinstance(value, BaseException):
        return error_in_words(value)
    return value if isinstance(value, int | float) else str(value)


def _route(request: Any) -> str:
    match = getattr(request, "resolver_match", None)
    return (match.view_name or "unnamed") if match else "no route"


def _method(request: Any) -> str:
    said = getattr(request, "method", None) or ""
    return said if said.isascii() and said.isalpha() and len(said) <= 10 else "other"


def steps_of(trace: TracebackType | None) -> list[str]:
    """Where it happened, the innermost last: files and functions, without values."""
    found = traceback.extract_tb(trace)[-DEEPEST:]
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in found]


def _short(name: str) -> str:
    path = Path(name)
    if path.is_relative_to(BASE_DIR):
        return str(path.relative_to(BASE_DIR))
    return "/".join(path.parts[-3:])


class JsonLines(logging.Formatter):
    """One JSON object a line, in ASCII: nothing a visitor sends ends a line or begins another."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": words_of(record),
        }
        if own := current_request_id() or getattr(getattr(record, "request", None), "request_id", ""):
            line["request_id"] = own
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = error_in_words(record.exc_info[1])
            line["steps"] = steps_of(record.exc_info[2])
            if before := record.exc_info[1].__cause__ or record.exc_info[1].__context__:
                line["because"] = error_in_words(before)
        return json.dumps(line)


class PlainLines(logging.Formatter):
    """For a developer's terminal: the same words, and errors in full, each further line set in."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.datetime.fromtimestamp(record.created).astimezone().strftime("%H:%M:%S")
        text = f"{moment} {record.levelname} {record.name}: {_on_one_line(words_of(record))}"
        if own := current_request_id():
            text += f" [{own[:8]}]"
        if record.exc_info:
            trace = self.formatException(record.exc_info).splitlines()
            text += "".join(f"\n    {_on_one_line(line)}" for line in trace)
        return text


def _on_one_line(text: str) -> str:
    return CONTROLS.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def logging_settings(*, plain: bool) -> dict[str, Any]:
    """The `LOGGING` setting: warnings and errors, and who signed in; `plain` writes for eyes."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "menusite.logs.PlainLines" if plain else "menusite.logs.JsonLines"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # Who signed in, who was refused.
            "accounts.security_log": {"level": "INFO"},
            # A page not found is the visitor's affair; a page that failed is ours.
            "django.request": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL", "propagate": False},
        },
    }
