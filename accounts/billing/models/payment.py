import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.billing.models.invoice import Invoice, public_id
from accounts.models.audit import AppendOnlyError
from accounts.models.organisation import Organisation
from accounts.scope import InScope, ScopedManager


class PaymentState(models.TextChoices):
    PENDING = "pending", _("under way")
    SUCCEEDED = "succeeded", _("paid")
    CANCELLED = "cancelled", _("not paid")
    PARTLY_REFUNDED = "partly_refunded", _("refunded in part")
    REFUNDED = "refunded", _("refunded")


PAID_STATES = (PaymentState.SUCCEEDED, PaymentState.PARTLY_REFUNDED, PaymentState.REFUNDED)


class Payment(models.Model):
    """One attempt to pay an invoice through a provider.

    The row with its idempotence key is committed *before* the provider is asked: whatever becomes of the answer, asking
    again with the same key gives the same payment. At most one of an invoice is under way at a time.
    """

    public_id = models.CharField(max_length=16, unique=True, default=public_id, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="payments")
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="payments")
    provider = models.CharField(_("provider"), max_length=16)
    provider_id = models.CharField(_("the provider’s number"), max_length=64, blank=True)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    description = models.CharField(_("description"), max_length=128)
    # Of a renewal: the saved method to charge. Kept, since asking again has to ask the very same.
    method_id = models.CharField(_("by the saved method"), max_length=64, blank=True)
    save_method = models.BooleanField(_("saves the method"), default=False)
    state = models.CharField(_("state"), max_length=16, choices=PaymentState.choices, default=PaymentState.PENDING)
    raw_status = models.CharField(_("in the provider’s words"), max_length=64, blank=True)
    reason = models.CharField(_("why it was not paid"), max_length=200, blank=True)
    confirmation_url = models.URLField(_("where it is paid"), max_length=1000, blank=True)
    surplus = models.BooleanField(_("the invoice was paid already"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True)
    checked_at = models.DateTimeField(_("asked about"), null=True)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("provider", "provider_id"), condition=~models.Q(provider_id=""), name="payment_of_provider_once"
            ),
            models.UniqueConstraint(
                fields=("invoice",), condition=models.Q(state="pending"), name="payment_one_under_way"
            ),
            models.CheckConstraint(condition=models.Q(state__in=PaymentState.values), name="payment_state"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
        )
        indexes = (
            models.Index(fields=("created_at",), condition=models.Q(state="pending"), name="payments_under_way"),
            models.Index(fields=("-created_at", "-id"), name="payments_by_time"),
        )

    def __str__(self) -> str:
        return f"{self.invoice}: {self.amount} {self.currency}, {self.get_state_display()}"

    @property
    def paid(self) -> bool:
        return self.state in PAID_STATES


class RefundState(models.TextChoices):
    PENDING = "pending", _("under way")
    SUCCEEDED = "succeeded", _("refunded")
    CANCELLED = "cancelled", _("not refunded")


class Refund(models.Model):
    """Money given back, in part or whole; its key is stored before the provider is asked, as a payment's."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    idempotency_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    provider_id = models.CharField(_("the provider’s number"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=16, choices=RefundState.choices, default=RefundState.PENDING)
    note = models.CharField(_("reason"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = ScopedManager("organisation_id")

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ("created_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("payment", "provider_id"), condition=~models.Q(provider_id=""), name="refund_of_provider_once"
            ),
            models.UniqueConstraint(
                fields=("payment",), condition=models.Q(state="pending"), name="refund_one_under_way"
            ),
            models.CheckConstraint(condition=models.Q(state__in=RefundState.values), name="refund_state"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="refund_amount_positive"),
        )

    def __str__(self) -> str:
        return f"{self.payment.invoice}: −{self.amount}"


class LedgerKind(models.TextChoices):
    CHARGED = "charged", _("charged")
    REFUNDED = "refunded", _("refunded")
    CHARGED_BACK = "charged_back", _("charged back")


class LedgerQuerySet(models.QuerySet[Any]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The ledger is only added to.")

    def delete(self) -> NoReturn:
        raise AppendOnlyError("The ledger is only added to.")


class LedgerManager(ScopedManager):
    def get_queryset(self) -> LedgerQuerySet:
        return LedgerQuerySet(self.model, using=self._db).filter(InScope(self.column, self.owners))


class LedgerEntry(models.Model):
    """Money that moved: positive to us, negative back. Only ever added to, once for each fact.

    The sum of an organisation's entries is what it has paid and not got back; below zero when the bank took back what
    had been refunded already.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="ledger")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="ledger")
    refund = models.ForeignKey(Refund, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("what"), max_length=16, choices=LedgerKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    # The bank's own number of a chargeback; it comes once.
    reference = models.CharField(_("the bank’s number"), max_length=64, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("who"))
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = LedgerManager("organisation_id")

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger")
        ordering = ("at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("payment",), condition=models.Q(kind="charged"), name="ledger_charged_once"
            ),
            models.UniqueConstraint(
                fields=("refund",), condition=models.Q(kind="refunded"), name="ledger_refunded_once"
            ),
            models.UniqueConstraint(
                fields=("payment", "reference"),
                condition=models.Q(kind="charged_back"),
                name="ledger_charged_back_once",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="charged", amount__gt=0)
                | models.Q(kind__in=["refunded", "charged_back"], amount__lt=0),
                name="ledger_sign",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount} {self.currency}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("The ledger is only added to.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError("The ledger is only added to.")


class WebhookEvent(models.Model):
    """A provider's notice, kept once however often it is delivered. It is a sign to ask the provider, nothing more:
    what it says of money is not believed."""

    provider = models.CharField(_("provider"), max_length=16)
    event = models.CharField(_("event"), max_length=64)
    object_id = models.CharField(_("about"), max_length=64)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+")
    deliveries = models.PositiveIntegerField(_("deliveries"), default=1)
    received_at = models.DateTimeField(_("received"), default=timezone.now)
    processed_at = models.DateTimeField(_("looked into"), null=True)

    objects = ScopedManager("payment__organisation_id")

    class Meta:
        verbose_name = _("notice of a provider")
        verbose_name_plural = _("notices of providers")
        ordering = ("-received_at", "-pk")
        constraints = (models.UniqueConstraint(fields=("provider", "event", "object_id"), name="webhook_event_once"),)
        indexes = (
            models.Index(fields=("received_at",), condition=models.Q(processed_at=None), name="webhooks_to_look_into"),
        )

    def __str__(self) -> str:
        return f"{self.event} {self.object_id}"
