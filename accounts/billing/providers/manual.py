"""Payment by bank transfer: the operator sees the money arrive and marks it."""

from decimal import Decimal

from accounts.billing.providers.base import MANUAL, NewPayment, Notice, PaymentFacts, RefundFacts, RefusedError


class ManualProvider:
    """Nobody to ask: a payment waits until the operator marks it paid, a refund is done when it is written down."""

    name = MANUAL

    def create(self, payment: NewPayment) -> PaymentFacts:
        if payment.method_id:
            raise RefusedError("no_saved_methods")
        return PaymentFacts(payment.reference, "pending", "waiting", payment.amount, payment.currency)

    def find(self, payment: NewPayment) -> PaymentFacts | None:
        return self.create(payment)

    def fetch(self, provider_id: str) -> PaymentFacts:
        raise RefusedError("nobody_to_ask")

    def cancel(self, provider_id: str, *, key: str) -> PaymentFacts:
        return PaymentFacts(provider_id, "cancelled", "cancelled", Decimal(0), "")

    def refund(self, provider_id: str, *, amount: Decimal, currency: str, key: str, note: str) -> RefundFacts:
        return RefundFacts(key, "succeeded", amount)

    def refunds(self, provider_id: str) -> list[RefundFacts]:
        return []

    def parse_webhook(self, body: bytes, *, address: str) -> Notice:
        raise RefusedError("no_webhooks")
