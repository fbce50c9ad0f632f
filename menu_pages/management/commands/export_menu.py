from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.audit import record
from accounts.models import AuditAction
from accounts.scope import everyone
from menu_pages.menu_files.exporting import FORMATS, export_menu
from menu_pages.models import PlacePage


class Command(BaseCommand):
    help = "Write a place's whole menu to an .xlsx, .csv or .json file, as import_menu reads it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("place", metavar="PLACE", help="the place's address")
        parser.add_argument("file", metavar="FILE", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        file_format = path.suffix.lower().lstrip(".")
        if file_format not in FORMATS:
            raise CommandError(f"A menu is exported as {', '.join(f'.{name}' for name in FORMATS)}.")
        with everyone():
            place = PlacePage.objects.filter(slug=options["place"]).select_related("record").first()
            if place is None:
                raise CommandError(f"There is no place “{options['place']}”.")
            content = export_menu(place, file_format)
            try:
                path.write_bytes(content)
            except OSError as error:
                raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
            record(
                AuditAction.DATA_EXPORTED,
                organisation_id=place.record.organisation_id,
                by=None,
                subject=path.name,
                place=place.title,
                what="menu",
            )
        self.stdout.write(str(path))
