"""News of the subscription, for the floors above."""

from django.dispatch import Signal

access_changed = Signal()  # organisation_id, rests: whether ordering rests from now on; within the transaction
