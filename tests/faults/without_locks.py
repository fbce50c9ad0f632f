"""Taking protections away, for the controls."""

from typing import Any

import pytest
from django.db.models import QuerySet


def take_locks_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row is locked by being read any more."""

    def unlocked(self: QuerySet[Any], **options: Any) -> QuerySet[Any]:
        return self._chain()  # type: ignore[attr-defined, no-any-return]

    monkeypatch.setattr(QuerySet, "select_for_update", unlocked)
