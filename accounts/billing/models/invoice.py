import secrets
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.billing.models.subscription import Plan, Subscription
from accounts.models.organisation import Organisation
from accounts.scope import ScopedManager


def public_id() -> str:
    """A word for addresses that tells nothing of how many there are."""
    return secrets.token_hex(8)


class InvoiceState(models.TextChoices):
    OPEN = "open", _("to be paid")
    PAID = "paid", _("paid")
    VOID = "void", _("withdrawn")


class InvoiceCounter(models.Model):
    """The last number given out in a year. Locked while an invoice is made, so that there are no gaps."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    objects: models.Manager["InvoiceCounter"] = models.Manager()

    class Meta:
        verbose_name = _("invoice counter")
        verbose_name_plural = _("invoice counters")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Invoice(models.Model):
    """A bill for one period of access. What it says is kept as it was written: names, prices and bank details of that
    day. It is never deleted; a wrong one is withdrawn and keeps its number.

    `follows` is the end of the paid time it continues: at most one live invoice each, so nobody is billed twice.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number in the year"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invoices")
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="invoices")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+", verbose_name=_("plan"))
    places = models.PositiveSmallIntegerField(_("places"))
    follows = models.DateTimeField(_("continues the time paid until"))
    state = models.CharField(_("state"), max_length=8, choices=InvoiceState.choices, default=InvoiceState.OPEN)
    language = models.CharField(_("language"), max_length=8)
    lines = models.JSONField(_("lines"), encoder=DjangoJSONEncoder)
    seller = models.JSONField(_("seller"), default=dict)
    buyer = models.JSONField(_("buyer"), default=dict)
    total = models.DecimalField(_("total"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    issued_at = models.DateTimeField(_("issued"))
    due_at = models.DateTimeField(_("to be paid by"))
    paid_at = models.DateTimeField(_("paid"), null=True)
    void_at = models.DateTimeField(_("withdrawn"), null=True)
    period_start = models.DateTimeField(_("pays from"), null=True)
    period_end = models.DateTimeField(_("pays until"), null=True)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        ordering = ("-year", "-serial")
        constraints = (
            models.UniqueConstraint(fields=("year", "serial"), name="invoice_number_once"),
            models.UniqueConstraint(
                fields=("subscription", "follows"), condition=~models.Q(state="void"), name="invoice_once_a_period"
            ),
            models.CheckConstraint(condition=models.Q(state__in=InvoiceState.values), name="invoice_state"),
            models.CheckConstraint(condition=models.Q(total__gte=0), name="invoice_total_not_negative"),
            models.CheckConstraint(
                condition=models.Q(state="paid", paid_at__isnull=False) | ~models.Q(state="paid"),
                name="invoice_paid_when",
            ),
        )
        indexes = (models.Index(fields=("organisation", "-year", "-serial"), name="invoices_of_organisation"),)

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        return f"{self.year}-{self.serial:06d}"

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("An invoice is withdrawn, never deleted: its number would be missing.")
