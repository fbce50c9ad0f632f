"""Whole tables of the installation: what is in them, in figures that two databases can be compared by.

Rows are read as the database has them, past managers, tenants and fields' own ideas, so that nothing is left out and
nothing is made up on the way.
"""

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

ROWS_AT_ONCE = 2000
# A sum of digests, so that the order of rows does not matter; texts are sorted differently by each database.
MODULUS = 1 << 128
# What a search engine of the database's own makes of other tables, in columns that only this database has.
DERIVED = ("modelsearch", "wagtailsearch")

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    rows: int
    checksum: str


def stored_models() -> list[type[models.Model]]:
    """Every model with a table, those first that others point to; a circle of pointers is broken anywhere."""
    kept = {
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in DERIVED
    }
    ordered: list[type[models.Model]] = []
    visiting: set[type[models.Model]] = set()

    def place(model: type[models.Model]) -> None:
        if model in visiting or model not in kept:
            return
        visiting.add(model)
        for field in model._meta.local_concrete_fields:
            if field.is_relation and isinstance(field.related_model, type):
                place(field.related_model._meta.concrete_model or field.related_model)
        ordered.append(model)

    for model in sorted(kept, key=lambda model: model._meta.label):
        place(model)
    return ordered


def fields_of(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_concrete_fields if field.column]


def read_rows(connection: BaseDatabaseWrapper, model: type[models.Model]) -> Iterator[Row]:
    """The table's rows as Python's own values; a JSON is its text."""
    fields = fields_of(model)
    names = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    columns = [_as_text(connection, field, name) for field, name in zip(fields, names.split(", "), strict=True)]
    converters = [_converters(connection, field) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            for row in rows:
                yield tuple(_converted(value, way, connection) for value, way in zip(row, converters, strict=True))


def figures_of(rows: Iterable[Row], model: type[models.Model]) -> Figures:
    """How many rows there are, and a checksum over all that is in them."""
    count, total = 0, 0
    fields = fields_of(model)
    for row in rows:
        count += 1
        total += int.from_bytes(digest(row, fields))
    return Figures(count, f"{total % MODULUS:032x}")


def digest(row: Row, fields: list[Any]) -> bytes:
    """The same for the same row on every database."""
    words = [_canonical(value, field) for value, field in zip(row, fields, strict=True)]
    return hashlib.blake2b(json.dumps(words, sort_keys=True).encode(), digest_size=16).digest()


def _as_text(connection: BaseDatabaseWrapper, field: Any, name: str) -> str:
    """PostgreSQL's driver would read a JSON into objects, and a float of it is another text then."""
    return f"{name}::text" if connection.vendor == "postgresql" and is_json(field) else name


def is_json(field: Any) -> bool:
    return bool(field.get_internal_type() == "JSONField")


def _converters(connection: BaseDatabaseWrapper, field: Any) -> list[Any]:
    if is_json(field):
        return []
    # A reference holds what it points to.
    column: Any = field
    while column.is_relation:
        column = column.target_field
    expression = column.cached_col
    return [(convert, expression) for convert in connection.ops.get_db_converters(expression)]


def _converted(value: Any, converters: list[Any], connection: BaseDatabaseWrapper) -> Any:
    for convert, expression in converters:
        value = convert(value, expression, connection)
    return bytes(value) if isinstance(value, memoryview) else value


def _number(text: str) -> str:
    return f"number {Decimal(text).normalize():f}"


def _canonical(value: Any, field: Any) -> Any:
    if value is None or isinstance(value, (str, bool)):
        # PostgreSQL keeps a JSON with its keys and numbers in a way of its own.
        return (
            json.loads(value, parse_int=_number, parse_float=_number)
            if isinstance(value, str) and is_json(field)
            else value
        )
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, bytes):
        return value.hex()
    return repr(value) if isinstance(value, float) else str(value)
