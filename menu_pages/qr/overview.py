"""What the page says about the tables of a place in words."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext, ngettext

from menu_pages.models import PlacePage, Table


def numbers_in_words(numbers: list[int]) -> str:
    """1, 2, 3, 7 → “1–3, 7”."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def put_away(place: PlacePage) -> list[int]:
    """Numbers of the tables that are kept out of use, with their history. One query."""
    return list(Table.objects.filter(place=place, in_use=False).values_list("number", flat=True))


def zones_of(place: PlacePage) -> list[str]:
    """The parts of the place its tables have been put in. One query."""
    zones = Table.objects.in_use().filter(place=place).exclude(zone="").order_by("zone")
    return list(zones.values_list("zone", flat=True).distinct())


def count_changed(before: list[int], after: list[int]) -> str:
    """What the new number of tables has done; both are the numbers put away."""
    gone, back = sorted(set(after) - set(before)), sorted(set(before) - set(after))
    if gone:
        text = ngettext(
            "Table %(numbers)s is put away: its code stops working, its orders and statistics stay.",
            "Tables %(numbers)s are put away: their codes stop working, their orders and statistics stay.",
            len(gone),
        )
        return text % {"numbers": numbers_in_words(gone)}
    if back:
        text = ngettext(
            "Table %(numbers)s is back with the code it had.",
            "Tables %(numbers)s are back with the codes they had.",
            len(back),
        )
        return text % {"numbers": numbers_in_words(back)}
    return gettext("The codes are ready.")


def on_this_computer_only() -> bool:
    """Whether the codes lead to an address that no phone can open: the service runs for a trial."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
