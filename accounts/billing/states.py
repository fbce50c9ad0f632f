"""The subscription's states: one table of what may follow what, one function that changes them."""

from django.utils import timezone

from accounts.audit import record
from accounts.billing.models import Subscription, SubscriptionState
from accounts.billing.signals import access_changed
from accounts.models import AuditAction, User

TRANSITIONS: dict[SubscriptionState, frozenset[SubscriptionState]] = {
    SubscriptionState.TRIAL: frozenset(
        {SubscriptionState.ACTIVE, SubscriptionState.PAST_DUE, SubscriptionState.CANCELLED}
    ),
    SubscriptionState.ACTIVE: frozenset({SubscriptionState.PAST_DUE, SubscriptionState.CANCELLED}),
    SubscriptionState.PAST_DUE: frozenset(
        {SubscriptionState.ACTIVE, SubscriptionState.RESTING, SubscriptionState.CANCELLED}
    ),
    SubscriptionState.RESTING: frozenset({SubscriptionState.ACTIVE}),
    SubscriptionState.CANCELLED: frozenset({SubscriptionState.ACTIVE}),
}


class IllegalTransitionError(ValueError):
    """The subscription cannot go from its state to that one."""


def lock(subscription_id: int) -> Subscription:
    """The subscription's row, held until the transaction around this ends. The first of billing's locks: subscription,
    then invoice, then payment."""
    found: Subscription = (
        Subscription.objects.select_for_update(of=("self",))
        .select_related("plan", "organisation")
        .get(pk=subscription_id)
    )
    return found


def change_state(*, subscription_id: int, to: SubscriptionState, by: User | None = None) -> Subscription:
    """Bring the subscription into a state, within the caller's transaction; being there already changes nothing.

    Raises `IllegalTransitionError`. Writes the audit log and, when ordering begins or ceases to rest, tells the floors
    above.
    """
    subscription = lock(subscription_id)
    before = SubscriptionState(subscription.state)
    if before == to:
        return subscription
    if to not in TRANSITIONS[before]:
        raise IllegalTransitionError(f"A subscription does not go from {before} to {to}.")
    rested = subscription.rests
    subscription.state, subscription.state_since = to, timezone.now()
    subscription.save(update_fields=["state", "state_since"])
    record(
        AuditAction.PLAN_CHANGED,
        organisation_id=subscription.organisation_id,
        by=by,
        subject=str(subscription.plan),
        before=before.value,
        after=to.value,
    )
    if subscription.rests != rested:
        access_changed.send(Subscription, organisation_id=subscription.organisation_id, rests=subscription.rests)
    return subscription
