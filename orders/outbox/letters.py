"""Letters of the outbox: written once for each event and reader, whatever becomes of the worker."""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.letters.sending import send_later
from accounts.models import User
from orders.models import Delivery, DeliveryStatus, Order
from orders.models.order import ON_DESK

TEMPLATE = "orders/letters/unanswered.html"


def write_letter(delivery: Delivery) -> None:
    """Write the letter and mark the delivery in one transaction: its row, unique for event and reader, is the key that
    a second letter of the same event would need. An order answered meanwhile needs no letter."""
    with transaction.atomic():
        held = Delivery.objects.waiting().select_for_update(of=("self",)).filter(pk=delivery.pk)
        reader = User.objects.filter(email=delivery.target, is_active=True).first()
        if held.first() is None:
            return
        order = delivery.event.order
        if reader is not None and order is not None and _waits(order):
            send_later(
                template=TEMPLATE,
                to=reader.email,
                language=reader.language or settings.LANGUAGE_CODE,
                context=_context(order, delivery),
            )
        held.update(status=DeliveryStatus.DONE, done_at=timezone.now(), problem="")


def _waits(order: Order) -> bool:
    return order.acknowledged_at is None and order.status in ON_DESK


def _context(order: Order, delivery: Delivery) -> dict[str, object]:
    place = delivery.event.place
    return {
        "place": place,
        "table": order.table,
        "order": order,
        "minutes": max(1, int((timezone.now() - order.sent_at).total_seconds() // 60)),
        "link": settings.SITE_URL + reverse("desk:board", args=[place.slug]),
    }
