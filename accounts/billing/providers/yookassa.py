"""A thin client of YooKassa's API, third version.

Written from its documentation: https://yookassa.ru/developers/api (objects and methods),
https://yookassa.ru/developers/using-api/interaction-format (Basic authentication, Idempotence-Key, kept for 24 hours),
https://yookassa.ru/developers/using-api/response-handling/http-codes (which answers mean what) and
https://yookassa.ru/developers/using-api/webhooks (notifications, and the networks they come from).
"""

import datetime
import ipaddress
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from accounts.billing.providers.base import (
    YOOKASSA,
    AnswerLostError,
    NewPayment,
    Notice,
    PaymentFacts,
    RefundFacts,
    RefusedError,
)

BASE_URL = "https://api.yookassa.ru/v3"
# As the documentation lists them.
NETWORKS = (
    "185.71.76.0/27",
    "185.71.77.0/27",
    "77.75.153.0/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "77.75.154.128/25",
    "2a02:5180::/32",
)
TIMEOUT = (5, 15)  # seconds to connect, to answer
STATUSES = {"pending": "pending", "waiting_for_capture": "pending", "succeeded": "succeeded", "canceled": "cancelled"}
MOST_PAGES = 20
LARGEST_ANSWER = 1_000_000
# The request was not carried out, and may be later: no word about the payment itself.
LATER = (401, 403, 405, 415, 429)


class YooKassa:
    """One shop at YooKassa, or at whatever speaks the same API under `base_url`."""

    def __init__(
        self,
        *,
        shop_id: str,
        secret_key: str,
        base_url: str = BASE_URL,
        networks: tuple[str, ...] = NETWORKS,
        name: str = YOOKASSA,
        timeout: tuple[float, float] = TIMEOUT,
    ) -> None:
        self.name = name
        self.base_url = base_url.rstrip("/")
        self.auth = (shop_id, secret_key)
        self.networks = [ipaddress.ip_network(network) for network in networks]
        self.timeout = timeout

    def create(self, payment: NewPayment) -> PaymentFacts:
        body: dict[str, Any] = {
            "amount": _amount(payment.amount, payment.currency),
            "capture": True,
            "description": payment.description,
            "metadata": {"payment": payment.reference},
        }
        if payment.method_id:
            body["payment_method_id"] = payment.method_id
        else:
            body["confirmation"] = {"type": "redirect", "return_url": payment.return_url}
            body["save_payment_method"] = payment.save_method
        return _payment(self._ask("POST", "/payments", key=payment.key, body=body))

    def find(self, payment: NewPayment) -> PaymentFacts | None:
        margin = datetime.timedelta(days=2)
        since, until = payment.created_at - datetime.timedelta(minutes=5), payment.created_at + margin
        parameters = {"created_at.gte": _moment(since), "created_at.lte": _moment(until)}
        for found in self._all("/payments", parameters):
            if (found.get("metadata") or {}).get("payment") == payment.reference:
                return _payment(found)
        return None

    def fetch(self, provider_id: str) -> PaymentFacts:
        return _payment(self._ask("GET", f"/payments/{_segment(provider_id)}"))

    def cancel(self, provider_id: str, *, key: str) -> PaymentFacts:
        return _payment(self._ask("POST", f"/payments/{_segment(provider_id)}/cancel", key=key, body={}))

    def refund(self, provider_id: str, *, amount: Decimal, currency: str, key: str, note: str) -> RefundFacts:
        body: dict[str, Any] = {"payment_id": provider_id, "amount": _amount(amount, currency)}
        if note:
            body["description"] = note
        return _refund(self._ask("POST", "/refunds", key=key, body=body))

    def refunds(self, provider_id: str) -> list[RefundFacts]:
        return [_refund(found) for found in self._all("/refunds", {"payment_id": provider_id})]

    def parse_webhook(self, body: bytes, *, address: str) -> Notice:
        try:
            known = any(_plain(address) in network for network in self.networks)
            said = json.loads(body)
            about = said["object"]
            event, object_id = str(said["event"]), str(about["id"])
            metadata = about.get("metadata") or {}
            payment_id = str(about["payment_id"] if event.startswith("refund.") else object_id)
            reference = str(metadata.get("payment", ""))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as wrong:
            raise RefusedError("unreadable") from wrong
        if not known:
            raise RefusedError("foreign_address")
        if not event.startswith(("payment.", "refund.")):
            raise RefusedError("other_event")
        return Notice(event[:64], object_id[:64], payment_id[:64], reference[:64])

    def _all(self, path: str, parameters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """The items of a list, page by page as its cursor leads; a list that does not end is an answer lost."""
        asked = {**parameters, "limit": "100"}
        for _page in range(MOST_PAGES):
            page = self._ask("GET", path, parameters=asked)
            yield from page.get("items") or []
            if not page.get("next_cursor"):
                return
            asked["cursor"] = str(page["next_cursor"])
        raise AnswerLostError(f"{path} has more than {MOST_PAGES} pages")

    def _ask(
        self,
        method: str,
        path: str,
        *,
        key: str = "",
        body: Mapping[str, Any] | None = None,
        parameters: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"Idempotence-Key": key} if key else {}
        try:
            with requests.request(
                method,
                self.base_url + path,
                auth=self.auth,
                headers=headers,
                json=body,
                params=parameters,
                timeout=self.timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                content = response.raw.read(LARGEST_ANSWER, decode_content=True)
                status = response.status_code
            answer = json.loads(content)
        # The raw stream, read by hand to stop at a size, raises its own errors.
        except (requests.RequestException, HTTPError, OSError, ValueError) as lost:
            raise AnswerLostError(f"{method} {path}: {type(lost).__name__}") from lost
        if not isinstance(answer, dict):
            raise AnswerLostError(f"{method} {path}: an answer of another kind")
        if status == requests.codes.ok:
            return answer
        code = str(answer.get("code") or status)[:64]
        if status in LATER or not 400 <= status < 500:
            raise AnswerLostError(f"{method} {path}: {status} {code}")
        raise RefusedError(code, str(answer.get("description", ""))[:200])


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address, without the clothes IPv4 wears on a socket of both kinds; raises ValueError."""
    found = ipaddress.ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found


def _amount(value: Decimal, currency: str) -> dict[str, str]:
    return {"value": f"{value:.2f}", "currency": currency}


def _moment(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _segment(provider_id: str) -> str:
    """An id as part of an address; anything but their letters, digits and dashes is refused."""
    if not provider_id.replace("-", "").isalnum():
        raise RefusedError("bad_id")
    return provider_id


def _payment(said: Mapping[str, Any]) -> PaymentFacts:
    try:
        method = said.get("payment_method") or {}
        saved = bool(method.get("saved"))
        details = said.get("cancellation_details") or {}
        return PaymentFacts(
            provider_id=str(said["id"]),
            status=STATUSES[said["status"]],
            raw_status=str(said["status"]),
            amount=Decimal(said["amount"]["value"]),
            currency=str(said["amount"]["currency"]),
            refunded=Decimal((said.get("refunded_amount") or {}).get("value", "0")),
            confirmation_url=str((said.get("confirmation") or {}).get("confirmation_url", "")),
            reason=str(details.get("reason", ""))[:200],
            method_id=str(method.get("id", "")) if saved else "",
            method_title=str(method.get("title", ""))[:120] if saved else "",
        )
    except (KeyError, TypeError, AttributeError, InvalidOperation) as wrong:
        raise AnswerLostError(f"an answer that is no payment: {type(wrong).__name__}") from wrong


def _refund(said: Mapping[str, Any]) -> RefundFacts:
    try:
        details = said.get("cancellation_details") or {}
        return RefundFacts(
            provider_id=str(said["id"]),
            status=STATUSES[said["status"]],
            amount=Decimal(said["amount"]["value"]),
            reason=str(details.get("reason", ""))[:200],
        )
    except (KeyError, TypeError, AttributeError, InvalidOperation) as wrong:
        raise AnswerLostError(f"an answer that is no refund: {type(wrong).__name__}") from wrong
