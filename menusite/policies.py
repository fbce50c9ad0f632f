"""Content policies: what a browser may load, run and frame, by the kind of answer it got.

Why these: docs/decisions/0018-what-strangers-send.md.
"""

from urllib.parse import urlsplit

from django.conf import settings

Policy = dict[str, tuple[str, ...]]

NONE = ("'none'",)
SELF = ("'self'",)
INLINE = ("'self'", "'unsafe-inline'")


def pages() -> Policy:
    """Guests' pages, the desk, signing in, paying: nothing inline, nothing from elsewhere, framed by nobody.

    No nonces: one body serves all guests, so a nonce in it would be no secret.
    """
    return {
        "default-src": NONE,
        "script-src": SELF,
        "style-src": SELF,
        "img-src": (*SELF, *_pictures_from()),
        "font-src": SELF,
        "media-src": SELF,
        "connect-src": SELF,
        "frame-src": SELF,
        "form-action": SELF,
        "base-uri": NONE,
        "frame-ancestors": NONE,
    }


def admin() -> Policy:
    """Wagtail's admin and our screens in it: its templates write scripts and styles inline (wagtail#1288)."""
    return {
        **pages(),
        "script-src": INLINE,
        "style-src": INLINE,
        # Uploads are shown before they are sent; charts are saved as pictures through addresses of the page's own.
        "img-src": (*SELF, "data:", "blob:", *_pictures_from()),
    }


def paying() -> Policy:
    """The screen whose form leads to the provider's page, and from there to a bank's nobody knows beforehand."""
    sandbox = [settings.PAYMENT_SANDBOX_URL] if settings.PAYMENT_SANDBOX_URL else []
    return {**admin(), "form-action": (*SELF, "https:", *(_origin(url) for url in sandbox))}


def technical() -> Policy:
    """Django's own pages about errors, which a developer alone sees."""
    return {**pages(), "script-src": INLINE, "style-src": INLINE}


def framed(policy: Policy) -> Policy:
    """The same for what the admin shows in a frame: a preview."""
    return {**policy, "frame-ancestors": SELF}


# Uploads, exports, styles, pictures, data: nothing in them runs, whatever a browser takes them for.
FILES: Policy = {"default-src": NONE, "frame-ancestors": NONE, "sandbox": ()}
# A browser shows the tree of an XML file with styles of its own.
XML: Policy = {**FILES, "style-src": ("'unsafe-inline'",)}
# A browser draws these in a viewer of its own, which a sandbox would leave blank.
PDF: Policy = {"default-src": NONE, "object-src": SELF, "style-src": ("'unsafe-inline'",), "frame-ancestors": NONE}


def written(policy: Policy) -> str:
    return "; ".join(" ".join((name, *sources)) for name, sources in policy.items())


def _pictures_from() -> tuple[str, ...]:
    """The bucket of uploads, where there is one: what people uploaded is shown from there, and nothing of it runs."""
    address = _origin(str(settings.MEDIA_URL))
    return (address,) if address else ()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
