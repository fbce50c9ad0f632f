"""Django's database sessions with two things added: changing them under a lock on their row, and columns that tell
background work which of them hold something unsaved, and a desk whose they are."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts.prepared import Prepared, PreparedUpdate
from orders.guest_state import has_unsaved, seating_of

WRITTEN = ("session_data", "expire_date", "active_at", "unsaved", "seating", "user")


class SessionStore(db.SessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from orders.models import Session

        return Session

    def create_model_instance(self, data: Any) -> Any:
        row: Any = super().create_model_instance(data)
        describe(row, data)
        return row

    @contextmanager
    def locked(self, *, new_key: bool = False) -> Iterator[dict[str, Any]]:
        """Yield the session's data as it is now in the database, and write it back, in one transaction.

        Django loads a session, lets the view change it and saves all of it: of two requests at once one's change is
        lost. Here the second waits for the first. An exception inside undoes both the change and whatever else was
        written meanwhile. A browser without a session gets one. With `new_key` the session moves to a key that nobody
        could have planted in the browser before.
        """
        known = self.session_key
        try:
            with transaction.atomic():
                row = self._locked_row()
                if row is None:
                    self.create()
                    row = self._locked_row()
                elif new_key:
                    row = self._moved(row)
                data = self.decode(row.session_data)
                yield data
                row.session_data = self.encode(data)
                row.expire_date = self.get_expiry_date(expiry=data.get("_session_expiry"))
                row.active_at = timezone.now()
                describe(row, data)
                written = {name: getattr(row, row._meta.get_field(name).attname) for name in WRITTEN}
                _write.run({"key": row.pk}, **written)
        except BaseException:
            if self.session_key != known:
                # The new row was undone with the rest: there is nothing to save under its key or to name in a cookie.
                self._session_key = known
                self._session_cache = {}
                self.modified = False
            raise
        self._session_cache = data

    def _moved(self, row: Any) -> Any:
        """The row under a new key; who waits for the old one finds it gone."""
        store: Any = self  # the stubs leave out how Django makes a key
        key = store._get_new_session_key()
        store._session_key = key
        self.modified = True
        moved = self.model(session_key=key, session_data=row.session_data, expire_date=row.expire_date)
        # The columns follow when the change is written.
        moved.save(force_insert=True)
        row.delete()
        return moved

    def _locked_row(self) -> Any:
        if self.session_key is None:
            return None
        return _lock.first(key=self.session_key, now=timezone.now())


def _locked(key: str, now: datetime.datetime) -> Any:
    rows = SessionStore.get_model_class().objects.select_for_update()
    return rows.filter(session_key=key, expire_date__gt=now)


_lock = Prepared(_locked)
_write = PreparedUpdate(lambda key: SessionStore.get_model_class().objects.filter(pk=key), *WRITTEN)


def describe(row: Any, data: Any) -> None:
    """Bring the row's columns to what its data says."""
    row.unsaved = has_unsaved(data)
    row.seating_id = seating_of(data)
    row.user_id = signed_in_user(data)


def signed_in_user(data: Any) -> int | None:
    """The id of whoever signed in with this session."""
    user = data.get(SESSION_KEY)
    return None if user is None else int(user)


def session_of(request: HttpRequest) -> SessionStore:
    """The request's session; settings choose this module's store."""
    return cast("SessionStore", request.session)
