"""Tickets on the desk: to read, to print from the browser, to send to the station's printer once more."""

from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.roles import Capability
from menu_pages.permissions import place_or_404
from orders import desk_state
from orders.models import Order, OutboxKind
from orders.outbox.events import tell
from orders.tickets.content import Ticket, ticket_of
from orders.tickets.pdf import ticket_as_pdf
from orders.tickets.stations import Making, stations_of


class MemberRequest(HttpRequest):
    """A request that `login_required` has let through."""

    user: User


class Asked(NamedTuple):
    order: Order
    making: Making | None
    makings: list[Making]

    @property
    def station(self) -> str:
        return self.making.station.public_id if self.making else ""


@login_required
@never_cache
@require_GET
def ticket(request: MemberRequest, place_slug: str, public_id: str) -> HttpResponse:
    """The ticket on 80 mm paper; `?copy=1` marks it as one that was printed before."""
    asked = _asked(request, place_slug, public_id, request.GET.get("station", ""))
    context = {
        "place": asked.order.place,
        "order": asked.order,
        "ticket": _ticket(request, asked),
        "language": asked.order.place.record.language,
        "station": asked.station,
        "query": _query(asked.station, copy=_is_copy(request)),
        "stations": [making.station for making in asked.makings],
        "prints": any(making.station.printer_host for making in ([asked.making] if asked.making else asked.makings)),
        "sent": request.GET.get("sent") == "1",
    }
    return render(request, "orders/tickets/ticket.html", context)


@login_required
@never_cache
@require_GET
def ticket_pdf(request: MemberRequest, place_slug: str, public_id: str) -> HttpResponse:
    asked = _asked(request, place_slug, public_id, request.GET.get("station", ""))
    content = ticket_as_pdf(_ticket(request, asked), asked.order.place.record.language)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{place_slug}-{asked.order.number}.pdf"'
    return response


@login_required
@require_POST
def ticket_again(request: MemberRequest, place_slug: str, public_id: str) -> HttpResponse:
    """Have the station's printer, or every one that makes something of the order, print a copy; then show it, to be
    printed from here where there is none."""
    asked = _asked(request, place_slug, public_id, request.POST.get("station", ""))
    with transaction.atomic():
        tell(OutboxKind.TICKET_AGAIN, place_id=asked.order.place_id, order=asked.order, station=asked.station)
        desk_state.announce(asked.order.place_id)
    address = reverse("desk:ticket", args=[place_slug, public_id])
    return redirect(f"{address}?{_query(asked.station, copy=True, sent=True)}")


def _asked(request: MemberRequest, place_slug: str, public_id: str, station: str) -> Asked:
    """The order and the station asked for, both of the place; a station that is not there is a 404. Four queries."""
    place = place_or_404(request.user, place_slug, Capability.ORDERS)
    order = Order.objects.sent_here().filter(place=place, public_id=public_id).select_related("table").first()
    if order is None:
        raise Http404
    order.place = place
    makings = stations_of(place.pk)
    making = next((making for making in makings if making.station.public_id == station), None)
    if station and making is None:
        raise Http404
    return Asked(order, making, makings)


def _ticket(request: HttpRequest, asked: Asked) -> Ticket:
    return ticket_of(asked.order, asked.making, copy=_is_copy(request))


def _is_copy(request: HttpRequest) -> bool:
    return request.GET.get("copy") == "1"


def _query(station: str, **marks: bool) -> str:
    marked = {name: "1" for name, is_set in marks.items() if is_set}
    return urlencode({**({"station": station} if station else {}), **marked})
