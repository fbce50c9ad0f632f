from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, connections
from django.db.utils import load_backend

from menusite.environment import database_from
from menusite.moving import Moved, MoveError, move


class Command(BaseCommand):
    help = (
        "Copies a whole installation from another database into this one, which has to be new, and compares each row."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "source", help="the other database as DATABASE_URL names one, for example sqlite:////srv/db.sqlite3"
        )

    def handle(self, *, source: str, **options: Any) -> None:
        try:
            settings = database_from(source)
        except ImproperlyConfigured as wrong:
            raise CommandError(str(wrong)) from wrong
        told = connections.configure_settings({"default": connection.settings_dict, "source": settings})["source"]
        other = load_backend(told["ENGINE"]).DatabaseWrapper(told, alias="source")
        connections["source"] = other
        try:
            move(source=other, target=connection, told=self._tell)
        except MoveError as wrong:
            raise CommandError(str(wrong)) from wrong
        finally:
            other.close()
            del connections["source"]
        self.stdout.write(self.style.SUCCESS("Moved: every row is the same on both sides."))

    def _tell(self, moved: Moved) -> None:
        self.stdout.write(f"{moved.figures.rows:>9}  {moved.figures.checksum}  {moved.table}")
