"""The subscription's states: which may follow which, and when time moves them."""

import datetime
import itertools

import pytest
from django.utils import timezone, translation

from accounts.audit_log.sentences import sentence_of
from accounts.billing.access import may_take_orders
from accounts.billing.models import Plan, PlanCode, Subscription, SubscriptionState
from accounts.billing.models.subscription import GRACE
from accounts.billing.signals import access_changed
from accounts.billing.states import IllegalTransitionError, change_state
from accounts.billing.subscriptions import (
    choose_plan,
    forget_method,
    give_access,
    move_by_time,
    set_renewal,
    start_trial,
)
from accounts.models import AuditAction, AuditEntry, Organisation, User
from menu_pages.models import PlacePage, PlaceRecord
from tests.accounts.billing.acting import put
from tests.accounts.billing.conftest import moment

ALLOWED = {
    ("trial", "active"),
    ("trial", "past_due"),
    ("trial", "cancelled"),
    ("active", "past_due"),
    ("active", "cancelled"),
    ("past_due", "active"),
    ("past_due", "resting"),
    ("past_due", "cancelled"),
    ("resting", "active"),
    ("cancelled", "active"),
}
SECOND = datetime.timedelta(seconds=1)


@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(SubscriptionState.values, 2)))
def test_only_what_the_table_allows_follows(subscription: Subscription, before: str, after: str) -> None:
    put(subscription, before)

    if (before, after) in ALLOWED:
        assert change_state(subscription_id=subscription.pk, to=SubscriptionState(after)).state == after
    else:
        with pytest.raises(IllegalTransitionError):
            change_state(subscription_id=subscription.pk, to=SubscriptionState(after))
        subscription.refresh_from_db()
        assert subscription.state == before


@pytest.mark.parametrize("state", SubscriptionState.values)
def test_a_state_again_changes_nothing(subscription: Subscription, state: str) -> None:
    put(subscription, state)

    change_state(subscription_id=subscription.pk, to=SubscriptionState(state))

    assert AuditEntry.objects.filter(action=AuditAction.PLAN_CHANGED).count() == 0


def test_a_new_organisation_has_a_trial_of_two_weeks(organisation_a: Organisation) -> None:
    subscription = organisation_a.subscription

    assert (subscription.state, subscription.plan.code, subscription.days_left()) == ("trial", PlanCode.TRIAL, 14)
    assert start_trial(organisation=organisation_a) == subscription


@pytest.mark.parametrize(
    ("since", "state"),
    [
        (-SECOND, "active"),
        (datetime.timedelta(0), "past_due"),
        (GRACE - SECOND, "past_due"),
        (GRACE, "resting"),
        (datetime.timedelta(days=400), "resting"),
    ],
)
def test_time_moves_the_state(subscription: Subscription, since: datetime.timedelta, state: str) -> None:
    now = timezone.now()
    put(subscription, "active", now - since)

    for _time in range(3):
        move_by_time(subscription_id=subscription.pk, now=now)

    subscription.refresh_from_db()
    assert subscription.state == state


def test_a_trial_ends_in_grace(subscription: Subscription) -> None:
    now = timezone.now()
    put(subscription, "trial", now)

    assert move_by_time(subscription_id=subscription.pk, now=now).state == "past_due"
    assert move_by_time(subscription_id=subscription.pk, now=now + GRACE).state == "resting"


def test_a_cancelled_subscription_ends_with_its_paid_time(subscription: Subscription, alice: User) -> None:
    now = timezone.now()
    put(subscription, "active", now)
    set_renewal(subscription_id=subscription.pk, renews=False, by=alice)

    assert move_by_time(subscription_id=subscription.pk, now=now - SECOND).state == "active"
    assert move_by_time(subscription_id=subscription.pk, now=now).state == "cancelled"


@pytest.mark.parametrize(
    ("state", "orders"),
    [("trial", True), ("active", True), ("past_due", True), ("resting", False), ("cancelled", False)],
)
def test_ordering_rests_in_two_states(subscription: Subscription, state: str, orders: bool) -> None:
    put(subscription, state)

    assert may_take_orders(subscription.organisation_id) is orders


def test_an_organisation_being_made_may_take_orders(db: None) -> None:
    assert may_take_orders(Organisation.objects.create(name="Just made").pk) is True


def test_access_costs_one_query(subscription: Subscription, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        may_take_orders(subscription.organisation_id)


def test_the_floors_above_hear_when_ordering_rests_and_returns(subscription: Subscription) -> None:
    heard: list[bool] = []

    def hear(sender: object, rests: bool, **kwargs: object) -> None:
        heard.append(rests)

    access_changed.connect(hear)
    try:
        for state in ("past_due", "resting", "active", "cancelled", "active"):
            change_state(subscription_id=subscription.pk, to=SubscriptionState(state))
    finally:
        access_changed.disconnect(hear)

    assert heard == [True, False, True, False]


def test_menus_are_drawn_anew_when_ordering_rests(subscription: Subscription, place_a: PlacePage) -> None:
    version = PlaceRecord.objects.get(place=place_a).menu_version
    put(subscription, "past_due")

    change_state(subscription_id=subscription.pk, to=SubscriptionState.RESTING)

    assert PlaceRecord.objects.get(place=place_a).menu_version == version + 1


def test_a_change_is_in_the_audit_log(subscription: Subscription, operator: User) -> None:
    change_state(subscription_id=subscription.pk, to=SubscriptionState.ACTIVE, by=operator)

    entry = AuditEntry.objects.get(action=AuditAction.PLAN_CHANGED)
    assert (entry.by, entry.details) == (operator, {"before": "trial", "after": "active"})


def test_access_given_is_never_shortened(organisation_a: Organisation, operator: User) -> None:
    far, near = timezone.now() + datetime.timedelta(days=3650), timezone.now() + datetime.timedelta(days=30)

    give_access(organisation=organisation_a, until=far, by=operator)
    subscription = give_access(organisation=organisation_a, until=near, by=operator)

    assert (subscription.state, subscription.paid_until) == ("active", far)


def test_the_audit_log_says_in_words_what_happened_to_the_subscription(
    subscription: Subscription, alice: User, operator: User
) -> None:
    until = moment("2031-05-01 00:00")
    yearly = Plan.objects.get(code="yearly")
    choose_plan(subscription_id=subscription.pk, plan=yearly, places=3, by=alice)
    set_renewal(subscription_id=subscription.pk, renews=False, by=alice)
    Subscription.objects.filter(pk=subscription.pk).update(method_id="m-1", method_title="Bank card *4444")
    forget_method(subscription_id=subscription.pk, by=alice)
    put(subscription, "trial", moment("2027-02-20 18:30"))
    give_access(organisation=subscription.organisation, until=until, by=operator)

    read = [sentence_of(entry) for entry in AuditEntry.objects.filter(action="plan_changed").order_by("pk")]
    with translation.override("ru"):
        in_russian = [sentence_of(entry) for entry in AuditEntry.objects.filter(action="plan_changed").order_by("pk")]

    assert {sentence.text for sentence in read} == {"Subscription"}
    assert [sentence.changes for sentence in read] == [
        (("Plan", "Monthly", "Yearly"), ("Places", "1", "3")),
        (("Renews", "on", "off"),),
        (("Saved method, in words", "Bank card *4444", "—"),),
        (("Paid until", "20 February 2027", "1 May 2031"),),
        (("State", "trial", "paid"),),
    ]
    assert {sentence.text for sentence in in_russian} == {"Подписка"}
