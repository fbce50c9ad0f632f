"""The few words in which the databases differ.

Money is counted in hundredths: whole numbers, which both keep exactly.
"""

import datetime
from collections.abc import Sequence

from django.db import connection

# One lock for all that statistics write: whoever comes second finds the work done.
LOCK = 6_021_202
LONGEST_WAIT, LONGEST_QUERY = "120s", "300s"


def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


def take_lock() -> None:
    """Let nobody else write statistics until this transaction ends; on SQLite the transaction itself does that."""
    if on_postgresql():
        with connection.cursor() as cursor:
            # Nobody's page waits for this: the night's work may take longer than a guest's request.
            cursor.execute(
                f"SET LOCAL lock_timeout = '{LONGEST_WAIT}'; SET LOCAL statement_timeout = '{LONGEST_QUERY}'"
            )
            # Sorting in memory; compiling queries of a hundred milliseconds takes longer than it saves.
            cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def cents(amount: str) -> str:
    """Money of a column, or a sum of such columns, as a whole number of hundredths."""
    if on_postgresql():
        # Exact as it is; SQLite keeps money as floating point, next to the hundredth that is meant.
        return f"CAST(({amount}) * 100 AS bigint)"
    return f"CAST(ROUND(({amount}) * 100) AS bigint)"


def weekday(day: str) -> str:
    """1 for Monday to 7 for Sunday."""
    if on_postgresql():
        # The first of January 1900 was a Monday; whole numbers are counted faster than EXTRACT takes dates apart.
        return f"(({day} - DATE '1900-01-01') %% 7 + 1)"
    return f"(CAST(julianday({day}) + 0.5 AS integer) %% 7 + 1)"


def local_hour(moment: str, zone: str) -> str:
    """The hour of a moment by the clock of a zone, whose name is another column."""
    if on_postgresql():
        return f"CAST(EXTRACT(HOUR FROM {moment} AT TIME ZONE {zone}) AS integer)"
    return f"django_datetime_extract('hour', {moment}, {zone}, 'UTC')"


def listed(values: Sequence[object]) -> str:
    """Placeholders for `IN`; of nothing, a list that holds nothing."""
    return f"({', '.join(['%s'] * len(values)) or 'NULL'})"


def rows(count: int, width: int) -> str:
    """Placeholders for `VALUES`: so many rows of so many columns."""
    row = f"({', '.join(['%s'] * width)})"
    return ", ".join([row] * count)


def as_date(value: datetime.date | str) -> datetime.date:
    """SQLite keeps dates as texts, and gives them so to those who ask in plain SQL."""
    return value if isinstance(value, datetime.date) else datetime.date.fromisoformat(value)
