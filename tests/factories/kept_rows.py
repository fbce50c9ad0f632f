"""Rows that took long to make, made once and put back for each test that wants them. PostgreSQL alone."""

import io
from dataclasses import dataclass

from django.db import connection, transaction


@dataclass(frozen=True, slots=True)
class KeptRows:
    """What every table held, as `COPY` writes it, and how far the sequences had counted."""

    tables: dict[str, bytes]
    sequences: dict[str, int]


def keep_rows() -> KeptRows:
    """What the database holds now."""
    tables = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            written = io.BytesIO()
            cursor.copy_expert(f'COPY "{name}" TO STDOUT', written)
            if written.tell():
                tables[name] = written.getvalue()
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL")
        return KeptRows(tables, dict(cursor.fetchall()))


def put_back(kept: KeptRows) -> None:
    """Make the database hold what it held then; tables that were empty then are taken to be so now."""
    # References are looked at when all is written, so the tables' order is no matter.
    with transaction.atomic(), connection.cursor() as cursor:
        for name, rows in kept.tables.items():
            cursor.execute(f'DELETE FROM "{name}"')
            cursor.copy_expert(f'COPY "{name}" FROM STDIN', io.BytesIO(rows))
        for name, last in kept.sequences.items():
            cursor.execute("SELECT setval(%s, %s)", [f'"{name}"', last])
