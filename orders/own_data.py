"""What this floor keeps of a person who serves tables: for their own copy, and gone when they leave for good."""

from typing import Any

from django.dispatch import receiver

from accounts.models import User
from accounts.own_data.exporting import Section, rows
from accounts.own_data.words import Words
from accounts.signals import person_erased, personal_data_asked
from orders.models import Delivery, OrderImport, OrderStatusChange, Seating, Session, WaiterCall


@receiver(personal_data_asked, dispatch_uid="orders.personal_data")
def sections_of(sender: object, *, user: User, **kwargs: Any) -> dict[str, Section]:
    return {
        "sign_ins_that_hold": [
            {"last_used_at": session.active_at, "until": session.expire_date}
            for session in Session.objects.filter(user=user).order_by("active_at")
        ],
        "orders_moved": rows(OrderStatusChange.objects.filter(by=user), "place__title", "at", "before", "after"),
        "calls_answered": rows(WaiterCall.objects.filter(by=user), "place__title", "asked_at", "kind", "status"),
        "tables_opened": rows(Seating.objects.filter(opened_by=user), "place__title", "opened_at"),
        "tables_closed": rows(Seating.objects.filter(closed_by=user), "place__title", "closed_at"),
        "order_imports": rows(OrderImport.objects.filter(by=user), "file_name", "created_at", "status"),
    }


@receiver(person_erased, dispatch_uid="orders.person_erased")
def forget(sender: object, *, user: User, words: Words, **kwargs: Any) -> None:
    """Their sign-ins end everywhere, and no event goes to their address any more."""
    Session.objects.filter(user=user).delete()
    for address in words.addresses:
        Delivery.objects.filter(target__iexact=address).delete()
