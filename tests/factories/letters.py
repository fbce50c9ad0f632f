"""Letters as their reader gets them: over SMTP, opened, links followed."""

import re
from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from django.conf import LazySettings

from tests.factories.smtp import PostOffice, running_post_office


@pytest.fixture
def post_office(settings: LazySettings) -> Iterator[PostOffice]:
    """A mail server, and the service told to use it."""
    with running_post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port
        yield office


def plain(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return part.get_content().replace("\r\n", "\n")


def html(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return part.get_content()


def links(letter: EmailMessage) -> list[str]:
    """Addresses in the plain text, which are those of the HTML too."""
    found = re.findall(r"^https?://\S+$", plain(letter), re.MULTILINE)
    assert found == re.findall(r'href="([^"]+)"', html(letter))
    return found


def path_of(link: str) -> str:
    """The link without its host, as a test's browser opens it."""
    return "/" + link.split("/", 3)[3]
