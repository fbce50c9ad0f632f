"""What a subscription allows: asked by the floors above, which know nothing else of it."""

from accounts.billing.models import Subscription
from accounts.billing.models.subscription import RESTING_STATES
from accounts.prepared import Prepared
from accounts.scope import everyone

_resting = Prepared(
    lambda organisation_id: Subscription.objects.filter(
        organisation_id=organisation_id, state__in=RESTING_STATES
    ).values_list("pk")
)


def may_take_orders(organisation_id: int) -> bool:
    """Whether guests may order and call in the organisation's places. One query by a unique index.

    An organisation without a subscription is one that is just being made, and may. The state is what the hourly task
    made it: should that task stand still, nobody's guests are turned away for it.
    """
    with everyone():
        return not _resting.all(organisation_id=organisation_id)
