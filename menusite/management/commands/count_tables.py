import json
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from menusite.tables import figures_of, read_rows, stored_models


class Command(BaseCommand):
    help = "Prints each table's number of rows and their checksum as JSON: what a restored database is compared by."

    def handle(self, **options: Any) -> None:
        figures = {}
        for model in stored_models():
            found = figures_of(read_rows(connection, model), model)
            figures[model._meta.db_table] = [found.rows, found.checksum]
        self.stdout.write(json.dumps(figures, indent=1))
