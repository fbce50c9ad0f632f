"""The development mailbox: letters of an installation that has no mail server, as their reader would see them."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

FILES = "django.core.mail.backends.filebased.EmailBackend"
SHOWN = 50
NAME = re.compile(r"[0-9]{8}-[0-9]{6}-[0-9]+", re.ASCII)
# What Django's backend writes behind each letter.
END_OF_LETTER = re.compile(rb"\n-{79}\n?\Z")
# A letter may look as it likes and lead to its addresses; it runs nothing and fetches nothing.
LETTER_POLICY = (
    "sandbox allow-top-navigation-by-user-activation; default-src 'none'; style-src 'unsafe-inline'; "
    "frame-ancestors 'self'"
)


class Kept(NamedTuple):
    name: str
    message: EmailMessage

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """The newest letters first."""
    names = sorted((path.stem for path in _folder().glob("*.log") if NAME.fullmatch(path.stem)), reverse=True)
    letters = [_read(name) for name in names[:SHOWN]]
    return render(request, "accounts/mailbox/index.html", {"letters": letters})


@require_safe
@never_cache
def letter(request: HttpRequest, name: str) -> HttpResponse:
    return render(request, "accounts/mailbox/letter.html", {"letter": _read(name)})


@require_safe
@never_cache
@xframe_options_sameorigin
def letter_html(request: HttpRequest, name: str) -> HttpResponse:
    """The HTML part alone, for a frame."""
    # Its links open in the whole window, as they do from a mail program.
    html = _read(name).html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(html, headers={"Content-Security-Policy": LETTER_POLICY})


def _folder() -> Path:
    """The folder letters are written to; there is no such page unless in DEBUG they are."""
    if not settings.DEBUG or settings.EMAIL_BACKEND != FILES or not settings.EMAIL_FILE_PATH:
        raise Http404
    return Path(settings.EMAIL_FILE_PATH)


def _read(name: str) -> Kept:
    path = _folder() / f"{name}.log"
    if not NAME.fullmatch(name) or not path.is_file():
        raise Http404
    message = message_from_bytes(END_OF_LETTER.sub(b"\n", path.read_bytes()), policy=policy.default)
    return Kept(name, message)
