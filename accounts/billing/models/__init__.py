from accounts.billing.models.invoice import Invoice, InvoiceCounter, InvoiceState
from accounts.billing.models.payment import (
    LedgerEntry,
    LedgerKind,
    Payment,
    PaymentState,
    Refund,
    RefundState,
    WebhookEvent,
)
from accounts.billing.models.subscription import (
    Plan,
    PlanCode,
    Reminder,
    ReminderKind,
    Subscription,
    SubscriptionState,
)

__all__ = [
    "Invoice",
    "InvoiceCounter",
    "InvoiceState",
    "LedgerEntry",
    "LedgerKind",
    "Payment",
    "PaymentState",
    "Plan",
    "PlanCode",
    "Refund",
    "RefundState",
    "Reminder",
    "ReminderKind",
    "Subscription",
    "SubscriptionState",
    "WebhookEvent",
]
