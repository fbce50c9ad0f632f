from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.billing.amounts import in_words
from accounts.billing.models import Subscription, SubscriptionState
from accounts.billing.periods import zone
from accounts.organisation_admin import organisations_of

register = template.Library()

TOLD_OF = (SubscriptionState.PAST_DUE, SubscriptionState.RESTING, SubscriptionState.CANCELLED)


@register.filter
def sum_of(value: Decimal, currency: str) -> str:
    """A sum with its currency's sign."""
    return in_words(value, currency)


@register.simple_tag(takes_context=True)
def billing_banner(context: dict[str, Any]) -> str:
    """A line for the owners of an organisation whose payment is due, on every page of the admin. No query of its own:
    the menu has loaded the reader's organisations."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if request is None or user is None or not user.is_authenticated or user.is_superuser:
        return ""
    subscriptions = [getattr(organisation, "subscription", None) for organisation in organisations_of(request)]
    due: list[Subscription] = [found for found in subscriptions if found is not None and found.state in TOLD_OF]
    if not due:
        return ""
    first = min(due, key=lambda subscription: subscription.paid_until)
    with timezone.override(zone()):
        return SafeString(render_to_string("accounts/billing/_banner.html", {"subscription": first}))
