"""The providers of this installation, by name."""

from django.conf import settings

from accounts.billing.providers.base import MANUAL, SANDBOX, YOOKASSA, Provider, RefusedError
from accounts.billing.providers.manual import ManualProvider
from accounts.billing.providers.yookassa import YooKassa

LOOPBACK = ("127.0.0.0/8", "::1/128")
# The sandbox asks for some name and key, and takes any.
SANDBOX_SHOP, SANDBOX_KEY = "sandbox", "sandbox"
SANDBOX_TIMEOUT = (2.0, 5.0)


def chosen_provider() -> Provider:
    """The one new payments go through."""
    return provider_named(settings.PAYMENT_PROVIDER)


def provider_named(name: str) -> Provider:
    """The one an earlier payment went through; raises `RefusedError` for one this installation has no keys of."""
    if name == MANUAL:
        return ManualProvider()
    if name == YOOKASSA and settings.YOOKASSA_SHOP_ID:
        return YooKassa(shop_id=settings.YOOKASSA_SHOP_ID, secret_key=settings.YOOKASSA_SECRET_KEY)
    if name == SANDBOX and settings.PAYMENT_PROVIDER == SANDBOX:
        return YooKassa(
            shop_id=SANDBOX_SHOP,
            secret_key=SANDBOX_KEY,
            base_url=f"{settings.PAYMENT_SANDBOX_URL}/v3",
            networks=LOOPBACK,
            name=SANDBOX,
            timeout=SANDBOX_TIMEOUT,
        )
    raise RefusedError("no_such_provider")
