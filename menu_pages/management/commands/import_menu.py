from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.scope import everyone
from menu_pages import turns
from menu_pages.menu_files import imports
from menu_pages.menu_files.problems import FileRefused, listing
from menu_pages.menu_files.summaries import summary_of
from menu_pages.models import ImportStatus, MenuImport, PlacePage
from menu_pages.progress_bars import bar_on


class Command(BaseCommand):
    help = "Import a place's menu from an .xlsx, .csv or .json file, or a .zip archive of one with pictures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", metavar="PLACE", help="the place's address")
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change and write nothing")
        parser.add_argument("--replace", action="store_true", help="withdraw dishes that are not in the file")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        with everyone():
            place = PlacePage.objects.filter(slug=options["place"]).select_related("record").first()
            if place is None:
                raise CommandError(f"There is no place “{options['place']}”.")
            try:
                content = path.read_bytes()
            except OSError as error:
                raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
            try:
                self._import(place, path.name, content, replace=options["replace"], dry_run=options["dry_run"])
            except FileRefused as refusal:
                raise CommandError(listing(refusal)) from refusal
            except turns.AnotherRunsError as error:
                raise CommandError("This menu is being imported already.") from error

    def _import(self, place: PlacePage, name: str, content: bytes, *, replace: bool, dry_run: bool) -> None:
        if dry_run:
            menu_file, found = imports.look_into(place, name, content, replace=replace)
            self._tell(summary_of(found.plan, menu_file.notices))
            return
        menu_import = imports.prepare_import(place=place, name=name, content=content, replace=replace, by=None)
        turns.claim(menu_import)
        imports.run_import(menu_import.pk, progress=bar_on(self.stdout))
        menu_import = MenuImport.objects.get(pk=menu_import.pk)
        if menu_import.status != ImportStatus.DONE:
            raise CommandError(f"{menu_import.problem} Rows {menu_import.done} of {menu_import.total} are done.")
        self._tell(menu_import.summary)

    def _tell(self, summary: dict[str, Any]) -> None:
        for kind, sign in (("added", "+"), ("changed", "~"), ("withdrawn", "−")):
            for row in summary[kind]["rows"] if self.verbosity > 1 else []:
                self.stdout.write(f"{sign} {row['category']} / {row['title']}")
        for notice in summary["notices"]:
            self.stdout.write(notice)
        counts = ", ".join(f"{kind} {summary[kind]['count']}" for kind in ("added", "changed", "withdrawn"))
        self.stdout.write(f"Dishes: {counts}, unchanged {summary['unchanged']}.")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)
