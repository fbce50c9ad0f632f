"""The whole installation from one database to another: what began on SQLite goes on PostgreSQL."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.management.color import no_style
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from menusite.tables import ROWS_AT_ONCE, Figures, Row, digest, fields_of, figures_of, is_json, read_rows, stored_models

# What migrations themselves write; all other tables of an empty installation are empty.
MADE_BY_MIGRATIONS = frozenset(
    {
        "accounts.Plan",
        "auth.Group",
        "auth.Group_permissions",
        "auth.Permission",
        "contenttypes.ContentType",
        "menu_pages.HomePage",
        "wagtailcore.Collection",
        "wagtailcore.GroupCollectionPermission",
        "wagtailcore.GroupPagePermission",
        "wagtailcore.Locale",
        "wagtailcore.Page",
        "wagtailcore.Site",
        "wagtailcore.Task",
        "wagtailcore.Workflow",
        "wagtailcore.WorkflowPage",
        "wagtailcore.WorkflowTask",
        "wagtailcore.GroupApprovalTask",
        "wagtailcore.GroupApprovalTask_groups",
    }
)
MOST_NAMED = 5
MOST_VALUES = 20_000


class MoveError(Exception):
    """Nothing was moved; the text says why."""


@dataclass(frozen=True, slots=True)
class Moved:
    """One table, compared after copying."""

    table: str
    figures: Figures


def move(*, source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, told: Callable[[Moved], None]) -> None:
    """Copy every table of `source` into `target`, which has the same migrations and nothing else, and compare each row.

    One transaction of the target: after a MoveError it is as it was. `told` hears of each table that was compared.
    """
    tables = stored_models()
    _check_versions(source, target)
    _check_empty(target, tables)
    with transaction.atomic(using=target.alias), target.constraint_checks_disabled():
        if target.vendor == "postgresql":
            # The bounds of a page's questions are not those of a move.
            with target.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        _empty(target, tables)
        for model in tables:
            _write(target, model, read_rows(source, model))
        _set_sequences(target, tables)
        target.check_constraints()
        for model in tables:
            told(Moved(model._meta.db_table, _compare(source, target, model)))


def _check_versions(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper) -> None:
    here, there = (set(MigrationRecorder(database).applied_migrations()) for database in (source, target))
    if here != there:
        named = ", ".join(f"{app}.{name}" for app, name in sorted(here ^ there)[:MOST_NAMED])
        raise MoveError(f"The databases are not of the same version; run migrate on both. They differ in {named}.")


def _check_empty(target: BaseDatabaseWrapper, tables: list[type[models.Model]]) -> None:
    with target.cursor() as cursor:
        for model in tables:
            if model._meta.label in MADE_BY_MIGRATIONS:
                continue
            cursor.execute(f"SELECT 1 FROM {target.ops.quote_name(model._meta.db_table)} LIMIT 1")  # noqa: S608
            if cursor.fetchone():
                raise MoveError(
                    f"The target is not empty: {model._meta.db_table} has rows. It has to be a new database."
                )


def _empty(target: BaseDatabaseWrapper, tables: list[type[models.Model]]) -> None:
    with target.cursor() as cursor:
        for model in reversed(tables):
            cursor.execute(f"DELETE FROM {target.ops.quote_name(model._meta.db_table)}")  # noqa: S608


def _write(target: BaseDatabaseWrapper, model: type[models.Model], rows: Iterator[Row]) -> None:
    fields = fields_of(model)
    names = ", ".join(target.ops.quote_name(field.column) for field in fields)
    places = f"({', '.join('%s' for _ in fields)})"
    at_once = min(ROWS_AT_ONCE, (target.features.max_query_params or MOST_VALUES) // len(fields))
    with target.cursor() as cursor:
        while piece := list(islice(rows, at_once)):
            values = [value for row in piece for value in _prepared(target, fields, row)]
            statement = f"INSERT INTO {target.ops.quote_name(model._meta.db_table)} ({names}) VALUES "  # noqa: S608
            cursor.execute(statement + ", ".join([places] * len(piece)), values)


def _prepared(target: BaseDatabaseWrapper, fields: list[Any], row: Row) -> list[Any]:
    return [_for(target, field, value) for field, value in zip(fields, row, strict=True)]


def _for(target: BaseDatabaseWrapper, field: Any, value: Any) -> Any:
    if value is None or is_json(field):
        return value
    while field.is_relation:
        field = field.target_field
    kinds: dict[str, Callable[[Any], Any]] = {
        "DateTimeField": target.ops.adapt_datetimefield_value,
        "DateField": target.ops.adapt_datefield_value,
        "TimeField": target.ops.adapt_timefield_value,
        "DecimalField": lambda number: target.ops.adapt_decimalfield_value(
            number, field.max_digits, field.decimal_places
        ),
        "UUIDField": lambda uuid: uuid if target.features.has_native_uuid_field else uuid.hex,
        "BinaryField": memoryview,
    }
    return kinds.get(field.get_internal_type(), lambda same: same)(value)


def _set_sequences(target: BaseDatabaseWrapper, tables: Iterable[type[models.Model]]) -> None:
    with target.cursor() as cursor:
        for statement in target.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(statement)


def _compare(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, model: type[models.Model]) -> Figures:
    before, after = (figures_of(read_rows(database, model), model) for database in (source, target))
    if before != after:
        raise MoveError(f"{model._meta.db_table} differs after copying: {_difference(source, target, model)}.")
    return after


def _difference(source: BaseDatabaseWrapper, target: BaseDatabaseWrapper, model: type[models.Model]) -> str:
    fields = fields_of(model)
    key = next(number for number, field in enumerate(fields) if field.primary_key)
    before, after = (
        {row[key]: digest(row, fields) for row in read_rows(database, model)} for database in (source, target)
    )
    wrong = [str(name) for name in before.keys() | after.keys() if before.get(name) != after.get(name)]
    return f"{len(before)} rows and {len(after)}; not the same: {', '.join(sorted(wrong)[:MOST_NAMED])}"
