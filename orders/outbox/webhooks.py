"""Telling an organisation's own system of an event: one signed POST, answered with any 2xx."""

import hashlib
import hmac
import http.client
import json
import socket
import ssl
import time
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from orders.models import Delivery, OutboxEvent, Webhook
from orders.outbox.problems import NotDeliveredError, reason
from orders.outbox.public_addresses import NotPublicError, public_addresses
from orders.outbox.webhook_body import body_of

# Seconds each: connecting with TLS, sending, and the whole answer's first line.
CONNECT_SECONDS = 4.0
ANSWER_SECONDS = 6.0
LONGEST_FIRST_LINE = 1024
MOST_ADDRESSES = 3
TEST = "test"


def post_event(delivery: Delivery) -> None:
    """Tell the delivery's webhook. Raises `NotDeliveredError`; nobody to tell any more is no failure."""
    webhook = Webhook.objects.filter(public_id=delivery.target, place_id=delivery.place_id, active=True).first()
    if webhook is not None:
        event: OutboxEvent = delivery.event
        _post(webhook, event_id=event.event_id, kind=event.kind, body=body_of(event))


def post_test(webhook: Webhook) -> None:
    """Tell it of nothing, to see that it hears. Raises `NotDeliveredError`."""
    event_id = uuid.uuid4()
    told = {"id": str(event_id), "event": TEST, "at": timezone.now().isoformat(), "place": webhook.place.slug}
    _post(webhook, event_id=event_id, kind=TEST, body=json.dumps({**told, "data": {}, "order": None}).encode())


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What the receiver works out again: HMAC-SHA256 over `timestamp.body`, in hexadecimal figures."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def schemes() -> tuple[str, ...]:
    """What a webhook's address may begin with."""
    return ("https", "http") if settings.DEBUG else ("https",)


def _post(webhook: Webhook, *, event_id: uuid.UUID, kind: str, body: bytes) -> None:
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "menusite",
        "Connection": "close",
        "Menusite-Event": str(event_id),
        "Menusite-Kind": kind,
        "Menusite-Timestamp": timestamp,
        "Menusite-Signature": f"sha256={signature(webhook.secret, timestamp, body)}",
    }
    status = _status_of_post(webhook.url, body, headers)
    if not 200 <= status < 300:
        raise NotDeliveredError(_("The server answered %(status)d.") % {"status": status})


def _status_of_post(url: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as wrong:
        raise NotDeliveredError(_("The address makes no sense."), final=True) from wrong
    if parts.scheme not in schemes():
        raise NotDeliveredError(_("The address has to begin with https://."), final=True)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    sent = False
    try:
        connection = _connect(parts.scheme, host, port, public_addresses(host, port))
        try:
            sent = True
            connection.request("POST", path, body=body, headers=headers)
            return _status(connection)
        finally:
            connection.close()
    except NotPublicError as inner:
        raise NotDeliveredError(_("The address leads to an inner network."), final=True) from inner
    except ssl.SSLCertVerificationError as untrusted:
        raise NotDeliveredError(_("The server’s certificate is not trusted.")) from untrusted
    except (OSError, UnicodeError, http.client.HTTPException) as lost:
        raise NotDeliveredError(_("The server does not answer: %(why)s") % {"why": reason(lost)}, unsure=sent) from lost


def _connect(scheme: str, host: str, port: int, addresses: list[str]) -> http.client.HTTPConnection:
    """A connection to one of exactly these addresses, whatever the name stands for a moment later."""
    raw = _reach(addresses[:MOST_ADDRESSES], port)
    connection = http.client.HTTPConnection(host, port)
    if scheme == "https":
        connection.default_port = http.client.HTTPS_PORT
        try:
            connection.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        except OSError:
            raw.close()
            raise
    else:
        connection.sock = raw
    return connection


def _reach(addresses: list[str], port: int) -> socket.socket:
    """The first that answers; the last one's refusal when none does."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), timeout=CONNECT_SECONDS)


def _status(connection: http.client.HTTPConnection) -> int:
    """The status of the answer; the rest of it is not read. A server that dawdles is left after `ANSWER_SECONDS`."""
    ends = time.monotonic() + ANSWER_SECONDS
    line = b""
    while b"\n" not in line:
        connection.sock.settimeout(max(0.01, ends - time.monotonic()))
        part = connection.sock.recv(LONGEST_FIRST_LINE)
        line += part
        if not part or len(line) > 2 * LONGEST_FIRST_LINE or time.monotonic() > ends:
            raise http.client.BadStatusLine(repr(line[:40]))
    words = line.split(b"\r\n")[0].split(b"\n")[0].split(b" ")
    if len(words) < 2 or not words[0].startswith(b"HTTP/1.") or not words[1].isdigit():
        raise http.client.BadStatusLine(repr(line[:40]))
    return int(words[1])
