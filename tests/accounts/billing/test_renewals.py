"""Months by the calendar, renewals by the saved method, reminders: whatever time brings, any number of times."""

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from accounts.billing.models import Invoice, Payment, Plan, Reminder, ReminderKind, Subscription
from accounts.billing.models.subscription import GRACE
from accounts.billing.payments import mark_paid
from accounts.billing.periods import end_of_period, local
from accounts.billing.reminders import remind, write_letter
from accounts.billing.renewals import follow_the_clock, settle_everything
from accounts.billing.sandbox.server import Sandbox
from accounts.billing.settling import charge_saved_method, start_payment
from accounts.billing.subscriptions import forget_method, move_by_time, set_renewal
from accounts.billing.tasks import renew, settle
from accounts.models import Organisation, User
from accounts.roles import Role
from accounts.scope import no_scope
from menu_pages.models import DishPage, PlacePage
from tests.accounts.billing.acting import ledger, pay, put
from tests.accounts.billing.conftest import moment
from tests.factories.people import make_member

HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "months", "anchor", "end"),
    [
        ("2027-01-31 12:00", 1, 31, "2027-02-28 12:00"),
        ("2027-02-28 12:00", 1, 31, "2027-03-31 12:00"),
        ("2028-01-31 00:00", 1, 31, "2028-02-29 00:00"),
        ("2027-03-31 23:59", 1, 31, "2027-04-30 23:59"),
        ("2027-12-15 09:00", 1, 15, "2028-01-15 09:00"),
        ("2028-02-29 09:00", 12, 29, "2029-02-28 09:00"),
        ("2029-02-28 09:00", 12, 29, "2030-02-28 09:00"),
        ("2027-01-01 02:30", 12, 1, "2028-01-01 02:30"),
    ],
)
def test_months_end_on_their_day(db: None, start: str, months: int, anchor: int, end: str) -> None:
    plan = Plan.objects.get(months=months)

    assert end_of_period(moment(start), plan, anchor) == moment(end)


def test_a_trial_lasts_fourteen_days(db: None) -> None:
    end = end_of_period(moment("2027-02-20 18:30"), Plan.objects.get(code="trial"), 20)

    assert end == moment("2027-03-06 18:30")


def test_paid_months_follow_each_other_on_the_same_day(subscription: Subscription, operator: User) -> None:
    put(subscription, "trial", moment("2027-01-31 12:00"))
    ends = []

    for _month in range(3):
        payment = start_payment(subscription_id=subscription.pk)
        mark_paid(invoice_id=payment.invoice_id, by=operator)
        subscription.refresh_from_db()
        ends.append(local(subscription.paid_until).strftime("%d.%m"))

    assert ends == ["28.02", "31.03", "30.04"]


def test_paid_in_grace_the_time_goes_on_without_a_gap(subscription: Subscription, operator: User) -> None:
    ended = timezone.now() - 3 * DAY
    put(subscription, "past_due", ended)

    mark_paid(invoice_id=start_payment(subscription_id=subscription.pk).invoice_id, by=operator)

    assert Invoice.objects.get().period_start == ended


def test_paid_when_resting_the_time_begins_with_the_payment(subscription: Subscription, operator: User) -> None:
    put(subscription, "resting", timezone.now() - 100 * DAY)

    mark_paid(invoice_id=start_payment(subscription_id=subscription.pk).invoice_id, by=operator)

    invoice = Invoice.objects.get()
    assert invoice.period_start == invoice.paid_at


@pytest.fixture
def saved(subscription: Subscription, sandbox: Sandbox) -> Subscription:
    """Paid by a card that was remembered; the paid time ends within the hour."""
    pay(subscription, sandbox, save_method=True)
    subscription.refresh_from_db()
    return put(subscription, "active", timezone.now() + HOUR)


def test_the_saved_method_renews_once(saved: Subscription, sandbox: Sandbox) -> None:
    ended = saved.paid_until

    for _time in range(4):
        follow_the_clock()
        settle_everything()

    saved.refresh_from_db()
    renewal = Payment.objects.exclude(method_id="").get()
    assert (renewal.state, renewal.invoice.period_start, saved.state) == ("succeeded", ended, "active")
    assert saved.paid_until == renewal.invoice.period_end
    assert len(ledger(renewal)) == 1


def test_a_second_task_that_found_it_due_before_the_charge_charges_nothing(saved: Subscription) -> None:
    first = charge_saved_method(subscription_id=saved.pk)

    second = charge_saved_method(subscription_id=saved.pk)

    assert first is not None
    assert (first.state, second) == ("succeeded", None)
    assert Payment.objects.exclude(method_id="").count() == 1


def test_cancelled_while_a_renewal_is_under_way_it_stays_cancelled(
    saved: Subscription, sandbox: Sandbox, alice: User
) -> None:
    sandbox.switches["lose_answers"] = 1
    charge_saved_method(subscription_id=saved.pk)
    set_renewal(subscription_id=saved.pk, renews=False, by=alice)

    settle_everything()

    saved.refresh_from_db()
    renewal = Payment.objects.exclude(method_id="").get()
    assert (renewal.state, saved.paid_until) == ("succeeded", renewal.invoice.period_end)
    assert saved.renews is False


def test_a_renewal_whose_answer_is_lost_is_charged_once(saved: Subscription, sandbox: Sandbox) -> None:
    before = len(sandbox.shop.payments)
    sandbox.switches["lose_answers"] = 1
    follow_the_clock()
    lost = Payment.objects.exclude(method_id="").get()
    lost_id = lost.provider_id

    follow_the_clock()
    settle_everything()
    follow_the_clock()

    lost.refresh_from_db()
    assert (lost_id, lost.state, len(sandbox.shop.payments) - before) == ("", "succeeded", 1)


def test_before_the_last_day_nothing_is_charged(saved: Subscription) -> None:
    put(saved, "active", timezone.now() + DAY + HOUR)

    follow_the_clock()

    assert Payment.objects.exclude(method_id="").count() == 0


@pytest.mark.parametrize("what", ["cancelled", "forgotten"])
def test_what_the_owner_stopped_is_not_charged(saved: Subscription, alice: User, what: str) -> None:
    if what == "cancelled":
        set_renewal(subscription_id=saved.pk, renews=False, by=alice)
    else:
        forget_method(subscription_id=saved.pk, by=alice)

    follow_the_clock()

    assert Payment.objects.exclude(method_id="").count() == 0


def test_a_refused_renewal_is_told_of_and_tried_again_the_next_day(saved: Subscription, sandbox: Sandbox) -> None:
    sandbox.shop.refuse = "insufficient_funds"
    follow_the_clock()
    follow_the_clock()
    refused = Payment.objects.exclude(method_id="").get()
    sandbox.shop.refuse = ""
    Payment.objects.filter(pk=refused.pk).update(created_at=timezone.now() - DAY)

    follow_the_clock()

    states = sorted(Payment.objects.exclude(method_id="").values_list("state", flat=True))
    assert (refused.state, refused.reason) == ("cancelled", "insufficient_funds")
    assert states == ["cancelled", "succeeded"]
    assert Reminder.objects.filter(kind="payment_failed").count() == 1


def test_a_method_taken_back_at_the_bank_is_forgotten(saved: Subscription, sandbox: Sandbox) -> None:
    sandbox.shop.refuse = "permission_revoked"

    follow_the_clock()

    saved.refresh_from_db()
    assert saved.method_id == ""


def test_one_organisations_trouble_is_nobody_elses(saved: Subscription, place_b: PlacePage) -> None:
    trial = Subscription.objects.exclude(pk=saved.pk).get()
    put(trial, "trial", timezone.now() - DAY)
    Subscription.objects.filter(pk=saved.pk).update(method_provider="gone", paid_until=timezone.now() - 2 * DAY)

    follow_the_clock()

    trial.refresh_from_db()
    assert trial.state == "past_due"


@pytest.mark.parametrize(
    ("state", "left", "kind"),
    [
        ("active", datetime.timedelta(days=7, seconds=1), None),
        ("active", datetime.timedelta(days=7), "week_before"),
        ("trial", datetime.timedelta(days=1, seconds=1), "week_before"),
        ("active", DAY, "day_before"),
        ("past_due", -datetime.timedelta(days=3, hours=11), None),
        ("past_due", -datetime.timedelta(days=3, hours=12), "mid_grace"),
        ("resting", -datetime.timedelta(days=30), None),
    ],
)
def test_each_moment_has_its_letter(
    subscription: Subscription, state: str, left: datetime.timedelta, kind: str | None
) -> None:
    now = timezone.now()
    put(subscription, state, now + left)

    for _time in range(3):
        remind(subscription_id=subscription.pk, now=now)

    assert list(Reminder.objects.values_list("kind", flat=True)) == ([kind] if kind else [])


def test_letters_go_once_to_every_owner_in_their_language(
    subscription: Subscription,
    organisation_a: Organisation,
    alice: User,
    charlie: User,
    django_capture_on_commit_callbacks: object,
) -> None:
    User.objects.filter(pk=alice.pk).update(language="en")
    boris = make_member("boris@example.com", organisation_a, Role.OWNER)
    User.objects.filter(pk=boris.pk).update(language="ru")
    put(subscription, "active", timezone.now() - HOUR)

    for _time in range(3):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
            follow_the_clock()

    letters = {letter.to[0]: letter for letter in mail.outbox}
    assert len(mail.outbox) == 2
    assert set(letters) == {"alice@example.com", "boris@example.com"}
    assert letters["alice@example.com"].subject == "Payment is due — Teahouse Ltd"
    assert f"/admin/organisations/{organisation_a.slug}/billing/" in str(letters["alice@example.com"].body)
    assert letters["alice@example.com"].alternatives


@pytest.mark.parametrize(
    "kind", ["week_before", "day_before", "payment_failed", "past_due", "mid_grace", "resting", "paid"]
)
def test_every_letter_has_a_subject_and_words(
    subscription: Subscription, kind: str, django_capture_on_commit_callbacks: object
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        write_letter(subscription, ReminderKind(kind), about=subscription.paid_until)

    (letter,) = mail.outbox
    assert len(letter.subject) > len(" — Teahouse Ltd")
    assert len(str(letter.body)) > 150


def test_the_tasks_say_for_whom_they_read(subscription: Subscription) -> None:
    put(subscription, "past_due", timezone.now() - GRACE)

    with no_scope():
        settle()
        renew()

    subscription.refresh_from_db()
    assert subscription.state == "resting"


def test_not_paying_deletes_nothing(subscription: Subscription, borshch: DishPage, operator: User) -> None:
    mark_paid(invoice_id=start_payment(subscription_id=subscription.pk).invoice_id, by=operator)
    put(subscription, "active", timezone.now() - 1000 * DAY)

    follow_the_clock()
    move_by_time(subscription_id=subscription.pk, now=timezone.now() + 5000 * DAY)

    kept = (Organisation.objects.count(), PlacePage.objects.live().count(), DishPage.objects.live().count())
    assert kept == (1, 1, 1)
    assert (Invoice.objects.count(), Payment.objects.count()) == (1, 1)


def test_looking_at_three_that_are_not_due_costs_what_one_costs(
    subscription: Subscription, place_b: PlacePage, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        follow_the_clock()
