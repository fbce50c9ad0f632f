import datetime
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import Organisation
from accounts.scope import ScopedManager

GRACE = datetime.timedelta(days=7)


class PlanCode(models.TextChoices):
    TRIAL = "trial", _("Trial")
    MONTHLY = "monthly", _("Monthly")
    YEARLY = "yearly", _("Yearly")


class Plan(models.Model):
    """What access costs and how long a payment lasts. Rows are made by a migration; the operator changes prices.

    A price holds for invoices issued from then on: an invoice carries its own.
    """

    code = models.CharField(_("plan"), max_length=16, choices=PlanCode.choices, unique=True, editable=False)
    days = models.PositiveSmallIntegerField(_("days"), default=0, editable=False)
    months = models.PositiveSmallIntegerField(_("months"), default=0, editable=False)
    price = models.DecimalField(
        _("price with one place"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    price_of_more = models.DecimalField(
        _("price of each further place"), max_digits=10, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    currency = models.CharField(_("currency"), max_length=3, default="RUB", editable=False)
    offered = models.BooleanField(
        _("offered"), default=True, help_text=_("Switched off, it stays with those who have it.")
    )

    objects: models.Manager["Plan"] = models.Manager()

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ("months", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(price__gte=0, price_of_more__gte=0), name="plan_price_not_negative"
            ),
        )

    def __str__(self) -> str:
        return self.get_code_display()

    def total(self, places: int) -> Decimal:
        """The price of one period for so many places."""
        return self.price + self.price_of_more * max(places - 1, 0)


class SubscriptionState(models.TextChoices):
    TRIAL = "trial", _("trial")
    ACTIVE = "active", _("paid")
    PAST_DUE = "past_due", _("payment is due")
    RESTING = "resting", _("ordering rests")
    CANCELLED = "cancelled", _("ended")


# Guests read the menu in every state; in these, orders and calls rest.
RESTING_STATES = (SubscriptionState.RESTING, SubscriptionState.CANCELLED)


class Subscription(models.Model):
    """An organisation's paid access. Its state changes through `states.change_state` alone.

    `paid_until` is the end of what is paid for (of the trial at first); `plan` and `places` say what the next invoice
    is for. Nothing of an organisation is ever deleted for not paying.
    """

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="subscription")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name=_("plan"))
    places = models.PositiveSmallIntegerField(_("places"), default=1)
    state = models.CharField(
        _("state"), max_length=16, choices=SubscriptionState.choices, default=SubscriptionState.TRIAL
    )
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    paid_until = models.DateTimeField(_("paid until"))
    # The day of the month that periods end on: 31 January, 28 February, 31 March.
    anchor_day = models.PositiveSmallIntegerField(_("day of the month"), default=1)
    renews = models.BooleanField(_("renews"), default=True)
    method_provider = models.CharField(_("provider of the saved method"), max_length=16, blank=True)
    method_id = models.CharField(_("saved method"), max_length=64, blank=True)
    method_title = models.CharField(_("saved method, in words"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ("organisation__name", "pk")
        indexes = (models.Index(fields=("state", "paid_until"), name="subscription_by_time"),)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=SubscriptionState.values), name="subscription_state"),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="subscription_places"),
        )

    def __str__(self) -> str:
        return f"{self.organisation}: {self.get_state_display()}"

    @property
    def grace_ends(self) -> datetime.datetime:
        return self.paid_until + GRACE

    @property
    def rests(self) -> bool:
        return self.state in RESTING_STATES

    def days_left(self, now: datetime.datetime | None = None) -> int:
        """Whole days, begun ones included, until the paid time ends (in grace: until ordering rests); never below 0."""
        end = self.grace_ends if self.state == SubscriptionState.PAST_DUE else self.paid_until
        left = end - (now or timezone.now())
        return max(0, -(-left // datetime.timedelta(days=1)))


class ReminderKind(models.TextChoices):
    WEEK_BEFORE = "week_before", _("a week before")
    DAY_BEFORE = "day_before", _("a day before")
    PAYMENT_FAILED = "payment_failed", _("the payment failed")
    PAST_DUE = "past_due", _("payment is due")
    MID_GRACE = "mid_grace", _("mid-grace")
    RESTING = "resting", _("ordering rests")
    PAID = "paid", _("paid")


class Reminder(models.Model):
    """That the owners were written to: once for each kind of letter and end of a paid time."""

    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="reminders")
    kind = models.CharField(_("letter"), max_length=16, choices=ReminderKind.choices)
    about = models.DateTimeField(_("about the time paid until"))
    created_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = ScopedManager("subscription__organisation_id")

    class Meta:
        verbose_name = _("letter about a subscription")
        verbose_name_plural = _("letters about subscriptions")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("subscription", "kind", "about"), name="reminder_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ReminderKind.values), name="reminder_kind"),
        )

    def __str__(self) -> str:
        return f"{self.subscription}: {self.get_kind_display()}"
