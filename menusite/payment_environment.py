"""What the service is told from outside of payments: through whom they go, and who the seller on invoices is."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured

from accounts.billing.providers.base import MANUAL, SANDBOX, YOOKASSA
from accounts.card.tax_number import is_inn

PROVIDERS = (MANUAL, YOOKASSA, SANDBOX)
# Variable → what an invoice calls it, and how long it may be.
SELLER = {
    "SELLER_NAME": ("name", 200),
    "SELLER_TAX_NUMBER": ("tax_number", 12),
    "SELLER_ADDRESS": ("address", 250),
    "SELLER_BANK": ("bank", 200),
    "SELLER_BANK_CODE": ("bank_code", 9),
    "SELLER_ACCOUNT": ("account", 20),
    "SELLER_BANK_ACCOUNT": ("bank_account", 20),
}
FIGURES = {
    "SELLER_TAX_NUMBER": (10, 12),
    "SELLER_BANK_CODE": (9,),
    "SELLER_ACCOUNT": (20,),
    "SELLER_BANK_ACCOUNT": (20,),
}


@dataclass(frozen=True)
class PaymentEnvironment:
    provider: str
    sandbox_url: str
    yookassa_shop_id: str
    yookassa_secret_key: str
    seller: dict[str, str]
    seller_time_zone: str


def read_payment_environment(source: Mapping[str, str], *, debug: bool) -> PaymentEnvironment:
    """Make it of the variables in `source`; an empty variable counts as absent.

    Raises ImproperlyConfigured, which names the variable and what is expected; a secret is never in the message.
    """
    given = {name: value.strip() for name, value in source.items() if value.strip()}
    provider = given.get("PAYMENT_PROVIDER", SANDBOX if debug else MANUAL)
    if provider not in PROVIDERS:
        raise _refuse("PAYMENT_PROVIDER", provider, f"one of {', '.join(PROVIDERS)}")
    if provider == SANDBOX and not debug:
        raise ImproperlyConfigured("PAYMENT_PROVIDER is sandbox, which takes no real money: it is for DEBUG only.")
    return PaymentEnvironment(
        provider=provider,
        sandbox_url=_sandbox_url(given),
        yookassa_shop_id=_key(given, "YOOKASSA_SHOP_ID", needed=provider == YOOKASSA),
        yookassa_secret_key=_key(given, "YOOKASSA_SECRET_KEY", needed=provider == YOOKASSA),
        seller=_seller(given),
        seller_time_zone=_time_zone(given),
    )


def _refuse(name: str, value: str, expected: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"{name} is {value!r}, but should be {expected}.")


def _sandbox_url(given: Mapping[str, str]) -> str:
    value = given.get("PAYMENT_SANDBOX_URL", "http://127.0.0.1:8090")
    parts = urlsplit(value)
    if parts.scheme != "http" or not parts.hostname or parts.path.strip("/") or parts.query:
        raise _refuse("PAYMENT_SANDBOX_URL", value, "an address without a path, such as http://127.0.0.1:8090")
    return f"http://{parts.netloc}"


def _key(given: Mapping[str, str], name: str, *, needed: bool) -> str:
    value = given.get(name, "")
    if needed and not value:
        raise ImproperlyConfigured(f"{name} is not set: PAYMENT_PROVIDER=yookassa needs the shop's number and its key.")
    if name == "YOOKASSA_SHOP_ID" and value and not (value.isascii() and value.isdigit()):
        raise _refuse(name, value, "the shop's number, in figures")
    return value


def _seller(given: Mapping[str, str]) -> dict[str, str]:
    seller = {}
    for name, (word, longest) in SELLER.items():
        value = given.get(name, "")
        if len(value) > longest:
            raise _refuse(name, value, f"{longest} characters at most")
        if value and name in FIGURES and not (value.isascii() and value.isdigit() and len(value) in FIGURES[name]):
            raise _refuse(name, value, f"{' or '.join(str(count) for count in FIGURES[name])} figures")
        seller[word] = value
    if seller["tax_number"] and not is_inn(seller["tax_number"]):
        raise _refuse("SELLER_TAX_NUMBER", seller["tax_number"], "an ИНН whose check digits add up")
    if not seller["name"]:
        seller["name"] = "menusite"
    return seller


def _time_zone(given: Mapping[str, str]) -> str:
    value = given.get("SELLER_TIME_ZONE", "Europe/Moscow")
    if value not in available_timezones():
        raise _refuse("SELLER_TIME_ZONE", value, "a time zone, such as Europe/Moscow")
    return value
