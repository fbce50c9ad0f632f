from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.scope import everyone
from menu_pages.demo.many_places import make_places
from orders.demo.many_orders import make_orders


class Command(BaseCommand):
    help = (
        "Fill an installation with places, menus and a year of orders, the same each time, to measure it. What an "
        "earlier run made stays and is not made twice."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--places", type=int, default=10, help="how many places there are in the end")
        parser.add_argument("--dishes", type=int, default=80, help="dishes in each new place")
        parser.add_argument("--orders", type=int, default=1000, help="orders of each place in the last year")

    def handle(self, *args: Any, places: int, dishes: int, orders: int, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Places made up for measuring are no places to show: this runs with DEBUG=1 only.")
        if min(places, dishes, orders) < 0:
            raise CommandError("Places, dishes and orders are numbers from 0 up.")
        with everyone():
            for number, place in enumerate(make_places(places, dishes), start=1):
                make_orders(place, orders)
                if self.stdout.isatty() or number == places:
                    self.stdout.write(f"\r{number} / {places}", ending="\n" if number == places else "")
                    self.stdout.flush()
