"""What an owner and time do to a subscription: its trial, its plan, its end."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.billing.models import (
    Invoice,
    Plan,
    PlanCode,
    ReminderKind,
    Subscription,
    SubscriptionState,
)
from accounts.billing.periods import end_of_period, local
from accounts.billing.places import count_places
from accounts.billing.reminders import write_letter
from accounts.billing.states import change_state, lock
from accounts.models import AuditAction, Organisation, User


class BillingRefusedError(Exception):
    """It cannot be done now; the text says why, to whoever asked."""


def start_trial(*, organisation: Organisation) -> Subscription:
    """The trial an organisation begins with; one that has a subscription keeps it."""
    now = timezone.now()
    plan = Plan.objects.get(code=PlanCode.TRIAL)
    subscription: Subscription
    subscription, _made = Subscription.objects.get_or_create(
        organisation=organisation,
        defaults={
            "plan": plan,
            "paid_until": end_of_period(now, plan, local(now).day),
            "anchor_day": local(now).day,
            "state_since": now,
        },
    )
    return subscription


def give_access(
    *,
    organisation: Organisation,
    until: datetime.datetime,
    by: User | None = None,
    renewed_below: datetime.timedelta | None = None,
) -> Subscription:
    """Access without a payment, until then; never shortens what there is.

    With `renewed_below` nothing is done while more time than that is left, so that it may be said at every start.
    """
    with transaction.atomic():
        subscription = lock(start_trial(organisation=organisation).pk)
        enough = renewed_below is not None and subscription.paid_until > timezone.now() + renewed_below
        if until > subscription.paid_until and not enough:
            if subscription.plan.code == PlanCode.TRIAL:
                subscription.plan = Plan.objects.get(code=PlanCode.YEARLY)
            before = subscription.paid_until
            subscription.paid_until, subscription.anchor_day = until, local(until).day
            subscription.save(update_fields=["plan", "paid_until", "anchor_day"])
            _note(subscription, by, before={"paid_until": before}, after={"paid_until": until})
            change_state(subscription_id=subscription.pk, to=SubscriptionState.ACTIVE, by=by)
    subscription.refresh_from_db()
    return subscription


def choose_plan(*, subscription_id: int, plan: Plan, places: int, by: User) -> Subscription:
    """Say what the next invoice is for. What is paid already stays as it is until its end.

    Raises `BillingRefusedError` for a plan that is not offered and for fewer places than there are.
    """
    with transaction.atomic():
        subscription = lock(subscription_id)
        if plan.code == PlanCode.TRIAL or not plan.offered:
            raise BillingRefusedError(_("This plan is not offered now. Choose another."))
        needed = count_places(subscription.organisation_id)
        if places < needed:
            raise BillingRefusedError(_("You have more places than that. Each of them needs its access."))
        if (subscription.plan_id, subscription.places) == (plan.pk, places):
            return subscription
        before = {"plan": subscription.plan.code, "places": subscription.places}
        subscription.plan, subscription.places = plan, places
        subscription.save(update_fields=["plan", "places"])
        _note(subscription, by, before=before, after={"plan": plan.code, "places": places})
    return subscription


def set_renewal(*, subscription_id: int, renews: bool, by: User | None) -> Subscription:
    """Cancel at the end of the paid time, or take that back; nothing ends at once."""
    with transaction.atomic():
        subscription = lock(subscription_id)
        if subscription.renews != renews:
            subscription.renews = renews
            subscription.save(update_fields=["renews"])
            _note(subscription, by, before={"renews": not renews}, after={"renews": renews})
    return subscription


def forget_method(*, subscription_id: int, by: User | None) -> Subscription:
    """Charge the saved method no more. A charge already under way is not stopped by it."""
    with transaction.atomic():
        subscription = lock(subscription_id)
        if subscription.method_id:
            title = subscription.method_title
            subscription.method_provider = subscription.method_id = subscription.method_title = ""
            subscription.save(update_fields=["method_provider", "method_id", "method_title"])
            _note(subscription, by, before={"method_title": title}, after={"method_title": ""})
    return subscription


def extend(*, subscription: Subscription, invoice: Invoice, paid_at: datetime.datetime, by_itself: bool) -> None:
    """Add the period an invoice paid for. `subscription` is locked; the invoice gets its period.

    It continues the time before without a gap, grace included; only where ordering rested it begins with the payment.
    Who pays goes on from then; a charge made `by_itself` leaves standing what the owner has cancelled or chosen anew
    while it was under way.
    """
    start = subscription.paid_until
    if subscription.rests:
        start = max(start, paid_at)
    if subscription.rests or subscription.state == SubscriptionState.TRIAL:
        subscription.anchor_day = local(start).day
    invoice.period_start = start
    invoice.period_end = end_of_period(start, invoice.plan, subscription.anchor_day)
    subscription.paid_until = invoice.period_end
    subscription.places = max(subscription.places, count_places(subscription.organisation_id))
    subscription.renews = subscription.renews or not by_itself
    subscription.save(update_fields=["anchor_day", "paid_until", "places", "renews"])
    # Time that a late payment covers may be over already: the next look at the clock says so.
    change_state(subscription_id=subscription.pk, to=SubscriptionState.ACTIVE)
    write_letter(subscription, ReminderKind.PAID, about=invoice.period_end)


def take_back(*, subscription: Subscription, invoice: Invoice, by: User | None) -> None:
    """End the period whose money went back: the paid time stops now, grace begins, nothing is charged by itself.

    Of a period yet to come the time before it stays, paid as it is. A period that is over, or one that others have been
    paid after, stays as it was.
    """
    now = timezone.now()
    start, end = invoice.period_start, invoice.period_end
    if start is None or end is None or end != subscription.paid_until or end <= now:
        return
    # Invoices and letters are told apart by the end of the time they are about: it may not be the same moment again.
    subscription.paid_until, subscription.renews = max(now, start + datetime.timedelta.resolution), False
    subscription.save(update_fields=["paid_until", "renews"])
    if subscription.state == SubscriptionState.ACTIVE and subscription.paid_until <= now:
        change_state(subscription_id=subscription.pk, to=SubscriptionState.PAST_DUE, by=by)
        write_letter(subscription, ReminderKind.PAST_DUE, about=now)


def move_by_time(*, subscription_id: int, now: datetime.datetime | None = None) -> Subscription:
    """Bring the state in line with the clock; repeated, it changes nothing.

    The paid time over → past due (ended, where renewal was cancelled); seven days later → resting.
    """
    now = now or timezone.now()
    with transaction.atomic():
        subscription = lock(subscription_id)
        if subscription.state in (SubscriptionState.TRIAL, SubscriptionState.ACTIVE) and now >= subscription.paid_until:
            if subscription.renews:
                change_state(subscription_id=subscription_id, to=SubscriptionState.PAST_DUE)
                write_letter(subscription, ReminderKind.PAST_DUE, about=subscription.paid_until)
            else:
                change_state(subscription_id=subscription_id, to=SubscriptionState.CANCELLED)
                write_letter(subscription, ReminderKind.RESTING, about=subscription.paid_until)
            subscription = lock(subscription_id)
        if subscription.state == SubscriptionState.PAST_DUE and now >= subscription.grace_ends:
            subscription = change_state(subscription_id=subscription_id, to=SubscriptionState.RESTING)
            write_letter(subscription, ReminderKind.RESTING, about=subscription.paid_until)
    return subscription


def _note(subscription: Subscription, by: User | None, **details: Any) -> None:
    record(
        AuditAction.PLAN_CHANGED,
        organisation_id=subscription.organisation_id,
        by=by,
        subject=str(subscription.plan),
        **details,
    )
