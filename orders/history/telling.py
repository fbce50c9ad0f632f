"""Who hears of an import: the audit log, and the floors above."""

from django.db import transaction

from accounts.audit import record
from accounts.models import AuditAction, User
from menu_pages.models import PlacePage
from orders.models import OrderImport
from orders.signals import order_history_changed


def write_down(order_import: OrderImport, *, by: User | None, **details: int | bool) -> None:
    """A line in the audit log."""
    place: PlacePage = order_import.place
    record(
        AuditAction.DATA_IMPORTED,
        organisation_id=place.record.organisation_id,
        by=by,
        subject=order_import.file_name,
        place=place.title,
        what="orders",
        **details,
    )


def tell(order_import: OrderImport) -> None:
    """Tell the floors above, once the transaction is committed."""
    place_id = order_import.place_id
    transaction.on_commit(lambda: order_history_changed.send_robust(OrderImport, place_id=place_id))
