from celery import shared_task

from accounts.billing import renewals, webhooks
from accounts.scope import everyone


@shared_task
def look_into_webhook(event_id: int) -> None:
    """Ask the provider about what a notice of it is about."""
    with everyone():
        webhooks.look_into(event_id=event_id)


@shared_task
def settle() -> None:
    """Settle notices, payments and refunds under way."""
    with everyone():
        renewals.settle_everything()


@shared_task
def renew() -> None:
    """Charge saved methods, move the states by time, write reminders."""
    with everyone():
        renewals.follow_the_clock()
