"""Forms that are no whole forms: bytes of no encoding, ends that never come, encodings that are none."""

import pytest
from django.conf import LazySettings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse

from accounts.models import User
from menu_pages.models import MenuImage, PlacePage
from menusite.whole_texts import EncodingMiddleware, Request
from orders.models import WaiterCall
from tests.factories.guests import Guest
from tests.factories.hostile_pictures import picture
from tests.factories.people import signed_in

pytestmark = pytest.mark.attacks

KIND = "multipart/form-data; boundary=line"


def part(name: str, value: bytes, *more: str) -> bytes:
    """A field of a form, or with `filename="…"` a file."""
    head = "; ".join((f'Content-Disposition: form-data; name="{name}"', *more))
    return b"--line\r\n" + head.encode() + b"\r\n\r\n" + value + b"\r\n"


END = b"--line--\r\n"
CALL = part("kind", b"come")
WHOLE = CALL + part("note", b"x") + END
# The form and what is said about it.
BROKEN = {
    "no boundary": (WHOLE, "multipart/form-data"),
    "an empty boundary": (WHOLE, "multipart/form-data; boundary="),
    "another boundary": (WHOLE, "multipart/form-data; boundary=other"),
    "a boundary of strange signs": (WHOLE, "multipart/form-data; boundary=\u00fc\u00fc"),
    "an endless boundary": (WHOLE, "multipart/form-data; boundary=" + "x" * 5000),
    "no end": (WHOLE[: -len(END)], KIND),
    "cut in a field": (WHOLE[: -len(END) - 2], KIND),
    "cut in a head": (CALL + b"--line\r\nContent-Dispo", KIND),
    "cut in the boundary": (WHOLE[:-4], KIND),
    "half a character": (CALL + part("note", b"\xd0") + END, KIND),
    "another encoding": (CALL + part("note", "щи".encode("cp1251")) + END, KIND),
    "half of a pair": (CALL + part("note", b"\xed\xa0\x80") + END, KIND),
    "packed, and half a character": (
        CALL + part("note", b"0A==", "x=y\r\nContent-Transfer-Encoding: base64") + END,
        KIND,
    ),
    "nothing at all": (b"", KIND),
    "an older encoding": (WHOLE, f"{KIND}; charset=windows-1251"),
    "an encoding of bytes": (WHOLE, f"{KIND}; charset=hex"),
    "an encoding that fails": (WHOLE, f"{KIND}; charset=undefined"),
    "text in it": (b"kind=come&note=x", f"{KIND}; charset=idna"),
}


def sent(guest: Guest, body: bytes, kind: str) -> HttpResponse:
    guest.client.raise_request_exception = False
    return guest.client.generic("POST", f"{guest.place.href}call/", body, content_type=kind)


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_whole_form_is_refused(guest: Guest, name: str) -> None:
    answer = sent(guest, *BROKEN[name])

    assert (answer.status_code, WaiterCall.objects.count()) == (400, 0)


def test_a_form_without_a_length_is_refused(guest: Guest) -> None:
    """As it comes in pieces: what is behind it is not read."""
    guest.client.raise_request_exception = False

    answer = guest.client.post(f"{guest.place.href}call/", {"kind": "come"}, CONTENT_LENGTH="")

    assert (answer.status_code, WaiterCall.objects.count()) == (400, 0)


def test_whole_forms_are_taken(guest: Guest) -> None:
    """Nothing of what stands around a form or in its texts makes it a broken one."""
    note = "щи, 日本語, 👨‍👩‍👧, \ufffd -line-".encode()
    answer = sent(guest, b"before\r\n" + CALL + part("note", note) + END + b"\r\nbehind", f"{KIND}; charset=UTF8")

    assert (answer.status_code, WaiterCall.objects.get().note) == (303, note.decode())


@pytest.mark.usefixtures("media")
def test_a_picture_that_did_not_arrive_whole_is_not_kept(alice: User, place_a: PlacePage) -> None:
    """Nor a title in another encoding beside it."""
    browser = signed_in(alice)
    browser.raise_request_exception = False
    collection = part("collection", str(place_a.record.collection_id).encode())
    file = part("files[]", picture(), 'filename="photo.jpg"')
    address = reverse("wagtailimages:add_multiple")

    def answered(*parts: bytes) -> int:
        return browser.generic("POST", address, b"".join(parts), content_type=KIND).status_code

    assert answered(collection, part("title", b"x"), file) == 400
    assert answered(collection, part("title", b"\xd0"), file, END) == 400
    assert MenuImage.objects.count() == 0
    assert answered(collection, part("title", b"x"), file, END) == 200
    assert MenuImage.objects.count() == 1


@pytest.mark.parametrize("said", ["hex", "rot13", "undefined", "idna", "punycode", "koi8-r", "x; charset*=none''x"])
def test_an_encoding_of_the_address_breaks_nothing(rf: RequestFactory, said: str) -> None:
    """What a header names counts for the address, and is looked at before any view or middleware is there."""
    answering = EncodingMiddleware(lambda request: HttpResponse(request.GET["q"]))
    kind = f"{KIND}; charset={said}"

    with pytest.raises(BadRequest):
        answering(Request({**rf.get("/?q=%D1%89").environ, "CONTENT_TYPE": kind}))
    assert answering(Request(rf.get("/?q=%D1%89").environ)).content.decode() == "щ"


@pytest.mark.parametrize("name", ["cut in a field", "half a character"])
def test_control_without_the_guard(guest: Guest, settings: LazySettings, name: str) -> None:
    """Django alone keeps what came of it."""
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.startswith("menusite.whole_texts")]
    guest.client.handler.load_middleware()

    sent(guest, *BROKEN[name])

    assert WaiterCall.objects.get().note in ("x", "\ufffd")


def test_control_an_encoding_breaks_djangos_own_request(rf: RequestFactory) -> None:
    environ = {**rf.get("/?q=%D1%89").environ, "CONTENT_TYPE": "text/plain; charset=hex"}

    with pytest.raises(LookupError):
        WSGIRequest(environ)
