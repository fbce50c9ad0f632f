from celery import shared_task

from accounts.scope import everyone
from analytics.weekly import sending


@shared_task
def write_weekly_letters() -> None:
    """Write to owners how last week went, where Monday morning has come."""
    with everyone():
        sending.write_weekly_letters()
