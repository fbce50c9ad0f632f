"""News of this floor. Receivers above connect in their `AppConfig.ready`."""

from django.dispatch import Signal

registration_confirmed = Signal()  # registration, in the transaction that confirms it: what fails undoes it
organisation_activated = Signal()  # organisation, owner, place: the first place's settings
membership_changed = Signal()  # membership (after it was saved)
membership_removed = Signal()  # organisation, user
personal_data_asked = Signal()  # user: receivers return {section: what they keep of the person}
person_erased = Signal()  # user, words: in the transaction that empties the account; its row and id stay
