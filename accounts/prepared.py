"""Statements of which many are sent each second, put together once for a connection.

Django makes a query's SQL anew each time it is asked, which for a small query takes several times as long as the
answer. Here the query is written as ever, once, as a function of what changes from one time to the next; its SQL is
kept with the connection, and only the values are new. What is asked and under which lock stays Django's own word.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.constants import OnConflict
from django.db.models.expressions import Expression
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

from accounts.scope import EVERYONE, current_scope, everyone

Values = dict[str, Any]
KEPT = "_prepared"


class Given(Expression):
    """Stands in a query for a value that is told when it is asked; of several values for one of them."""

    def __init__(self, name: str, number: int | None = None) -> None:
        super().__init__()
        self.name = name
        self.number = number

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return "%s", [self]

    def of(self, values: Values, connection: Any) -> Any:
        found = values[self.name]
        return connection.ops.adapt_unknown_value(found if self.number is None else found[self.number])


@dataclass(frozen=True, slots=True)
class _Statement:
    sql: str
    parameters: tuple[Any, ...]
    rows: Callable[[Iterable[Sequence[Any]]], list[Any]]

    def told(self, values: Values, connection: Any) -> list[Any]:
        return [
            parameter.of(values, connection) if isinstance(parameter, Given) else parameter
            for parameter in self.parameters
        ]


class Prepared:
    """A query by `make`, whose keywords are what it is asked with: plain values, or tuples for `…__in`.

    `make` gives model instances or `values_list`; it may depend on nothing but its keywords. Outside of the scope of
    everyone the query is asked in Django's usual way.
    """

    def __init__(self, make: Callable[..., models.QuerySet[Any]]) -> None:
        self.make = make

    def all(self, **values: Any) -> list[Any]:
        """The rows; of an empty tuple none, without a query."""
        if any(value == () for value in values.values()):
            return []
        if current_scope() is not EVERYONE:
            return list(self.make(**values))
        connection = connections[DEFAULT_DB_ALIAS]
        kept = _kept(connection)
        shape = (self, *(len(value) for value in values.values() if isinstance(value, tuple)))
        statement = kept.get(shape)
        if statement is None:
            statement = kept[shape] = _question(self.make(**_named(values)), connection)
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.told(values, connection))
            found: list[Any] = statement.rows(cursor.fetchall())
        return found

    def first(self, **values: Any) -> Any | None:
        """The first row, if there is one."""
        found = self.all(**values)
        return found[0] if found else None


class PreparedUpdate:
    """An update of the rows `make` finds, in the scope of everyone; no signal is sent.

    `told` are the fields whose values are told each time; `always` are those that get the same each time, such as
    `F("version") + 1`. With `returning` the rows' new values of that field come back, else nothing.
    """

    def __init__(
        self,
        make: Callable[..., models.QuerySet[Any]],
        *told: str,
        always: Values | None = None,
        returning: str = "",
    ) -> None:
        self.make = make
        self.told = told
        self.always = always or {}
        self.returning = returning

    def run(self, where: Values, **values: Any) -> list[Any]:
        """Update the rows found by `where`; the values of `returning`, one for each."""
        connection = connections[DEFAULT_DB_ALIAS]
        kept = _kept(connection)
        found = kept.get(self)
        if found is None:
            found = kept[self] = self._put_together(where, connection)
        statement, fields = found
        saved = {f"to_{name}": fields[name].get_db_prep_save(values[name], connection) for name in self.told}
        with connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.told({**where, **saved}, connection))
            return [row[0] for row in cursor.fetchall()] if self.returning else []

    def _put_together(self, where: Values, connection: Any) -> tuple[_Statement, dict[str, Any]]:
        with everyone():
            query: Any = self.make(**_named(where)).query.chain(UpdateQuery)
            query.add_update_values({**{name: Given(f"to_{name}") for name in self.told}, **self.always})
            sql, parameters = query.get_compiler(connection=connection).as_sql()
        meta: Any = query.get_meta()
        if self.returning:
            sql += f" RETURNING {connection.ops.quote_name(meta.get_field(self.returning).column)}"
        return _Statement(sql, tuple(parameters), list), {name: meta.get_field(name) for name in self.told}


def insert(rows: Sequence[models.Model], *, ignore_conflicts: bool = False) -> None:
    """Insert new rows of one model, as `bulk_create` does: no signal is sent, and they learn their ids (not when
    conflicts are ignored). One statement."""
    if not rows:
        return
    connection = connections[DEFAULT_DB_ALIAS]
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if field is not meta.auto_field]
    if len(rows) > connection.ops.bulk_batch_size(fields, rows):
        meta.base_manager.bulk_create(rows, ignore_conflicts=ignore_conflicts)
        return
    kept = _kept(connection)
    shape = (insert, meta.model, len(rows), ignore_conflicts)
    sql = kept.get(shape)
    if sql is None:
        sql = kept[shape] = _insertion(rows, fields, connection, ignore_conflicts)
    values = [field.get_db_prep_save(field.pre_save(row, True), connection) for row in rows for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        ids = cursor.fetchall() if meta.auto_field and not ignore_conflicts else []
    for row, (found,) in zip(rows, ids, strict=False):
        row.pk = found
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _insertion(rows: Sequence[models.Model], fields: list[Any], connection: Any, ignore_conflicts: bool) -> str:
    """Django's own statement for one row, with room for as many as there are."""
    query = InsertQuery(rows[0]._meta.model, on_conflict=OnConflict.IGNORE if ignore_conflicts else None)
    query.insert_values(fields, [rows[0]])
    compiler = query.get_compiler(connection=connection)
    auto_field = rows[0]._meta.auto_field
    if auto_field and not ignore_conflicts:
        compiler.returning_fields = [auto_field]
    ((sql, _values),) = compiler.as_sql()
    room = f"({', '.join(['%s'] * len(fields))})"
    before, found, after = sql.partition(room)
    if not found:
        raise TypeError(f"A row of {rows[0]._meta.label} holds an expression: it cannot be prepared.")
    return f"{before}{', '.join([room] * len(rows))}{after}"


def _kept(connection: Any) -> dict[Any, Any]:
    """The connection's statements: some of what reads their rows belongs to it."""
    found: dict[Any, Any] = connection.__dict__.setdefault(KEPT, {})
    return found


def _named(values: Values) -> Values:
    return {
        name: [Given(name, number) for number in range(len(value))] if isinstance(value, tuple) else Given(name)
        for name, value in values.items()
    }


def _question(queryset: models.QuerySet[Any], connection: Any) -> _Statement:
    compiler: Any = queryset.query.get_compiler(connection=connection)
    sql, parameters = compiler.as_sql()
    converters = list(compiler.get_converters([chosen[0] for chosen in compiler.select]).items())
    build: Callable[[Sequence[Any]], Any]
    if queryset._iterable_class is ValuesListIterable:
        build = tuple
    elif queryset._iterable_class is ModelIterable:
        build = _builder(compiler)
    else:
        raise TypeError("Only model instances and plain `values_list` are prepared.")

    def rows(found: Iterable[Sequence[Any]]) -> list[Any]:
        if not converters:
            return [build(row) for row in found]
        built = []
        for row in map(list, found):
            for position, (steps, expression) in converters:
                for step in steps:
                    row[position] = step(row[position], expression, connection)
            built.append(build(row))
        return built

    return _Statement(sql, tuple(parameters), rows)


def _builder(compiler: Any) -> Callable[[Sequence[Any]], Any]:
    """A row to its instance, with those it is selected with, as `ModelIterable` makes them."""
    alias, info = compiler.connection.alias, compiler.klass_info
    start, end = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [chosen[0].target.attname for chosen in compiler.select[start:end]]
    populators: Any = get_related_populators  # the stubs are of a later Django
    related = populators(info, compiler.select, alias)
    annotations = list((compiler.annotation_col_map or {}).items())
    make = info["model"].from_db

    def build(row: Sequence[Any]) -> Any:
        made = make(alias, names, row[start:end])
        for populator in related:
            populator.populate(row, made)
        for name, position in annotations:
            setattr(made, name, row[position])
        return made

    return build
