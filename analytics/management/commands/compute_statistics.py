import datetime
import json
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.scope import everyone
from analytics.figures import as_printed
from analytics.resting import at_rest
from analytics.statistics import Computed, compute
from menu_pages.models import PlaceRecord


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as wrong:
        raise ArgumentTypeError(f"{text!r} is not a date such as 2026-11-21") from wrong


class Command(BaseCommand):
    help = "Count statistics now, as the nightly job does: of every place, or of one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--place", metavar="SLUG", help="this place alone")
        parser.add_argument(
            "--as-of", type=_date, metavar="DATE", help="the figures of that morning: periods end with the day before"
        )
        parser.add_argument("--json", action="store_true", help="print the figures")

    def handle(self, *args: Any, **options: Any) -> None:
        slug, morning = options["place"], options["as_of"]
        with everyone():
            records = list(PlaceRecord.objects.select_related("place").order_by("place__slug"))
            if slug:
                records = [record for record in records if record.place.slug == slug]
                if not records:
                    raise CommandError(f"There is no place with the address {slug!r}.")
            known = [] if slug else at_rest(records, morning=morning)
            resting = {one.record.pk for one in known}
            counted = compute([record for record in records if record.pk not in resting], morning=morning)
        results = sorted([*known, *counted], key=lambda one: one.record.place.slug)
        if options["json"]:
            printed = [_as_printed(one) for one in results]
            self.stdout.write(json.dumps(printed[0] if slug and printed else printed, ensure_ascii=False, indent=2))
        else:
            for one in results:
                self.stdout.write(_in_words(one))
        if len(results) < len(records):
            raise CommandError(f"{len(records) - len(results)} of {len(records)} were not counted; the log says why.")


def _as_printed(one: Computed) -> dict[str, Any]:
    return as_printed(
        place=one.record.place.slug,
        currency=one.record.currency,
        computed_at=one.computed_at,
        figures=one.figures,
    )


def _in_words(one: Computed) -> str:
    everything = one.figures["all"]
    return (
        f"{one.record.place.slug}, morning of {one.morning}: {everything['orders']} orders, "
        f"revenue {everything['revenue']} {one.record.currency}, "
        f"median check {everything['median_check']['overall'] or 'none'}"
    )
