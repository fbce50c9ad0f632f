"""Django's PostgreSQL, asked no longer than `menusite.patience` allows in the processes that answer requests."""

from typing import Any

import psycopg2
from django.db.backends.postgresql import base

from menusite import patience


class DatabaseWrapper(base.DatabaseWrapper):
    """As Django's; in a process whose waiting is limited a database found away fails at once for a while."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        if not patience.is_limited():
            return super().get_new_connection(conn_params)
        if patience.is_resting():
            raise patience.DatabaseSilentError("The database was away a moment ago.")
        # A pooler takes no options: there the database role has them.
        if "options" in conn_params:
            conn_params = {**conn_params, "options": f"{conn_params['options']} {patience.WEB_OPTIONS}"}
        with patience.asking_whether_it_is_there(patience.CONNECT_SECONDS):
            return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether the connection answers. One question, none while the database is known to be away."""
        if not patience.is_limited():
            return super().is_usable()
        if self.connection is None or patience.is_resting():
            return False
        try:
            with patience.asking_whether_it_is_there(patience.HEALTH_SECONDS), self.connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        except psycopg2.Error:
            return False
        return True
