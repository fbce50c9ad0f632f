from celery import shared_task

from accounts.scope import everyone
from analytics import forgetting, nightly


@shared_task
def compute_statistics() -> None:
    """Count the statistics of every place whose morning has come since they were counted last."""
    with everyone():
        nightly.run()


@shared_task
def forget_guest_events() -> None:
    """Delete what guests did long ago, of which the figures are kept."""
    with everyone():
        forgetting.forget_guest_events()
