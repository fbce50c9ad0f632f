"""What a provider of payments has to do, in our words; each module beside this one does it in its own."""

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

MANUAL, YOOKASSA, SANDBOX = "manual", "yookassa", "sandbox"

# Providers keep a key for a day. An older one would make a second payment, so the first is looked for instead.
KEY_LIVES = datetime.timedelta(hours=23)


class ProviderError(Exception):
    """The provider did not do what it was asked."""


class AnswerLostError(ProviderError):
    """Nobody knows what became of it: no answer in time, one cut off, an error on their side. Ask again later with the
    same key."""


class RefusedError(ProviderError):
    """The provider understood and said no; nothing happened, and asking the same again gets the same answer."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


@dataclass(frozen=True)
class NewPayment:
    """A payment to be made. `reference` is our own public word for it, given back in what the provider tells."""

    reference: str
    key: str
    amount: Decimal
    currency: str
    description: str
    return_url: str
    created_at: datetime.datetime
    method_id: str = ""
    save_method: bool = False


@dataclass(frozen=True)
class PaymentFacts:
    """What the provider says of a payment. `status` is one of pending, succeeded, cancelled."""

    provider_id: str
    status: str
    raw_status: str
    amount: Decimal
    currency: str
    refunded: Decimal = Decimal(0)
    confirmation_url: str = ""
    reason: str = ""
    method_id: str = ""
    method_title: str = ""


@dataclass(frozen=True)
class RefundFacts:
    """What the provider says of a refund. `status` is one of pending, succeeded, cancelled."""

    provider_id: str
    status: str
    amount: Decimal
    reason: str = ""


@dataclass(frozen=True)
class Notice:
    """A webhook: something happened to `object_id`, which is about a payment. Nothing in it is believed."""

    event: str
    object_id: str
    payment_id: str
    reference: str = ""


class Provider(Protocol):
    """Every call may take seconds: none belongs inside a transaction. Raises `RefusedError` and `AnswerLostError`."""

    name: str

    def create(self, payment: NewPayment) -> PaymentFacts:
        """Make the payment; with the same key again, the same payment."""
        ...

    def find(self, payment: NewPayment) -> PaymentFacts | None:
        """The payment made of this request, looked up by our reference: for keys the provider has forgotten."""
        ...

    def fetch(self, provider_id: str) -> PaymentFacts: ...

    def cancel(self, provider_id: str, *, key: str) -> PaymentFacts: ...

    def refund(self, provider_id: str, *, amount: Decimal, currency: str, key: str, note: str) -> RefundFacts: ...

    def refunds(self, provider_id: str) -> list[RefundFacts]:
        """Every refund of a payment, those made at the provider's own desk included."""
        ...

    def parse_webhook(self, body: bytes, *, address: str) -> Notice:
        """Read a webhook come from this network address; raises `RefusedError` for one that is not theirs."""
        ...
