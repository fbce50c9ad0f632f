from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime

from accounts.scope import everyone
from menu_pages import turns
from menu_pages.menu_files.problems import FileRefused, listing
from menu_pages.models import PlacePage
from menu_pages.progress_bars import bar_on
from orders.history import imports
from orders.history.reading import check_size
from orders.history.summaries import summary_of
from orders.models import OrderImport, OrderImportStatus


class Command(BaseCommand):
    help = "Import a place's order history from a CSV file of its old till (docs/order-files.md)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", metavar="PLACE", help="the place's address")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what the file holds and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with everyone():
            place = PlacePage.objects.filter(slug=options["place"]).select_related("record").first()
            if place is None:
                raise CommandError(f"There is no place “{options['place']}”.")
            try:
                self._import(place, path.name, _read(path), dry_run=options["dry_run"])
            except FileRefused as refusal:
                raise CommandError(listing(refusal)) from refusal
            except turns.AnotherRunsError as error:
                raise CommandError(
                    "Orders are being imported into this place already. If that import was killed, try again in two "
                    "minutes."
                ) from error

    def _import(self, place: PlacePage, name: str, content: bytes, *, dry_run: bool) -> None:
        if dry_run:
            history, plan = imports.look_into(place, content)
            self._tell(summary_of(place, history, plan))
            return
        prepared = imports.prepare_import(place=place, name=name, content=content, by=None)
        self._tell(prepared.summary)
        if not prepared.total:
            imports.give_up(prepared)
            return
        try:
            turns.claim(prepared)
        except turns.AnotherRunsError:
            imports.give_up(prepared)
            raise
        try:
            imports.run_import(prepared.pk, progress=bar_on(self.stdout))
        except KeyboardInterrupt as interrupt:
            imports.stop(prepared.pk, "Interrupted.")
            raise CommandError(_stopped(prepared)) from interrupt
        prepared.refresh_from_db(fields=("status", "problem", "done", "total"))
        if prepared.status != OrderImportStatus.DONE:
            raise CommandError(_stopped(prepared))
        self.stdout.write(f"Imported: {prepared.done} orders.")

    def _tell(self, summary: dict[str, Any]) -> None:
        for notice in summary["notices"]:
            self.stdout.write(notice)
        first, last = (parse_datetime(summary[name]) for name in ("first", "last"))
        self.stdout.write(
            f"Orders: {summary['orders']}, {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}, lines {summary['lines']}, "
            f"pieces {summary['items']}, revenue {summary['revenue']} {summary['currency']}."
        )
        self.stdout.write(
            f"Tables: {summary['tables']['count']}. Dishes: on the menu {summary['dishes']['on_menu']}, "
            f"kept by name {summary['dishes']['by_name']}."
        )
        self.stdout.write(f"There already: {summary['there']}, to be imported: {summary['missing']}.")


def _read(path: Path) -> bytes:
    try:
        check_size(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _stopped(order_import: OrderImport) -> str:
    order_import.refresh_from_db(fields=("problem", "done", "total"))
    return f"{order_import.problem} {order_import.done} of {order_import.total} orders are in; run it again to go on."
