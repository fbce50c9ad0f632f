"""Webhooks: what is sent, how it is signed, where it may go and where not."""

import datetime
import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import LazySettings
from django.utils import timezone

from accounts.models import User
from menu_pages.models import DishPage, PlacePage
from orders.models import Delivery, OrderStatus, OutboxEvent, OutboxKind
from orders.order_states import move_order
from orders.outbox import webhooks
from orders.outbox.events import tell
from orders.outbox.public_addresses import is_public
from orders.outbox.relay import run_relay
from tests.factories.guests import Guest, ordered
from tests.factories.receivers import Receiver, make_webhook
from tests.factories.stations import closed_port

Resolve = Callable[..., list[tuple[object, ...]]]


def addresses(*found: str) -> Resolve:
    """A resolver that answers with these, whatever it is asked."""

    def resolve(host: str, port: int, *args: object, **options: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    return resolve


def refusal(place: PlacePage, url: str) -> tuple[str, str]:
    """What becomes of an event for this address."""
    make_webhook(place, url)
    tell(OutboxKind.CALL_ASKED, place_id=place.pk, table=7)
    run_relay()
    delivery = Delivery.objects.get()
    return delivery.status, delivery.problem


def test_an_order_is_told_with_its_lines(guest: Guest, tea: DishPage, place_a: PlacePage, receiver: Receiver) -> None:
    make_webhook(place_a, receiver.url)
    guest.add(tea, 2, options=["size-large", "extra-mint"], note="for Ivan, +7 900 000-00-00")
    guest.send(comment="I am Ivan")
    order = guest.visit.orders.get()

    run_relay()

    (call,) = receiver.calls
    event = OutboxEvent.objects.get()
    assert call.path == "/hook?from=menusite"
    assert (call.headers["Menusite-Event"], call.headers["Menusite-Kind"]) == (str(event.event_id), "order.sent")
    assert call.headers["Content-Type"] == "application/json; charset=utf-8"
    told = json.loads(call.body)
    assert told["order"].pop("sent_at")[:19] == order.sent_at.isoformat()[:19]
    assert told.pop("at")[:19] == event.at.isoformat()[:19]
    assert told == {
        "id": str(event.event_id),
        "event": "order.sent",
        "place": "teahouse",
        "data": {},
        "order": {
            "id": order.public_id,
            "number": 1,
            "business_day": order.business_day.isoformat(),
            "table": 7,
            "currency": "RUB",
            "total": "641.00",
            "lines": [
                {
                    "title": "Tea",
                    "options": ["Large", "Mint"],
                    "quantity": 2,
                    "unit_price": "320.50",
                    "total": "641.00",
                }
            ],
        },
    }


def test_nothing_about_a_person_is_told(
    guest: Guest, borshch: DishPage, place_a: PlacePage, charlie: User, receiver: Receiver
) -> None:
    make_webhook(place_a, receiver.url)
    guest.add(borshch, note="canary")
    guest.send(comment="canary")
    order = guest.visit.orders.get()
    move_order(order_id=order.pk, to=OrderStatus.CANCELLED, by=charlie, reason="canary")
    guest.call("bill", payment="card", note="canary")
    guest.rate(5, text="canary")

    run_relay()

    bodies = [json.loads(call.body) for call in receiver.calls]
    assert [(body["event"], body["data"]) for body in bodies] == [
        ("order.sent", {}),
        ("order.moved", {"before": "sent", "after": "cancelled"}),
        (
            "call.asked",
            {"call": guest.visit.calls.get().public_id, "table": 7, "call_kind": "bill", "payment": "card"},
        ),
        ("rating.given", {"table": 7, "score": 5, "dishes": []}),
    ]
    everything = str(receiver.calls)
    for secret in ("canary", charlie.email, guest.visit.public_id, guest.client.cookies["sessionid"].value):
        assert secret not in everything


def test_the_signature_is_over_time_and_body(place_a: PlacePage, receiver: Receiver) -> None:
    webhook = make_webhook(place_a, receiver.url)
    tell(OutboxKind.CALL_ASKED, place_id=place_a.pk, table=7)

    run_relay()

    (call,) = receiver.calls
    signed = call.headers["Menusite-Timestamp"].encode() + b"." + call.body
    expected = hmac.new(webhook.secret.encode(), signed, hashlib.sha256).hexdigest()
    assert call.headers["Menusite-Signature"] == f"sha256={expected}"
    said_at = datetime.datetime.fromtimestamp(int(call.headers["Menusite-Timestamp"]), datetime.UTC)
    assert abs(timezone.now() - said_at) < datetime.timedelta(minutes=1)


@pytest.mark.parametrize("status", [301, 400, 404, 500])
def test_any_other_answer_is_a_failure(place_a: PlacePage, receiver: Receiver, status: int) -> None:
    receiver.status = status

    refusal(place_a, receiver.url)

    assert Delivery.objects.get().status == "waiting"
    assert str(status) in Delivery.objects.get().problem


def test_redirects_are_not_followed(place_a: PlacePage, receiver: Receiver) -> None:
    receiver.status, receiver.location = 307, receiver.url.replace("hook", "elsewhere")

    refusal(place_a, receiver.url)

    assert [call.path for call in receiver.calls] == ["/hook?from=menusite"]


def test_a_repeat_says_the_same_under_the_same_id(
    guest: Guest, borshch: DishPage, place_a: PlacePage, charlie: User, receiver: Receiver
) -> None:
    receiver.status = 500
    make_webhook(place_a, receiver.url)
    order = ordered(guest, borshch)
    run_relay()
    order.status = OrderStatus.READY
    order.save()
    receiver.status = 200
    Delivery.objects.update(next_try_at=timezone.now())

    run_relay()

    first, second = receiver.calls
    assert first.body == second.body
    assert first.headers["Menusite-Event"] == second.headers["Menusite-Event"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://localhost/",
        "https://[::1]/",
        "https://10.0.0.1/",
        "https://172.16.5.4/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://[fe80::1]/",
        "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://2130706433/",
        "https://0x7f.1/",
    ],
)
def test_inner_networks_are_not_called(place_a: PlacePage, url: str) -> None:
    status, _problem = refusal(place_a, url)

    assert (status, Delivery.objects.get().tries) == ("failed", 1)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("64:ff9b::5db8:d822", True),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("192.0.2.1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_a_name_with_one_inner_address_is_refused(place_a: PlacePage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", addresses("93.184.216.34", "10.0.0.1"))

    assert refusal(place_a, "https://hooks.example.com/")[0] == "failed"


def test_what_was_checked_is_what_is_called(
    place_a: PlacePage, receiver: Receiver, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that stands for a public address when it is checked and for this machine a moment later."""
    settings.WEBHOOKS_MAY_BE_PRIVATE = False
    asked, called = [], []

    def rebinding(host: str, port: int, *args: object, **options: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return addresses("93.184.216.34" if len(asked) == 1 else "127.0.0.1")(host, port)

    def connect(address: tuple[str, int], *args: object, **options: object) -> socket.socket:
        called.append(address)
        raise ConnectionRefusedError("nobody is called from a test")

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr(socket, "create_connection", connect)
    port = receiver.server_address[1]

    refusal(place_a, f"http://hooks.example.com:{port}/")

    assert (asked, called) == (["hooks.example.com"], [("93.184.216.34", port)])
    assert receiver.calls == []


def test_plain_http_is_for_debug_alone(place_a: PlacePage, receiver: Receiver, settings: LazySettings) -> None:
    settings.DEBUG = False

    assert refusal(place_a, receiver.url)[0] == "failed"
    assert receiver.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com:bad/",
        "https://пример.испытание/ё",
        "https:///nothing",
        "https://a\x00b/",
        "https://[::",
    ],
)
def test_an_address_that_makes_no_sense_is_a_failure_like_others(place_a: PlacePage, url: str) -> None:
    status, problem = refusal(place_a, url.replace("\x00", "%00"))

    assert status in ("waiting", "failed")
    assert problem != ""


def test_nobody_there(place_a: PlacePage, settings: LazySettings) -> None:
    settings.DEBUG = settings.WEBHOOKS_MAY_BE_PRIVATE = True

    assert refusal(place_a, f"http://127.0.0.1:{closed_port()}/")[0] == "waiting"


@pytest.mark.parametrize("answer", [b"", b"SSH-2.0-OpenSSH_9\r\n", b"HTTP/1.1\r\n", b"x" * 5000])
def test_who_speaks_no_http_has_not_taken_it(place_a: PlacePage, settings: LazySettings, answer: bytes) -> None:
    settings.DEBUG = settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with answering(answer) as port:
        assert refusal(place_a, f"http://127.0.0.1:{port}/")[0] == "waiting"


def test_who_dawdles_is_left(place_a: PlacePage, settings: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer's first line has one deadline, however it drips."""
    settings.DEBUG = settings.WEBHOOKS_MAY_BE_PRIVATE = True
    monkeypatch.setattr(webhooks, "ANSWER_SECONDS", 0.3)
    with answering(b"H", hold=True) as port:
        status, problem = refusal(place_a, f"http://127.0.0.1:{port}/")

    assert (status, "timed out" in problem) == ("waiting", True)
    assert Delivery.objects.get().unsure is True


def test_a_certificate_nobody_vouches_for_is_refused(
    place_a: PlacePage, settings: LazySettings, tmp_path: Path
) -> None:
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", certificate=certificate(tmp_path, "localhost")) as port:
        assert refusal(place_a, f"https://localhost:{port}/")[0] == "waiting"


@pytest.mark.parametrize(("named", "status"), [("localhost", "done"), ("elsewhere.example.com", "waiting")])
def test_the_certificate_has_to_be_the_hosts(
    place_a: PlacePage,
    settings: LazySettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    status: str,
) -> None:
    settings.WEBHOOKS_MAY_BE_PRIVATE = True
    file = certificate(tmp_path, named)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with answering(b"HTTP/1.1 200 OK\r\n\r\n", certificate=file) as port:
        assert refusal(place_a, f"https://localhost:{port}/")[0] == status


@contextmanager
def answering(answer: bytes, *, hold: bool = False, certificate: Path | None = None) -> Iterator[int]:
    """A server for one caller: reads the request, answers so, and hangs up unless it holds."""
    done = threading.Event()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if certificate:
        context.load_cert_chain(certificate)

    def serve() -> None:
        while not done.is_set():
            try:
                caller, _address = listener.accept()
                with context.wrap_socket(caller, server_side=True) if certificate else caller as talk:
                    read_request(talk)
                    talk.sendall(answer)
                    if hold:
                        done.wait(10)
            except OSError:
                continue

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0.2)
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        done.set()
        thread.join()


def read_request(talk: socket.socket) -> None:
    """All of it: hanging up on what was not read would be a reset, which overtakes the answer."""
    length = 0
    with talk.makefile("rb") as lines:
        while (line := lines.readline()) not in (b"\r\n", b""):
            name, _colon, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        lines.read(length)


def certificate(folder: Path, host: str) -> Path:
    """A certificate for the host that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    file.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file
