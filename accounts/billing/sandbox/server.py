"""The sandbox as a small HTTP server: YooKassa's API under `/v3`, the page a payer is sent to, and its switches.

Made for the demo and the tests, on the loopback only; the standard library is all it needs. `POST /switches` takes
JSON and answers with the switches as they are:

* `refuse`: the reason with which saved methods are refused (`insufficient_funds`, `permission_revoked`…), "" for none;
* `fail`: how many of the next requests are answered 500 *without* being carried out;
* `lose_answers`: how many of the next requests are carried out and their connections cut before the answer;
* `delay`: seconds before each answer;
* `webhooks`: `once`, `twice`, `reversed` (held until `POST /deliver`, then the newest first) or `off`.
"""

import base64
import binascii
import html
import http.client
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from accounts.billing.sandbox.shop import ApiError, Shop, public

LARGEST_BODY = 100_000
LANGUAGES: dict[str, dict[str, str]] = {
    "ru": {
        "title": "Учебная оплата",
        "lead": "Настоящих денег здесь нет. Выберите, чем закончится платёж.",
        "pay": "Оплатить",
        "refuse": "Отказать",
        "done": "С этим платежом уже всё решено.",
        "back": "Вернуться",
    },
    "en": {
        "title": "Practice payment",
        "lead": "No real money here. Choose how the payment ends.",
        "pay": "Pay",
        "refuse": "Refuse",
        "done": "This payment is already decided.",
        "back": "Go back",
    },
}
STYLE = """
body { max-width: 26rem; margin: 15vh auto; padding: 0 16px; color: #1f2328; background: #f6f7f8 }
body { font: 16px/1.5 system-ui, sans-serif }
main { padding: 32px; border-radius: 12px; background: #fff; box-shadow: 0 1px 3px #0002 }
h1 { margin: 0 0 8px; font-size: 1.25rem }
p { margin: 0 0 16px }
.sum { font-size: 2rem; font-weight: 700 }
form { display: flex; gap: 12px }
a, button { flex: 1; min-height: 48px; border: 1px solid #8884; border-radius: 8px; font: inherit; font-weight: 600 }
button { color: inherit; background: none; cursor: pointer }
a { display: flex; align-items: center; justify-content: center; text-decoration: none }
.main { border-color: #0b6e4f; color: #fff; background: #0b6e4f }
button:focus-visible, a:focus-visible { outline: 3px solid #0b6e4f; outline-offset: 2px }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #15171a } main { background: #202327 } }
"""


class Sandbox(ThreadingHTTPServer):
    """The server; `webhook_url` is told of every change, from a thread of its own."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], *, webhook_url: str = "", file: Path | None = None) -> None:
        super().__init__(address, Handler)
        self.shop = Shop(file)
        self.webhook_url = webhook_url
        self.switches: dict[str, Any] = {"refuse": "", "fail": 0, "lose_answers": 0, "delay": 0, "webhooks": "once"}
        self.requests_seen: list[tuple[str, str]] = []
        self.wake = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, switch: str) -> bool:
        """Whether one more request is to suffer it."""
        with self.shop.lock:
            left = int(self.switches[switch])
            self.switches[switch] = max(0, left - 1)
            return left > 0

    def deliver(self, *, now: bool = False) -> int:
        """Send the notifications that are due; how many were accepted."""
        mode = self.switches["webhooks"]
        with self.shop.lock:
            if mode == "reversed" and not now:
                return 0
            due = self.shop.notices[::-1] if mode == "reversed" else self.shop.notices[:]
            self.shop.notices.clear()
        if mode == "off" or not self.webhook_url:
            return 0
        return sum(self._post(notice) for notice in due for _time in range(2 if mode == "twice" else 1))

    def _post(self, notice: dict[str, Any]) -> bool:
        target = urlsplit(self.webhook_url)
        connection = http.client.HTTPConnection(target.hostname or "", target.port or 80, timeout=5)
        try:
            connection.request(
                "POST", target.path, json.dumps(notice), {"Content-Type": "application/json", "Host": target.netloc}
            )
            return connection.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            connection.close()


class Handler(BaseHTTPRequestHandler):
    server: Sandbox
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *arguments: Any) -> None:  # noqa: A002  (the base class's name)
        """Silent: it runs beside the site, in the same terminal."""

    def do_GET(self) -> None:
        self._answer("GET")

    def do_POST(self) -> None:
        self._answer("POST")

    def _answer(self, method: str) -> None:
        address = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(min(length, LARGEST_BODY))
        if address.path.startswith("/v3/"):
            self._api(method, address.path.removeprefix("/v3"), dict(parse_qsl(address.query)), raw)
        elif address.path.startswith("/pay/"):
            self._page(method, address.path.removeprefix("/pay/"), dict(parse_qsl(raw.decode("utf-8", "replace"))))
        elif address.path == "/switches" and method == "POST":
            self.server.switches.update(json.loads(raw or b"{}"))
            self.server.shop.refuse = str(self.server.switches["refuse"])
            self._send(200, self.server.switches)
        elif address.path == "/deliver" and method == "POST":
            self._send(200, {"accepted": self.server.deliver(now=True)})
        elif address.path == "/":
            self._send(200, {"sandbox": True})
        else:
            self._send(404, ApiError(404, "not_found", "No such address").body)

    def _api(self, method: str, path: str, query: dict[str, str], raw: bytes) -> None:
        self.server.requests_seen.append((method, path))
        if self.server.take("fail"):
            self._send(500, ApiError(500, "internal_server_error", "Switched to fail").body)
            return
        try:
            self._check_credentials()
            body = json.loads(raw) if raw else {}
            status, answer = 200, self._call(method, path, query, body)
        except ApiError as error:
            status, answer = error.status, error.body
        except (ValueError, TypeError, KeyError) as error:
            status, answer = 400, ApiError(400, "invalid_request", f"Unreadable: {type(error).__name__}").body
        if self.server.take("lose_answers"):
            self.close_connection = True
            self.connection.close()
        else:
            self.server.wake.wait(float(self.server.switches["delay"]))
            self._send(status, answer)
        threading.Thread(target=self.server.deliver, daemon=True).start()

    def _call(self, method: str, path: str, query: dict[str, str], body: dict[str, Any]) -> dict[str, Any]:
        shop, key = self.server.shop, self.headers.get("Idempotence-Key", "")
        request = {"path": path, "body": body}
        one = re.fullmatch(r"/(payments|refunds)/([\w-]+)(?:/(capture|cancel))?", path)
        if method == "GET" and path in ("/payments", "/refunds"):
            page = shop.listed(path[1:], query)
            return {**page, "items": [public(item) for item in page["items"]]}
        if method == "GET" and one and not one[3]:
            if one[1] == "payments":
                return public(shop.payment(one[2]))
            if one[2] in shop.refunds:
                return public(shop.refunds[one[2]])
        if method == "POST" and path == "/payments":
            page_url = f"{self.server.url}/pay/{{id}}"
            return public(shop.once(key, request, lambda: shop.create(body, page_url)))
        if method == "POST" and path == "/refunds":
            return public(shop.once(key, request, lambda: shop.refund(body)))
        if method == "POST" and one and one[1] == "payments" and one[3]:
            act = shop.capture if one[3] == "capture" else shop.cancel
            return public(shop.once(key, request, lambda: act(one[2])))
        raise ApiError(404, "not_found", "No such address")

    def _check_credentials(self) -> None:
        kind, _space, word = self.headers.get("Authorization", "").partition(" ")
        try:
            shop_id, _colon, secret = base64.b64decode(word, validate=True).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            shop_id = secret = ""
        if kind != "Basic" or not shop_id or not secret:
            raise ApiError(401, "invalid_credentials", "Basic authentication is required")

    def _page(self, method: str, payment_id: str, form: dict[str, str]) -> None:
        """The page a payer is sent to: pay or refuse, then back to the shop."""
        try:
            payment = self.server.shop.payment(payment_id)
        except ApiError as error:
            self._send(404, error.body)
            return
        if method == "POST" and form.get("how") in ("pay", "refuse"):
            payment = self.server.shop.confirm(payment_id, pay=form["how"] == "pay")
            threading.Thread(target=self.server.deliver, daemon=True).start()
            self.send_response(303)
            self.send_header("Location", payment["confirmation"]["return_url"])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        language = "ru" if "ru" in self.headers.get("Accept-Language", "") else "en"
        self._send_html(_draw(payment, LANGUAGES[language], language))

    def _send(self, status: int, body: dict[str, Any]) -> None:
        self._send_bytes(status, json.dumps(body, ensure_ascii=False).encode(), "application/json")

    def _send_html(self, text: str) -> None:
        self._send_bytes(200, text.encode(), "text/html; charset=utf-8")

    def _send_bytes(self, status: int, content: bytes, kind: str) -> None:
        try:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # whoever asked has gone


def _draw(payment: dict[str, Any], words: dict[str, str], language: str) -> str:
    amount = f"{payment['amount']['value']} {payment['amount']['currency']}"
    if payment["status"] == "pending":
        buttons = (
            f'<button class="main" name="how" value="pay">{words["pay"]}</button>'
            f'<button name="how" value="refuse">{words["refuse"]}</button>'
        )
        way = f'<p>{words["lead"]}</p><form method="post">{buttons}</form>'
    else:
        back = html.escape(payment.get("confirmation", {}).get("return_url", "/"))
        way = f'<p>{words["done"]}</p><form><a class="main" href="{back}">{words["back"]}</a></form>'
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{words['title']}</title><style>{STYLE}</style><main><h1>{words['title']}</h1>"
        f'<p>{html.escape(payment["description"])}</p><p class="sum">{html.escape(amount)}</p>{way}</main></html>'
    )
