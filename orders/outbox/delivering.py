"""Carrying out one delivery: lent to this worker for a while, tried outside any transaction, then marked."""

import datetime
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from orders import desk_state
from orders.models import Consumer, Delivery, DeliveryStatus
from orders.outbox.letters import write_letter
from orders.outbox.problems import NotDeliveredError
from orders.outbox.webhooks import post_event
from orders.tickets.printing import print_ticket

logger = logging.getLogger(__name__)

# Longer than any attempt takes; a worker that died leaves its delivery to another after that.
LENT_FOR = datetime.timedelta(minutes=2)
MOST_PUT_OFF = 1000


@dataclass(frozen=True, slots=True)
class Policy:
    """How a consumer is told, how long to wait after a failure (twice as long after each next one), how often."""

    deliver: Callable[[Delivery], None]
    first_wait: datetime.timedelta
    longest_wait: datetime.timedelta
    tries: int

    def wait(self, tries: int) -> datetime.timedelta:
        return min(self.first_wait * 2 ** (tries - 1), self.longest_wait)


def _seconds(count: int) -> datetime.timedelta:
    return datetime.timedelta(seconds=count)


POLICIES = {
    # Only a row to write: the letter's own way to the mail server has its own patience.
    Consumer.LETTER: Policy(write_letter, _seconds(5), _seconds(300), tries=10),
    # A ticket an hour late is worse than none: some ten minutes, then the desk's people write by hand.
    Consumer.TICKET: Policy(print_ticket, _seconds(5), _seconds(120), tries=9),
    # Some eight hours: a server that was down over night hears of the evening.
    Consumer.WEBHOOK: Policy(post_event, _seconds(10), _seconds(3600), tries=16),
}


def deliver_next() -> bool:
    """Try the next delivery that is due, letters first, then tickets, then webhooks; False when nothing is due."""
    delivery = _borrow()
    if delivery is None:
        return False
    policy = POLICIES[Consumer(delivery.consumer)]
    # Tickets and what is said of failures are for the people of the place.
    with translation.override(delivery.event.place.record.language):
        try:
            if delivery.tries > policy.tries:
                raise NotDeliveredError(gettext("Every attempt was cut short."), unsure=True, final=True)
            policy.deliver(delivery)
        except NotDeliveredError as failure:
            _mark_failed(delivery, failure)
        else:
            _mark_done(delivery)
    return True


def _borrow() -> Delivery | None:
    """Take a due delivery for `LENT_FOR`, as of the commit; what another worker holds is passed by.

    Until it is marked, nobody knows what became of the attempt: the row says so, the object returned says what the
    row said before.
    """
    due = Delivery.objects.waiting().filter(next_try_at__lte=timezone.now())
    if not due.exists():
        return None
    with transaction.atomic():
        # The consumers' names happen to be in the order of their haste.
        row = due.select_for_update(skip_locked=True, of=("self",)).order_by("consumer", "next_try_at", "pk").first()
        if row is None:
            return None
        lent = Delivery.objects.filter(pk=row.pk)
        lent.update(tries=row.tries + 1, next_try_at=timezone.now() + LENT_FOR, unsure=True)
    delivery: Delivery = lent.select_related("event__place__record", "event__order__table").get()
    delivery.unsure = row.unsure
    return delivery


def _mark_done(delivery: Delivery) -> None:
    with transaction.atomic():
        _waiting(delivery).update(status=DeliveryStatus.DONE, done_at=timezone.now(), problem="")
        if delivery.problem:
            _show_on_desk(delivery)


def _mark_failed(delivery: Delivery, failure: NotDeliveredError) -> None:
    policy = POLICIES[Consumer(delivery.consumer)]
    given_up = failure.final or delivery.tries >= policy.tries
    next_try_at = timezone.now() + policy.wait(delivery.tries)
    with transaction.atomic():
        _waiting(delivery).update(
            status=DeliveryStatus.FAILED if given_up else DeliveryStatus.WAITING,
            problem=str(failure)[:255],
            unsure=delivery.unsure or failure.unsure,
            next_try_at=next_try_at,
        )
        if not given_up:
            _put_off_others(delivery, next_try_at)
        _show_on_desk(delivery)
    level = logging.ERROR if given_up else logging.WARNING
    outcome = "given up" if given_up else f"to be tried again at {next_try_at:%H:%M:%S} UTC"
    which = (delivery.pk, delivery.consumer, delivery.tries)
    logger.log(level, "Delivery %s (%s), try %s: %s; %s", *which, failure, outcome)


def _put_off_others(delivery: Delivery, until: datetime.datetime) -> None:
    """Whoever does not answer is asked once, not once for each thing that waits for them."""
    others = Delivery.objects.waiting().filter(
        place_id=delivery.place_id, consumer=delivery.consumer, target=delivery.target, next_try_at__lt=until
    )
    # Two workers at one receiver's door must not wait for each other's rows.
    free = others.select_for_update(skip_locked=True).values_list("pk", flat=True)
    Delivery.objects.filter(pk__in=list(free[:MOST_PUT_OFF])).update(next_try_at=until)


def _waiting(delivery: Delivery) -> QuerySet[Any]:
    """The row while it still waits: one that somebody else has finished meanwhile stays finished."""
    return Delivery.objects.waiting().filter(pk=delivery.pk)


def _show_on_desk(delivery: Delivery) -> None:
    if delivery.consumer == Consumer.TICKET:
        desk_state.announce(delivery.place_id)
