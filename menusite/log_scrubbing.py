"""Taking out of a log's words what names a person or opens a door.

Our own sentences name things by number; the words of libraries and of errors may quote anything.
"""

import re

from django.db import Error as DatabaseProblem
from kombu.exceptions import OperationalError as QueueAway
from redis.exceptions import RedisError

OURS = frozenset({"menusite", "analytics", "orders", "menu_pages", "accounts"})
# Servers, files and networks speak of themselves.
TELLING = (OSError, DatabaseProblem, RedisError, QueueAway)
MOST = 2000
ADDRESS = re.compile(r"[^\s<>()\"',;:@=\[\]{}]{1,64}@[^\s<>()\"',;@\[\]{}]{1,255}")
# Keys of tables, sessions, letters and tokens: long words of letters and figures. Words of a sentence have no figures,
# UUIDs of events and tasks are told apart by their dashes.
KEY = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)[\w-]{16,}")
QUERY = re.compile(r"\?[^\s\"']*=[^\s\"']*")
QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|«[^»]*»|“[^”]*”")
PHONE = re.compile(r"\+?\d[\d\s()–-]{8,}\d")


def scrubbed(text: str) -> str:
    """The text without addresses, keys, query strings and telephone numbers, and not endless."""
    text = QUERY.sub("?…", text[:MOST])
    text = ADDRESS.sub("[address]", text)
    # Enough of a key to find it by, and far too little to use it.
    return KEY.sub(lambda key: f"{key[0][:6]}…", text)


def without_quotes(text: str) -> str:
    """The same of words that are not ours: what they quote, and long numbers, are somebody's."""
    return PHONE.sub("[number]", QUOTED.sub("[…]", scrubbed(text)))


def error_in_words(error: BaseException) -> str:
    """What kind of error it is, and where it comes of a service that is away or of our own code, what it says: the
    first line, without what it quotes. A database tells in further lines which row it stumbled over; any other error
    may say what somebody typed.
    """
    name = type(error).__name__
    told = isinstance(error, TELLING) or type(error).__module__.partition(".")[0] in OURS
    words = without_quotes(str(error).partition("\n")[0]) if told else ""
    return f"{name}: {words}" if words else name
