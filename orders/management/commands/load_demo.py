from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from accounts.scope import everyone
from menu_pages.demo.loading import OWNER, PASSWORD, load_places
from menu_pages.models import PlacePage, Table
from orders.demo.history import make_history
from orders.signals import order_history_changed


class Command(BaseCommand):
    help = "Make the demo: an organisation with two places, their menus, tables, people and a year of orders."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo has a password that everyone knows: it is loaded with DEBUG=1 only.")
        with everyone():
            places = load_places()
            for place in places:
                if make_history(place):
                    order_history_changed.send(PlacePage, place_id=place.pk)
            self._print_links(places[0])

    def _print_links(self, place: PlacePage) -> None:
        tables = {table.number: table for table in Table.objects.in_use().filter(place=place)}
        # The owner may have put tables away.
        table = tables.get(7) or next(iter(tables.values()), None)
        for name, link in (
            ("Table", table.link(place.slug) if table else settings.SITE_URL + place.href),
            ("Desk", settings.SITE_URL + reverse("desk:board", args=[place.slug])),
            ("Admin", settings.SITE_URL + reverse("wagtailadmin_home")),
            ("Sign in", f"{OWNER} / {PASSWORD}"),
        ):
            self.stdout.write(f"{name}: {link}")
