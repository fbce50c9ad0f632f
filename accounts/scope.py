"""The tenant scope: whose rows the code now running may see.

Three states: some organisations, everyone (said aloud at the entry of public requests, tasks and commands), and
unset, in which reading a tenant's model raises. The scope is read when a query is *compiled*, not when the queryset
is built: form classes keep their querysets for the life of the process, and must not keep somebody's scope in them.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models
from django.db.models.expressions import Expression, F
from django.db.models.lookups import In

Owners = Callable[[frozenset[int]], models.QuerySet[Any]]


class ScopeNotSetError(RuntimeError):
    """A tenant's model was read before anyone said for whom."""


class _Everyone:
    def __repr__(self) -> str:
        return "everyone"


EVERYONE = _Everyone()
_scope: ContextVar[_Everyone | frozenset[int] | None] = ContextVar("tenant_scope", default=None)


def current_scope() -> _Everyone | frozenset[int]:
    """The scope in force; raises `ScopeNotSetError` when there is none."""
    scope = _scope.get()
    if scope is None:
        raise ScopeNotSetError("Enter accounts.scope.everyone() or organisations(...) before reading a tenant's rows.")
    return scope


@contextmanager
def everyone() -> Iterator[None]:
    """Let the code inside see every organisation's rows."""
    token = _scope.set(EVERYONE)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def organisations(ids: Iterable[int]) -> Iterator[None]:
    """Let the code inside see the rows of these organisations only (of none: no rows at all)."""
    token = _scope.set(frozenset(ids))
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def no_scope() -> Iterator[None]:
    """Take the scope away, as it is at the start of a process."""
    token = _scope.set(None)
    try:
        yield
    finally:
        _scope.reset(token)


class InScope(Expression):
    """True where `column` belongs to the scope in force when the SQL is made.

    `owners` turns organisation ids into a queryset of the values `column` may have; without it the column holds
    organisation ids itself. For everyone the condition costs nothing: no join, no subquery.
    """

    conditional = True
    output_field = models.BooleanField()

    def __init__(self, column: str | Expression, owners: Owners | None = None) -> None:
        super().__init__()
        self.column: Any = F(column) if isinstance(column, str) else column
        self.owners = owners

    @property
    def target(self) -> Any:
        """The field that is looked at: Wagtail's search asks every condition for it, to see that it is indexed."""
        return self.column.target

    @property
    def alias(self) -> str:
        return self.column.alias

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Any) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        scope = current_scope()
        if isinstance(scope, _Everyone):
            return "1=1", []
        values: Any = self.owners(scope).query if self.owners else sorted(scope)
        sql, params = compiler.compile(In(self.column, values))
        return sql, list(params)


class ScopedManager(models.Manager[Any]):
    """The default manager of a tenant's model: rows outside the scope do not exist."""

    def __init__(self, column: str = "organisation_id", owners: Owners | None = None) -> None:
        super().__init__()
        self.column = column
        self.owners = owners

    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().filter(InScope(self.column, self.owners))
