"""Letters to an organisation's owners about its subscription: each once for each end of a paid time.

A letter and the row that says it was written are made in the transaction of what they speak of; the service's outbox
sends it after the commit, and later where the mail server is away.
"""

import datetime

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.billing.models import Reminder, ReminderKind, Subscription, SubscriptionState
from accounts.billing.periods import zone
from accounts.billing.states import lock
from accounts.letters.sending import send_later
from accounts.models import Membership, User
from accounts.roles import Role

MOST_OWNERS = 20
WEEK, DAY = datetime.timedelta(days=7), datetime.timedelta(days=1)
MIDDLE_OF_GRACE = datetime.timedelta(days=3, hours=12)


def owners_of(organisation_id: int) -> list[User]:
    """The organisation's owners, the first first. One query."""
    memberships = (
        Membership.objects.filter(organisation_id=organisation_id, role=Role.OWNER, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    return [membership.user for membership in memberships[:MOST_OWNERS]]


def write_letter(subscription: Subscription, kind: ReminderKind, *, about: datetime.datetime) -> None:
    """Write to every owner in their language, within the caller's transaction; what was written is not written again.

    The subscription's row is locked, so nobody else is writing the same.
    """
    _reminder, made = Reminder.objects.get_or_create(subscription=subscription, kind=kind, about=about)
    if not made:
        return
    organisation = subscription.organisation
    context = {
        "subscription": subscription,
        "organisation": organisation,
        "about": about,
        "link": settings.SITE_URL + reverse("organisation_billing:index", args=[organisation.slug]),
        "trial": subscription.state == SubscriptionState.TRIAL,
        "charged": bool(subscription.method_id) and subscription.renews,
    }
    with timezone.override(zone()):
        for owner in owners_of(organisation.pk):
            send_later(
                template=f"accounts/billing/letters/{kind.value}.html",
                to=owner.email,
                language=owner.language or settings.LANGUAGE_CODE,
                context={**context, "owner": owner},
            )


def remind(*, subscription_id: int, now: datetime.datetime | None = None) -> None:
    """Write the letter this moment asks for: seven days and one day before the end, and in the middle of grace."""
    now = now or timezone.now()
    with transaction.atomic():
        subscription = lock(subscription_id)
        left = subscription.paid_until - now
        kind = None
        if subscription.state in (SubscriptionState.TRIAL, SubscriptionState.ACTIVE) and left > datetime.timedelta(0):
            kind = ReminderKind.DAY_BEFORE if left <= DAY else ReminderKind.WEEK_BEFORE if left <= WEEK else None
        elif subscription.state == SubscriptionState.PAST_DUE and -left >= MIDDLE_OF_GRACE:
            kind = ReminderKind.MID_GRACE
        if kind:
            write_letter(subscription, kind, about=subscription.paid_until)
