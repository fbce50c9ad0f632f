"""A delivery that kills whoever tries it: the others go on without it, and after so many deaths it is given up."""

import datetime

import pytest
from django.utils import timezone

from menu_pages.models import PlacePage
from orders.models import Consumer, Delivery, DeliveryStatus, OutboxKind
from orders.outbox import delivering, hurrying
from orders.outbox.events import tell
from orders.outbox.relay import hand_on_events, run_relay
from tests.factories.receivers import Receiver, make_webhook

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
OTHERS = 3


@pytest.fixture(autouse=True)
def nobody_is_hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hurrying._Pause, "until", float("inf"))


def lent_time_is_over() -> None:
    """But for the poison's, the others' time has not come: it is first in the queue again."""
    Delivery.objects.waiting().update(next_try_at=timezone.now() - datetime.timedelta(seconds=1))


def die_trying() -> Delivery:
    """What a relay leaves behind that was killed in the middle of its first delivery."""
    delivery = delivering._borrow()
    assert delivery is not None
    return delivery


def test_poison_holds_nobody_up_and_is_given_up(place_a: PlacePage, receiver: Receiver) -> None:
    place_a.record.language = "en"
    place_a.record.save()
    make_webhook(place_a, receiver.url)
    for number in range(1 + OTHERS):
        tell(OutboxKind.CALL_ASKED, place_id=place_a.pk, table=number)
    hand_on_events()
    poison = die_trying()

    # The next relay, started at once, passes by what the dead one holds.
    run_relay()

    assert len(receiver.calls) == OTHERS
    assert list(Delivery.objects.waiting().values_list("pk", flat=True)) == [poison.pk]

    deaths = 1
    while deaths < delivering.POLICIES[Consumer.WEBHOOK].tries:
        lent_time_is_over()
        assert die_trying().pk == poison.pk
        deaths += 1
    lent_time_is_over()
    run_relay()

    poison.refresh_from_db()
    assert (poison.status, poison.problem) == (DeliveryStatus.FAILED, "Every attempt was cut short.")
    assert len(receiver.calls) == OTHERS
    assert run_relay() == 0


def test_control_a_delivery_that_is_not_lent_is_tried_by_everyone(
    place_a: PlacePage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without lending each relay would take the poison first, and die."""
    monkeypatch.setattr(delivering, "LENT_FOR", datetime.timedelta(0))
    make_webhook(place_a, receiver.url)
    for number in range(1 + OTHERS):
        tell(OutboxKind.CALL_ASKED, place_id=place_a.pk, table=number)
    hand_on_events()

    taken = {die_trying().pk for _ in range(1 + OTHERS)}
    again = die_trying().pk

    assert again in taken
