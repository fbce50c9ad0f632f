from celery import shared_task

from accounts.scope import everyone
from orders import escalating, leaving, reconciling
from orders.history import imports, stale
from orders.outbox import relay, retention


@shared_task
def clear_expired_sessions() -> None:
    """Save what sessions that are over still hold, end their visits, and delete them: expired ones, and those of guests
    whose visits ended a day ago."""
    with everyone():
        leaving.end_expired()
        leaving.forget_over()


@shared_task
def save_idle_visits() -> None:
    """Save the visits in which nothing has happened for a while."""
    with everyone():
        leaving.save_idle()


@shared_task
def relay_outbox() -> None:
    """Hand events on to their consumers and try what is due."""
    with everyone():
        relay.run_relay()


@shared_task
def escalate_orders() -> None:
    """Tell of the orders nobody has acknowledged in time."""
    with everyone():
        escalating.escalate_unanswered()


@shared_task
def reconcile_ended_days() -> None:
    """Count the orders of every business day that has ended and was not counted yet."""
    with everyone():
        reconciling.reconcile_ended_days()


@shared_task
def forget_old_events() -> None:
    """Delete events that everyone has long heard of."""
    with everyone():
        retention.forget_old_events()


@shared_task
def forget_stale_imports() -> None:
    """Delete files of old tills that were checked or begun and then left."""
    with everyone():
        stale.forget_stale()


@shared_task
def import_order_history(order_import_id: int) -> None:
    """Import a checked file of orders or take it back, or do the next part of that."""
    imports.run_turn(order_import_id)
