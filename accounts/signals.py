"""News of this floor. Receivers above connect in their `AppConfig.ready`."""

from django.dispatch import Signal

organisation_activated = Signal()  # organisation, owner, place: the first place's settings
membership_changed = Signal()  # membership (after it was saved)
membership_removed = Signal()  # organisation, user
