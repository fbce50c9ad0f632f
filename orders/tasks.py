from celery import shared_task

from orders.sessions import SessionStore


@shared_task
def clear_expired_sessions() -> None:
    """Delete the sessions whose time is over, baskets and all."""
    SessionStore.clear_expired()
