"""What billing does when something happens elsewhere; each is one call long."""

from typing import Any

from django.dispatch import receiver

from accounts.billing import subscriptions
from accounts.models import Organisation
from accounts.signals import organisation_activated


@receiver(organisation_activated)
def begin_trial(sender: type[Organisation], organisation: Organisation, **kwargs: Any) -> None:
    subscriptions.start_trial(organisation=organisation)
