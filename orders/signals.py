"""News of orders for the floors above."""

from django.dispatch import Signal

# A guest has sent `order`; its transaction is not committed yet.
order_sent = Signal()

# Orders of an old till have come in or were taken back, and their transactions are committed. `place_id` says whose.
order_history_changed = Signal()
