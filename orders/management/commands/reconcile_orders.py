import datetime
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.scope import everyone
from menu_pages.models import PlaceRecord
from orders.missing_orders import in_words
from orders.models import Reconciliation
from orders.reconciling import last_ended_day, reconcile_day


class Command(BaseCommand):
    help = (
        "Count the orders of a business day: sent = acknowledged + cancelled + open, or the missing are named. "
        "Ends with status 1 when something is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--place", metavar="SLUG", help="one place; otherwise all of them")
        parser.add_argument(
            "--day",
            metavar="DATE",
            type=datetime.date.fromisoformat,
            help="the business day, as 2026-11-20; otherwise the last one that has ended by the place's clock",
        )
        parser.add_argument("--json", action="store_true", help="print the figures as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        with everyone():
            counted = [self._reconcile(record, options["day"]) for record in self._records(options["place"])]
            if options["json"]:
                self.stdout.write(json.dumps([_facts(kept) for kept in counted], ensure_ascii=False, indent=2))
            else:
                for kept in counted:
                    self._print(kept)
        if any(kept.problems for kept in counted):
            raise SystemExit(1)

    def _records(self, slug: str | None) -> list[PlaceRecord]:
        records = PlaceRecord.objects.select_related("place", "organisation").order_by("place__slug")
        if slug is None:
            return list(records)
        found = list(records.filter(place__slug=slug))
        if not found:
            raise CommandError(f"There is no place “{slug}”.")
        return found

    def _reconcile(self, record: PlaceRecord, day: datetime.date | None) -> Reconciliation:
        return reconcile_day(record=record, day=day or last_ended_day(record))

    def _print(self, kept: Reconciliation) -> None:
        figures = kept.figures
        self.stdout.write(
            f"{kept.place.slug} {kept.day}: sent {figures['sent']} = acknowledged {figures['acknowledged']} "
            f"+ cancelled {figures['cancelled']} + open {figures['open']}"
            + (f", and {figures['imported']} imported" if figures["imported"] else "")
        )
        for problem in kept.problems:
            self.stdout.write(f"  {in_words(problem)}")


def _facts(kept: Reconciliation) -> dict[str, Any]:
    return {
        "place": kept.place.slug,
        "day": kept.day.isoformat(),
        "figures": kept.figures,
        "problems": kept.problems,
    }
