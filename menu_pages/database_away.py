"""Telling a database that cannot answer now from a question that was wrong."""

from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest

MARK = "_database_was_away"
# What SQLite says of a question that was wrong, in an error of the same class.
WRONG_QUESTIONS = ("no such", "syntax error", "has no column")


def is_away(error: BaseException | None) -> bool:
    """Whether asking again in a moment may succeed: no connection, no answer in time, a lock that did not come."""
    # psycopg2 raises the bare class for an answer cut short.
    if not isinstance(error, OperationalError | InterfaceError) and type(error) is not DatabaseError:
        return False
    return not any(words in str(error) for words in WRONG_QUESTIONS)


def mark_database_away(request: HttpRequest) -> None:
    """Write down that the request fails for want of the database."""
    setattr(request, MARK, True)


def database_was_away(request: HttpRequest) -> bool:
    return getattr(request, MARK, False)
