from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.utils import timezone


class Session(AbstractBaseSession):
    """Django's session with what background work looks for: who has been quiet with something not saved, and who sits
    at a table that is being closed. No other table knows a session's key."""

    active_at = models.DateTimeField(default=timezone.now)
    unsaved = models.BooleanField(default=False)
    seating = models.ForeignKey("orders.Seating", models.SET_NULL, null=True, related_name="+")
    # Whose sign-in this is: a desk asks each second whether it still holds, in one query. Without a constraint, since
    # a person may be gone while a browser still carries their session.
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, db_constraint=False, related_name="+")

    @classmethod
    def get_session_store_class(cls) -> Any:
        from orders.sessions import SessionStore

        return SessionStore

    class Meta(AbstractBaseSession.Meta):
        indexes = (models.Index(fields=("active_at",), condition=Q(unsaved=True), name="session_unsaved"),)
