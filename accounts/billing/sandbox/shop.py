"""The sandbox's shop: payments, refunds and saved methods, field by field as YooKassa's documentation describes them.

Source: https://yookassa.ru/developers/api – the payment object and its statuses (`pending`, `waiting_for_capture`,
`succeeded`, `canceled`), `confirmation` of type `redirect`, `payment_method.saved`, `cancellation_details`, the refund
object, lists with `items` and `next_cursor`, the error object; and https://yookassa.ru/developers/using-api/webhooks –
the notification object. Of its objects only what one shop with cards needs is there.
"""

import copy
import datetime
import json
import threading
import uuid
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

PAGE = 100


class ApiError(Exception):
    """An answer other than 200, with the error object of the documentation."""

    def __init__(self, status: int, code: str, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.body = {"type": "error", "id": str(uuid.uuid4()), "code": code, "description": description}
        if parameter:
            self.body["parameter"] = parameter


class Shop:
    """Everything the sandbox knows. `refuse` is the reason with which the next charges of saved methods are refused.

    `notices` collects the notifications due, for the server to deliver. With a file, it survives a restart.
    """

    def __init__(self, file: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.file = file
        self.refuse = ""
        self.payments: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, dict[str, Any]] = {}
        self.methods: dict[str, dict[str, Any]] = {}
        self.keys: dict[str, dict[str, Any]] = {}
        self.notices: list[dict[str, Any]] = []
        if file and file.exists():
            kept = json.loads(file.read_text("utf-8"))
            for name in ("payments", "refunds", "methods", "keys"):
                setattr(self, name, kept[name])

    def once(self, key: str, request: dict[str, Any], make: Any) -> dict[str, Any]:
        """The answer to a request with this Idempotence-Key: made once, given again; another request is an error."""
        if not key or len(key) > 64:
            raise ApiError(
                400, "invalid_request", "Idempotence-Key is required, of 64 characters at most", "Idempotence-Key"
            )
        with self.lock:
            known = self.keys.get(key)
            if known is not None and known["request"] != request:
                raise ApiError(
                    400, "invalid_request", "Idempotence-Key was used with another request", "Idempotence-Key"
                )
            if known is None:
                kind, object_id = make()
                self.keys[key] = known = {"request": request, "kind": kind, "id": object_id}
                self._keep()
            return copy.deepcopy(getattr(self, known["kind"])[known["id"]])

    def create(self, body: dict[str, Any], page_url: str) -> tuple[str, str]:
        payment_id = _new_id()
        payment: dict[str, Any] = {
            "id": payment_id,
            "status": "pending",
            "paid": False,
            "amount": _amount(body.get("amount")),
            "created_at": _now(),
            "description": str(body.get("description", ""))[:128],
            "metadata": body.get("metadata") or {},
            "recipient": {"account_id": "100500", "gateway_id": "100700"},
            "refundable": False,
            "refunded_amount": {"value": "0.00", "currency": body["amount"]["currency"]},
            "test": True,
        }
        self.payments[payment_id] = payment
        capture = bool(body.get("capture", False))
        if body.get("payment_method_id"):
            method = self.methods.get(str(body["payment_method_id"]))
            if method is None:
                del self.payments[payment_id]
                raise ApiError(400, "invalid_request", "No such saved payment method", "payment_method_id")
            payment["payment_method"] = copy.deepcopy(method)
            if self.refuse:
                self._cancel(payment, self.refuse, "payment_network")
            else:
                self._pay(payment, capture=capture)
        else:
            confirmation = body.get("confirmation") or {}
            if confirmation.get("type") != "redirect" or not confirmation.get("return_url"):
                del self.payments[payment_id]
                raise ApiError(400, "invalid_request", "confirmation is required", "confirmation")
            payment["confirmation"] = {
                "type": "redirect",
                "return_url": confirmation["return_url"],
                "confirmation_url": page_url.format(id=payment_id),
            }
            # Not part of the object the documentation shows, so kept aside from what is given out.
            payment["_capture"], payment["_save"] = capture, bool(body.get("save_payment_method"))
        return "payments", payment_id

    def payment(self, payment_id: str) -> dict[str, Any]:
        with self.lock:
            if payment_id not in self.payments:
                raise ApiError(404, "not_found", "No such payment", "payment_id")
            return copy.deepcopy(self.payments[payment_id])

    def confirm(self, payment_id: str, *, pay: bool) -> dict[str, Any]:
        """What the payer presses on the confirmation page; pressed again, it changes nothing."""
        with self.lock:
            payment = self._pending(payment_id, "pending", quiet=True)
            if payment is not None:
                if pay:
                    self._save_method(payment)
                    self._pay(payment, capture=payment.pop("_capture"))
                else:
                    self._cancel(payment, "insufficient_funds", "payment_network")
                self._keep()
            return copy.deepcopy(self.payments[payment_id])

    def capture(self, payment_id: str) -> tuple[str, str]:
        payment = self._pending(payment_id, "waiting_for_capture")
        self._pay(payment, capture=True)
        return "payments", payment_id

    def cancel(self, payment_id: str) -> tuple[str, str]:
        self._cancel(self._pending(payment_id, "waiting_for_capture"), "canceled_by_merchant", "merchant")
        return "payments", payment_id

    def refund(self, body: dict[str, Any]) -> tuple[str, str]:
        payment = self.payments.get(str(body.get("payment_id", "")))
        if payment is None:
            raise ApiError(404, "not_found", "No such payment", "payment_id")
        amount = _amount(body.get("amount"))
        left = Decimal(payment["amount"]["value"]) - Decimal(payment["refunded_amount"]["value"])
        if payment["status"] != "succeeded" or Decimal(amount["value"]) > left:
            raise ApiError(400, "invalid_request", "There is not that much left of the payment", "amount")
        refund_id = _new_id()
        self.refunds[refund_id] = refund = {
            "id": refund_id,
            "payment_id": payment["id"],
            "status": "succeeded",
            "created_at": _now(),
            "amount": amount,
            "description": str(body.get("description", ""))[:250],
        }
        payment["refunded_amount"]["value"] = (
            f"{Decimal(payment['amount']['value']) - left + Decimal(amount['value']):.2f}"
        )
        payment["refundable"] = Decimal(amount["value"]) < left
        self._notify("refund.succeeded", refund)
        return "refunds", refund_id

    def listed(self, kind: str, wanted: dict[str, str]) -> dict[str, Any]:
        """A page of payments or refunds, the newest first."""
        with self.lock:
            found = sorted(getattr(self, kind).values(), key=lambda item: item["created_at"], reverse=True)
            found = [item for item in found if _fits(item, wanted)]
            start, size = int(wanted.get("cursor", "0")), min(int(wanted.get("limit", "10")), PAGE)
            page: dict[str, Any] = {"type": "list", "items": copy.deepcopy(found[start : start + size])}
            if start + size < len(found):
                page["next_cursor"] = str(start + size)
            return page

    def _pending(self, payment_id: str, status: str, *, quiet: bool = False) -> Any:
        payment = self.payments.get(payment_id)
        if payment is None:
            raise ApiError(404, "not_found", "No such payment", "payment_id")
        if payment["status"] == status:
            return payment
        if quiet:
            return None
        raise ApiError(400, "invalid_request", f"The payment is {payment['status']}", "payment_id")

    def _pay(self, payment: dict[str, Any], *, capture: bool) -> None:
        payment["paid"] = True
        payment.setdefault("payment_method", {"type": "bank_card", "id": payment["id"], "saved": False})
        payment["status"] = "succeeded" if capture else "waiting_for_capture"
        payment["refundable"] = capture
        if capture:
            payment["captured_at"] = _now()
        self._notify(f"payment.{payment['status']}", payment)

    def _cancel(self, payment: dict[str, Any], reason: str, party: str) -> None:
        payment["status"], payment["paid"] = "canceled", False
        payment["cancellation_details"] = {"party": party, "reason": reason}
        self._notify("payment.canceled", payment)

    def _save_method(self, payment: dict[str, Any]) -> None:
        method = {
            "type": "bank_card",
            "id": payment["id"],
            "saved": payment.pop("_save"),
            "title": "Bank card *4444",
            "card": {
                "first6": "555555",
                "last4": "4444",
                "expiry_month": "12",
                "expiry_year": "2030",
                "card_type": "MasterCard",
            },
        }
        payment["payment_method"] = method
        if method["saved"]:
            self.methods[payment["id"]] = method

    def _notify(self, event: str, about: dict[str, Any]) -> None:
        self.notices.append({"type": "notification", "event": event, "object": public(about)})

    def _keep(self) -> None:
        if self.file is None:
            return
        kept = {name: getattr(self, name) for name in ("payments", "refunds", "methods", "keys")}
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        fresh.replace(self.file)


def public(item: dict[str, Any]) -> dict[str, Any]:
    """The object as the API shows it."""
    return {name: copy.deepcopy(value) for name, value in item.items() if not name.startswith("_")}


def _fits(item: dict[str, Any], wanted: dict[str, str]) -> bool:
    at = item["created_at"]
    return (
        wanted.get("payment_id", item.get("payment_id")) == item.get("payment_id")
        and wanted.get("created_at.gte", at) <= at
        and at <= wanted.get("created_at.lte", at)
    )


def _amount(said: Any) -> dict[str, str]:
    try:
        value, currency = Decimal(str(said["value"])), str(said["currency"])
    except (TypeError, KeyError, InvalidOperation) as wrong:
        raise ApiError(400, "invalid_request", "amount is required", "amount") from wrong
    if not value.is_finite() or value <= 0 or len(currency) != 3:
        raise ApiError(400, "invalid_request", "amount has to be more than zero", "amount")
    return {"value": f"{value:.2f}", "currency": currency}


def _new_id() -> str:
    """In the shape of theirs: 23d93cac-000f-5000-8000-126628f15141."""
    word = uuid.uuid4().hex
    return f"{word[:8]}-000f-5000-8000-{word[-12:]}"


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
