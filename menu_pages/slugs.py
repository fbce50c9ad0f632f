"""Readable addresses from titles in any script, and the words an address may not be."""

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from wagtail.coreutils import string_to_ascii


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# First parts of our own URLs, today's and likely ones.
RESERVED_PLACE_SLUGS = _words(
    "accounts admin api basket call demo desk django-admin docs favicon.ico healthz help i18n jsi18n leave login "
    "logout mailbox media metrics order orders page pages pay privacy rate readyz robots robots.txt search service "
    "sign-in sign-up sitemap sitemap.xml staff static status support v1 webhooks www"
)
# What follows a place's address.
RESERVED_CATEGORY_SLUGS = _words(
    "basket bill call finish leave manifest menu order orders privacy rate search sitemap.xml status table tables theme"
)


def readable_slug(title: str, *, fallback: str) -> str:
    """A lower-case Latin address for a title («Щи с ёжиком» → `shchi-s-ezhikom`); `fallback` if nothing is left."""
    return slugify(string_to_ascii(title))[:80].strip("-") or fallback


def refuse_reserved(slug: str, reserved: frozenset[str]) -> None:
    if slug in reserved:
        raise ValidationError(
            {"slug": _("“%(slug)s” is a word the service uses in its own addresses. Choose another.") % {"slug": slug}}
        )
